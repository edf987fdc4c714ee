"""The trust card, which every command that answers a question begins with."""

import json
from pathlib import Path

import pytest

from simulator.experiment.trust import TrustLine
from tests.workbench.cli.conftest import SHORT, TOY
from workbench.cli.trust import WIDTH, card_table


@pytest.mark.parametrize("command", [("run", TOY), ("compare", TOY, TOY)])
def test_the_card_comes_before_any_figure(caudal, command):
    """Whoever reads from the top knows how far to trust the table below, and JSON has the same lines."""
    code, out, _ = caudal(*command, *SHORT)
    assert code == 0
    assert out.index("Unfinished") < out.index("not checked") < out.index("KPI")
    assert "3 replications:" in out
    _, out, _ = caudal(*command, *SHORT, "--json", "-")
    lines = json.loads(out)["trust"]
    assert [line["topic"] for line in lines][:4] == ["Unfinished", "Overload", "Warm-up", "Precision"]
    assert lines[3]["standing"] == "caution"
    assert lines[5]["standing"] == "fine"  # both engines ran it


LIBRARY = Path(__file__).resolve().parents[2] / "simulator" / "experiment"
LEVERS, OFFERS = LIBRARY / "sensitivity" / "levers.yaml", LIBRARY / "diary" / "offers.yaml"
FAST = ("--replications", "3", "--jobs", "1", "--engine", "simpy")
LEVER = ("--kpi", "revenue_booked", "--parameter", "policies.price", *FAST)


@pytest.mark.parametrize(
    ("command", "figures"),
    [
        (("tornado", LEVERS, *LEVER), "at high"),
        (("tornado", LEVERS, *LEVER, "--method", "morris", "--points", "2"), "mean effect"),
        (
            (
                "tornado",
                LEVERS,
                "--kpi",
                "revenue_booked",
                *FAST,
                "--interaction",
                "policies.price,policies.fee",
                "--levels",
                2,
            ),
            "columns:",
        ),
        (("bottlenecks", LIBRARY / "bottlenecks" / "by_hand.yaml", *FAST, "--kind", "delay", "--rungs", "0"), "relief"),
        (("search", LIBRARY / "search" / "portfolio.yaml", *FAST, "--team", "desk=1..2", "--fresh", "4"), "choice"),
        (
            ("forecast", LIBRARY / "forecast" / "shop.yaml", *FAST[2:], "--replications", "19", "--months", "1"),
            "Bookings",
        ),
        (("diary", OFFERS, OFFERS, *FAST), "leads turned"),
    ],
    ids=["tornado", "morris", "interaction", "bottlenecks", "search", "forecast", "diary"],
)
def test_every_answer_begins_with_a_card(caudal, command, figures):
    """In the terminal before any figure and first in the JSON, with all its lines, and both engines were run."""
    code, out, err = caudal(*command)
    assert code == 0, err
    assert out.index("Unfinished") < out.index("Calibration") < out.index(figures)
    assert ("runs for the trust card in" in err) == (figures != "at high")  # a tornado has what the card needs
    content = json.loads(caudal(*command, "--json", "-")[1])
    topics = ["Unfinished", "Overload", "Warm-up", "Precision", "Evidence", "Engines", "Calibration"]
    assert [line["topic"] for line in content["trust"]] == topics
    assert "Both left the same records to the last bit" in content["trust"][5]["found"]


def test_the_card_of_a_tornado_says_what_the_longest_bars_rest_on(caudal):
    """Its line on evidence is about the tornado itself."""
    card = json.loads(caudal("tornado", LEVERS, *LEVER, "--json", "-")[1])["trust"]
    assert "Which assumptions matter most was not looked at" not in card[4]["found"]
    assert card[4]["standing"] != "not checked"


def test_the_card_of_a_search_is_of_the_best_choice_too(caudal):
    """Both engines ran the scenario as it is and with what was chosen."""
    command = ("search", LIBRARY / "search" / "portfolio.yaml", *FAST, "--policy", "policies.crm=0..1", "--fresh", "4")
    content = json.loads(caudal(*command, "--json", "-")[1])
    assert content["search"]["best"]["levels"]
    assert "all 2 scenarios" in content["trust"][5]["found"]


def test_long_sentences_go_on_in_the_next_line():
    """No line is longer than a terminal is wide, and no word is lost."""
    words = " ".join(f"word{i}" for i in range(40))
    _, _, *rows = card_table([TrustLine("Overload", "spoils", words, "Mend it.")]).splitlines()
    assert len(rows) > 1
    assert max(map(len, rows)) <= WIDTH + len("Overload  verdict  ")
    assert " ".join(" ".join(rows).split()) == f"Overload spoils {words} Mend it."
