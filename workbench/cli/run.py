"""`caudal run`: the KPIs of one scenario, with intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from workbench.cli.figures import figure, interval, table
from workbench.cli.files import STANDARD_OUTPUT, check_writable, write_json
from workbench.cli.options import plan_of, study_options
from workbench.cli.progress import progress_line

if TYPE_CHECKING:
    from simulator.experiment.study import Study


@click.command()
@click.argument("scenario")
@study_options
@click.option("--all", "every", is_flag=True, help="Show every KPI, not only the headlines.")
def run(scenario: str, json_file: str | None, every: bool, **options: Any) -> None:
    """Replicate a scenario and show its KPIs with 95 % intervals."""
    from simulator.experiment.replications import run as replicate
    from simulator.schema.loading import load_scenario

    plan = plan_of(**options)
    check_writable([json_file])
    loaded = load_scenario(scenario)
    with progress_line("replications", plan) as progress:
        study = replicate(loaded, plan, progress)
    if json_file is not None:
        write_json(json_file, study_content(scenario, study))
    if json_file != STANDARD_OUTPUT:
        click.echo(f"\n{study.name}\n\n{study_table(study, every)}")
        show_warnings(study)


def study_content(scenario: str, study: Study) -> dict[str, Any]:
    """A study as the JSON file holds it; the scenario is called what the user called it."""
    kpis = {
        name: {"mean": e.mean, "low": e.low, "high": e.high, "n": e.n, "unit": e.unit}
        for name, e in study.estimates().items()
    }
    return {
        "scenario": scenario,
        "seed": study.plan.seed,
        "replications": study.replications,
        "kpis": kpis,
        "warnings": list(study.warnings),
    }


def study_table(study: Study, every: bool) -> str:
    """KPIs with mean and interval; those that are nowhere defined are left out."""
    rows = [
        (study.catalogue[name].label, figure(e.mean, e.unit), interval(e.low, e.high, e.unit, e.mean))
        for name, e in study.estimates().items()
        if e.n and (every or study.catalogue[name].headline)
    ]
    hidden = sum(1 for kpi in study.catalogue.values() if not kpi.headline)
    more = "" if every else f"\n\n{hidden} more KPIs with --all or --json FILE."
    return table(("KPI", "mean", "95 % interval"), rows, frozenset({1})) + more


def show_warnings(study: Study, name: str = "") -> None:
    """Print what weakens a study, under its figures."""
    for warning in study.warnings:
        click.echo(f"Warning{f' ({name})' if name else ''}: {warning}")
