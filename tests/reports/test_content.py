import pytest

from reports import wording
from reports.content import UNFINISHED, cards, content, glossary, topics, trust_line, unfinished
from reports.finding import Finding
from simulator.experiment.comparison import compare
from tests.reports.reading import plain


def test_titles_say_what_is_compared(base, faster, five):
    """One scenario, one change and several changes each have a title of their own."""
    assert content(base, [], None, "").title == "Today"
    two = content(base, [faster], compare(base, [faster]), "")
    assert two.title == "Today, and what changes with: Two more people in inside sales"
    assert content(base, five, compare(base, five), "").title == "Today, and 5 ways to change it"


def test_the_period_is_the_measured_time(base):
    """It begins after the warm-up, which no figure counts."""
    assert plain(content(base, [], None, "").period) == "364 days from 30 June 2025"


def test_trust_is_replications_unfinished_work_and_warnings(exact):
    """All three are told even where there is nothing to warn of."""
    assert plain(trust_line(exact(), [])) == (
        "20 replications, 4.0 % of the leads unfinished at the end of the run, no warnings."
    )


def test_trust_names_the_scenario_that_leaves_most_open(exact):
    """Of several scenarios the worst is told, by name."""
    line = plain(trust_line(exact(), [exact("Slow", unfinished=0.3), exact("Quick", unfinished=0.01)]))
    assert line.startswith("20 replications of each scenario, at most 30.0 % of the leads (Slow) unfinished")


def test_warnings_are_counted_once_and_lead_to_their_list(exact):
    """The same warning of two scenarios is one, and a colon leads to the sentences."""
    loud = exact(warnings=("Too short.",))
    assert plain(trust_line(loud, [exact("B", warnings=("Too short.",))])).endswith("1 warning:")
    assert plain(trust_line(loud, [exact("B", warnings=("Overload.",))])).endswith("2 warnings:")


def test_trust_is_silent_on_shares_that_nobody_has(silent):
    """Without leads there is no unfinished share to tell."""
    assert "unfinished" not in trust_line(silent, [])


def test_topics_keep_the_order_of_weights():
    """A topic stands where its weightiest finding does, and has its sentences in their order."""
    told = [Finding("state", topic, sentence, 0.0) for topic, sentence in (("A", "1"), ("B", "2"), ("A", "3"))]
    assert topics(told) == (("A", ("1", "3")), ("B", ("2",)))
    assert topics([]) == ()


def test_cards_are_the_headlines_with_a_value(base, study):
    """Each with mean and interval of its KPI; one without a value has no card."""
    headlines = [kpi for kpi in base.catalogue.values() if kpi.headline and base.estimate(kpi.name).n]
    expected = [(k.label, base.estimate(k.name)) for k in headlines]
    assert [tuple(card) for card in cards(base)] == [
        (label, wording.mean_of(estimate), wording.interval_of(estimate)) for label, estimate in expected
    ]
    assert "Margin" not in [card.label for card in cards(study(margin=None))]


def test_what_is_unfinished_is_shown_for_every_scenario(base, faster):
    """Each scenario has a row with all that was left open, a dash where there is no value."""
    open_ = unfinished(base, [faster])
    assert [row.name for row in open_.rows] == [base.name, faster.name]
    assert open_.columns == tuple(base.catalogue[kpi].label for kpi in UNFINISHED)
    for study, row in zip((base, faster), open_.rows, strict=True):
        for kpi, (value, interval) in zip(UNFINISHED, row.cells, strict=True):
            estimate = study.estimate(kpi)
            assert value == wording.mean_of(estimate)
            assert interval == (wording.interval_of(estimate) if estimate.n else "")


def test_the_glossary_has_every_kpi_of_the_catalogue(base):
    """Each label stands in exactly one entry, with its own formula, unit and better side."""
    entries = {label: entry for entry in glossary(base) for label in entry.label.split("; ")}
    assert set(entries) == {kpi.label for kpi in base.catalogue.values()}
    better = {"higher": "more is better", "lower": "less is better", "neither": "neither more nor less is better"}
    for kpi in base.catalogue.values():
        entry = entries[kpi.label]
        assert (entry.formula, entry.unit) == (kpi.formula, wording.unit(kpi.unit))
        assert entry.better == better[kpi.better]


def test_warnings_are_not_told_among_the_findings(exact):
    """They stand at the top, and nowhere else."""
    said = content(exact(warnings=("Too short.",)), [], None, "")
    assert [finding.sentence for finding in said.warnings] == ["Too short."]
    assert not any("Too short." in topic.sentences for topic in said.told)


def test_a_base_alone_has_no_comparison(base):
    """Neither matrix nor tables nor families of tests."""
    said = content(base, [], None, "")
    assert (said.matrix, said.tables, said.families) == (None, (), "")


@pytest.mark.parametrize("number", [1, 5])
def test_each_scenario_has_a_table(base, five, number):
    """The number of tests that is told is that of the primary family."""
    comparison = compare(base, five[:number])
    said = content(base, five[:number], comparison, "")
    assert [table.name for table in said.tables] == [f"Option {i + 1}" for i in range(number)]
    assert f"adjusted over their {comparison.family} test" in plain(said.families)
