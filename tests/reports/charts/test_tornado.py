"""The tornado as a picture: bars of the right length in the right order, and words for who cannot see it."""

from pathlib import Path

import pytest

from reports.charts import tornado
from simulator.experiment.plan import Plan
from simulator.experiment.sensitivity.parameters import chosen
from simulator.experiment.sensitivity.tornado import tornado as swings
from simulator.schema.loading import load_scenario
from tests.reports.reading import layer, plain, shapes

LEVERS = Path(__file__).resolve().parents[2] / "simulator" / "experiment" / "sensitivity" / "levers.yaml"


def found(replications=2, paths=("policies.fee", "policies.price", "policies.idle")):
    """The tornado of a scenario whose swings are known exactly."""
    loaded = load_scenario(LEVERS)
    plan = Plan(replications=replications, jobs=1, engine="simpy")
    return swings(loaded, plan, ["revenue_booked"], chosen(loaded, paths))[0]


def test_bars_reach_from_the_base_to_both_ends():
    """Price and fee with what they change at both ends, the grade in the name; what changes nothing is not drawn."""
    picture = tornado(found())
    rows = layer(picture, "bar").rows
    assert [(row["place"], row["end"]) for row in rows] == [
        ("Price (B)", "low end"), ("Price (B)", "high end"), ("Fee (D)", "low end"), ("Fee (D)", "high end"),
    ]  # fmt: skip
    assert [row["difference"] for row in rows] == pytest.approx([-420, 210, -50, 50])
    assert [row["at"] for row in rows] == ["60 EUR", "120 EUR", "0 %", "10 %"]
    assert picture.svg().count("Price (B)") >= 1


def test_one_replication_draws_no_intervals():
    """A line of an interval for each end, and none where there is a single replication."""
    many, one = (shapes(tornado(found(replications)).svg(), "rule") for replications in (2, 1))
    assert many - one == 4


def test_words_say_what_is_seen():
    """The main figures stand in the description, and a sentence where there is nothing to draw."""
    picture = tornado(found())
    assert plain(picture.alt).startswith("Levers, Revenue booked: Price (B) from -420 EUR to +210 EUR")
    nothing = tornado(found(paths=("policies.idle",)))
    assert (nothing.chart, nothing.missing) == (None, "None of the assumptions that were moved changes Revenue booked.")
