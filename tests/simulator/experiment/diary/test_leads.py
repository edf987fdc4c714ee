"""The diary: leads whose waits are known by heart, in two scenarios that differ by one thing."""

from collections import Counter
from pathlib import Path

import pytest

from simulator.errors import StudyError
from simulator.experiment.diary.leads import Lead, Runs, telling
from simulator.experiment.plan import Plan
from simulator.schema.loading import load_changed, load_scenario

PLAN = Plan(engine="simpy")
TWO = {"teams.sellers.head_count": 2}
HALF = {"policies.interested": "50 %"}


@pytest.fixture(scope="module")
def offers():
    """Ten leads at once, one seller with an hour for each, and gone after five and a half."""
    return load_scenario(Path(__file__).with_name("offers.yaml"))


def runs(offers, changes, replication=0):
    """The scenario beside a changed one."""
    return Runs(offers, load_changed(offers, changes), PLAN, replication)


def test_a_second_seller_wins_those_who_had_gone(offers):
    """Of waits from 0 to 9 h four were over 5.5 h; two sellers halve them, so all four order, and part at one step."""
    found = runs(offers, TWO).diary()
    assert (found.both, found.only_base, found.only_other) == (10, 0, 0)
    assert found.gained == {"Gone?, after a shorter wait (everybody busy)": 4}
    assert found.given_up == {}
    assert sorted(lead.hours for lead in found.leads) == [-5, -4, -4, -3]
    for lead in found.leads:
        assert (lead.base, lead.other, lead.parted, lead.where) == ("lost", "won", "Gone?", "First call")
        assert (lead.base_booked, lead.other_booked) == (0, 1000)


def test_the_reverse_is_told_the_other_way_round(offers):
    """With base and other exchanged the same leads are given up, after a longer wait."""
    changed = load_changed(offers, TWO)
    there, back = Runs(offers, changed, PLAN).diary(), Runs(changed, offers, PLAN).diary()
    assert back.given_up == {"Gone?, after a longer wait (everybody busy)": 4}
    assert [lead.key for lead in back.leads] == [lead.key for lead in there.leads]
    assert [lead.hours for lead in back.leads] == [-lead.hours for lead in there.leads]


def test_a_changed_step_is_where_they_part(offers):
    """Fewer are interested: nothing waited differently, and the ways part at the question itself."""
    found = runs(offers, HALF).diary()
    assert list(found.given_up) == ["Interested?, nothing waited differently"]
    assert found.gained == {}
    assert all(lead.hours == 0 and lead.where == "" for lead in found.leads)


def test_equal_scenarios_turn_nobody(offers):
    """The same scenario twice: every lead goes the same way, with the same waits."""
    same = runs(offers, {})
    assert (same.diary().leads, same.diary().telling) == ((), ())
    for key in same._roots[0]:
        assert (same.lead(key).parted, same.lead(key).cause) == ("", "the same way, nothing waited differently")
        assert all(row.base == row.other for row in same.rows(key))


def test_rows_stand_side_by_side(offers):
    """The same visit in one row with both waits, and a step that only one side came to has no other side."""
    both = runs(offers, TWO)
    lead = max(both.diary().leads, key=lambda each: -each.hours)
    rows = both.rows(lead.key)
    call = rows[0]
    assert (call.base.step, call.other.step) == ("First call", "First call")
    assert call.base.waited["contention"] - call.other.waited["contention"] == pytest.approx(-lead.hours)
    assert (call.base.member, call.other.member[:13]) == ("sellers.staff", "sellers.staff")
    assert call.base.finished == call.base.time + call.base.waited["contention"] + 1
    assert [row.other.step for row in rows if row.base is None] == ["Interested?", "Order", "Won"]
    assert [row.base.step for row in rows if row.other is None] == ["Lost"]


