"""`caudal search`: the best portfolio of tools, staffing and policies under a budget and constraints."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any, Final

import click

from workbench.cli.figures import figure, interval, p_value, table
from workbench.cli.files import STANDARD_OUTPUT, check_writable, write_json
from workbench.cli.investment import investment_words
from workbench.cli.options import (
    Share,
    cluster_option,
    engine_option,
    horizon_options,
    jobs_option,
    json_option,
    plan_of,
    seed_option,
)
from workbench.cli.progress import progress_line
from workbench.cli.trust import card_content, card_table, checked

if TYPE_CHECKING:
    from simulator.experiment.search.result import Portfolio, SearchResult
    from simulator.experiment.search.space import Space
    from simulator.schema.loading import Loaded

NOTHING: Final = "as it is"
NOT_CERTAIN: Final = (
    " Whether it keeps to every limit is not certain: allow more --fresh replications, or keep further from the limit."
)


@click.command()
@click.argument("scenario")
@click.option(
    "--tool", "tools", multiple=True, metavar="NAME[,NAME]",
    help="A tool or what-if to take or leave; of several with commas between them one at most. All small tools that "
    "fit where nothing is named.",
)  # fmt: skip
@click.option("--team", "teams", multiple=True, metavar="PATH=LOW..HIGH", help="A head-count, such as crews=5..8.")
@click.option(
    "--policy", "policies", multiple=True, metavar="PATH=LOW..HIGH",
    help="A number of the scenario; one that need not be whole takes five values.",
)  # fmt: skip
@click.option("--kpi", default="margin", show_default=True, help="What is to be as good as it can be.")
@click.option(
    "--want", type=click.Choice(("auto", "most", "least")), default="auto", show_default=True,
    help="Whether most or least of it is best; auto takes the way in which it is better.",
)  # fmt: skip
@click.option(
    "--budget", metavar="AMOUNT",
    help="Most, such as '60 000 EUR', that may be committed in the first year beyond today: set-up, licences, wages.",
)  # fmt: skip
@click.option(
    "--constraint", "constraints", multiple=True, metavar="'KPI<=LIMIT'",
    help="What must hold on the mean, such as 'dso<=45 d' or 'utilisation_*<=85 %'; may be given several times.",
)  # fmt: skip
@click.option("--trials", type=int, default=150, show_default=True, help="Most choices that are tried.")
@click.option("--replications", type=int, default=2, show_default=True, help="Of each choice that is tried.")
@click.option("--candidates", type=int, default=5, show_default=True, help="Likely best choices measured afresh.")
@click.option("--fresh", type=int, default=100, show_default=True, help="Most fresh replications of a candidate.")
@click.option(
    "--indifference", metavar="AMOUNT",
    help="Difference in the KPI that does not matter; the smallest that --fresh can settle where not given.",
)  # fmt: skip
@click.option(
    "--discount", type=Share(), metavar="SHARE",
    help="Yearly rate of the net present value, such as 8%; the scenario's cost of finance where not given.",
)  # fmt: skip
@seed_option
@jobs_option
@cluster_option
@horizon_options
@engine_option
@json_option
def search(
    scenario: str, tools: tuple[str, ...], teams: tuple[str, ...], policies: tuple[str, ...], kpi: str, want: Any,
    budget: str | None, constraints: tuple[str, ...], trials: int, candidates: int, fresh: int,
    indifference: str | None, discount: float | None, json_file: str | None, **options: Any,
) -> None:  # fmt: skip
    """Find the set of tools, head-counts and policies that makes a KPI best within a budget and constraints.

    Few choices are all tried; of many, those that Optuna proposes. The best are confirmed with replications that the
    search has not seen.
    """
    study = plan_of(**options)
    check_writable([json_file])
    from simulator.experiment.replications import compiled
    from simulator.experiment.search.dimensions import space_of
    from simulator.experiment.search.goal import Goal, amount_of, target_of
    from simulator.experiment.search.search import SearchPlan
    from simulator.experiment.search.search import search as find
    from simulator.kpis.catalogue import catalogue
    from simulator.schema.loading import load_scenario

    loaded = load_scenario(scenario)
    known, currency = catalogue(compiled(loaded, study)), loaded.scenario.horizon.currency
    most = None if budget is None else amount_of("the budget", budget, known["margin"], currency)
    goal = Goal(kpi, want, most, constraints)
    sought = target_of(goal, known, currency).kpi
    close = None if indifference is None else amount_of("the indifference", indifference, sought, currency)
    plan = SearchPlan(goal, study, trials, candidates, fresh, close, discount)
    space = space_of(loaded, tools, teams, policies, study)
    with progress_line("trials", plan.study, foreseen=False) as progress:
        found = find(loaded, space, plan, progress)
    card = checked(_told_apart(loaded, space, found), replace(plan.study, replications=fresh), (kpi,))
    if json_file is not None:
        write_json(json_file, {"trust": card_content(card), "scenario": scenario, "search": asdict(found)})
    if json_file != STANDARD_OUTPUT:
        click.echo(f"\n{card_table(card)}\n")
        _show(found)


def _told_apart(loaded: Loaded, space: Space, found: SearchResult) -> list[Loaded]:
    """The scenario as it is and, under a name of its own, with the best choice."""
    if found.best.choice == space.base:
        return [loaded]
    best = space.laid(loaded, found.best.choice)
    named = best.scenario.model_copy(update={"name": f"with {words(found.best)}"})
    return [loaded, replace(best, scenario=named)]


def _show(found: SearchResult) -> None:
    tried = sum(1 for each in found.tried if not each.refused)
    left = len(found.tried) - tried
    click.echo(
        f"{found.kpi.label} of {found.scenario}: {'all' if found.complete else len(found.tried)} of {found.size} "
        f"choices looked at, {tried} simulated, {left} over the budget or impossible.\n"
    )
    click.echo(_portfolios(found, found.candidates))
    click.echo(
        f"\n{verdict(found)}\nThe figures are of {found.best.replications} replications of their own (seed "
        f"{found.confirmed_seed}), by which nothing was selected: there another may look better."
    )
    _show_limits(found.best)
    click.echo("\nFrontier: what more spending can bring\n")
    click.echo(_portfolios(found, found.frontier))
    _show_interactions(found)
    invested = found.investment
    click.echo(f"\n{found.no_investment if invested is None else investment_words(invested, found.currency)}")


def _portfolios(found: SearchResult, portfolios: tuple[Portfolio, ...]) -> str:
    unit = found.kpi.unit
    rows = [
        (
            words(each), figure(each.spending, found.currency), figure(each.result.mean, unit),
            figure(each.gain.mean, unit, True), interval(each.gain.low, each.gain.high, unit, each.gain.mean, True),
            str(each.gain.n),
        )
        for each in portfolios
    ]  # fmt: skip
    header = ("choice", "first-year spending", found.kpi.name, "gain", "95 % interval", "replications")
    return table(header, rows, frozenset({1, 2, 3, 5}))


def words(portfolio: Portfolio) -> str:
    """What a portfolio changes, in a line."""
    changed = [name if label == "yes" else f"{name} {label}" for name, label in portfolio.levels.items()]
    return ", ".join(changed) or NOTHING


def verdict(found: SearchResult) -> str:
    """How surely the best is the best."""
    doubt = "" if found.best.kept == "kept" else NOT_CERTAIN
    return f"{_ranking(found)}{doubt}"


def _ranking(found: SearchResult) -> str:
    if len(found.candidates) == 1:
        return f"Best: {words(found.best)}. No other choice was measured afresh."
    if not found.selected.indifference > 0:
        return (
            f"Best: {words(found.best)}. What lies between it and the others is identical in every fresh replication."
        )
    close = figure(found.selected.indifference, found.kpi.unit)
    if found.settled:
        return (
            f"Best: {words(found.best)}. With {found.selected.confidence:.0%} confidence none of these is more than "
            f"{close} better (fresh replications, seed {found.fresh_seed})."
        )
    return (
        f"Ahead: {words(found.best)}, but {len(found.selected.remaining)} of these could not be told apart within "
        f"{close}: allow more --fresh replications, or a larger --indifference."
    )


def _show_limits(best: Portfolio) -> None:
    if not best.limits:
        return
    rows = [
        (
            each.constraint.kpi, f"{each.constraint.sense} {figure(each.constraint.limit, each.value.unit)}",
            figure(each.value.mean, each.value.unit),
            interval(each.value.low, each.value.high, each.value.unit, each.value.mean), each.kept,
        )
        for each in best.limits
    ]  # fmt: skip
    click.echo("\nLimits, and where the best stands\n")
    click.echo(table(("KPI", "limit", "mean", "95 % interval", "verdict"), rows, frozenset({1, 2})))


def _show_interactions(found: SearchResult) -> None:
    if not found.interactions:
        return
    unit = found.kpi.unit
    rows = [
        (
            each.one, each.other, *(figure(e.mean, unit, True) for e in (each.one_alone, each.other_alone, each.both)),
            figure(each.synergy.mean, unit, True),
            interval(each.synergy.low, each.synergy.high, unit, each.synergy.mean, True), p_value(each.p_adjusted),
        )
        for each in found.interactions
    ]  # fmt: skip
    header = ("one", "other", "one alone", "other alone", "both", "synergy", "95 % interval", "adjusted p")
    click.echo("\nWhat they are worth to each other\n")
    click.echo(table(header, rows, frozenset({2, 3, 4, 5})))
