"""`caudal bottlenecks`: worths, waiting and the ladder in the terminal and in JSON, and what is refused."""

import json
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "simulator" / "experiment" / "bottlenecks"
BY_HAND = FOLDER / "by_hand.yaml"
FAST = ("--replications", "8", "--jobs", "1", "--engine", "simpy")


def line(out, *words):
    """The first line that holds all the words."""
    return next(each for each in out.splitlines() if all(word in each for word in words))


def test_worth_waiting_and_ladder_are_shown(caudal):
    """Each relief with interval, cost and verdict; what waiting lost; and how the ladder ended."""
    code, out, err = caudal("bottlenecks", BY_HAND, *FAST, "--kind", "delay", "--kind", "person", "--rungs", "1")
    assert code == 0
    assert line(out, "Rest", "one day less").split("  ")[-1].strip() == "worth it"
    assert "+720 EUR" in line(out, "Rest", "one day less")
    assert "-460 EUR" in line(out, "Desk", "one more person")
    assert "480 EUR" in line(out, "Desk", "one more person")
    assert "costs more than it brings" in line(out, "Bench", "one more person")
    assert "+30.00 EUR" in line(out, "Desk", "3.0 h")
    assert "everybody busy 100" in line(out, "Call", "desk")
    assert "everybody busy 3.0 h 3.0 h +30.00 EUR +30.00 to +30.00 EUR 0 orders 0 to 0 orders" in " ".join(out.split())
    assert "by own policy 9.0 d 0 h +2 160 EUR" in " ".join(out.split())
    assert "+720 EUR" in line(out, "1 ", "Rest: one day less")
    assert "worth it" in line(out, "1 ", "Rest: one day less")
    assert "told with luck that chose nothing" in line(out, "Ladder:")
    assert "Then as many rungs as were asked for. In all +720 EUR" in out
    assert "8 paired replications over 10.0 d; p-values" in out
    assert "replications of the ladder in" in err


def test_a_ladder_without_rungs_says_so(caudal):
    """By itself it adds people only, and here none pays for the wage."""
    code, out, _ = caudal("bottlenecks", BY_HAND, *FAST, "--kind", "person")
    assert code == 0
    assert "No rung: nothing surely pays for itself: the best that is left, " in out
    assert "(one more person), is worth -460 EUR (-460 to -460 EUR; costs more than it brings). In all 0 EUR" in out


def test_json_holds_everything(caudal):
    """Values with the changes that a scenario file would state, waits, prices and rungs; every step, not ten."""
    code, out, _ = caudal("bottlenecks", BY_HAND, *FAST, "--seed", "5", "--kind", "delay", "--json", "-")
    content = json.loads(out)
    assert code == 0
    assert list(content) == ["trust", "scenario", "seed", "bottlenecks", "ladder"]
    first = content["bottlenecks"]["values"][0]
    assert (first["lever"]["path"], first["worth"]) == ("processes.sale.steps.rest", "worth it")
    assert first["lever"]["changes"]["processes.sale.steps.rest.effects"] == ["shorter"]
    assert first["value"]["mean"] == pytest.approx(720)
    assert content["bottlenecks"]["prices"][0]["lost"]["mean"] == pytest.approx(30)
    assert content["bottlenecks"]["waits"][0]["hours"] == {"policy": 216.0}
    assert content["bottlenecks"]["waits"][0]["cash_late"] == {"policy": pytest.approx(480 * 72e-5)}
    assert [each["cause"] for each in content["bottlenecks"]["causes"]] == ["policy", "customer", "contention"]
    assert content["ladder"]["rungs"][0]["relief"]["lever"]["label"] == "Rest"


def test_other_kpis_have_no_ladder(caudal):
    """Of orders nobody can say what they may cost: values in the words of a comparison, and no rung."""
    code, out, _ = caudal("bottlenecks", BY_HAND, *FAST, "--kpi", "lead_to_order_mean", "--kind", "delay")
    assert code == 0
    assert line(out, "Rest", "one day less").split("  ")[-1].strip() == "better"
    assert "is no amount of money that holds both what a relief costs and what it brings: there is no ladder" in out
    assert "Ladder" not in out
    assert "+0.04 d  " in line(out, "Desk", "3.0 h")
    assert "What waiting for each team added:" in out


def test_costs_hold_what_people_cost_and_say_so(caudal):
    """A person adds the wage to the cost, which is worse; nothing claims that the cost leaves it out."""
    code, out, _ = caudal("bottlenecks", BY_HAND, *FAST, "--kpi", "cost_total", "--kind", "person")
    assert code == 0
    assert "+480 EUR" in line(out, "Desk", "one more person")
    assert line(out, "Desk", "one more person").split("  ")[-1].strip() == "worse"
    assert "Cost is no amount of money that holds both what a relief costs and what it brings" in out


def test_a_screening_is_told(caudal):
    """How many changes there were, and how many replications chose among them."""
    code, out, _ = caudal("bottlenecks", BY_HAND, *FAST, "--most", "1", "--rungs", "0")
    assert code == 0
    told = "(of 15 changes every person, speed and delay, and the efforts and policies that relieved most in 2 others)"
    assert told in out


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--kpi", "magrin"), "did you mean 'margin'?"),
        (("--kpi", "utilisation_desk"), "neither more nor less is better"),
        (("--kind", "tool"), "'tool' is not one of"),
        (("--most", "0"), "0 is not in the range"),
        (("--rungs", "-1"), "-1 is not in the range"),
        (("--replications", "0"), "the number of replications must lie between"),
        (("--json", "no/such/folder.json"), "there is no folder"),
    ],
)
def test_mistakes_are_one_sentence(caudal, arguments, sentence):
    """Exit code 2, a sentence with the mend, no traceback and no figures."""
    code, out, err = caudal("bottlenecks", BY_HAND, *FAST, *arguments)
    assert (code, out) == (2, "")
    assert sentence in err
    assert "Traceback" not in err
