"""The engine against closed forms of queueing theory; tolerances are four standard errors over replications."""

import numpy as np
import pytest

from simulator.engines.simpy_engine import simulate
from simulator.experiment.queueing import erlang_b, machine_repair, mmc, mmck, priority
from tests.simulator.engines.toys import toy

pytestmark = [pytest.mark.theory, pytest.mark.slow]
ALWAYS = "shifts: always"


def agrees(program, figure, expected, precision, warm_up=200.0, replications=12):
    """Whether the mean of a figure is within four standard errors of theory, and they are small enough to mean it."""
    values = np.array([figure(program, simulate(program, 11, r), warm_up) for r in range(replications)])
    error = values.std(ddof=1) / np.sqrt(replications)
    assert 4 * error <= precision * expected, f"too imprecise: {values.mean()} with an error of {error}"
    assert abs(values.mean() - expected) <= 4 * error, f"{values.mean()} with an error of {error}, not {expected}"
    return True


def wait_at(step):
    """Mean wait of those who were served at a step and came after the warm-up."""

    def figure(program, records, warm_up):
        visits, row = records.visits, program.names.steps.index(step)
        mine = (visits.step == row) & (visits.entered >= warm_up) & ~np.isnan(visits.started)
        return (visits.started - visits.entered)[mine].mean()

    return figure


def share(outcome):
    """Share of cases born after the warm-up that ended in an outcome."""

    def figure(program, records, warm_up):
        ended = (records.cases.born >= warm_up) & (records.cases.outcome >= 0)
        return (records.cases.outcome[ended] == program.names.outcomes.index(outcome)).mean()

    return figure


def queue(rate, effort, staff=1, more="", discipline="fifo"):
    """One station with exponential times between arrivals."""
    lost = ", lost: {kind: end, outcome: lost}" if more else ""
    return toy(f"""
      horizon: {{length: 1500 h}}
      channels: {{a: {{process: p, interval: {{exponential: {1 / rate} h}}}}}}
      teams: {{t: {{head_count: {staff}, {ALWAYS}, discipline: {discipline}}}}}
      steps: {{u: {{kind: work, team: t, effort: {effort}{more}}}, out: {{kind: end, outcome: out}}{lost}}}
    """)


@pytest.mark.parametrize(("rate", "staff", "precision"), [(0.6, 1, 0.4), (2.2, 3, 0.4)])
def test_waits_are_those_of_erlang(rate, staff, precision):
    """M/M/1 and M/M/3."""
    assert agrees(queue(rate, "{exponential: 1 h}", staff), wait_at("p.u"), mmc(rate, 1, staff).wait, precision)


@pytest.mark.parametrize("discipline", ["lifo"])
def test_the_mean_wait_does_not_depend_on_the_discipline(discipline):
    """LIFO serves as many."""
    assert agrees(queue(0.6, "{exponential: 1 h}", discipline=discipline), wait_at("p.u"), mmc(0.6, 1).wait, 0.4)


def test_waits_depend_on_the_variance_of_the_effort():
    """M/G/1 with lognormal efforts: the formula of Pollaczek and Khinchine."""
    rate, cv = 0.5, 0.8
    expected = rate * (1 + cv**2) / (2 * (1 - rate))
    assert agrees(queue(rate, f"{{lognormal: {{mean: 1 h, cv: {cv}}}}}"), wait_at("p.u"), expected, 0.35)


def test_losses_are_those_of_erlang_b():
    """Nobody can wait: two servers at a load of one lose a fifth."""
    assert agrees(queue(1, "{exponential: 1 h}", 2, ", balk: {at: 0, to: lost}"), share("lost"), erlang_b(2, 1), 0.12)


def test_a_waiting_room_of_five_gives_m_m_1_6():
    """Losses and waits."""
    program, theory = queue(1, "{exponential: 50 min}", 1, ", balk: {at: 5, to: lost}"), mmck(1, 1.2, 1, 6)
    assert agrees(program, share("lost"), theory.lost, 0.35)
    assert agrees(program, wait_at("p.u"), theory.wait, 0.2)


def test_priorities_share_the_wait_as_cobham_says():
    """Urgent cases wait for the one in service and for each other only."""
    program = toy(f"""
      horizon: {{length: 2500 h}}
      attributes: {{rank: {{}}}}
      channels: {{fast: {{process: p, interval: {{exponential: 5 h}}}},
                 slow: {{process: q, interval: {{exponential: 2 h}}}}}}
      teams: {{t: {{head_count: 1, {ALWAYS}, discipline: priority}}}}
      processes:
        p: {{steps: {{u: {{kind: work, team: t, effort: {{exponential: 1 h}}, priority: 2}},
            over: {{kind: end, outcome: over}}}}}}
        q: {{steps: {{v: {{kind: work, team: t, effort: {{exponential: 1 h}}, priority: 1}},
            done: {{kind: end, outcome: done}}}}}}
    """)
    urgent, ordinary = priority([0.2, 0.5], 1)
    assert agrees(program, wait_at("p.u"), urgent.wait, 0.25)
    assert agrees(program, wait_at("q.v"), ordinary.wait, 0.45)


def test_a_network_with_feedback_behaves_as_jackson_says():
    """A quarter comes back: each case visits 4/3 times, and the station sees an M/M/1 of that rate."""
    program = toy(f"""
      horizon: {{length: 2500 h}}
      channels: {{a: {{process: p, interval: {{exponential: {1 / 0.4} h}}}}}}
      teams: {{t: {{head_count: 1, {ALWAYS}}}, s: {{head_count: 2, {ALWAYS}}}}}
      steps:
        u: {{kind: work, team: t, effort: {{exponential: 1 h}}}}
        d: {{kind: decide, outcomes: {{back: {{probability: 25 %, to: u}}, out: {{}}}}}}
        v: {{kind: work, team: s, effort: {{exponential: 2.5 h}}}}
    """)

    def visits(program, records, _):
        return (records.visits.step == 0).sum() / (records.visits.step == 2).sum()

    assert agrees(program, visits, 4 / 3, 0.05)
    assert agrees(program, wait_at("p.u"), mmc(0.4 * 4 / 3, 1).wait, 0.35)
    assert agrees(program, wait_at("p.v"), mmc(0.4, 0.4, 2).wait, 0.35)


def test_machines_that_fail_and_are_repaired_form_a_closed_loop():
    """Three machines, one repairer: the mean number down."""
    program = toy(f"""
      horizon: {{length: 3000 h}}
      channels: {{a: {{process: p, drops: [{{date: 2024-01-01, leads: 3}}]}}}}
      teams: {{t: {{head_count: 1, {ALWAYS}}}}}
      steps:
        w: {{kind: wait, duration: {{exponential: 10 h}}}}
        u: {{kind: work, team: t, effort: {{exponential: 4 h}}}}
        d: {{kind: decide, outcomes: {{scrap: {{when: age < 0}}, again: {{to: w}}}}}}
    """)

    def down(program, records, warm_up):
        visits = records.visits
        left = np.where(np.isnan(visits.finished), records.end, visits.finished)
        spells = np.clip(left, warm_up, None) - np.clip(visits.entered, warm_up, None)
        return spells[visits.step == 1].sum() / (records.end - warm_up)

    assert agrees(program, down, machine_repair(3, 0.1, 0.25).number, 0.1)
