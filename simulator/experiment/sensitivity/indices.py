"""All assumptions at once: Morris screening, Sobol indices, and two levers together."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from simulator.errors import StudyError
from simulator.experiment.comparison import contrasted
from simulator.experiment.intervals import CONFIDENCE, Estimate
from simulator.experiment.plan import Plan
from simulator.experiment.replications import Progress
from simulator.experiment.sensitivity.parameters import Parameter, refuse_none
from simulator.experiment.sensitivity.variants import Changes, catalogued, sampled
from simulator.experiment.tasks import Cancellation
from simulator.kpis.catalogue import Kpi
from simulator.records import Floats
from simulator.schema.loading import Loaded

RESAMPLES = 500
"""Bootstrap samples behind each interval."""
LEVELS = 4
"""Levels of each parameter in a Morris design."""
STEP = LEVELS / (2 * (LEVELS - 1))
"""By which a trajectory moves a parameter, as a part of its range."""
MOST_LEVELS = 50


@dataclass(frozen=True)
class Effect:
    """Elementary effects of a parameter: what a step over its whole range changes in the KPI."""

    parameter: Parameter
    mean: float
    absolute: Estimate
    """Mean of the absolute effects (mu*), which sorts the parameters, with its bootstrap interval."""
    spread: float
    """Standard deviation (sigma): large beside ``absolute`` where the effect bends or depends on other parameters."""


@dataclass(frozen=True)
class Share:
    """Part of the variance of the KPI that a parameter explains."""

    parameter: Parameter
    first: Estimate
    """By itself (S1), with its bootstrap interval."""
    total: Estimate
    """Together with all its interactions (ST), which sorts the parameters."""


@dataclass(frozen=True)
class Grid:
    """A KPI over the levels of two parameters, all else as it is."""

    kpi: Kpi
    rows: Parameter
    columns: Parameter
    row_values: tuple[float, ...]
    column_values: tuple[float, ...]
    means: Floats
    """Array of shape (rows, columns)."""
    interaction: Estimate
    """How much more both together do than the sum of each alone, from corner to corner, with its paired interval."""


def morris(
    loaded: Loaded, plan: Plan, kpi: str, parameters: Sequence[Parameter], trajectories: int = 10,
    progress: Progress = None, cancelled: Cancellation = None,
) -> list[Effect]:  # fmt: skip
    """Screen many parameters in ``trajectories * (parameters + 1)`` variants, the most important first.

    Morris, Technometrics 33 (1991), 161-174; mu* of Campolongo, Cariboni and Saltelli, Environmental Modelling &
    Software 22 (2007), 1509-1518; design and analysis by SALib. All variants share their luck, and each is the mean of
    the plan's replications. A whole number takes the steps that it can, and its effects count by their true length.
    Raises StudyError where the design makes no valid scenario.
    """
    from SALib.analyze import morris as analysis  # type: ignore[import-untyped]  # SALib publishes no types
    from SALib.sample import morris as design  # type: ignore[import-untyped]  # the same

    if trajectories < 2:
        raise StudyError("Morris screening needs at least 2 trajectories")
    problem = _problem(parameters)
    points = _possible(parameters, design.sample(problem, trajectories, num_levels=LEVELS, seed=plan.seed + 1))
    values = _evaluated(loaded, plan, kpi, parameters, points, progress, cancelled)
    found = analysis.analyze(
        problem,
        points,
        values,
        num_resamples=RESAMPLES,
        conf_level=CONFIDENCE,
        num_levels=LEVELS,
        seed=plan.seed + 1,
    )
    unit, n = catalogued(loaded, plan, [kpi])[0].unit, trajectories
    rows = zip(parameters, found["mu"], found["mu_star"], found["mu_star_conf"], found["sigma"], strict=True)
    effects = [
        Effect(each, float(mean) * k, _around(absolute * k, reach * k, n, unit), float(sigma) * k)
        for each, mean, absolute, reach, sigma in rows
        for k in [_lengthening(each)]
    ]
    return sorted(effects, key=lambda effect: -effect.absolute.mean)


def sobol(
    loaded: Loaded, plan: Plan, kpi: str, parameters: Sequence[Parameter], points: int = 128,
    progress: Progress = None, cancelled: Cancellation = None,
) -> list[Share]:  # fmt: skip
    """Shares of the variance over the ranges in ``points * (parameters + 2)`` variants, the largest total first.

    Each parameter is uniform over its range, or the whole numbers in it, independent of the others. Sobol, Mathematics
    and Computers in Simulation 55 (2001), 271-280; estimators of Saltelli et al., Computer Physics Communications 181
    (2010), 259-270; design and analysis by SALib. ``points`` is a power of two, as the design needs. The shares are NaN
    where nothing changes the KPI. Raises StudyError as ``morris`` does.
    """
    from SALib.analyze import sobol as analysis
    from SALib.sample import sobol as design

    if points < 2 or points & (points - 1):
        raise StudyError(f"the number of points must be a power of two, such as 64 or 128, not {points}")
    problem = _problem(parameters, 0.5)
    where = _possible(parameters, design.sample(problem, points, calc_second_order=False, seed=plan.seed + 1))
    values = _evaluated(loaded, plan, kpi, parameters, where, progress, cancelled)
    if np.ptp(values) == 0:
        nothing = Estimate(math.nan, math.nan, math.nan, points)
        return [Share(each, nothing, nothing) for each in parameters]
    found = analysis.analyze(
        problem,
        values,
        calc_second_order=False,
        num_resamples=RESAMPLES,
        conf_level=CONFIDENCE,
        seed=plan.seed + 1,
    )
    rows = zip(parameters, found["S1"], found["S1_conf"], found["ST"], found["ST_conf"], strict=True)
    shares = [
        Share(each, _around(first, reach, points, "share"), _around(total, wide, points, "share"))
        for each, first, reach, total, wide in rows
    ]
    return sorted(shares, key=lambda share: -share.total.mean)


def grid(
    loaded: Loaded, plan: Plan, kpi: str, rows: Parameter, columns: Parameter, levels: int = 5,
    progress: Progress = None, cancelled: Cancellation = None,
) -> Grid:  # fmt: skip
    """A KPI over two parameters at evenly spaced levels, for a heat map, and how much they depend on each other.

    A whole number has no more levels than whole values in its range.

    The interaction is the contrast of the four corners, paired over replications (Law, *Simulation Modeling and
    Analysis*, 5th edition (2015), section 12.2). Raises StudyError as ``morris`` does.
    """
    if rows.path == columns.path or not 2 <= levels <= MOST_LEVELS:
        raise StudyError(f"a grid needs two different parameters and from 2 to {MOST_LEVELS} levels")
    sides = [each.levels(levels) for each in (rows, columns)]
    points = np.array([(row, column) for row in sides[0] for column in sides[1]])
    samples = _samples(loaded, plan, kpi, (rows, columns), points, progress, cancelled)
    table = samples.reshape(len(sides[0]), len(sides[1]), -1)
    described = catalogued(loaded, plan, [kpi])[0]
    together, alone = table[-1, -1] + table[0, 0], table[-1, 0] + table[0, -1]
    contrast = contrasted(alone, together, described, loaded.scenario.horizon.currency)[0]
    return Grid(described, rows, columns, sides[0], sides[1], table.mean(axis=2), contrast)


def _problem(parameters: Sequence[Parameter], margin: float = 0.0) -> dict[str, Any]:
    """The parameters as SALib wants them; with a margin of 1/2 around its range each whole number is as likely."""
    refuse_none(parameters)
    names = [each.path for each in parameters]
    beyond = [margin if each.whole else 0.0 for each in parameters]
    bounds = [[each.low - reach, each.high + reach] for each, reach in zip(parameters, beyond, strict=True)]
    return {"num_vars": len(names), "names": names, "bounds": bounds}


def _possible(parameters: Sequence[Parameter], points: Floats) -> Floats:
    """The points of a design, shape (points, parameters), where whole numbers stay whole."""
    return np.column_stack([each.nearest(column) for each, column in zip(parameters, points.T, strict=True)])


def _lengthening(parameter: Parameter) -> float:
    """The step of a trajectory beside the one that a whole number can take, the same from each level."""
    reach = parameter.high - parameter.low
    return STEP * reach / math.floor(STEP * reach + 0.5) if parameter.whole else 1.0


def _evaluated(
    loaded: Loaded, plan: Plan, kpi: str, parameters: Sequence[Parameter], points: Floats,
    progress: Progress, cancelled: Cancellation,
) -> Floats:  # fmt: skip
    """Mean of the KPI over the replications at each point."""
    means: Floats = _samples(loaded, plan, kpi, parameters, points, progress, cancelled).mean(axis=1)
    return means


def _samples(
    loaded: Loaded, plan: Plan, kpi: str, parameters: Sequence[Parameter], points: Floats,
    progress: Progress, cancelled: Cancellation,
) -> Floats:  # fmt: skip
    """The KPI at each point, shape (points, replications)."""
    catalogued(loaded, plan, [kpi])
    variants = [_changes(parameters, point) for point in points]
    found = sampled(loaded, variants, plan, [kpi], progress, cancelled)
    if found.refused:
        index, why = next(iter(found.refused.items()))
        raise StudyError(
            f"these values make no valid scenario, narrow a range: {_told(parameters, points[index])}: {why}"
        )
    if np.isnan(found.values).any():
        index = int(np.argwhere(np.isnan(found.values))[0][0])
        raise StudyError(f"'{kpi}' is not defined in every replication at {_told(parameters, points[index])}")
    return found.values[:, 0]


def _changes(parameters: Sequence[Parameter], point: Floats) -> Changes:
    return {
        path: value
        for each, x in zip(parameters, point.tolist(), strict=True)
        for path, value in each.changes(x).items()
    }


def _told(parameters: Sequence[Parameter], point: Floats) -> str:
    return ", ".join(f"{each.path}={each.written(x)}" for each, x in zip(parameters, point.tolist(), strict=True))


def _around(mean: Any, reach: Any, n: int, unit: str) -> Estimate:
    return Estimate(float(mean), float(mean - reach), float(mean + reach), n, unit)
