from reports.certainty import best_of, best_table, certainty, families_line, intervals_line
from simulator.experiment.best import against_best
from simulator.experiment.comparison import compare
from tests.reports.reading import Page, plain


def test_the_best_is_said_for_every_headline_with_a_direction(base, five):
    """Each scenario with the chance and the interval of the library, and none for a KPI that has no better side."""
    studies = [base, *five]
    found = best_of(studies)
    assert found["margin"] == against_best(studies, "margin")
    assert all(base.catalogue[kpi].headline and base.catalogue[kpi].better != "neither" for kpi in found)
    rows = [row for row in best_table(studies).rows if row[0] == base.catalogue["margin"].label]
    assert [row[1] for row in rows] == [study.name for study in studies]
    chances = [plain(row[2]) for row in rows]
    assert chances[-1] == "over 99 %"
    assert set(chances[:-1]) == {"under 1 %"}


def test_the_families_are_told_in_words(base, five):
    """The primary figures with their tests, the number of all others, and whether they were declared."""
    headlines, named = compare(base, five), compare(base, five, ["orders", "dso"])
    told = plain(families_line(base, headlines))
    assert f"adjusted over their {headlines.family} tests: Leads; Orders;" in told
    assert f"their own {headlines.tests} tests" in told
    assert "headlines" in told
    told = plain(families_line(base, named))
    assert "declared before the study, adjusted over their 10 tests: Orders; Days sales outstanding." in told


def test_only_what_was_tested_is_named_among_the_tests(base, study):
    """A declared KPI that has no value in the other scenario is no test, and is not listed as one."""
    told = plain(families_line(base, compare(base, [study("Other", margin=None)], ["orders", "margin"])))
    assert "adjusted over their 1 test: Orders." in told


def test_the_words_on_intervals_are_those_of_their_number(base, five):
    """Fewer than eight pairs have Student's everywhere, and the report says so; so have more than a thousand."""
    assert "needs 8 replications" in intervals_line(7)
    assert "are those of the bootstrap" in intervals_line(8)
    assert "bootstrap" not in intervals_line(1001)
    assert intervals_line(base.replications) in families_line(base, compare(base, five))


def test_one_replication_is_sure_of_nothing(study):
    """Without pairs there is no best, and no empty table."""
    assert certainty([study(replications=1), study("Other", replications=1)]) == ()


def test_the_report_says_which_is_the_best(base, five):
    """In the section of the comparison, folded away under its name, below the words on the families."""
    from reports.html import report_html

    comparison = compare(base, five)
    page = Page(report_html(base, five, comparison, "c"))
    folded = [each.all("summary")[0].text for each in page.section("comparison").all("details")]
    assert folded[0] == "Which is the best"
    assert len(page.table("Which is the best")) == 1 + len(best_table([base, *five]).rows)
    assert plain(families_line(base, comparison)) in plain(page.section("comparison").text)
