from reports.certainty import best_of, best_table, bootstrap_table, certainty
from simulator.experiment.best import against_best
from simulator.experiment.comparison import bootstrap_difference, compare
from tests.reports.reading import Page, plain


def test_the_best_is_said_for_every_headline_with_a_direction(base, five):
    """Each scenario with the chance and the interval of the library, and none for a KPI that has no better side."""
    studies = [base, *five]
    found = best_of(studies)
    assert found["margin"] == against_best(studies, "margin")
    assert all(base.catalogue[kpi].headline and base.catalogue[kpi].better != "neither" for kpi in found)
    rows = [row for row in best_table(studies).rows if row[0] == base.catalogue["margin"].label]
    assert [row[1] for row in rows] == [study.name for study in studies]
    chances = [float(plain(row[2]).removesuffix(" %")) for row in rows]
    assert max(chances) == chances[-1] > 95


def test_skewed_headlines_have_a_bootstrap_interval_beside_students(base, faster, comparison):
    """Money and medians only, with the figures of the paired bootstrap."""
    rows = {row[0]: row for row in bootstrap_table(base, [faster], comparison).rows}
    assert base.catalogue["margin"].label in rows
    assert base.catalogue["orders"].label not in rows
    resampled = bootstrap_difference(base, faster, "margin")
    low = plain(rows[base.catalogue["margin"].label][4]).split(" to ")[0]
    assert low == f"from +{resampled.low:,.0f}".replace(",", " ")


def test_one_replication_is_sure_of_nothing(study):
    """Without pairs there is neither a best nor a bootstrap interval, and no empty table."""
    base, other = study(replications=1), study("Other", replications=1)
    assert certainty(base, [other], compare(base, [other])) == ()


def test_the_report_says_both(base, five):
    """In the section of the comparison, each folded away under its name."""
    from reports.html import report_html

    page = Page(report_html(base, five, compare(base, five), "c"))
    folded = [each.all("summary")[0].text for each in page.section("comparison").all("details")]
    assert folded[:2] == ["Which is the best", "Money and quantiles"]
    assert len(page.table("Which is the best")) == 1 + len(best_table([base, *five]).rows)
