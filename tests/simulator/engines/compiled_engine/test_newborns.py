"""What arrivals bring is drawn once for all scenarios to which the same leads come, and never for others."""

import numpy as np
import pytest

from simulator.engines import compiled_engine, simpy_engine
from simulator.engines.compiled_engine import newborns
from simulator.errors import CaudalError
from simulator.experiment.plan import Plan
from simulator.experiment.replications import compiled
from simulator.records import first_difference
from simulator.schema.loading import load_scenario
from tests.simulator.engines.toys import toy

FIRM = {
    "share": "2", "size": "{{lognormal: {{median: 9, p90: 40}}}}", "heat": "{{uniform: {{low: 0, high: 8}}}}",
    "seen": "heat * 2 + log(size)", "worth": "{{mix: [{{weight: 1, exponential: 9}}, {{weight: 2, fixed: 4}}]}}",
    "low": "1", "high": "900", "first": "", "last": "", "small": "worth: size * 3", "large": "",
    "brings": "{{size: {{triangular: {{low: 1, mode: 2, high: 9}}}}}}",
    "half_life": "", "comes": "rate: 1 /h", "steps": "{{rest: {{kind: wait, duration: {{exponential: 9 h}}}}}}",
}  # fmt: skip
"""Parts of a small firm, each of which can be another."""
TEXT = """
  segments: {{small: {{share: {share}, brings: {{{small}}}}}, large: {{share: 1, brings: {{{large}}}}}}}
  attributes:
    {first}
    size: {{initial: {size}, low: {low}, high: {high}}}
    heat: {{initial: {heat}{half_life}}}
    seen: {{initial: {seen}}}
    worth: {{initial: {worth}}}
    {last}
  channels:
    web: {{process: p, {comes}}}
    fair: {{process: p, rate: 1 /h, brings: {brings}}}
  steps: {steps}
"""
OTHERS = {
    "share": "3", "size": "{{lognormal: {{median: 9, p90: 41}}}}", "heat": "{{uniform: {{low: 0, high: 9}}}}",
    "seen": "heat * 3 + log(size)", "worth": "{{mix: [{{weight: 1, exponential: 8}}, {{weight: 2, fixed: 4}}]}}",
    "low": "7", "first": "mood: {{initial: {{uniform: {{low: 0, high: 1}}}}}}",
    "brings": "{{size: {{triangular: {{low: 1, mode: 3, high: 9}}}}}}", "comes": "rate: 2 /h",
}  # fmt: skip
"""What changes who comes, or what they bring."""
SCORE = "{{normal: {{mean: 3, sd: 2}}}}"
MOOD = "mood: {{uniform: {{low: 0, high: 1}}}}"
RISING = "{{formula: heat, normal: {{mean: 3, sd: 2}}}}"
PAIRS = {
    "highest value": ({"high": "900"}, {"high": "11"}),
    "end of a triangle": tuple({"size": f"{{{{triangular: {{{{low: 1, mode: 2, high: {end}}}}}}}}}"} for end in (8, 9)),
    "form": ({"size": SCORE}, {"size": "{{uniform: {{low: 3, high: 5}}}}"}),
    "truncation": tuple({"size": f"{{{{exponential: {{{{mean: 9, max: {most}}}}}}}}}"} for most in (15, 20)),
    "chosen values": tuple(
        {"size": f"{{{{choice: {{{{values: [1, {value}], weights: [1, 1]}}}}}}}}"} for value in (2, 3)
    ),
    "operation": ({"seen": '"min(heat, size)"'}, {"seen": '"max(heat, size)"'}),
    "name, and so luck": tuple({"last": f"{name}: {{{{initial: {SCORE}}}}}"} for name in ("mood", "mind")),
    "segment that brings it": tuple(
        {"small": "", "large": "", "last": "mood: {{low: 0}}"} | {segment: MOOD} for segment in ("small", "large")
    ),
    "what has a formula": tuple(
        {"small": "", "seen": SCORE, "worth": SCORE} | {name: RISING} for name in ("seen", "worth")
    ),
    "what has luck": ({"seen": "heat", "worth": RISING}, {"seen": RISING, "worth": "heat"}),
}  # fmt: skip
"""Firms that differ in one thing alone that decides what their leads bring."""
LISTED = """
  attributes: {{size: {{initial: {{exponential: 9}}}}}}
  channels: {{web: {{process: p, drops: [{{date: 2024-01-0{day}, leads: 40}}]}}}}
  steps: {{rest: {{kind: wait, duration: 1 h}}}}
"""
"""A list of leads, who come at the same hour whatever the luck."""


def firm(**other):
    """The small firm with some of its parts replaced."""
    return toy(TEXT.format(**{part: text.format() for part, text in (FIRM | other).items()}))


