"""`caudal compare`: what scenarios change against a base, and how surely."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from workbench.cli.figures import figure, interval, p_value, table
from workbench.cli.files import STANDARD_OUTPUT, check_writable, write_json, write_whole
from workbench.cli.options import OUTPUT, plan_of, study_options
from workbench.cli.progress import progress_line
from workbench.cli.run import SPOILT, footnote, precision_options, replicated, show_warnings
from workbench.cli.trust import card_content, card_table

if TYPE_CHECKING:
    from simulator.experiment.comparison import Comparison, Contrast, Difference
    from simulator.experiment.study import Study
    from simulator.experiment.trust import Checks
    from simulator.schema.loading import Loaded


@click.command()
@click.argument("base")
@click.argument("others", nargs=-1, required=True, metavar="OTHER...")
@click.option("--report", type=OUTPUT, help="Write the report of the comparison to this HTML file.")
@study_options
@precision_options
@click.option("--all", "every", is_flag=True, help="Show every KPI, not only the headlines.")
def compare(
    base: str, others: tuple[str, ...], report: Path | None, json_file: str | None, every: bool,
    precision: float | None, kpis: tuple[str, ...], max_replications: int | None, **options: Any,
) -> None:  # fmt: skip
    """Compare scenarios with a base: differences of paired replications, with a test adjusted for their number."""
    from simulator.experiment.comparison import compare as contrast
    from simulator.experiment.evidence import added_by
    from simulator.experiment.trust import Checks
    from simulator.schema.loading import load_scenario

    plan = plan_of(**options)
    check_writable([json_file, report])
    loaded = [load_scenario(scenario) for scenario in (base, *others)]
    with progress_line("replications", plan) as progress:
        (first, *rest), _ = replicated(loaded, plan, precision, kpis, max_replications, progress)
    comparison, checks = contrast(first, rest), Checks(added=added_by(loaded))
    if report is not None:
        _write_report(report, loaded, [first, *rest], comparison, checks)
    if json_file is not None:
        write_json(json_file, comparison_content(base, others, comparison, [first, *rest], checks))
    if json_file != STANDARD_OUTPUT:
        _show(first, rest, comparison, checks, every)
        if report is not None:
            click.echo(f"\nReport: {report}")


def comparison_content(
    base: str, others: tuple[str, ...], comparison: Comparison, studies: Sequence[Study] = (),
    checks: Checks | None = None,
) -> dict[str, Any]:  # fmt: skip
    """A comparison as the JSON file holds it; scenarios are called what the user called them.

    KPIs of which neither more nor less is better have no verdict and are left out. With the studies, the base first,
    come bootstrap intervals, differences that would have been seen, and who is the best.
    """
    shown = ("difference", "low", "high", "p_adjusted", "verdict")
    contrasts = []
    for i, (name, contrast) in enumerate(zip(others, comparison.others, strict=True), start=1):
        found = {kpi: {field: getattr(d, field) for field in shown} for kpi, d in contrast.differences.items()}
        if studies:
            for kpi, d in contrast.differences.items():
                found[kpi] |= _certainty(studies[0], studies[i], kpi, d, comparison.tests_of(kpi))
        contrasts.append({"scenario": name, "differences": found})
    content = {"base": base, "others": contrasts}
    if not studies:
        return content
    from simulator.experiment.trust import trust_card

    card = card_content(trust_card(studies, checks=checks))
    return {"trust": card, **content, "best": _best_content((base, *others), studies)}


def _best_content(names: Sequence[str], studies: Sequence[Study]) -> dict[str, Any]:
    from reports.certainty import best_of

    shown = ("probability", "difference", "low", "high")
    return {
        kpi: [
            {"scenario": name} | {field: getattr(a, field) for field in shown}
            for name, a in zip(names, against, strict=True)
        ]
        for kpi, against in best_of(studies).items()
    }


def _certainty(base: Study, other: Study, kpi: str, difference: Difference, tests: int) -> dict[str, Any]:
    """The difference that would have been seen and, of skewed KPIs, the bootstrap interval."""
    from reports.changes import detectable
    from simulator.experiment.comparison import bootstrap_difference, skewed

    content: dict[str, Any] = {"detectable": detectable(difference, tests)}
    if skewed(base, kpi):
        resampled = bootstrap_difference(base, other, kpi)
        content["bootstrap"] = [resampled.low, resampled.high]
    return content


def best_table(studies: Sequence[Study]) -> str:
    """For each headline KPI and scenario the chance that it is the best, and its interval against the best other."""
    from reports.certainty import best_of

    catalogue = studies[0].catalogue
    rows = []
    for kpi, against in best_of(studies).items():
        label, unit = catalogue[kpi].label, catalogue[kpi].unit
        for a in against:
            rows.append((label, a.scenario, f"{a.probability:.0%}", interval(a.low, a.high, unit, a.difference, True)))
            label = ""  # once is enough
    return table(("KPI", "scenario", "best with", "against the best other, 95 %"), rows, frozenset({2})) if rows else ""


def certainty_table(base: Study, other: Study, contrast: Contrast, family: int) -> str:
    """For each headline KPI the bootstrap interval, where it is skewed, and the smallest difference that was seen."""
    from reports.changes import detectable
    from simulator.experiment.comparison import bootstrap_difference, skewed

    rows = []
    for name, d in contrast.differences.items():
        if not (d.n > 1 and base.catalogue[name].headline):
            continue
        resampled = bootstrap_difference(base, other, name) if skewed(base, name) else None
        spread = "" if resampled is None else interval(resampled.low, resampled.high, d.unit, d.difference, True)
        rows.append((base.catalogue[name].label, spread, figure(detectable(d, family), d.unit, True).lstrip("+")))
    header = ("KPI", "bootstrap 95 % interval", "found 4 times of 5, if real")
    return table(header, rows, frozenset({2})) if rows else ""


def contrast_table(base: Study, other: Study, contrast: Contrast, every: bool, declared: Sequence[str] = ()) -> str:
    """KPIs of both scenarios with their difference and the verdict on it, those declared whether headlines or not.

    A KPI that a warning spoils in either scenario is marked.
    """
    from simulator.experiment.warnings import spoilt

    marked, rows = spoilt(base) | spoilt(other), []
    for name, d in contrast.differences.items():
        kpi = base.catalogue[name]
        if not d.n or not (every or kpi.headline or name in declared):
            continue
        means = base.estimate(name).mean, other.estimate(name).mean
        spread = interval(d.low, d.high, d.unit, d.difference, True)
        change = figure(d.difference, d.unit, True)
        label = kpi.label if not declared or name in declared else f"{kpi.label} (exploratory)"
        label += SPOILT if name in marked else ""
        rows.append((label, *(figure(m, d.unit) for m in means), change, spread, p_value(d.p_adjusted), d.verdict))
    header = ("KPI", "base", "other", "difference", "95 % interval", "adjusted p", "verdict")
    return table(header, rows, frozenset({1, 2, 3, 5})) + footnote(label for label, *_ in rows)


def _show(base: Study, others: list[Study], comparison: Comparison, checks: Checks, every: bool) -> None:
    from simulator.experiment.trust import trust_card

    click.echo(f"\n{card_table(trust_card([base, *others], checks=checks))}")
    for other, contrast in zip(others, comparison.others, strict=True):
        click.echo(f"\n{other.name}, against {base.name}\n\n{contrast_table(base, other, contrast, every)}")
        if sure := certainty_table(base, other, contrast, comparison.family):
            click.echo(f"\n{sure}")
    if best := best_table([base, *others]):
        click.echo(f"\nBest of all\n\n{best}")
    pairs, tests = comparison.replications, comparison.family
    click.echo(f"\n{pairs} paired replications; p-values adjusted over {tests} tests (Holm).")
    for study in (base, *others):
        show_warnings(study, study.name)


def _write_report(
    path: Path, loaded: list[Loaded], studies: list[Study], comparison: Comparison, checks: Checks
) -> None:
    from reports.html import write_report

    command = shlex.join(["caudal", *sys.argv[1:]])
    base, *others = studies
    write_whole(
        path, lambda unfinished: write_report(unfinished, base, others, comparison, command, loaded, None, checks)
    )
