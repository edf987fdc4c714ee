"""Whether a run has settled: where MSER-5 cuts its beginning off, and Welch's moving average to look at."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from simulator.errors import StudyError
from simulator.experiment.plan import Plan
from simulator.experiment.study import Study
from simulator.experiment.tasks import Cancellation
from simulator.records import Floats
from simulator.schema.loading import Loaded

if TYPE_CHECKING:
    from simulator.experiment.replications import Progress  # which itself warns of short warm-ups

BATCH: Final = 5
"""Observations in a batch of MSER-5."""
FEWEST_BATCHES: Final = 6
"""Batches below which a minimum says nothing."""
WINDOW: Final = 4
"""Weeks on each side of a week in Welch's moving average."""
FLOWS: Final = ("revenue_booked", "revenue_invoiced", "cash_collected", "cost_total")
"""KPIs whose weekly amounts the running totals of a study hold, in their order."""

FOLLOWERS: Final[Mapping[str, tuple[str, ...]]] = {
    "revenue_booked": ("orders", "conversion_order"),
    "revenue_invoiced": ("margin", "margin_rate"),
    "cash_collected": ("net_cash", "collected_share"),
    "cost_total": ("cost_per_lead", "cac"),
}
"""KPIs without a series of their own in a study, by the flow that they hang on."""


@dataclass(frozen=True)
class Settling:
    """One KPI week by week, averaged over replications."""

    kpi: str
    weekly: Floats
    """Mean of each full week of the measured time; units of the KPI."""
    smoothed: Floats
    """Welch's moving average of it."""
    truncation: int | None
    """Weeks that MSER-5 would leave out; None where the series is too short or does not settle."""
    measured_from: float
    """Hours before the first week, which are left out already."""

    @property
    def suggested(self) -> float | None:
        """Warm-up that MSER-5 suggests, in hours from the start of the run."""
        return None if self.truncation is None else self.measured_from + 168 * self.truncation

    @property
    def bias(self) -> float:
        """What leaving out the suggested weeks changes in the mean, relative to the mean that is left."""
        if not self.truncation:
            return 0.0
        left = float(self.weekly[self.truncation :].mean())
        return float(self.weekly.mean()) / left - 1 if left else 0.0


