import math

import pytest

from reports import wording
from reports.tables import GROUPS, cell_of, difference_in, matrix_of, table_of
from simulator.experiment.comparison import Difference, compare
from simulator.experiment.intervals import Estimate
from tests.reports.reading import plain


@pytest.fixture(scope="module")
def table(base, faster, comparison):
    """All figures of the faster company against the base."""
    return table_of(base, faster, comparison.others[0])


def rows_of(table):
    """All rows of a table by the label of their KPI, whatever their group."""
    return {row.label: row for group in table.groups for row in group.rows}


def test_every_difference_of_the_comparison_has_a_row(base, comparison, table):
    """No KPI with a value in both scenarios is left out, whether or not it has a better side."""
    contrast = comparison.others[0]
    found = {**contrast.differences, **contrast.undirected}
    assert set(rows_of(table)) == {base.catalogue[kpi].label for kpi, each in found.items() if each.n}
    assert len(rows_of(table)) > 40


def test_every_row_holds_the_figures_of_both_studies(base, faster, comparison, table):
    """Base, scenario, difference, interval and adjusted p are those of the comparison."""
    rows = rows_of(table)
    for kpi, found in comparison.others[0].differences.items():
        if found.n:
            row = rows[base.catalogue[kpi].label]
            assert row.base == wording.mean_of(base.estimate(kpi))
            assert row.other == wording.mean_of(faster.estimate(kpi))
            assert row.cell.change == wording.change(found.difference, found.unit)
            assert row.cell.interval == wording.interval_of(found)
            assert row.cell.p == wording.probability(found.p_adjusted)
            assert row.cell.verdict.endswith(found.verdict)


def test_groups_are_in_order_and_hold_their_kpis(base, table):
    """Volume first, customers last, no empty group, and each KPI in its own."""
    names = [group.name for group in table.groups]
    assert names == [name for name in GROUPS.values() if name in names]
    assert all(group.rows for group in table.groups)
    kinds = {kpi.label: GROUPS[kpi.group] for kpi in base.catalogue.values()}
    assert all(kinds[row.label] == group.name for group in table.groups for row in group.rows)


def test_every_group_of_the_catalogue_has_a_name(base):
    """A new group of KPIs cannot vanish from the tables."""
    assert {kpi.group for kpi in base.catalogue.values()} <= set(GROUPS)


def test_the_matrix_has_the_headlines_by_scenario(base, five):
    """One column for each of five scenarios and one row for each headline with a value."""
    comparison = compare(base, five)
    matrix = matrix_of(base, comparison)
    assert matrix.columns == tuple(f"Option {i}" for i in range(1, 6))
    headlines = [kpi for kpi in base.catalogue.values() if kpi.headline and base.estimate(kpi.name).n]
    assert [row.label for row in matrix.rows] == [kpi.label for kpi in headlines]
    for kpi, row in zip(headlines, matrix.rows, strict=True):
        assert row.value == wording.mean_of(base.estimate(kpi.name))
        for contrast, cell in zip(comparison.others, row.cells, strict=True):
            assert cell == cell_of(difference_in(contrast, kpi.name))


def test_scenarios_of_the_same_name_have_columns_that_differ(base, study):
    """Nobody mistakes one column for the other."""
    same = [study("Same", margin=1e5), study("Same", margin=1e6)]
    assert matrix_of(base, compare(base, same)).columns == ("Same (1)", "Same (2)")


@pytest.mark.parametrize(
    ("verdict", "words", "style"),
    [
        ("better", "▲ better", "better"), ("worse", "▼ worse", "worse"),
        ("not distinguishable", "○ not distinguishable", "unclear"),
    ],
)  # fmt: skip
def test_verdicts_are_signs_and_words(verdict, words, style):
    """A verdict is read without its colour."""
    cell = cell_of(Difference(30.0, 10.0, 50.0, 0.001, 0.04, verdict, 20, "EUR"))
    assert (cell.verdict, cell.style) == (words, style)
    assert [plain(each) for each in cell[2:]] == ["+30.00 EUR", "from +10.00 to +50.00 EUR", "p = 0.040"]


def test_a_difference_without_a_better_side_has_no_verdict():
    """It is shown with its interval, and says why it is not judged."""
    cell = cell_of(Estimate(-0.05, -0.06, -0.04, 20, "share"))
    assert (cell.verdict, cell.style, cell.p) == ("no better side", "unclear", "")
    assert (plain(cell.change), plain(cell.interval)) == ("-5.0 points", "from -6.0 to -4.0 points")


@pytest.mark.parametrize(
    "nothing",
    [
        None,
        Estimate(math.nan, math.nan, math.nan, 0, "EUR"),
        Difference(math.nan, math.nan, math.nan, math.nan, math.nan, "not distinguishable", 0, "EUR"),
    ],
)
def test_no_value_is_said(nothing):
    """A KPI that one scenario does not have is neither better nor worse."""
    assert cell_of(nothing) == ("no value", "unclear", wording.UNDEFINED, "", "")


def test_a_kpi_that_the_scenario_lacks_is_no_value_in_the_matrix(base, study):
    """A margin that is undefined in the scenario leaves a cell that says so."""
    matrix = matrix_of(base, compare(base, [study("No margin", margin=None)]))
    (margin,) = [row for row in matrix.rows if row.label == "Margin"]
    assert margin.cells[0].verdict == "no value"


def test_figures_of_customers_are_shown_in_their_own_units(table):
    """Retention as a share, payback in months, lifetime value as a multiple of its cost, satisfaction in points."""
    (customers,) = [group for group in table.groups if group.name == "Customers"]
    shown = {row.label: row.base.replace("\N{NO-BREAK SPACE}", " ") for row in customers.rows}
    assert shown["Net revenue retention"] == "101.1 %"
    assert shown["CAC payback by recurring revenue"] == "14.0 months"
    assert shown["LTV of recurring revenue over CAC"] == "3.2 times"
    assert shown["Satisfaction"] == "7.4 points"
    assert shown["Customers"] == "410 cases"


def test_what_is_spoilt_is_marked_in_words(base, faster, comparison):
    """The same word stands in the key figures and among all figures, and at nothing else."""
    matrix = matrix_of(base, comparison, {"orders"})
    rows = [row for group in table_of(base, faster, comparison.others[0], {"orders"}).groups for row in group.rows]
    for shown in (matrix.rows, rows):
        assert [row.label for row in shown if "spoilt" in row.label] == [f"{base.catalogue['orders'].label} ✗ spoilt"]
