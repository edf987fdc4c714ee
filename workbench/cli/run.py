"""`caudal run`: the KPIs of one scenario, with intervals."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import click

from workbench.cli.figures import figure, interval, table
from workbench.cli.files import STANDARD_OUTPUT, check_writable, write_json
from workbench.cli.options import F, Share, plan_of, study_options
from workbench.cli.progress import progress_line
from workbench.cli.trust import card_content, card_table

if TYPE_CHECKING:
    from simulator.experiment.plan import Plan
    from simulator.experiment.replication_rule import PrecisionPath
    from simulator.experiment.study import Study
    from simulator.experiment.trust import Checks, TwinCheck
    from simulator.schema.loading import Loaded

SPOILT: Final = " (!)"
"""Behind the label of a KPI that is spoilt."""
MORE: Final = "with --all or --json FILE"


def precision_options(command: F) -> F:
    """A precision instead of a number of replications, and the KPIs that are to have it."""
    for option in (
        click.option("--max-replications", type=int, help="With --precision: never more than these; 1000 by default."),
        click.option("--kpi", "kpis", multiple=True, help="A KPI to be precise, or to compare by; repeatable."),
        click.option(
            "--precision", type=Share(), metavar="SHARE",
            help="Replicate on until half the interval of each --kpi is at most this share of its mean, such as 5%.",
        ),
    ):  # fmt: skip
        command = option(command)
    return command


@click.command()
@click.argument("scenario")
@study_options
@precision_options
@click.option("--all", "every", is_flag=True, help="Show every KPI, not only the headlines.")
def run(
    scenario: str, json_file: str | None, every: bool, precision: float | None, kpis: tuple[str, ...],
    max_replications: int | None, **options: Any,
) -> None:  # fmt: skip
    """Replicate a scenario and show its KPIs with 95 % intervals."""
    plan = plan_of(**options)
    check_writable([json_file])
    from simulator.schema.loading import load_scenario

    loaded = load_scenario(scenario)  # before more is imported: it may be wrong
    from simulator.experiment.trust import Checks, trust_card

    (study,), twins, paths = replicated([loaded], plan, precision, kpis, max_replications)
    checks = Checks(twins=twins, precision=precision)
    if json_file is not None:
        write_json(json_file, study_content(scenario, study, paths, checks))
    if json_file != STANDARD_OUTPUT:
        click.echo(
            f"\n{study.name}\n\n{card_table(trust_card([study], kpis, checks))}\n\n{study_table(study, every, checks)}"
        )
        if paths:
            click.echo(f"\n{precision_table(study, paths)}")
        show_warnings(study)


def replicated(
    scenarios: Sequence[Loaded], plan: Plan, precision: float | None, kpis: tuple[str, ...], most: int | None
) -> tuple[list[Study], tuple[TwinCheck, ...], tuple[PrecisionPath, ...]]:
    """Studies with the plan's number of replications or, where a precision is asked for, with as many as it takes.

    Both engines run the first weeks of each scenario.
    """
    from simulator.experiment.checks import checked_studies
    from simulator.experiment.replication_rule import MOST, run_to_precision

    if precision is None and (kpis or most is not None):
        raise click.UsageError("--kpi and --max-replications belong to --precision, such as --precision 5%")
    if precision is not None and not kpis:
        raise click.UsageError("say which KPIs are to be that precise, such as --kpi orders --kpi dso")
    with progress_line("replications", plan) as progress:
        if precision is None:
            return *checked_studies(scenarios, plan, progress), ()
        limit = max(MOST, plan.replications) if most is None else most
        precise = run_to_precision(scenarios, plan, precision, kpis, limit, progress=progress)
    with progress_line("scenarios run by both engines", plan) as progress:
        _, twins = checked_studies(scenarios, replace(plan, replications=1), progress)
    return precise.studies, twins, precise.paths


def precision_table(study: Study, paths: Sequence[PrecisionPath]) -> str:
    """What precision each KPI has, and how many replications it alone would have needed."""
    rows = [
        (study.catalogue[path.kpi].label, f"{path.reached:.1%}", str(path.needed or f"more than {len(path.means)}"))
        for path in paths
    ]
    asked = f"half of interval / mean, {paths[0].target:.1%} asked"
    return table(("KPI", asked, "replications needed"), rows, frozenset({1, 2}))


def precision_content(paths: Sequence[PrecisionPath]) -> dict[str, Any]:
    """Precision of each KPI as a JSON file holds it, with the path of half-widths for a picture."""
    return {
        path.kpi: {"asked": path.target, "reached": path.reached, "needed": path.needed,
                   "means": path.means, "half_widths": path.half_widths}
        for path in paths
    }  # fmt: skip


def study_content(
    scenario: str, study: Study, paths: Sequence[PrecisionPath] = (), checks: Checks | None = None
) -> dict[str, Any]:
    """A study as the JSON file holds it; the scenario is called what the user called it."""
    from simulator.experiment.trust import spoilt, trust_card

    kpis = {
        name: {"mean": e.mean, "low": e.low, "high": e.high, "n": e.n, "unit": e.unit}
        for name, e in study.estimates().items()
    }
    return {
        "scenario": scenario,
        "seed": study.plan.seed,
        "replications": study.replications,
        "trust": card_content(trust_card([study], [path.kpi for path in paths], checks)),
        "kpis": kpis,
        "warnings": list(study.warnings),
        "spoilt": sorted(spoilt([study], checks)),
        **({"precision": precision_content(paths)} if paths else {}),
    }


def study_table(
    study: Study, every: bool, checks: Checks | None = None, declared: Collection[str] = (), rest: str = MORE
) -> str:
    """KPIs with mean and interval, marked where spoilt; those that are nowhere defined are left out.

    The headlines and those declared are shown, where not every KPI is; ``rest`` says where the others are.
    """
    from simulator.experiment.trust import spoilt

    marked, hidden = spoilt([study], checks), 0
    rows = []
    for name, e in study.estimates().items():
        kpi = study.catalogue[name]
        if not (every or kpi.headline or name in declared):
            hidden += 1
        elif e.n:
            label = kpi.label + (SPOILT if name in marked else "")
            rows.append((label, figure(e.mean, e.unit), interval(e.low, e.high, e.unit, e.mean)))
    more = "" if every else f"\n\n{hidden} more KPIs {rest}."
    shown = table(("KPI", "mean", "95 % interval"), rows, frozenset({1}))
    return shown + footnote(label for label, *_ in rows) + more


def footnote(labels: Iterable[str]) -> str:
    """What the mark of a spoilt KPI means, where any of these labels has it."""
    return "\n\n(!) spoilt, as the card or a warning says." if any(label.endswith(SPOILT) for label in labels) else ""


def show_warnings(study: Study, name: str = "", checks: Checks | None = None) -> None:
    """Print what weakens a study, under its figures; nothing of the warm-up where a beginning is what is meant."""
    from simulator.experiment.warnings import cautions_of

    beginning = checks is not None and checks.mode == "terminating"
    untold = {each.sentence for each in cautions_of(study) if beginning and each.topic == "warm-up"}
    for warning in study.warnings:
        if warning not in untold:
            click.echo(f"Warning{f' ({name})' if name else ''}: {warning}")
