"""`caudal quick`: changes on the command line, the table of what they are worth, and what is refused."""

import json
from pathlib import Path

import pytest

TOY = Path(__file__).resolve().parents[2] / "simulator" / "experiment" / "toy_funnel.yaml"


def test_changes_are_told_against_the_base(caudal):
    """KPIs of both with difference, interval and verdict, and on how many replications they rest."""
    code, out, err = caudal("quick", TOY, "--engine", "simpy", "--set", "teams.sellers.head_count = 3")
    assert (code, err) == (0, "")
    assert all(word in out for word in ("Revenue invoiced", "95 % interval", "verdict", "not distinguishable"))
    assert " replications in " in out


def test_without_changes_there_are_figures_only(caudal):
    """The scenario as it is has means and intervals and no verdicts."""
    code, out, _ = caudal("quick", TOY, "--engine", "simpy", "--budget", "0.5 s")
    assert code == 0
    assert out.startswith("Toy funnel\n")
    assert "verdict" not in out


def test_json_holds_changes_figures_and_differences(caudal):
    """Nothing but JSON on standard output, with the changes as they were written."""
    change = ("--set", "teams.sellers.head_count=3")
    code, out, _ = caudal("quick", TOY, "--engine", "simpy", *change, "--seed", "4", "--json", "-")
    content = json.loads(out)
    assert code == 0
    assert content["changes"] == {"teams.sellers.head_count": "3"}
    assert (content["scenario"], content["seed"]) == (str(TOY), 4)
    assert content["replications"] == content["kpis"]["leads"]["n"]
    assert content["seconds"] > 0
    assert content["differences"]["margin"]["verdict"] in {"better", "worse", "not distinguishable"}


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--set", "teams.selers.head_count=3"), "did you mean 'sellers'?"),
        (("--set", "teams.sellers.head_count=many"), "expected a whole number, not 'many'"),
        (("--set", "teams.sellers.head_count"), "is no change: write path=value"),
        (("--set", "=3"), "is no change: write path=value"),
        (("--set", "name=A", "--set", "name=B"), "'name' is set twice"),
        (("--set", "horizon.length=2 wk"), "measures"),
        (("--budget", "3"), "write a time with its unit"),
        (("--budget", "0 s"), "positive number of seconds"),
        (("--json", "no/such/folder.json"), "there is no folder"),
    ],
)
def test_mistakes_are_one_sentence(caudal, arguments, sentence):
    """Exit code 2, a sentence with the mend, no traceback and no figures."""
    code, out, err = caudal("quick", TOY, "--engine", "simpy", *arguments)
    assert (code, out) == (2, "")
    assert sentence in err
    assert "Traceback" not in err


def test_a_cold_engine_is_compiled_and_that_is_said(caudal, monkeypatch):
    """Who waits for the compiler reads why; the answer comes afterwards."""
    compiled = []
    monkeypatch.setattr("simulator.engines.warm.is_cold", lambda: not compiled)
    monkeypatch.setattr("simulator.engines.warm.warm_up", lambda: compiled.append(True))
    monkeypatch.setattr("simulator.experiment.quick.is_cold", lambda: not compiled)
    monkeypatch.setattr("simulator.experiment.quick.engine_of", lambda _, **__: _simpy())
    code, out, err = caudal("quick", TOY, "--budget", "0.5 s")
    assert (code, compiled) == (0, [True])
    assert err.startswith("Compiling the engine: one or two minutes")
    assert "Leads" in out


def _simpy():
    from simulator.engines.simpy_engine import simulate

    return simulate