def agreed(program, seed=3, replication=1):
    """Both engines leave the same records."""
    record, twin = (engine.simulate(program, seed, replication) for engine in (simpy_engine, compiled_engine))
    assert first_difference(record, twin) == ""


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch):
    """No other test has left anything, and what these leave is gone."""
    monkeypatch.setattr(newborns, "_KEPT", newborns.Latest())


@pytest.fixture
def drawn(monkeypatch):
    """Whether each run since then had to draw what its arrivals bring."""
    found, look = [], newborns.known

    def known(*asked):
        values = look(*asked)
        found.append(values is None)
        return values

    monkeypatch.setattr(compiled_engine.engine, "known", known)
    return found


def test_a_what_if_takes_them_from_the_base(drawn):
    """More of everybody's work changes nobody: drawn once, and the records are those of the other engine."""
    base, other = firm(), firm(steps="{{rest: {{kind: wait, duration: {{exponential: 20 h}}}}}}")
    for program in (base, other, base):
        agreed(program)
    assert drawn == [True, False, False]


@pytest.mark.parametrize("part", OTHERS)
def test_others_draw_their_own(part, drawn):
    """Whatever differs in who comes or in what they bring, the records are those of the other engine."""
    for program in (firm(), firm(**{part: OTHERS[part]})):
        agreed(program)
    assert drawn == [True, True]


@pytest.mark.parametrize("thing", PAIRS)
def test_nothing_that_decides_what_they_bring_is_left_out(thing, drawn):
    """Firms that differ in it alone draw their own, and leave the records of the other engine."""
    for parts in PAIRS[thing]:
        agreed(firm(**parts))
    assert drawn == [True, True]


def test_as_many_of_another_day_draw_their_own(drawn):
    """Another list of as many leads from the same channel holds others."""
    for day in (1, 2):
        agreed(toy(LISTED.format(day=day)))
    assert drawn == [True, True]


@pytest.mark.parametrize(("seed", "replication"), [(4, 1), (3, 2)])
def test_another_seed_or_replication_draws_its_own(seed, replication, drawn):
    """Those are other leads, also where a list brings the same at the same hour whatever the luck."""
    for luck in ((3, 1), (seed, replication)):
        agreed(toy(LISTED.format(day=1)), *luck)
    assert drawn == [True, True]


def test_shipped_what_ifs_take_them_from_their_baseline(drawn):
    """A quoting tool, two more who call: the same leads, and the same records as with nothing kept."""
    files = ("baselines/pt_installation", "whatifs/quoting_tool", "whatifs/two_more_sdrs")
    programs = [compiled(load_scenario(file), Plan(warm_up=0.0)) for file in files]
    shared = [compiled_engine.simulate(program, 1, 0) for program in programs]
    assert drawn == [True, False, False]
    for program, records in zip(programs, shared, strict=True):
        newborns._KEPT.newborns.clear()
        assert first_difference(compiled_engine.simulate(program, 1, 0), records) == ""


def test_what_is_kept_has_an_end(monkeypatch):
    """What was asked for longest ago goes first."""
    compiled_engine.simulate(firm(), 3, 0)
    (each,) = newborns._KEPT.newborns.values()
    monkeypatch.setattr(newborns, "MOST_KEPT", int(3.5 * each.size))
    for replication in (1, 2, 0, 3):
        compiled_engine.simulate(firm(), 3, replication)
    assert [replication for _, _, replication in newborns._KEPT.newborns] == [2, 0, 3]
    assert newborns._KEPT.size == sum(each.size for each in newborns._KEPT.newborns.values())


def test_too_many_or_those_who_read_the_moment_are_not_kept(monkeypatch):
    """A run of a large firm is no larger for it."""
    compiled_engine.simulate(firm(seen="now"), 3, 1)
    monkeypatch.setattr(newborns, "MOST_KEPT", 10_000)
    compiled_engine.simulate(firm(), 3, 1)
    assert not newborns._KEPT.newborns


def test_a_run_that_fails_leaves_nothing():
    """Of its arrivals, some have not come."""
    back = "{{kind: decide, outcomes: {{again: {{when: size > 0, to: again}}, out: {{}}}}}}"
    endless = f"{{{{again: {{{{kind: set, values: {{{{size: size}}}}}}}}, d: {back}}}}}"
    with pytest.raises(CaudalError):
        compiled_engine.simulate(firm(steps=endless), 3, 1)
    assert not newborns._KEPT.newborns


def test_nobody_writes_to_what_is_kept():
    """After other runs it is what it was, though cases have changed what they were born with."""
    program = firm(steps="{{grow: {{kind: set, values: {{size: size + 1}}}}}}")
    compiled_engine.simulate(program, 3, 1)
    (each,) = newborns._KEPT.newborns.values()
    before = each.values.copy()
    compiled_engine.simulate(program, 3, 1)
    np.testing.assert_array_equal(each.values, before)
