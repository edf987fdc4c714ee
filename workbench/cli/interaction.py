"""Two levers moved together, as `caudal tornado --interaction` and `caudal study` show them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from workbench.cli.figures import figure, interval, table
from workbench.cli.files import STANDARD_OUTPUT, write_json
from workbench.cli.pictures import write_pictures
from workbench.cli.progress import progress_line
from workbench.cli.trust import card_content, card_table, checked

if TYPE_CHECKING:
    from simulator.experiment.plan import Plan
    from simulator.experiment.sensitivity.indices import Grid
    from simulator.schema.loading import Loaded


def show_interaction(
    loaded: Loaded, plan: Plan, kpis: Sequence[str], pair: str, levels: int, scenario: str, json_file: str | None,
    pictures: Path | None,
) -> None:  # fmt: skip
    """One heat map for each KPI, written as JSON and as pictures where that is asked for, and shown."""
    from reports.charts.interaction import interaction
    from simulator.experiment.sensitivity.indices import grid
    from simulator.experiment.sensitivity.parameters import chosen

    wanted = pair.split(",")
    if len(wanted) != 2:
        raise click.UsageError("--interaction takes two numbers with a comma between, such as PATH=LOW..HIGH,PATH")
    moved = chosen(loaded, wanted)
    grids = []
    for kpi in kpis:
        with progress_line("replications", plan) as progress:
            grids.append(grid(loaded, plan, kpi, moved[0], moved[-1], levels, progress))
    card = checked([loaded], plan, kpis)
    if pictures is not None:
        drawn = [interaction(each, i) for i, each in enumerate(grids, start=1)]
        write_pictures(pictures, f"Two assumptions of {loaded.scenario.name}", drawn)
    if json_file is not None:
        found = [grid_content(each) for each in grids]
        write_json(
            json_file, {"trust": card_content(card), "scenario": scenario, "seed": plan.seed, "interactions": found}
        )
    if json_file != STANDARD_OUTPUT:
        click.echo(f"\n{card_table(card)}")
        for each in grids:
            click.echo(f"\n{grid_table(each)}")


def grid_content(grid: Grid) -> dict[str, Any]:
    """A heat map as a JSON file holds it."""
    return {
        "kpi": grid.kpi.name,
        "rows": {"path": grid.rows.path, "values": [grid.rows.written(value) for value in grid.row_values]},
        "columns": {"path": grid.columns.path, "values": [grid.columns.written(value) for value in grid.column_values]},
        "means": grid.means.tolist(),
        "interaction": asdict(grid.interaction),
    }


def grid_table(grid: Grid) -> str:
    """The means of all cells, and what both do together beyond the sum of each alone."""
    unit, both = grid.kpi.unit, grid.interaction
    header = (grid.rows.label, *(grid.columns.written(value) for value in grid.column_values))
    rows = [
        (grid.rows.written(value), *(figure(mean, unit) for mean in means))
        for value, means in zip(grid.row_values, grid.means.tolist(), strict=True)
    ]
    spread = interval(both.low, both.high, unit, both.mean, sign=True)
    cells = table(header, rows, frozenset(range(1, len(header))))
    return (
        f"{grid.kpi.label}, columns: {grid.columns.label}\n\n{cells}\n\n"
        f"Both together, beyond the sum of each alone: {figure(both.mean, unit, sign=True)} ({spread}), "
        f"{both.n} paired replications."
    )
