"""`caudal compare`: what scenarios change against a base, and how surely."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from workbench.cli.figures import figure, interval, p_value, plain, table
from workbench.cli.files import STANDARD_OUTPUT, check_writable, write_json, write_whole
from workbench.cli.options import OUTPUT, plan_of, study_options
from workbench.cli.run import SPOILT, footnote, precision_options, replicated, show_warnings
from workbench.cli.trust import card_content, card_table

if TYPE_CHECKING:
    from simulator.experiment.comparison import Comparison, Contrast
    from simulator.experiment.plan import Plan
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
    """Compare scenarios with a base: differences of paired replications, with a test adjusted for their number.

    The headlines decide or, where any are named, each --kpi; all other KPIs are exploratory.
    """
    plan = plan_of(**options)
    check_writable([json_file, report])
    from simulator.schema.loading import load_scenario

    loaded = [load_scenario(scenario) for scenario in (base, *others)]  # before more is imported: they may be wrong
    from simulator.experiment.comparison import compare as contrast
    from simulator.experiment.evidence import added_by
    from simulator.experiment.trust import Checks

    primary = _declared(loaded[0], plan, kpis, precision)
    asked = kpis if precision is not None else ()
    added = added_by(loaded)  # while workers still load
    (first, *rest), twins, _ = replicated(loaded, plan, precision, asked, max_replications)
    comparison = contrast(first, rest, primary)
    checks = Checks(twins=twins, precision=precision, added=added)
    if report is not None:
        _write_report(report, loaded, [first, *rest], comparison, checks)
    if json_file is not None:
        write_json(json_file, comparison_content(base, others, comparison, [first, *rest], checks))
    if json_file != STANDARD_OUTPUT:
        _show(first, rest, comparison, checks, every)
        if report is not None:
            click.echo(f"\nReport: {report}")


def _declared(base: Loaded, plan: Plan, kpis: tuple[str, ...], precision: float | None) -> tuple[str, ...]:
    """The KPIs that were named to decide; one that is only to be precise may have no better side."""
    if not kpis:
        return ()
    from simulator.experiment.comparison import check_declared
    from simulator.experiment.replications import compiled
    from simulator.kpis.catalogue import catalogue

    known = catalogue(compiled(base, plan))
    if precision is not None:
        kpis = tuple(kpi for kpi in kpis if kpi not in known or known[kpi].better != "neither")
    check_declared(kpis, known)
    return kpis


def comparison_content(
    base: str, others: tuple[str, ...], comparison: Comparison, studies: Sequence[Study] = (),
    checks: Checks | None = None,
) -> dict[str, Any]:  # fmt: skip
    """A comparison as the JSON file holds it; scenarios are called what the user called them.

    KPIs of which neither more nor less is better have no verdict and are left out. With the studies, the base first,
    come the trust card and who is the best.
    """
    from reports.changes import detectable

    shown = ("difference", "low", "high", "p_adjusted", "verdict")
    contrasts = []
    for name, contrast in zip(others, comparison.others, strict=True):
        found = {
            kpi: {field: getattr(d, field) for field in shown} | {"detectable": detectable(d, comparison.tests_of(kpi))}
            for kpi, d in contrast.differences.items()
        }
        contrasts.append({"scenario": name, "differences": found})
    content = {
        "base": base, "primary": list(comparison.primary), "tests": comparison.family,
        "other_tests": comparison.tests, "others": contrasts,
    }  # fmt: skip
    if not studies:
        return content
    from simulator.experiment.trust import trust_card

    card = card_content(trust_card(studies, comparison.asked, checks))
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


def best_table(studies: Sequence[Study]) -> str:
    """For each headline KPI and scenario the chance that it is the best, and its interval against the best other."""
    from reports import wording
    from reports.certainty import CHANCES, best_of

    catalogue = studies[0].catalogue
    rows = []
    for kpi, against in best_of(studies).items():
        label, unit = catalogue[kpi].label, catalogue[kpi].unit
        for a in against:
            rows.append(
                (
                    label,
                    a.scenario,
                    plain(wording.chance(a.probability)),
                    interval(a.low, a.high, unit, a.difference, True),
                )
            )
            label = ""  # once is enough
    header = ("KPI", "scenario", "best with", "against the best other, 95 %")
    return f"{table(header, rows, frozenset({2}))}\n\nBest with: {CHANCES}." if rows else ""


def detectable_table(base: Study, contrast: Contrast, comparison: Comparison) -> str:
    """For each primary KPI the smallest difference that would have been found."""
    from reports.changes import detectable

    rows = []
    for name in comparison.primary:
        d = contrast.differences.get(name)
        if d is not None and d.n > 1:
            size = figure(detectable(d, comparison.family), d.unit, True).lstrip("+")
            rows.append((base.catalogue[name].label, size))
    return table(("KPI", "found 4 times of 5, if real"), rows, frozenset({1})) if rows else ""


def basis(base: Study, comparison: Comparison) -> str:
    """On how many pairs a comparison rests, and among what its p-values were adjusted."""
    from reports.certainty import families_line

    pairs = f"{comparison.replications} paired replications; p-values by Holm"
    return plain(f"{pairs}. {families_line(base, comparison)}")


def contrast_table(
    base: Study, other: Study, contrast: Contrast, every: bool, declared: Sequence[str] = (),
    checks: Checks | None = None,
) -> str:  # fmt: skip
    """KPIs of both scenarios with their difference and the verdict on it, those declared whether headlines or not.

    A KPI that is spoilt in either scenario is marked.
    """
    from simulator.experiment.trust import spoilt

    marked, rows = spoilt([base, other], checks), []
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

    click.echo(f"\n{card_table(trust_card([base, *others], comparison.asked, checks))}")
    named = comparison.asked
    for other, contrast in zip(others, comparison.others, strict=True):
        shown = contrast_table(base, other, contrast, every, named, checks)
        click.echo(f"\n{other.name}, against {base.name}\n\n{shown}")
        if sure := detectable_table(base, contrast, comparison):
            click.echo(f"\n{sure}")
    if best := best_table([base, *others]):
        click.echo(f"\nBest of all\n\n{best}")
    click.echo(f"\n{basis(base, comparison)}")
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
