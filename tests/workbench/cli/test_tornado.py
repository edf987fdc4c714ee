"""`caudal tornado`: bars in the terminal and in JSON, and what is refused."""

import json
from pathlib import Path

import pytest

LEVERS = Path(__file__).resolve().parents[2] / "simulator" / "experiment" / "sensitivity" / "levers.yaml"
FAST = ("--replications", "3", "--jobs", "1", "--engine", "simpy")
MONEY = ("--kpi", "revenue_booked")


def test_bars_are_drawn_the_longest_first(caudal):
    """Each with its grade, its range, what both ends change and a bar from the base to either side."""
    code, out, err = caudal("tornado", LEVERS, *MONEY, *FAST)
    lines = out.splitlines()
    price, fee = (next(i for i, line in enumerate(lines) if line.startswith(word)) for word in ("Price", "Fee"))
    assert code == 0
    assert price < fee
    assert " B " in lines[price]
    assert "60 EUR .. 120 EUR" in lines[price]
    assert "---------------|++++++++" in lines[price]
    assert lines[price].endswith("not distinguishable")  # three replications that agree prove little
    assert "Left out: processes.sale.steps.lucky" in out
    assert "replications in" in err
    assert "Intervals are Student's: the bootstrap of money and quantiles needs 8 replications." in out


def test_json_holds_every_bar(caudal):
    """The parameters that were named, in the order of their swings, with intervals."""
    named = ("--parameter", "policies.fee", "--parameter", "policies.price=100 EUR..101 EUR")
    code, out, _ = caudal("tornado", LEVERS, *MONEY, *FAST, *named, "--json", "-")
    [found] = json.loads(out)["tornados"]
    assert code == 0
    assert found["kpi"] == "revenue_booked"
    assert [bar["path"] for bar in found["bars"]] == ["policies.fee", "policies.price"]
    assert found["bars"][1]["high"]["mean"] == pytest.approx(10.5)
    assert (found["bars"][1]["from"], found["bars"][1]["to"]) == ("100 EUR", "101 EUR")
    assert found["bars"][1]["high_is"] == "not distinguishable"


def test_the_most_telling_are_found_by_screening(caudal):
    """With fewer places than parameters, one replication of all decides who is shown."""
    code, out, err = caudal("tornado", LEVERS, *MONEY, *FAST, "--most", "1", "--json", "-")
    assert code == 0
    assert [bar["path"] for bar in json.loads(out)["tornados"][0]["bars"]] == ["policies.price"]
    assert "variants screened" in err


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--kpi", "revenu_booked"), "did you mean 'revenue_booked'?"),
        (("--parameter", "policies.prise"), "did you mean 'policies.price'?"),
        (("--parameter", "policies.unknown"), "has no range"),
        (("--most", "0"), "0 is not in the range"),
        (("--replications", "0"), "the number of replications must lie between"),
        (("--json", "no/such/folder.json"), "there is no folder"),
        (("--points", "8"), "--points sizes a design of all at once; give --method morris or sobol"),
        (("--interaction", "policies.price,policies.fee", "--points", "8"), "--points sizes a design"),
        (("--interaction", "policies.price,policies.fee", "--parameter", "policies.idle"), "leave out --parameter"),
        (("--interaction", "policies.price,policies.fee", "--most", "3"), "--most is read without --parameter"),
        (("--parameter", "policies.price", "--most", "3"), "--most is read without --parameter"),
        (("--levels", "3"), "--levels is read with --interaction only"),
    ],
)
def test_mistakes_are_one_sentence(caudal, arguments, sentence):
    """Exit code 2, a sentence with the mend, no traceback and no figures."""
    code, out, err = caudal("tornado", LEVERS, *FAST, *arguments)
    assert (code, out) == (2, "")
    assert sentence in err
    assert "Traceback" not in err


@pytest.mark.parametrize(("method", "points", "column"), [("morris", 4, "spread"), ("sobol", 8, "with interactions")])
def test_all_at_once(caudal, method, points, column):
    """Morris and Sobol put the price before the fee, in the terminal and in JSON."""
    named = ("--parameter", "policies.fee", "--parameter", "policies.price", "--method", method, "--points", points)
    code, out, _ = caudal("tornado", LEVERS, *MONEY, *FAST, *named)
    assert code == 0
    assert column in out
    assert "counts as interaction" in out
    assert out.index("Price") < out.index("Fee")
    code, out, _ = caudal("tornado", LEVERS, *MONEY, *FAST, *named, "--json", "-")
    [found] = json.loads(out)["indices"]
    assert [each["path"] for each in found["parameters"]] == ["policies.price", "policies.fee"]
    code, out, err = caudal("tornado", LEVERS, *MONEY, *FAST, *named[:-1], "1" if method == "morris" else "12")
    assert (code, out) == (2, "")
    assert "at least 2 trajectories" in err or "power of two" in err


@pytest.mark.parametrize("method", ["morris", "sobol"])
def test_pictures_are_refused_where_none_are_drawn(caudal, tmp_path, method):
    """Of Morris and Sobol there is no picture: said before anything is run, and no file is left."""
    file = tmp_path / "picture.html"
    code, out, err = caudal("tornado", LEVERS, *MONEY, *FAST, "--method", method, "--pictures", file)
    assert (code, out) == (2, "")
    assert f"leave it out with --method {method}" in err
    assert "replications in" not in err
    assert not file.exists()
    both = ("--interaction", "policies.price,policies.fee", "--pictures", file)
    code, out, err = caudal("tornado", LEVERS, *MONEY, *FAST, "--method", method, *both)
    assert (code, out) == (2, "")
    assert f"leave out --method {method}" in err
    assert not file.exists()
