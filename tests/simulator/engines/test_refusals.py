"""What no engine can run is refused by both in the same words."""

import pytest

from simulator.engines import compiled_engine, simpy_engine
from simulator.engines.compiled_engine import engine, kernel
from simulator.engines.simpy_engine import engine as simpy_module
from simulator.errors import CaudalError
from tests.simulator.engines.toys import refusal, run, toy

LOOP = """
  attributes: {{x: {{}}}}
  horizon: {{length: 3 d}}
  {come}
  teams: {{t: {{head_count: 1, shifts: always}}}}
  processes:
    p: {{steps: {{first: {{kind: wait, duration: 1 h}}, {step},
                 d: {{kind: decide, outcomes: {{again: {{{again}, to: s}}, out: {{}}}}}}}}}}
"""
STEPS = {
    "set": "s: {kind: set, values: {x: x + 1}}",
    "wait": "s: {kind: wait, duration: 0 h}",
    "join": "s: {kind: join}",
    "post": "s: {kind: post, account: cost, amount: 1 EUR}",
    "effortless work": "s: {kind: work, team: t, effort: 0 h}",
    "tool": "s: {kind: work, team: t, effort: 1 h, automation: {share: 1}}",
    "turning away": "s: {kind: work, team: t, effort: 1 h, balk: {at: 0, to: d}}",
    "patience": "s: {kind: work, team: t, effort: 100 d, patience: {after: 0 h, to: d}}",
    "two waits": "s: {kind: wait, duration: 0 h}, v: {kind: wait, duration: 0 h}",
}
ENDLESS = "a case goes round through '{}' without time passing: put a wait or work into the loop"


def loop(step, again="probability: 1", come="come: {a: 0, b: 0.5}"):
    """A case that goes round from its second step on."""
    return toy(LOOP.format(step=step, again=again, come=come))


@pytest.mark.parametrize("name", STEPS)
def test_an_endless_loop_of_any_step_is_refused_alike(name):
    """Whatever the step, both name the same one."""
    told = refusal(loop(STEPS[name]))
    assert told in {ENDLESS.format(f"p.{step}") for step in ("s", "d", "v")}


@pytest.mark.parametrize("budget", [1, 2, 1_000])
def test_a_pause_does_not_hide_a_loop(monkeypatch, budget):
    """Steps at one moment are counted over all calls of the loop."""
    monkeypatch.setattr(engine, "SLICE", budget)
    assert refusal(loop(STEPS["wait"])).startswith("a case goes round")


@pytest.mark.parametrize(("rounds", "refused"), [(100, False), (4_990, False), (5_010, True)])
def test_the_same_number_of_rounds_is_too_many_for_both(rounds, refused):
    """Ten thousand steps at one moment are allowed, a round being two."""
    program = loop(STEPS["set"], f"when: x < {rounds}")
    if refused:
        assert refusal(program) in {ENDLESS.format("p.s"), ENDLESS.format("p.d")}
    else:
        assert run(program).cases.attributes[:, 0].tolist() == [rounds, rounds]


@pytest.mark.parametrize("rounds", range(4_995, 5_006))
def test_both_engines_draw_the_line_at_the_same_step(rounds):
    """Round by round about the limit: both run it, and leave the same records, or neither does."""
    program = loop(STEPS["set"], f"when: x < {rounds}", "come: {a: 0}")
    told = []
    for simulate in (simpy_engine.simulate, compiled_engine.simulate):
        try:
            told.append(str(simulate(program, 1, 0).visits.case.size))
        except CaudalError as error:
            told.append(str(error))
    assert told[0] == told[1]


def test_both_engines_have_the_same_patience():
    """One number in two places."""
    assert kernel.MOST_AT_ONCE == simpy_module.MOST_AT_ONCE == 10_000


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        ("exp(700) * exp(700)", "inf"),
        ("0 - exp(700) * exp(700)", "-inf"),
        ("1e15 + 1", "1e+15"),
        ("0 - 1e200", "-1e+200"),
    ],
)
def test_an_amount_beyond_all_ledgers_is_refused_alike(amount, shown):
    """With the amount and the step that posts it."""
    program = toy(
        f'{{steps: {{w: {{kind: wait, duration: 1 h}}, m: {{kind: post, account: cost, amount: "{amount}"}}}}}}'
    )
    assert refusal(program) == f"'p.m' posts an amount of {shown}, which no ledger holds: mend its formula"


@pytest.mark.parametrize("amount", ["1e15 + 0", "0 - 1e15", "999999999999999 + 0.99"])
def test_the_largest_amounts_are_posted_alike(amount):
    """A ledger holds up to 1e15 to the cent."""
    postings = run(toy(f'{{steps: {{m: {{kind: post, account: cost, amount: "{amount}"}}}}}}')).postings
    assert abs(abs(int(postings.cents[0])) - 10**17) <= 16


def test_a_refusal_leaves_the_next_run_undisturbed():
    """Nothing of a broken run is kept."""
    good = toy("{steps: {w: {kind: wait, duration: 1 h}}}")
    before = run(good).visits.case.size
    refusal(loop(STEPS["join"]))
    assert run(good).visits.case.size == before


def test_amounts_that_were_posted_before_a_refusal_do_not_matter():
    """The first unpostable amount of the run is told, though earlier cases could post theirs."""
    program = toy("""
      come: {a: 1, b: 2, c: 3}
      steps: {m: {kind: post, account: cost, amount: "10 if now < 2 else exp(100 * now)"}}
    """)
    assert refusal(program) == "'p.m' posts an amount of 7.22597e+86, which no ledger holds: mend its formula"