def mser5(series: Floats, batch: int = BATCH) -> int | None:
    """Observations to leave out at the beginning: those whose loss makes the mean of the rest surest.

    The marginal standard error rule over means of batches of five: of all truncations d of k batches, the one with the
    least sum of squared deviations over (k - d) squared. White, Simulation 69 (1997), 323-334; Spratt's MSER-5 in
    White, Cobb and Spratt, Proceedings of the Winter Simulation Conference (2000), 755-760. Near the end few batches
    agree by chance: of series of ten batches that are nothing but noise one in four has its minimum in the second half,
    for which the published rule refuses it. So the minimum is sought in the first half; where it lies at its end, the
    series is too short or does not settle, and the result is None; so it is with fewer than six batches.
    """
    k = series.size // batch
    if k < FEWEST_BATCHES:
        return None
    means = series[: k * batch].reshape(k, batch).mean(axis=1)
    errors = [float(means[d:].var()) / (k - d) for d in range(k // 2 + 1)]
    best = int(np.argmin(errors))
    return best * batch if best < k // 2 else None


def moving_average(series: Floats, window: int = WINDOW) -> Floats:
    """Welch's moving average over ``window`` observations on each side, over fewer near the beginning.

    It ends ``window`` observations before the series does. Welch, *The statistical analysis of simulation results*, in
    Lavenberg (1983); Law, *Simulation Modeling and Analysis*, 5th edition (2015), section 9.5.1.
    """
    reaches = (min(i, window) for i in range(series.size - window))
    return np.array([series[i - reach : i + reach + 1].mean() for i, reach in enumerate(reaches)])


def settlings_of(study: Study, kpis: Collection[str] | None = None) -> tuple[Settling, ...]:
    """The queue of each team and each flow of money, or those named, by week through the measured time of a study."""
    return tuple(
        settling_of(kpi, weekly, study.warm_up)
        for kpi, weekly in _weekly(study)
        if kpi in (study.catalogue if kpis is None else kpis)
    )


def settling_of(kpi: str, weekly: Floats, measured_from: float) -> Settling:
    """A series with what MSER-5 and Welch's moving average say of it."""
    return Settling(kpi, weekly, moving_average(weekly), mser5(weekly), measured_from)


def stands_for(kpi: str, catalogue: Collection[str]) -> frozenset[str]:
    """KPIs of a catalogue whose beginning a weekly series of a study tells of: its own, and those that follow it.

    Most KPIs leave one value a replication: of waits the queue of the team tells, of margin, orders and acquisition
    cost the flow of money that they hang on. ``settling.settled_by_week`` measures each by itself.
    """
    team = kpi.removeprefix("queue_")
    followers = (f"waiting_{team}", f"abandoned_{team}") if team != kpi else FOLLOWERS.get(kpi, ())
    return frozenset((kpi, *followers)) & frozenset(catalogue)


def suggested_warm_up(series: Iterable[Sequence[Settling]]) -> Mapping[str, float | None]:
    """For each KPI the longest warm-up that MSER-5 suggests over the series of scenarios that are compared, in hours.

    All scenarios must be measured over the same time, so the slowest to settle decides; None where one does not settle.
    """
    longest: dict[str, float | None] = {}
    for settling in (each for found in series for each in found):
        known = longest.get(settling.kpi, 0.0)
        asked = settling.suggested
        longest[settling.kpi] = None if known is None or asked is None else max(known, asked)
    return longest


def run_from_empty(
    scenarios: Sequence[Loaded], plan: Plan, progress: Progress = None, cancelled: Cancellation = None
) -> list[Study]:
    """The same runs, measured from hour 0 on, so that the beginning can be seen; for ``settlings_of``.

    Each scenario runs as long as it would with its warm-up, or with that of the plan.
    """
    from simulator.experiment.replications import compiled, run_all  # which itself warns of short warm-ups

    ends = {compiled(loaded, plan).end for loaded in scenarios}
    if len(ends) > 1:
        raise StudyError("the scenarios run for different times: state the warm-up and the length of all of them")
    return run_all(scenarios, replace(plan, warm_up=0.0, length=ends.pop()), progress, cancelled)


def _weekly(study: Study) -> Iterator[tuple[str, Floats]]:
    weeks = int(study.length // 168)
    for index, team in enumerate(study.names.teams):
        yield f"queue_{team}", study.pictures.queue[:weeks, index]
    flows = np.diff(study.pictures.cash[: weeks + 1], axis=0)
    for index, kpi in enumerate(FLOWS):
        yield kpi, flows[:, index]


def asked_within(studies: Sequence[Study]) -> str:
    """What MSER-5 says of flows of money in the measured time, as the end of a sentence."""
    pulled = f"{max(0.0, -min(each.bias for study in studies for each in settlings_of(study, FLOWS))):.0%}"
    if pulled == "0%":
        return "MSER-5 would leave out nothing more that moves a weekly flow of money"
    return f"what MSER-5 would leave out beyond that pulls no weekly flow of money down by more than {pulled}"


def asked_from_empty(
    series: Sequence[tuple[str, tuple[Settling, ...]]], labels: Mapping[str, str]
) -> tuple[float | None, str]:
    """The longest warm-up that MSER-5 asks for, in hours, and what it says of runs seen from their start.

    None where nothing settles.
    """
    asked = [(each.suggested, each.kpi, name) for name, found in series for each in found]
    settled = [(hours, kpi, name) for hours, kpi, name in asked if hours is not None]
    restless = len(asked) - len(settled)
    others = f"; {restless} of {len(asked)} series do not settle, or have a season" if restless else ""
    if not settled:
        return None, f"MSER-5 finds none of {len(asked)} series settled"
    hours, kpi, name = max(settled)
    return hours, f"MSER-5 asks for at most {hours / 24:.0f} d ({labels.get(kpi, kpi)} of {name}){others}"