def test_totals_agree_with_the_kpi(toy):
    """Leads that one side won are the difference of the orders of leads that are in both, lost or open in the other."""
    changed = load_changed(toy, {"processes.funnel.steps.sold.outcomes.yes_please.probability": "20 %"})
    found = Runs(toy, changed, PLAN).diary()
    assert found.gained == {}
    assert sum(found.given_up.values()) == pytest.approx(0.1 * found.both, rel=0.4)
    assert list(found.given_up) == ["Sold, nothing waited differently"]
    turned = sum(found.given_up.values()) + sum(found.behind.values())
    assert Counter(lead.base for lead in found.leads) == {"won": turned}


def test_who_is_still_open_was_not_lost(offers):
    """At 28.5 h one seller has served four of ten and two have served eight: the run ends, nobody has gone."""
    cut = Plan(engine="simpy", length=28.5)
    changed = load_changed(offers, TWO)
    there, back = Runs(offers, changed, cut).diary(), Runs(changed, offers, cut).diary()
    assert (there.gained, there.given_up, there.behind) == ({}, {}, {})
    assert (back.gained, back.given_up, back.ahead) == ({}, {}, {})
    assert (sum(there.ahead.values()), sum(back.behind.values())) == (4, 4)
    assert {(lead.base, lead.other) for lead in there.leads} == {("open", "won")}


def test_each_scenario_that_has_run_is_told(offers):
    """One of two, then two of two."""
    told = []
    Runs(offers, offers, PLAN, progress=lambda done, total: told.append((done, total)))
    assert told == [(1, 2), (2, 2)]


def test_leads_of_the_warm_up_do_not_count(toy):
    """Leads that come in the first 400 hours are followed without a warm-up, and left out with one of that length."""
    plans = (Plan(engine="simpy", warm_up=warm_up, length=600.0 - warm_up) for warm_up in (0.0, 400.0))
    every, late = (Runs(toy, toy, plan) for plan in plans)
    born = [every.lead(key).born for key in every._roots[0]]
    assert min(born) < 400
    assert late.diary().both == sum(moment >= 400 for moment in born)


def test_both_engines_write_the_same_diary(offers):
    """Same replication, same rows, whichever engine ran."""
    one, two = (Runs(offers, load_changed(offers, TWO), Plan(engine=engine)) for engine in ("simpy", "compiled"))
    assert one.diary() == two.diary()
    key = one.diary().leads[0].key
    assert repr(one.rows(key)) == repr(two.rows(key))


def test_telling_leads_take_turns_among_causes():
    """The largest of the most frequent cause first, then the largest of the next, until ten or none are left."""
    made = [Lead(n, 0.0, "lost", "won", 0.0, float(n), "", "often" if n % 4 else "seldom", "", 0.0) for n in range(20)]
    assert [lead.key for lead in telling(made)] == [19, 16, 18, 12, 17, 8, 15, 4, 14, 0]
    assert telling([]) == ()


def test_mistakes_are_sentences(offers):
    """A lead that there is not, a replication that cannot be, and scenarios that measure different times."""
    with pytest.raises(StudyError, match="there is no lead 7 after the warm-up in both scenarios"):
        runs(offers, TWO).rows(7)
    with pytest.raises(StudyError, match="the replication must lie between 0"):
        runs(offers, TWO, -1)
    with pytest.raises(StudyError, match="differ in start, warm-up, length or currency"):
        runs(offers, {"horizon.length": "20 d"})


@pytest.mark.parametrize(("what", "own", "theirs"), [("process", "sale", "claim"), ("channel", "fair", "door")])
def test_unrelated_firms_are_refused(offers, tmp_path, what, own, theirs):
    """Leads that share neither channel nor process are not the same leads, whatever their keys."""
    text, other = Path(__file__).with_name("offers.yaml").read_text(encoding="utf-8"), tmp_path / "other.yaml"
    assert own in text
    other.write_text(text.replace(own, theirs), encoding="utf-8")
    with pytest.raises(StudyError, match=f"have no {what} in common, so none of their leads are the same"):
        Runs(offers, load_scenario(other), PLAN)
