"""Under common random numbers a change for the better never makes worse what it can only better, seed by seed.

Only what can be proved is in the table: a queue served in the order of coming by people who are always there, staff
without end where the change is elsewhere, and decisions that compare one number of the case with a probability.
"""

from typing import NamedTuple

import numpy as np
import pytest

from simulator.engines import compiled_engine
from tests.simulator.engines.funnels import KPIS, funnel


class Claim(NamedTuple):
    """A statement: of the values of a setting from low to high, the figure never moves against a direction."""

    name: str
    setting: str
    values: tuple[object, ...]
    kpi: str
    direction: int
    usual: dict[str, object] = {}  # noqa: RUF012 - a tuple has no mutable state


UP, DOWN = 1, -1
BUSY = {"staff": 2, "rate": 60}
FEW_AT_NIGHT = {"patience": "6 h", "shifts": '"Mon-Sun 09:00-17:00"'}
CLAIMS = [
    Claim("more staff never raises waiting", "staff", (1, 2, 3, 4, 9), "waiting", DOWN, BUSY),
    Claim("more staff never lowers those served", "staff", (1, 2, 3, 4, 9), "served", UP, BUSY),
    Claim("more staff never slows the first response", "staff", (1, 2, 3, 9), "slowest_start", DOWN, BUSY),
    Claim("more effort never lowers waiting", "effort", (10, 30, 31, 60), "waiting", UP, BUSY),
    Claim("more effort never raises those served", "effort", (10, 30, 31, 60, 200), "served", DOWN, BUSY),
    Claim("faster people never raise waiting", "speed", (0.5, 1, 1.1, 3), "waiting", DOWN, BUSY),
    Claim("faster people never lower those served", "speed", (0.2, 0.5, 1, 3), "served", UP, BUSY | {"staff": 1}),
    Claim("more leads never lower waiting", "rate", (10, 30, 31, 60), "waiting", UP, {"staff": 2}),
    Claim("more leads never lower orders", "rate", (1, 5, 6, 30), "orders", UP),
    Claim("more leads never lower cash", "rate", (1, 5, 6, 30), "collected", UP),
    Claim("more leads never lower hours worked", "rate", (1, 5, 6, 30), "worked", UP),
    Claim("leads that come at once never lower orders", "drop", (0, 1, 2, 40), "orders", UP),
    Claim("a slower response never raises qualified leads", "response", (0, 1, 4, 24, 72), "qualified", DOWN),
    Claim("a slower response never raises orders", "response", (0, 1, 4, 24, 72), "orders", DOWN),
    Claim("a slower response never raises cash", "response", (0, 1, 4, 24, 72), "collected", DOWN),
    Claim("a higher win probability never lowers orders", "win", (0, 0.1, 0.4, 0.41, 1), "orders", UP),
    Claim("a higher win probability never lowers bookings", "win", (0, 0.1, 0.4, 0.41, 1), "booked", UP),
    Claim("a higher win probability never lowers cash", "win", (0, 0.1, 0.4, 0.41, 1), "collected", UP),
    Claim("longer terms never raise cash", "terms", (0, 5, 14, 30, 90), "collected", DOWN),
    Claim("longer terms never lower open receivables", "terms", (0, 5, 14, 30, 90), "receivables", UP),
    Claim("longer terms never lower days sales outstanding", "terms", (0, 5, 14, 30, 90), "dso", UP),
    Claim("longer terms never change what is booked", "terms", (0, 5, 14, 30, 90), "booked", UP),
    Claim("a slower payer never raises cash", "delay", (1, 5, 10), "collected", DOWN),
    Claim("a slower payer never lowers days sales outstanding", "delay", (1, 5, 10), "dso", UP),
    Claim("a higher price never lowers bookings", "price", (0, 100, 100.01, 5_000), "booked", UP),
    Claim("a higher price never lowers cash", "price", (0, 100, 100.01, 5_000), "collected", UP),
    Claim("more bad debt never raises cash", "default", (0, 0.1, 0.5, 1), "collected", DOWN),
    Claim("more bad debt never lowers receivables", "default", (0, 0.1, 0.5, 1), "receivables", UP),
    Claim("longer patience never raises abandonment", "patience", ("0 h", "1 h", "6 h", "20 h"), "lost_waiting", DOWN,
          FEW_AT_NIGHT),
    Claim("longer patience never lowers orders", "patience", ("0 h", "1 h", "6 h", "20 h"), "orders", UP,
          FEW_AT_NIGHT),
    Claim("longer shifts never raise waiting", "shifts",
          ('"Mon-Fri 10:00-12:00"', '"Mon-Fri 09:00-17:00"', '"Mon-Sun 09:00-18:00"', "always"), "waiting", DOWN),
    Claim("longer shifts never raise abandonment", "shifts",
          ('"Mon-Fri 10:00-12:00"', '"Mon-Fri 09:00-17:00"', '"Mon-Sun 09:00-18:00"', "always"), "lost_waiting", DOWN,
          {"patience": "6 h"}),
    Claim("a longer waiting room never turns more away", "room", (0, 1, 3, 100), "turned_away", DOWN,
          {"staff": 2, "rate": 60, "spread": 0}),
    Claim("more people never turn more away", "staff", (1, 2, 3, 9), "turned_away", DOWN,
          {"room": 2, "rate": 60, "spread": 0}),
    Claim("more automation never raises hours worked", "robot", (0, 0.2, 0.7, 1), "worked", DOWN),
    Claim("more automation never raises waiting", "robot", (0, 0.2, 0.7, 1), "waiting", DOWN, BUSY),
    Claim("more defects never lower hours worked", "defects", (0, 0.2, 0.7, 0.9), "worked", UP),
    Claim("more defects never raise cash", "defects", (0, 0.2, 0.7, 0.9), "collected", DOWN),
]  # fmt: skip
SEEDS = range(6)


def figures(claim, seed):
    """The figure at each value of the setting."""
    found = []
    for value in claim.values:
        program = funnel(**claim.usual | {claim.setting: value})
        found.append(KPIS[claim.kpi](program, compiled_engine.simulate(program, seed, 0)))
    return np.array(found)


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.name.replace(" ", "_"))
def test_what_can_only_better_never_worsens(claim):
    """At every seed by itself, not on average: nothing is left to chance."""
    runs = np.array([figures(claim, seed) for seed in SEEDS])
    steps = claim.direction * np.diff(runs, axis=1)
    assert (steps >= -1e-9 * np.abs(runs).max()).all(), runs.tolist()
    if "never change" in claim.name:
        assert (runs == runs[:, :1]).all()
    else:
        # A claim about a figure that does not move would hold of anything.
        assert (claim.direction * (runs[:, -1] - runs[:, 0]) > 0).any(), runs.tolist()


def test_claims_have_names_of_their_own():
    """A table in which a line hides another would claim less than it seems to."""
    names = [claim.name for claim in CLAIMS]
    assert len(set(names)) == len(names) >= 20
    assert {claim.kpi for claim in CLAIMS} == set(KPIS)
