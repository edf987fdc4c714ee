"""Tables of what scenarios change: key figures side by side, and all figures of each scenario in groups."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final, NamedTuple

from reports import wording
from reports.charts.labels import distinct
from simulator.experiment.comparison import Comparison, Contrast, Difference
from simulator.experiment.intervals import Estimate
from simulator.experiment.study import Study
from simulator.kpis.catalogue import Kpi

GROUPS: Final = {
    "volume": "Volume",
    "conversion": "Conversion",
    "time": "Time",
    "waiting": "Waiting",
    "people": "People",
    "money": "Money",
    "customers": "Customers",
}
STYLES: Final = {"better": "better", "worse": "worse", "not distinguishable": "unclear"}


class Cell(NamedTuple):
    """One difference, in words."""

    verdict: str
    style: str
    change: str
    interval: str
    p: str


class MatrixRow(NamedTuple):
    """One KPI over all scenarios."""

    label: str
    value: str
    cells: tuple[Cell, ...]


class Matrix(NamedTuple):
    """Key figures by scenario."""

    columns: tuple[str, ...]
    rows: tuple[MatrixRow, ...]


class TableRow(NamedTuple):
    """One KPI in two scenarios."""

    label: str
    base: str
    other: str
    cell: Cell


class Group(NamedTuple):
    """KPIs of one kind."""

    name: str
    rows: tuple[TableRow, ...]


class Table(NamedTuple):
    """All figures of one scenario against the base."""

    name: str
    groups: tuple[Group, ...]


def matrix_of(base: Study, comparison: Comparison, spoilt: Collection[str] = ()) -> Matrix:
    """The KPIs that decide, then the headlines that have a value, with what each scenario changes in them.

    Those that are spoilt in any of the scenarios are marked.
    """
    headlines = [kpi.name for kpi in base.catalogue.values() if kpi.headline and base.estimate(kpi.name).n]
    asked = comparison.asked
    names = tuple(dict.fromkeys((*asked, *headlines)))
    shown = [base.catalogue[name] for name in names]
    rows = tuple(
        MatrixRow(
            marked(kpi, spoilt) + ("" if kpi.name in (asked or names) else " (exploratory)"),
            wording.mean_of(base.estimate(kpi.name)),
            tuple(cell_of(difference_in(contrast, kpi.name)) for contrast in comparison.others),
        )
        for kpi in shown
    )
    return Matrix(tuple(distinct([contrast.scenario for contrast in comparison.others])), rows)


def table_of(base: Study, other: Study, contrast: Contrast, spoilt: Collection[str] = ()) -> Table:
    """Every KPI that has a difference, in groups, marked where it is spoilt."""
    groups = []
    for group, name in GROUPS.items():
        kpis = [kpi for kpi in base.catalogue.values() if kpi.group == group]
        rows = tuple(
            TableRow(
                marked(kpi, spoilt),
                wording.mean_of(base.estimate(kpi.name)),
                wording.mean_of(other.estimate(kpi.name)),
                cell_of(found),
            )
            for kpi in kpis
            if (found := difference_in(contrast, kpi.name)) is not None and found.n
        )
        if rows:
            groups.append(Group(name, rows))
    return Table(contrast.scenario, tuple(groups))


def marked(kpi: Kpi, spoilt: Collection[str]) -> str:
    """The label of a KPI, in words whether it is spoilt."""
    return kpi.label + (wording.SPOILT if kpi.name in spoilt else "")


def difference_in(contrast: Contrast, kpi: str) -> Difference | Estimate | None:
    """What a scenario changes in a KPI, whether or not the KPI has a better side."""
    return contrast.differences.get(kpi) or contrast.undirected.get(kpi)


def cell_of(difference: Difference | Estimate | None) -> Cell:
    """A difference in words; the verdict says so where there is none, or none can be."""
    if difference is None or not difference.n:
        return Cell("no value", "unclear", wording.UNDEFINED, "", "")
    if isinstance(difference, Difference):
        verdict, size = difference.verdict, difference.difference
        words, p = f"{wording.VERDICT_SIGNS[verdict]} {verdict}", wording.probability(difference.p_adjusted)
        style = STYLES[verdict]
    else:
        words, p, style, size = "no better side", "", "unclear", difference.mean
    ends = wording.span(difference.low, difference.high, difference.unit, size, sign=True)
    return Cell(words, style, wording.change(size, difference.unit), ends, p)
