"""`caudal compare`: what scenarios change against a base, and how surely."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from workbench.cli.figures import figure, interval, p_value, table
from workbench.cli.files import STANDARD_OUTPUT, check_writable, write_json, write_whole
from workbench.cli.options import OUTPUT, plan_of, study_options
from workbench.cli.progress import progress_line
from workbench.cli.run import show_warnings

if TYPE_CHECKING:
    from simulator.experiment.comparison import Comparison, Contrast
    from simulator.experiment.study import Study
    from simulator.schema.loading import Loaded


@click.command()
@click.argument("base")
@click.argument("others", nargs=-1, required=True, metavar="OTHER...")
@click.option("--report", type=OUTPUT, help="Write the report of the comparison to this HTML file.")
@study_options
@click.option("--all", "every", is_flag=True, help="Show every KPI, not only the headlines.")
def compare(
    base: str, others: tuple[str, ...], report: Path | None, json_file: str | None, every: bool, **options: Any
) -> None:
    """Compare scenarios with a base: differences of paired replications, with a test adjusted for their number."""
    from simulator.experiment.comparison import compare as contrast
    from simulator.experiment.replications import run_all
    from simulator.schema.loading import load_scenario

    plan = plan_of(**options)
    check_writable([json_file, report])
    loaded = [load_scenario(scenario) for scenario in (base, *others)]
    with progress_line("replications", plan) as progress:
        first, *rest = run_all(loaded, plan, progress)
    comparison = contrast(first, rest)
    if report is not None:
        _write_report(report, loaded, [first, *rest], comparison)
    if json_file is not None:
        write_json(json_file, comparison_content(base, others, comparison))
    if json_file != STANDARD_OUTPUT:
        _show(first, rest, comparison, every)
        if report is not None:
            click.echo(f"\nReport: {report}")


def comparison_content(base: str, others: tuple[str, ...], comparison: Comparison) -> dict[str, Any]:
    """A comparison as the JSON file holds it; scenarios are called what the user called them.

    KPIs of which neither more nor less is better have no verdict and are left out.
    """
    shown = ("difference", "low", "high", "p_adjusted", "verdict")
    contrasts = [
        {
            "scenario": other,
            "differences": {
                name: {field: getattr(difference, field) for field in shown}
                for name, difference in contrast.differences.items()
            },
        }
        for other, contrast in zip(others, comparison.others, strict=True)
    ]
    return {"base": base, "others": contrasts}


def contrast_table(base: Study, other: Study, contrast: Contrast, every: bool) -> str:
    """KPIs of both scenarios with their difference and the verdict on it."""
    rows = []
    for name, d in contrast.differences.items():
        kpi = base.catalogue[name]
        if not d.n or not (every or kpi.headline):
            continue
        means = base.estimate(name).mean, other.estimate(name).mean
        spread = interval(d.low, d.high, d.unit, d.difference, True)
        change = figure(d.difference, d.unit, True)
        rows.append((kpi.label, *(figure(m, d.unit) for m in means), change, spread, p_value(d.p_adjusted), d.verdict))
    header = ("KPI", "base", "other", "difference", "95 % interval", "adjusted p", "verdict")
    return table(header, rows, frozenset({1, 2, 3, 5}))


def _show(base: Study, others: list[Study], comparison: Comparison, every: bool) -> None:
    for other, contrast in zip(others, comparison.others, strict=True):
        click.echo(f"\n{other.name}, against {base.name}\n\n{contrast_table(base, other, contrast, every)}")
    pairs, tests = comparison.replications, comparison.family
    click.echo(f"\n{pairs} paired replications; p-values adjusted over {tests} tests (Holm).")
    for study in (base, *others):
        show_warnings(study, study.name)


def _write_report(path: Path, loaded: list[Loaded], studies: list[Study], comparison: Comparison) -> None:
    from reports.html import write_report

    command = shlex.join(["caudal", *sys.argv[1:]])
    base, *others = studies
    write_whole(path, lambda unfinished: write_report(unfinished, base, others, comparison, command, loaded))
