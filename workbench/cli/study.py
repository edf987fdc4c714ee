"""`caudal study`: a declared study, carried out from end to end and written into a folder."""

from __future__ import annotations

import shlex
import sys
from contextlib import AbstractContextManager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from simulator.engines.choice import Engine
from simulator.errors import StudyError
from simulator.experiment import fork_server
from simulator.experiment.plan import Plan
from workbench.cli.compare import basis, best_table, comparison_content, contrast_table
from workbench.cli.figures import figure, interval
from workbench.cli.files import STANDARD_OUTPUT, check_writable, write_json
from workbench.cli.forecast import LABELS, forecast_content
from workbench.cli.interaction import grid_content, grid_table
from workbench.cli.options import cluster_option, engine_option, jobs_option, json_option
from workbench.cli.progress import progress_line
from workbench.cli.run import precision_content, show_warnings, study_content, study_table
from workbench.cli.search import verdict as search_verdict
from workbench.cli.study_lines import told_in_short
from workbench.cli.tornado import tornado_content
from workbench.cli.trust import card_content, card_table
from workbench.cli.warm_up import settlings_content

if TYPE_CHECKING:
    from simulator.experiment.declared.outcome import Outcome
    from simulator.experiment.forecast.backtest import Backtest
    from simulator.experiment.replications import Progress

REST: Final = "in the study.json of the results"


@click.command()
@click.argument("file", metavar="FILE")
@click.option(
    "--output", type=click.Path(file_okay=False, path_type=Path), metavar="FOLDER",
    help="Write the results into this folder; results/NAME where none is given.",
)  # fmt: skip
@click.option("--replace", is_flag=True, help="Put the results in the place of earlier ones.")
@click.option(
    "--extend", is_flag=True, help="Do the same, going on from their replications where FILE now asks for more."
)
@click.option("--check", is_flag=True, help="Only check the file and all that it names.")
@click.option("--seed", type=int, help="Instead of the seed that the file states.")
@jobs_option
@cluster_option
@engine_option
@json_option
def study(
    file: str, output: Path | None, replace: bool, extend: bool, check: bool, seed: int | None, jobs: int | None,
    cluster: str | None, engine: Engine, json_file: str | None,
) -> None:  # fmt: skip
    """Carry out the study that FILE declares, and write its results and its report into a folder.

    FILE is a path or the name of a shipped study, such as first_study. The workbench shows the folder under Studies.
    """
    if replace and extend:
        raise click.UsageError("--replace begins anew and --extend goes on: give one of them")
    plan = Plan(jobs=jobs, engine=engine, cluster=cluster)
    if not check:
        fork_server.begin(plan)
    check_writable([json_file])
    from simulator.experiment.declared.conduct import conduct
    from simulator.experiment.declared.reading import read_study
    from workbench.study_results import MADE, check_folder, results_home, write_results

    declared = read_study(file)
    if check:
        click.echo(f"{file}: fine")
        return
    folder = output or results_home() / declared.path.stem
    check_folder(folder, replace=replace, extend=extend)

    def stage(name: str) -> AbstractContextManager[Progress]:
        return progress_line(name, plan)

    made = folder / MADE if extend else None
    outcome = conduct(declared, stage, jobs=jobs, seed=seed, engine=engine, cluster=cluster, made=made)
    figures = outcome_content(outcome)
    write_results(folder, outcome, figures, shlex.join(["caudal", *sys.argv[1:]]))
    if json_file is not None:
        write_json(json_file, figures)
    if json_file != STANDARD_OUTPUT:
        _show(outcome)
        click.echo(f"\nResults: {folder}")
    if outcome.refused:
        raise StudyError("\n".join([f"'{folder}' holds all but what could not be carried out:", *outcome.refused]))


