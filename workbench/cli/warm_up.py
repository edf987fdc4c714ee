"""`caudal warm-up`: how long runs take to settle, by MSER-5 and Welch's plot, over all scenarios that are compared."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from workbench.cli.figures import table
from workbench.cli.files import STANDARD_OUTPUT, check_writable, write_json
from workbench.cli.options import OUTPUT, plan_of, study_options
from workbench.cli.pictures import write_pictures
from workbench.cli.progress import progress_line

if TYPE_CHECKING:
    from simulator.experiment.study import Study
    from simulator.experiment.warm_up import Settling


@click.command("warm-up")
@click.argument("scenarios", nargs=-1, required=True, metavar="SCENARIO...")
@click.option("--pictures", type=OUTPUT, help="Write Welch's plot of every series to this HTML file.")
@click.option("--kpi", "kpis", multiple=True, help="A KPI beside the queues and flows; the headlines where not given.")
@click.option("--all", "every", is_flag=True, help="Every KPI.")
@study_options
def warm_up(
    scenarios: tuple[str, ...], pictures: Path | None, kpis: tuple[str, ...], every: bool, json_file: str | None,
    **options: Any,
) -> None:  # fmt: skip
    """Show for queues, flows of money and KPIs how long they take to settle, in each scenario and over all of them.

    Runs are seen from their empty start. Scenarios that are compared must leave out the same time, so the slowest to
    settle decides. KPIs are measured in each week of five replications.
    """
    plan = plan_of(**options)
    check_writable([json_file, pictures])
    from simulator.experiment.settling import known_by, settled_by_week
    from simulator.experiment.warm_up import run_from_empty, settlings_of, suggested_warm_up
    from simulator.schema.loading import load_scenario

    loaded = [load_scenario(scenario) for scenario in scenarios]
    known_by(loaded, plan, kpis)
    with progress_line("replications", plan, twins=False) as progress:
        studies = run_from_empty(loaded, plan, progress)
    asked = _asked(studies, kpis, every)
    with progress_line("replications measured week by week", plan, twins=False) as progress:
        by_week = settled_by_week(loaded, plan, asked, progress)
    series = [(*settlings_of(study), *found.settlings) for study, found in zip(studies, by_week, strict=True)]
    longest = suggested_warm_up(series)
    without = sorted({kpi for found in by_week for kpi in found.without})
    if pictures is not None:
        write_pictures(pictures, "Whether runs settle", _pictures(studies, series, plan.warm_up))
    if json_file is not None:
        found = {name: settlings_content(each) for name, each in zip(scenarios, series, strict=True)}
        write_json(json_file, {"seed": plan.seed, "suggested": longest, "scenarios": found, "without_series": without})
    if json_file != STANDARD_OUTPUT:
        click.echo(f"\n{settling_table(studies, series)}\n\n{_said(longest)}")
        if without:
            click.echo(
                f"Without a value in some week, so that the queues and flows stand for them: {', '.join(without)}."
            )
        if pictures is not None:
            click.echo(f"\nPictures: {pictures}")


def _asked(studies: Sequence[Study], kpis: tuple[str, ...], every: bool) -> list[str]:
    """KPIs to be measured by week: all, those named, or the headlines; of all scenarios, without the other series."""
    from simulator.experiment.warm_up import settlings_of

    shared = [kpi for kpi in studies[0].catalogue if all(kpi in study.catalogue for study in studies)]
    chosen = shared if every else kpis or [kpi for kpi in shared if studies[0].catalogue[kpi].headline]
    known = {each.kpi for study in studies for each in settlings_of(study)}
    return [kpi for kpi in dict.fromkeys(chosen) if kpi not in known]


def settlings_content(found: Sequence[Settling]) -> list[dict[str, Any]]:
    """Every series as a JSON file holds it; the suggestion is in hours from the start of the run."""
    return [
        {
            "kpi": each.kpi,
            "suggested": each.suggested,
            "weekly": each.weekly.tolist(),
            "smoothed": each.smoothed.tolist(),
        }
        for each in found
    ]


def settling_table(studies: Sequence[Study], series: Sequence[Sequence[Settling]]) -> str:
    """What MSER-5 would leave out of each series, by scenario."""
    rows = []
    for i, each in enumerate(series[0]):
        alike = [next((one for one in found if one.kpi == each.kpi), None) for found in series]
        rows.append((studies[0].catalogue[series[0][i].kpi].label, *map(_days, alike)))
    right = frozenset(range(1, len(studies) + 1))
    return table(("KPI", *(study.name for study in studies)), rows, right)


def _days(settling: Settling | None) -> str:
    if settling is None:
        return "-"
    return "does not settle" if settling.suggested is None else f"{settling.suggested / 24:.0f} d"


def _said(longest: Any) -> str:
    known = [hours for hours in longest.values() if hours is not None]
    restless = [kpi for kpi, hours in longest.items() if hours is None]
    words = (
        f"MSER-5 over all: leave out at least {max(known) / 24:.0f} d." if known else "MSER-5 finds nothing settled."
    )
    if restless:
        words += (
            f" Not settled in every scenario, or with a season: {', '.join(restless)}. Look at them with --pictures "
            "before you trust a figure that depends on them."
        )
    return words


def _pictures(studies: Sequence[Study], series: Sequence[Sequence[Settling]], used: float | None) -> list[Any]:
    from reports.charts.settling import settling

    named = list(zip((study.name for study in studies), series, strict=True))
    return [
        settling(
            studies[0].catalogue[each.kpi].label,
            [(name, one) for name, found in named for one in found if one.kpi == each.kpi],
            used,
        )
        for each in series[0]
    ]
