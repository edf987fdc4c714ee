"""What waiting for each team lost: the same scenario with so many hands that nobody waits for one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from simulator.engines.choice import engine_of
from simulator.experiment.bottlenecks.delays import ORDERS, Loss
from simulator.experiment.bottlenecks.levers import spoken, staffed
from simulator.experiment.bottlenecks.newcomers import free_hands, standing_costs
from simulator.experiment.bottlenecks.waiting import Wait
from simulator.experiment.bottlenecks.worth import STANDING, direction
from simulator.experiment.comparison import contrasted, differences_of, holm, paired
from simulator.experiment.dispatch import dispatched
from simulator.experiment.intervals import Estimate, part_values, ratio_values
from simulator.experiment.plan import Plan
from simulator.experiment.replications import Progress, compiled
from simulator.experiment.tasks import Cancellation
from simulator.kpis.catalogue import Kpi
from simulator.kpis.measures import measure
from simulator.program.program import Program
from simulator.records import TEAM_CAUSES, Floats
from simulator.schema.loading import Loaded, load_changed

TIMES: Final = 9
FEWEST: Final = 20
"""Hands that are added: so many times the team, and at least so many."""


@dataclass(frozen=True)
class Price:
    """What waiting for a team lost."""

    team: str
    label: str
    hours: float
    """Hours of waiting for the team over the measured time."""
    avoided: float
    """Hours that are left out with hands enough; what remains is mostly waiting for the shift to begin."""
    causes: dict[str, float]
    """The same by cause."""
    lost: Estimate
    """By how much the KPI is higher with hands enough, over the measured time; below 0 is better where less is.

    The seats of the hands are left out of the KPIs of ``STANDING``.
    """
    an_hour: Estimate
    """The same for each hour avoided, with what these vary in its interval; NaN where none is."""
    orders: Estimate
    """Leads gone cold: orders that come with hands enough."""
    cash_late: float
    """Cost of finance of the cash that came later, as ``waits_of`` counts it; not part of the margin."""
    p_adjusted: float
    """Of ``lost``, adjusted by Holm's method over the teams."""


class Priced(NamedTuple):
    """What waiting for teams lost."""

    prices: tuple[Price, ...]
    """By team, the most first."""
    losses: Mapping[str, Loss]
    """The same by cause, over all teams."""


def priced(
    loaded: Loaded, plan: Plan, kpi: Kpi, waits: Sequence[Wait], progress: Progress = None,
    cancelled: Cancellation = None,
) -> Priced:  # fmt: skip
    """What waiting for each team lost, the most first, and how much of it falls to each cause.

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
    programs = [compiled(each, plan) for each in (loaded, *helped)]
    base, *others = _sampled(programs, kpi.name, plan, progress, cancelled)
    late = _late_by_team(waits)
    gained = []
    for program, seen in zip(programs[1:], others, strict=True):
        extra = standing_costs(program) - standing_costs(programs[0]) if kpi.name in STANDING else 0.0
        gained.append(seen._replace(kpi=seen.kpi - STANDING.get(kpi.name, 0.0) * extra))
    tests = [contrasted(base.kpi, seen.kpi, kpi, currency) for seen in gained]
    adjusted = holm(np.array([p for _, p in tests])).tolist() if tests else []
    found = [
        _price(name, spoken(team.label, name), programs[0], (base, seen), kpi, lost, p, late.get(name, 0.0))
        for (name, team), seen, (lost, _), p in zip(teams, gained, tests, adjusted, strict=True)
    ]
    own = [(seen, programs[0].names.teams.index(name)) for (name, _), seen in zip(teams, gained, strict=True)]
    falls = {cause: _fallen(base, own, number) for number, cause in enumerate(TEAM_CAUSES)}
    return Priced(tuple(sorted(found, key=lambda price: -direction(kpi) * price.lost.mean)), falls)


def _fallen(base: _Seen, helped: Sequence[tuple[_Seen, int]], cause: int) -> Loss:
    """What falls to one cause, one value a replication: of each team's loss its part of the hours that are left out."""
    lost = np.zeros((2, base.kpi.size))
    for seen, team in helped:
        hours = (base.waiting - seen.waiting)[:, team]
        for row, pair in enumerate(((base.kpi, seen.kpi), (base.orders, seen.orders))):
            lost[row] += part_values(differences_of(*pair), hours[:, cause], hours.sum(axis=1))
    return Loss(*lost)


class _Seen(NamedTuple):
    """What is kept of the replications of one program."""

    kpi: Floats
    orders: Floats
    waiting: Floats
    """Hours by team and cause, array of shape (replications, teams, causes)."""


class _Task(NamedTuple):
    program: int
    replication: int


def _sampled(
    programs: Sequence[Program], kpi: str, plan: Plan, progress: Progress, cancelled: Cancellation
) -> list[_Seen]:
    """Every program with common replications."""
    n = plan.replications
    tasks = [_Task(p, r) for p in range(len(programs)) for r in range(n)]
    figures = np.full((len(tasks), 2), np.nan)
    waiting = np.zeros((len(tasks), len(programs[0].names.teams), len(TEAM_CAUSES)))
    with closing(dispatched(_replicate, (tuple(programs), kpi, plan), tasks, plan, cancelled)) as outcomes:
        for done, (index, seen) in enumerate(outcomes, start=1):
            figures[index], waiting[index] = seen
            if progress is not None:
                progress(done, len(tasks))
    return [_Seen(figures[i : i + n, 0], figures[i : i + n, 1], waiting[i : i + n]) for i in range(0, len(tasks), n)]


def _replicate(shared: tuple[tuple[Program, ...], str, Plan], task: _Task) -> tuple[Floats, Floats]:
    programs, kpi, plan = shared
    program = programs[task.program]
    measures = measure(program, engine_of(plan.engine, traced=False)(program, plan.seed, task.replication))
    return np.array([measures.kpis[kpi], measures.kpis[ORDERS]]), measures.pictures.waiting


def _price(
    name: str, label: str, program: Program, pair: tuple[_Seen, _Seen], kpi: Kpi, lost: Estimate, p: float, late: float
) -> Price:
    """The price of a team from the samples of the base and of the same with hands enough."""
    base, helped = pair
    hours, left = (each.waiting[:, program.names.teams.index(name)] for each in pair)
    gained, avoided = differences_of(base.kpi, helped.kpi), (hours - left).sum(axis=1)
    an_hour = ratio_values(gained, avoided)
    by_cause = dict(zip(TEAM_CAUSES, (hours - left).mean(axis=0).tolist(), strict=True))
    return Price(
        name, label, float(hours.sum(axis=1).mean()), float(avoided.mean()),
        {cause: each for cause, each in by_cause.items() if each},
        lost, contrasted(np.zeros(an_hour.size), an_hour, kpi, program.currency)[0],
        paired(base.orders, helped.orders, "orders")[0], late, p,
    )  # fmt: skip


def _late_by_team(waits: Sequence[Wait]) -> Mapping[str, float]:
    late: dict[str, float] = {}
    for wait in waits:
        late[wait.team] = late.get(wait.team, 0.0) + wait.total_late
    return late
