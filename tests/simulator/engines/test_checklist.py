"""What must hold of any stochastic model of queues, whatever its numbers."""

from itertools import pairwise

import numpy as np

from simulator.engines.simpy_engine import simulate
from simulator.records import TICKS
from tests.simulator.engines.toys import run, toy

STATION = """
  horizon: {{length: 20 d}}
  channels: {{a: {{process: p, interval: {{exponential: {gap} min}}}}}}
  teams: {{t: {{head_count: {staff}, shifts: always}}}}
  steps: {{u: {{kind: work, team: t, effort: {{lognormal: {{median: 40 min, p90: 120 min}}}}}}}}
"""


def waited(staff, replication=0):
    """Wait of each case by its key; those who still wait at the end count up to there."""
    records = run(toy(STATION.format(gap=20, staff=staff)), 1, replication)
    found = dict.fromkeys(records.cases.key.tolist(), 0)
    for row, ticks in zip(records.waits.visit.tolist(), records.waits.ticks.sum(axis=1).tolist(), strict=True):
        found[int(records.cases.key[records.visits.case[row]])] = ticks
    return found


def test_endless_staff_gives_no_wait():
    """Nobody waits where there is always somebody."""
    assert run(toy(STATION.format(gap=20, staff=200))).waits.visit.size == 0


def test_more_staff_never_makes_a_case_wait_longer():
    """Case by case under common random numbers, first come first served; a few ticks of rounding apart."""
    for replication in range(3):
        rising = [waited(staff, replication) for staff in (2, 3, 4, 5)]
        for few, more in pairwise(rising):
            assert few.keys() == more.keys()
            assert all(more[key] <= few[key] + 8 for key in few)
        assert sum(rising[0].values()) > sum(rising[-1].values())


def test_extreme_demand_keeps_everybody_busy_and_no_busier():
    """A case a minute for two people: each works all the time, and on one case at a time."""
    records = run(toy(STATION.format(gap=1, staff=2)))
    visits = records.visits
    begun = ~np.isnan(visits.started)
    left = np.where(np.isnan(visits.finished), records.end, visits.finished)
    for member in range(2):
        mine = begun & (visits.member == member)
        busy = (left[mine] - visits.started[mine]).sum() / records.end
        assert 0.99 < busy <= 1.0 + 1e-12


def test_nothing_is_negative():
    """Times, waits, members and steps."""
    records = run(toy(STATION.format(gap=20, staff=2)))
    assert records.visits.entered.min() > 0
    assert np.nanmin(records.visits.started - records.visits.entered) >= 0
    assert np.nanmin(records.visits.finished - records.visits.started) >= 0
    assert records.waits.ticks.min() >= 0


def test_littles_law_is_an_equality():
    """The time-integral of the number of cases inside is the sum of their times inside, to the tick."""
    program = toy(STATION.format(gap=20, staff=2))
    for replication in range(3):
        cases = simulate(program, 4, replication).cases
        end = round(program.end * TICKS)
        born = [round(x * TICKS) for x in cases.born.tolist()]
        left = [end if np.isnan(x) else round(x * TICKS) for x in cases.ended.tolist()]
        changes = sorted([(moment, 1) for moment in born] + [(moment, -1) for moment in left])
        inside = integral = before = 0
        for moment, change in changes:
            integral += inside * (moment - before)
            inside, before = inside + change, moment
        assert integral == sum(left) - sum(born)
        assert inside == 0


def test_a_faster_team_finishes_no_fewer_cases():
    """Twice the speed, the same cases."""
    text = STATION.replace("head_count: {staff}", "head_count: {staff}, speed: {speed}")
    done = [np.isfinite(run(toy(text.format(gap=15, staff=2, speed=speed))).cases.ended).sum() for speed in (1, 1.5, 2)]
    assert done[0] < done[1] <= done[2]
