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
    "low": "1", "first": "", "half_life": "", "brings": "{{size: {{triangular: {{low: 1, mode: 2, high: 9}}}}}}",
    "rate": "1 /h", "steps": "{{rest: {{kind: wait, duration: {{exponential: 9 h}}}}}}",
}  # fmt: skip
"""Parts of a small firm, each of which can be another."""
TEXT = """
  segments: {{small: {{share: {share}, brings: {{worth: size * 3}}}}, large: {{share: 1}}}}
  attributes:
    {first}
    size: {{initial: {size}, low: {low}, high: 900}}
    heat: {{initial: {heat}{half_life}}}
    seen: {{initial: {seen}}}
    worth: {{initial: {worth}}}
  channels:
    web: {{process: p, rate: {rate}}}
    fair: {{process: p, rate: 1 /h, brings: {brings}}}
  steps: {steps}
"""
OTHERS = {
    "share": "3", "size": "{{lognormal: {{median: 9, p90: 41}}}}", "heat": "{{uniform: {{low: 0, high: 9}}}}",
    "seen": "heat * 3 + log(size)", "worth": "{{mix: [{{weight: 1, exponential: 8}}, {{weight: 2, fixed: 4}}]}}",
    "low": "7", "first": "mood: {{initial: {{uniform: {{low: 0, high: 1}}}}}}",
    "brings": "{{size: {{triangular: {{low: 1, mode: 3, high: 9}}}}}}", "rate": "2 /h",
}  # fmt: skip
"""What changes who comes, or what they bring."""


def firm(**other):
    """The small firm with some of its parts replaced."""
    return toy(TEXT.format(**{part: text.format() for part, text in (FIRM | other).items()}))


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch):
    """No other test has left anything, and what these leave is gone."""
    monkeypatch.setattr(newborns, "_KEPT", type(newborns._KEPT)())


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
        assert first_difference(simpy_engine.simulate(program, 3, 1), compiled_engine.simulate(program, 3, 1)) == ""
    assert drawn == [True, False, False]


@pytest.mark.parametrize("part", OTHERS)
def test_others_draw_their_own(part, drawn):
    """Whatever differs in who comes or in what they bring, the records are those of the other engine."""
    for program in (firm(), firm(**{part: OTHERS[part]})):
        assert first_difference(simpy_engine.simulate(program, 3, 1), compiled_engine.simulate(program, 3, 1)) == ""
    assert drawn == [True, True]


@pytest.mark.parametrize(("seed", "replication"), [(4, 1), (3, 2)])
def test_another_seed_or_replication_draws_its_own(seed, replication, drawn):
    """Those are other leads."""
    compiled_engine.simulate(firm(), 3, 1)
    compiled_engine.simulate(firm(), seed, replication)
    assert drawn == [True, True]


def test_shipped_what_ifs_take_them_from_their_baseline(drawn):
    """A quoting tool, two more who call: the same leads, and the same records as with nothing kept."""
    files = ("baselines/pt_installation", "whatifs/quoting_tool", "whatifs/two_more_sdrs")
    programs = [compiled(load_scenario(file), Plan(warm_up=0.0)) for file in files]
    shared = [compiled_engine.simulate(program, 1, 0) for program in programs]
    assert drawn == [True, False, False]
    for program, records in zip(programs, shared, strict=True):
        newborns._KEPT.clear()
        assert first_difference(compiled_engine.simulate(program, 1, 0), records) == ""


def test_what_is_kept_has_an_end(monkeypatch):
    """What was asked for longest ago goes first."""
    compiled_engine.simulate(firm(), 3, 0)
    (each,) = newborns._KEPT.values()
    monkeypatch.setattr(newborns, "MOST_KEPT", int(3.5 * sum(table.nbytes for table in each)))
    for replication in (1, 2, 0, 3):
        compiled_engine.simulate(firm(), 3, replication)
    assert [replication for _, _, replication in newborns._KEPT] == [2, 0, 3]


def test_too_many_or_those_who_read_the_moment_are_not_kept(monkeypatch):
    """A run of a large firm is no larger for it."""
    compiled_engine.simulate(firm(seen="now"), 3, 1)
    monkeypatch.setattr(newborns, "MOST_KEPT", 10_000)
    compiled_engine.simulate(firm(), 3, 1)
    assert not newborns._KEPT


def test_a_run_that_fails_leaves_nothing():
    """Of its arrivals, some have not come."""
    back = "{{kind: decide, outcomes: {{again: {{when: size > 0, to: again}}, out: {{}}}}}}"
    endless = f"{{{{again: {{{{kind: set, values: {{{{size: size}}}}}}}}, d: {back}}}}}"
    with pytest.raises(CaudalError):
        compiled_engine.simulate(firm(steps=endless), 3, 1)
    assert not newborns._KEPT


def test_nobody_writes_to_what_is_kept():
    """After other runs it is what it was, though cases have changed what they were born with."""
    program = firm(steps="{{grow: {{kind: set, values: {{size: size + 1}}}}}}")
    compiled_engine.simulate(program, 3, 1)
    (each,) = newborns._KEPT.values()
    before = each.values.copy()
    compiled_engine.simulate(program, 3, 1)
    np.testing.assert_array_equal(each.values, before)
