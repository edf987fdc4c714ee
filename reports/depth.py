"""What a declared study looked into beside its comparison: sections with pictures and tables."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from reports import leads, wording
from reports.certainty import PlainTable
from reports.charts.bottlenecks import bottlenecks, ladder
from reports.charts.forecast import fan_chart
from reports.charts.frontier import chart as frontier
from reports.charts.interaction import interaction
from reports.charts.precision import precision
from reports.charts.settling import settling
from reports.charts.theme import Picture
from reports.charts.tornado import tornado
from reports.charts.waiting import late_cash
from reports.inquiries import (
    backtest_table,
    causes_table,
    fans_table,
    investment_table,
    ladder_table,
    limits_table,
    portfolios_table,
    prices_table,
    relief_table,
    synergies_table,
)
from simulator.experiment.declared.outcome import Indices, Outcome
from simulator.experiment.intervals import Estimate


class Section(NamedTuple):
    """One question, and what was found."""

    key: str
    """Unique in a document."""
    title: str
    note: str
    pictures: tuple[Picture, ...] = ()
    tables: tuple[PlainTable, ...] = ()


def sections(outcome: Outcome) -> tuple[Section, ...]:
    """All that were asked for, in the order in which a reader needs them."""
    every = (_undone, _hangs_on, _clogs, _portfolio, _foretold, _parted, _settled, _precise)
    found = [question(outcome) for question in every]
    return tuple(each for each in found if each.pictures or each.tables)


def _undone(outcome: Outcome) -> Section:
    rows = tuple(tuple(each.split(": ", 1)) for each in outcome.refused)
    tables = (PlainTable("Blocks without a result", ("Block", "Why"), rows),) if rows else ()
    return Section("undone", "What could not be carried out", "All else was, and stands in its place.", (), tables)


def _hangs_on(outcome: Outcome) -> Section:
    note = (
        f"All of {outcome.base.name}: assumptions moved over the range of their evidence, each variant under the same "
        "luck as the scenario as it is."
    )
    named = [tornado(each) for each in outcome.tornados]
    bars = [
        Picture(f"{each.name}-{i}", each.title, each.alt, each.chart, each.missing)
        for i, each in enumerate(named, start=1)
    ]
    maps = [interaction(each, i) for i, each in enumerate(outcome.grids, start=1)]
    return Section(
        "hangs",
        "What the result hangs on",
        note,
        (*bars, *maps),
        tuple(_indices_table(outcome, i) for i in outcome.indices),
    )


def _indices_table(outcome: Outcome, found: Indices) -> PlainTable:
    label = outcome.base.catalogue[found.kpi].label
    if found.method == "morris":
        header = ("Assumption", "Grade", "Mean absolute effect", "95 % interval", "Spread of effects")
        rows = tuple(
            (each.parameter.label, each.parameter.grade or "none", *_told(each.absolute),
             wording.figure(each.spread, each.absolute.unit))
            for each in found.effects
        )  # fmt: skip
        return PlainTable(f"{label}: Morris screening, a step over the whole range", header, rows)
    columns = ("Assumption", "Grade", "By itself", "95 % interval", "With interactions", "95 % interval")
    shares = tuple(
        (each.parameter.label, each.parameter.grade or "none", *_told(each.first), *_told(each.total))
        for each in found.shares
    )
    return PlainTable(f"{label}: shares of its variance over all ranges at once (Sobol indices)", columns, shares)


def _told(estimate: Estimate) -> tuple[str, str]:
    return wording.mean_of(estimate), wording.interval_of(estimate)


def _clogs(outcome: Outcome) -> Section:
    note = (
        "Each relief by itself, under the same luck as the base; then the ladder: the best applied, all measured "
        "anew, told with luck that chose nothing."
    )
    found, climbed = outcome.bottlenecks, outcome.ladder
    if found is None:
        return Section("clogs", "Where it clogs", note)
    pictures = (bottlenecks(found), *([ladder(climbed)] if climbed is not None else []), late_cash(found))
    rungs = [ladder_table(climbed)] if climbed is not None and climbed.rungs else []
    tables = (relief_table(found), *rungs, prices_table(found), causes_table(found))
    return Section("clogs", "Where it clogs", note, pictures, tables)


def _portfolio(outcome: Outcome) -> Section:
    title = "What to choose under a budget"
    if outcome.search is None:
        return Section("portfolio", title, "")
    note = (
        f"{len(outcome.search.tried)} of {outcome.search.size} choices looked at; figures are of a seed by which none "
        "was chosen."
    )
    found = outcome.search
    tables = (
        portfolios_table(found), *([limits_table(found)] if found.best.limits else []),
        *([synergies_table(found)] if found.interactions else []),
        *([] if found.investment is None else [investment_table(found, found.investment)]),
    )  # fmt: skip
    return Section("portfolio", title, f"{note} {found.no_investment}".strip(), (frontier(found),), tables)


def _foretold(outcome: Outcome) -> Section:
    note = (
        "From the open pipeline, with new leads coming in. Bands are prediction intervals, for what happens, not for a "
        "mean, and hold if the scenario is right."
    )
    found = outcome.forecast
    if found is None:
        return Section("forecast", "What the coming months may bring", note)
    fans = tuple(fan_chart(found, account) for account in found.fans)
    tables = (fans_table(found), *([] if outcome.backtest is None else [backtest_table(outcome.backtest)]))
    return Section("forecast", "What the coming months may bring", note, fans, tables)


def _parted(outcome: Outcome) -> Section:
    note = (
        "A lead has the same luck in both scenarios, so what differs is what they do to it, directly or through others "
        "whom it waits for. Named are the last step that it passed in both, and the wait that differed most until then."
    )
    tables = tuple(table for found in outcome.diaries for table in leads.tables_of(found))
    return Section("leads", "Which leads are won and lost", note, (), tables)


def _settled(outcome: Outcome) -> Section:
    """Welch's plot of every series of the base, all scenarios together."""
    series = outcome.checks.settlings
    note = (
        "Runs seen from their empty start. What is shaded was left out of every figure of this report; a series that "
        "still rises or falls at its end makes the figures depend on the length of the run."
    )
    pictures = []
    for each in series[0][1] if series else ():
        alike = [(name, other) for name, found in series for other in found if other.kpi == each.kpi]
        pictures.append(settling(outcome.base.catalogue[each.kpi].label, alike, outcome.base.warm_up))
    return Section("settled", "Whether the runs have settled", note, tuple(pictures))


def _precise(outcome: Outcome) -> Section:
    title = "How precise the figures are"
    note = "Replications went on until all of these were as precise as asked at once (Hoad, Robinson and Davies)."
    if not outcome.precision:
        return Section("precise", title, note)
    header = ("KPI", "Scenario", "Asked", "Reached", "Replications it alone needed")
    table = PlainTable("Half of the 95 % interval over the mean", header, tuple(_precision_rows(outcome)))
    pictures = tuple(
        precision(outcome.base.catalogue[kpi].label, [path for path in outcome.precision if path.kpi == kpi])
        for kpi in dict.fromkeys(path.kpi for path in outcome.precision)
    )
    return Section("precise", title, note, pictures, (table,))


def _precision_rows(outcome: Outcome) -> Iterator[tuple[str, ...]]:
    for path in outcome.precision:
        needed = str(path.needed) if path.needed else f"more than {len(path.means)}"
        label = outcome.base.catalogue[path.kpi].label
        yield label, path.scenario, f"±{wording.share(path.target)}", f"±{wording.share(path.reached)}", needed
