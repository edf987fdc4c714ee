"""Morris effects and Sobol shares, as `caudal tornado --method` shows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

import click

from workbench.cli.figures import figure, interval, table
from workbench.cli.files import STANDARD_OUTPUT, write_json
from workbench.cli.progress import progress_line
from workbench.cli.trust import card_content, card_table, checked

if TYPE_CHECKING:
    from simulator.experiment.intervals import Estimate
    from simulator.experiment.plan import Plan
    from simulator.experiment.sensitivity.indices import Effect, Share
    from simulator.experiment.sensitivity.parameters import Parameter
    from simulator.schema.loading import Loaded

TRAJECTORIES = 10
POINTS = 64
LUCK: Final = (
    "Intervals are over the points of the design. What luck does differently at each point, over {replications} "
    "replications, counts as interaction: small effects may be that, and more --replications tell."
)


def show_indices(
    loaded: Loaded, plan: Plan, kpis: Sequence[str], parameters: Sequence[Parameter], method: str, points: int | None,
    scenario: str, json_file: str | None,
) -> None:  # fmt: skip
    """Run one design for each KPI, write it as JSON where that is asked for, and show it."""
    from simulator.experiment.sensitivity.indices import morris, sobol

    contents, tables = [], []
    for kpi in kpis:
        with progress_line("replications", plan) as progress:
            if method == "morris":
                effects = morris(loaded, plan, kpi, parameters, TRAJECTORIES if points is None else points, progress)
                shown, content = effects_table(effects), [index_content(each.parameter, each) for each in effects]
            else:
                shares = sobol(loaded, plan, kpi, parameters, POINTS if points is None else points, progress)
                shown, content = shares_table(shares), [index_content(each.parameter, each) for each in shares]
        contents.append({"kpi": kpi, "method": method, "parameters": content})
        tables.append(f"{kpi} of {loaded.scenario.name}\n\n{shown}")
    card = checked([loaded], plan, kpis)
    if json_file is not None:
        write_json(
            json_file, {"trust": card_content(card), "scenario": scenario, "seed": plan.seed, "indices": contents}
        )
    if json_file != STANDARD_OUTPUT:
        click.echo("\n" + "\n\n".join([card_table(card), *tables, LUCK.format(replications=plan.replications)]))


def effects_table(effects: Sequence[Effect]) -> str:
    """What a step over its whole range changes, by parameter."""
    rows = [
        (
            each.parameter.label, each.parameter.grade, *_with_interval(each.absolute),
            figure(each.mean, each.absolute.unit, True), figure(each.spread, each.absolute.unit),
        )
        for each in effects
    ]  # fmt: skip
    header = ("assumption", "grade", "mean absolute effect", "95 % interval", "mean effect", "spread")
    return table(header, rows, frozenset({2, 4, 5}))


def shares_table(shares: Sequence[Share]) -> str:
    """Shares of the variance, by parameter."""
    rows = [
        (each.parameter.label, each.parameter.grade, *_with_interval(each.first), *_with_interval(each.total))
        for each in shares
    ]
    header = ("assumption", "grade", "by itself", "95 % interval", "with interactions", "95 % interval")
    return table(header, rows, frozenset({2, 4}))


def _with_interval(estimate: Estimate) -> tuple[str, str]:
    unit, mean = estimate.unit, estimate.mean
    return figure(mean, unit), interval(estimate.low, estimate.high, unit, mean)


def index_content(parameter: Parameter, found: Effect | Share) -> dict[str, Any]:
    """One parameter as the JSON file holds it."""
    figures = {name: value for name, value in asdict(found).items() if name != "parameter"}
    stated = {"path": parameter.path, "label": parameter.label, "grade": parameter.grade}
    return stated | {"from": parameter.written(parameter.low), "to": parameter.written(parameter.high)} | figures