def outcome_content(outcome: Outcome) -> dict[str, Any]:
    """All figures of a study as its JSON file holds them; scenarios are called what the study calls them."""
    said = outcome.declared.declaration
    names = said.scenarios
    studies = [
        study_content(name, each, checks=outcome.checks) for name, each in zip(names, outcome.studies, strict=True)
    ]
    content: dict[str, Any] = {
        "study": said.study,
        "trust": card_content(outcome.card),
        "seed": outcome.plan.seed,
        "replications": outcome.plan.replications,
        "mode": said.mode,
        "warm_up": outcome.base.warm_up,
        "length": outcome.base.length,
        "kpis": list(said.kpis),
        "scenarios": [
            {key: value for key, value in each.items() if key not in {"trust", "seed", "replications"}}
            | {"digest": made.digest}
            for each, made in zip(studies, outcome.studies, strict=True)
        ],
        "tornados": [tornado_content(each) for each in outcome.tornados],
        "indices": [_indices_content(each) for each in outcome.indices],
        "interactions": [grid_content(each) for each in outcome.grids],
        "settling": {name: settlings_content(found) for name, found in outcome.checks.settlings},
    }
    if outcome.comparison is not None:
        compared = comparison_content(names[0], names[1:], outcome.comparison, outcome.studies)
        content["comparison"] = {key: value for key, value in compared.items() if key != "trust"}
    for name, found in (("bottlenecks", outcome.bottlenecks), ("ladder", outcome.ladder), ("search", outcome.search)):
        if found is not None:
            content[name] = asdict(found)
    if outcome.refused:
        content["refused"] = list(outcome.refused)
    if outcome.forecast is not None:
        content["forecast"] = forecast_content(names[0], outcome.forecast, outcome.backtest)
    if outcome.diaries:
        content["diaries"] = [asdict(each) | {"start": each.start.isoformat()} for each in outcome.diaries]
    if outcome.precision:
        content["precision"] = [{"scenario": each.scenario} | precision_content([each]) for each in outcome.precision]
    return content


def _indices_content(found: Any) -> dict[str, Any]:
    from workbench.cli.indices import index_content

    rows = [index_content(each.parameter, each) for each in (*found.effects, *found.shares)]
    return {"kpi": found.kpi, "method": found.method, "parameters": rows}


def _show(outcome: Outcome) -> None:
    base, *others = outcome.studies
    asked, checks = outcome.declared.declaration.kpis, outcome.checks
    click.echo(f"\n{outcome.declared.declaration.study}\n\n{card_table(outcome.card)}")
    compared = outcome.comparison
    if compared is None:
        click.echo(f"\n{study_table(base, every=False, checks=checks, declared=asked, rest=REST)}")
    else:
        for other, contrast in zip(others, compared.others, strict=True):
            shown = contrast_table(base, other, contrast, every=False, declared=compared.primary, checks=checks)
            click.echo(f"\n{other.name}, against {base.name}\n\n{shown}")
    if best := best_table(outcome.studies):
        click.echo(f"\nBest of all\n\n{best}")
    _show_blocks(outcome)
    if compared is not None:
        click.echo(f"\n{basis(base, compared)}")
    for each in outcome.studies:
        show_warnings(each, each.name if others else "", checks)


def _show_blocks(outcome: Outcome) -> None:
    """In a few lines what came of the blocks beside the comparison; the report has all of it."""
    for line in told_in_short(outcome):
        click.echo(f"\n{line}")
    for grid in outcome.grids:
        click.echo(f"\n{grid_table(grid)}")
    if outcome.bottlenecks is not None and outcome.bottlenecks.values:
        best, unit = outcome.bottlenecks.values[0], outcome.bottlenecks.kpi.unit
        spread = interval(best.value.low, best.value.high, unit, best.value.mean, True)
        worth = f"{figure(best.value.mean, unit, True)} ({spread}; {best.worth})"
        click.echo(f"\nRelief that brings most: {best.lever.label}: {best.lever.change}, {worth}.")
    if outcome.ladder is not None:
        rungs = [f"{each.relief.lever.label}: {each.relief.lever.change}" for each in outcome.ladder.rungs]
        click.echo(f"Ladder: {', then '.join([*rungs, outcome.ladder.ended])}.")
    if outcome.search is not None:
        click.echo(f"\n{search_verdict(outcome.search)}")
    for each in outcome.diaries:
        net = each.totals.net
        spread = interval(net.low, net.high, net.unit, net.mean, True)
        click.echo(f"\nThe same leads: {each.other} wins {figure(net.mean, net.unit, True)} on balance ({spread}).")
    if outcome.backtest is not None:
        _show_backtest(outcome.backtest)


def _show_backtest(tested: Backtest) -> None:
    widest = max(each.nominal for each in tested.coverage)
    held = [f"{LABELS[each.account]} {each.total:.0%}" for each in tested.coverage if each.nominal == widest]
    click.echo(
        f"\nOf {tested.truths} simulated pasts, forecast in the same way, what came fell into the {widest:.0%} band: "
        f"{', '.join(held)}."
    )
