"""Tables of a diary, on leads whose fates are known by heart."""

from dataclasses import replace
from pathlib import Path

import pytest

from reports import wording
from reports.leads import CAUSES, story_table, tables_of, telling_table, totals_table
from simulator.experiment.diary.told import tell
from simulator.experiment.plan import Plan
from simulator.schema.loading import load_changed, load_scenario
from tests.reports.reading import plain

OFFERS = Path(__file__).resolve().parents[1] / "simulator" / "experiment" / "diary" / "offers.yaml"


@pytest.fixture(scope="module")
def told():
    """A second seller wins the four of ten who did not wait for the first."""
    offers = load_scenario(OFFERS)
    other = load_changed(offers, {"teams.sellers.head_count": 2, "name": "Two sellers"})
    return tell(offers, other, Plan(engine="simpy", replications=2, jobs=1), 1)


def test_totals_stand_above_their_causes(told):
    """Four won, for one cause; nobody lost or still open; the balance is in the caption."""
    table = totals_table(told)
    assert [plain(row[1]) for row in table.rows] == ["4.0 leads", "4.0 leads", "0 leads", "0 leads", "0 leads"]
    assert table.rows[1][0] == "– Gone?, after a shorter wait (everybody busy)"
    assert "+4.0 leads won on balance" in plain(table.caption)
    assert "2 paired replications" in table.caption


def test_more_causes_than_can_be_read_are_counted(told):
    """The table stays short and says what it leaves out."""
    [each] = told.totals.gained.causes.values()
    gained = replace(told.totals.gained, causes={f"cause {i}": each for i in range(CAUSES + 2)})
    table = totals_table(replace(told, totals=replace(told.totals, gained=gained)))
    assert table.rows[1 + CAUSES][0] == "– and 2 more"


def test_telling_leads_say_when_they_came_and_what_they_booked(told):
    """Each with its fate in both scenarios."""
    table = telling_table(told)
    assert table.header[2:4] == (told.base, "Two sellers")
    assert {row[2:4] for row in table.rows} == {("lost", "won")}
    assert all(row[1].startswith("20") for row in table.rows)


def test_a_story_has_both_sides_of_each_step(told):
    """A step that only one of them came to is empty on the other side; waits have cause and unit."""
    table = story_table(told, told.stories[0])
    assert len(table.rows) == len(told.stories[0].rows)
    assert any(wording.UNDEFINED in {row[1], row[4]} for row in table.rows)
    assert any("h everybody busy" in plain(row[2]) for row in table.rows)


def test_a_pair_without_turned_leads_has_its_totals_alone():
    """Nothing is told where nothing happened."""
    offers = load_scenario(OFFERS)
    same = tell(offers, load_changed(offers, {"name": "The same"}), Plan(engine="simpy", replications=2, jobs=1), 2)
    assert len(tables_of(same)) == 1
