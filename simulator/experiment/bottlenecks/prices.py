"""What waiting for each team lost: the same scenario with so many hands that nobody waits for one."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from simulator.experiment.bottlenecks.levers import spoken, staffed
from simulator.experiment.bottlenecks.newcomers import free_hands, standing_costs
from simulator.experiment.bottlenecks.waiting import Wait
from simulator.experiment.bottlenecks.worth import NET, direction
from simulator.experiment.comparison import holm, paired
from simulator.experiment.intervals import Estimate
from simulator.experiment.plan import Plan
from simulator.experiment.replications import Progress, compiled, run_all
from simulator.experiment.study import Study
from simulator.experiment.tasks import Cancellation
from simulator.kpis.catalogue import Kpi
from simulator.schema.loading import Loaded, load_changed

TIMES: Final = 9
FEWEST: Final = 20
"""Hands that are added: so many times the team, and at least so many."""
ORDERS: Final = "orders"


@dataclass(frozen=True)
class Price:
    """What waiting for a team lost."""

    team: str
    label: str
    hours: float
    """Hours of waiting for the team over the measured time."""
    avoided: float
    """Hours that are left out with hands enough; what remains is mostly waiting for the shift to begin."""
    lost: Estimate
    """What the KPI gains with hands enough, their cost left out, over the measured time."""
    an_hour: Estimate
    """The same for each hour avoided; NaN where none is."""
    orders: Estimate
    """Leads gone cold: orders that come with hands enough."""
    cash_late: float
    """Cost of finance of the cash that came later, as ``waits_of`` counts it; not part of the margin."""
    p_adjusted: float
    """Of ``lost``, adjusted by Holm's method over the teams."""


def prices_of(
    loaded: Loaded, plan: Plan, kpi: Kpi, waits: Sequence[Wait], progress: Progress = None,
    cancelled: Cancellation = None,
) -> tuple[Price, ...]:  # fmt: skip
    """What waiting for each team lost, the most first.

    For each team in turn, hands like the average of its members are added without pay, nine times as many and at least
    twenty, so that whoever comes within a shift is served at once; all else is as it was. What the KPI gains, paired
    over the replications, is what waiting for that team took: leads gone cold by slow answers, fading interest and
    given-up queues, and sales pushed out of the measured time. The next team in line may take part of it back, so the
    teams do not add up.
    """
    teams = staffed(loaded.scenario)
    currency = loaded.scenario.horizon.currency
    crowds = [max(FEWEST, TIMES * sum(each.head_count for each in team.people().values())) for _, team in teams]
    helped = [
        load_changed(loaded, free_hands(name, team, crowd, currency))
        for (name, team), crowd in zip(teams, crowds, strict=True)
    ]
    base, *others = run_all([loaded, *helped], plan, progress, cancelled)
    before = standing_costs(compiled(loaded, plan))
    late = _late_by_team(waits)
    tests = []
    for each, study in zip(helped, others, strict=True):
        extra = standing_costs(compiled(each, plan)) - before if kpi.name in NET else 0.0
        tests.append(paired(base.samples[kpi.name], study.samples[kpi.name] + extra, kpi.unit))
    adjusted = holm(np.array([p for _, p in tests])).tolist() if tests else []
    found = [
        _price(name, spoken(team.label, name), base, study, lost, p, late.get(name, 0.0))
        for (name, team), study, (lost, _), p in zip(teams, others, tests, adjusted, strict=True)
    ]
    return tuple(sorted(found, key=lambda price: -direction(kpi) * price.lost.mean))


def _price(name: str, label: str, base: Study, helped: Study, lost: Estimate, p: float, late: float) -> Price:
    index = base.names.teams.index(name)
    hours, left = (float(study.pictures.waiting[index].sum()) for study in (base, helped))
    avoided = hours - left
    orders = paired(base.samples[ORDERS], helped.samples[ORDERS], "orders")[0]
    per = 1 / avoided if avoided > 0 else math.nan
    an_hour = Estimate(lost.mean * per, lost.low * per, lost.high * per, lost.n, lost.unit)
    return Price(name, label, hours, avoided, lost, an_hour, orders, late, p)


def _late_by_team(waits: Sequence[Wait]) -> Mapping[str, float]:
    late: dict[str, float] = {}
    for wait in waits:
        late[wait.team] = late.get(wait.team, 0.0) + wait.cash_late
    return late
