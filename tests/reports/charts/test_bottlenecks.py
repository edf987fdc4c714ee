"""Bottlenecks as pictures: bars of the right length and colour, rungs on top of each other, and words."""

from pathlib import Path

import pytest

from reports import wording
from reports.charts import bottlenecks, ladder
from reports.charts.waiting import late_cash
from reports.inquiries import causes_table, ladder_table
from simulator.experiment.bottlenecks.bottlenecks import bottlenecks as found_of
from simulator.experiment.bottlenecks.ladder import ladder as climbed_of
from simulator.experiment.plan import Plan
from simulator.schema.loading import load_changed, load_scenario
from tests.reports.reading import layer, plain, shapes

BY_HAND = Path(__file__).resolve().parents[2] / "simulator" / "experiment" / "bottlenecks" / "by_hand.yaml"


def plan(replications=8):
    """Replications enough for verdicts, in this process."""
    return Plan(replications=replications, jobs=1, engine="simpy")


@pytest.fixture(scope="module")
def by_hand():
    """A scenario in which every worth is known to the cent."""
    return load_scenario(BY_HAND)


def test_bars_are_as_long_as_the_worth(by_hand):
    """The best on top, each with its verdict; people below zero, since they cost more than they bring."""
    picture = bottlenecks(found_of(by_hand, plan(), kinds=["person", "delay"]))
    rows = layer(picture, "bar").rows
    assert [row["place"] for row in rows] == [
        "Rest: one day less", "Short rest: 10 % less", "Desk: one more person", "Bench: one more person",
    ]  # fmt: skip
    assert [row["value"] for row in rows] == pytest.approx([720, 30, -460, -960])
    assert [row["verdict"] for row in rows] == ["worth it", "worth it", *["costs more than it brings"] * 2]
    assert layer(picture, "bar").encoding["color"]["scale"]["domain"] == ["worth it", "costs more than it brings"]
    assert "Desk: one more person" in picture.svg()


def test_words_say_what_is_seen(by_hand):
    """The scenario, the KPI and the first bars with their verdicts; a sentence where nothing changes anything."""
    found = found_of(by_hand, plan(), kinds=["delay"])
    assert plain(bottlenecks(found).alt) == (
        "By hand, What relief is worth in Margin: Rest: one day less +720 EUR (worth it) and "
        "Short rest: 10 % less +30.00 EUR (worth it)."
    )
    still = bottlenecks(found_of(by_hand, plan(2), "orders", kinds=["delay"]))
    assert (still.chart, still.missing) == (None, "No relief that was measured changes Orders.")


def test_one_replication_draws_no_intervals(by_hand):
    """A line for each bar, and none where there is a single replication."""
    many, one = (
        shapes(bottlenecks(found_of(by_hand, plan(n), kinds=["delay"])).svg(), "rule") for n in (2, 1)
    )  # fmt: skip
    assert many - one == 2


def test_rungs_stand_on_each_other(by_hand):
    """Each begins where the one before ended, with what it adds beside it."""
    picture = ladder(climbed_of(by_hand, plan(), kinds=["delay"], rungs=2))
    rows = layer(picture, "bar").rows
    assert [(row["from"], row["to"]) for row in rows] == [
        (0, pytest.approx(720)), (pytest.approx(720), pytest.approx(864)),
    ]  # fmt: skip
    assert [plain(row["text"]) for row in rows] == ["+720 EUR", "+144 EUR"]
    assert [row["place"] for row in rows] == ["1. Rest: one day less", "2. Rest: 10 % less"]
    assert plain(picture.alt).endswith("2. Rest: 10 % less +144 EUR; then as many rungs as were asked for.")


def test_no_rung_is_a_sentence(by_hand):
    """Where nobody pays for themselves there is nothing to draw."""
    alone = load_changed(by_hand, {"teams.desk.cost": "90 EUR/h"})
    picture = ladder(climbed_of(alone, plan(2)))
    assert (picture.chart, picture.missing) == (None, "No relief pays for itself in Margin for certain.")


def test_late_cash_is_stacked_by_cause(by_hand):
    """The dearest step on top; the parts of a bar are the causes of its waits, in the order of all causes."""
    at_noon = load_changed(by_hand, {"teams.desk.shifts": "Mon-Fri 12:00-20:00"})
    found = found_of(at_noon, plan(2), kinds=["delay"])
    picture = late_cash(found)
    rows = layer(picture, "bar").rows
    assert [(row["place"], row["cause"]) for row in rows] == [
        ("Rest", "by own policy"), ("Short rest", "for the customer"), ("Call", "nobody on shift"),
        ("Call", "everybody busy"),
    ]  # fmt: skip
    late = [value for wait in found.waits for value in wait.cash_late.values()]
    assert [row["time"] for row in rows] == pytest.approx(late)
    assert layer(picture, "bar").encoding["color"]["scale"]["domain"] == [
        "nobody on shift", "everybody busy", "for the customer", "by own policy",
    ]  # fmt: skip
    assert plain(picture.alt).startswith("What if, cost of late cash: Rest 0.30 EUR, Short rest 0.04 EUR")
    free = load_changed(by_hand, {"cost_of_finance": "0 %"})
    assert late_cash(found_of(free, plan(2), kinds=["delay"])).chart is None


def test_the_table_of_causes_prices_rests_and_queues(by_hand):
    """Three rests of 72 h lose 10 EUR an hour, whatever hands there are; a queue loses what hands enough make good."""
    rows = {row[0]: [plain(cell) for cell in row[1:]] for row in causes_table(found_of(by_hand, plan(2))).rows}
    assert rows["by own policy"][1:3] == ["+2 160 EUR", "from +2 160 to +2 160 EUR"]
    assert rows["everybody busy"][:4] == ["3.0 h", "+30.00 EUR", "from +30.00 to +30.00 EUR", "0 orders"]


def test_the_table_of_the_ladder_says_what_each_rung_added(by_hand):
    """Rung, relief, worth with interval and verdict, what was reached, and no figure that did not move for certain."""
    climbed = climbed_of(by_hand, plan(), kinds=["delay"], rungs=1)
    table = ladder_table(climbed)
    assert [[plain(cell) for cell in row[:5]] for row in table.rows] == [
        ["1", "Rest: one day less", "+720 EUR", "from +720 to +720 EUR", "worth it"]
    ]
    assert table.rows[0][-1] == wording.UNDEFINED
    assert table.caption.endswith("then as many rungs as were asked for")
