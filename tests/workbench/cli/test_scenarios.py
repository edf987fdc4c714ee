import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from simulator.experiment.plan import Plan
from simulator.experiment.verification import Check
from simulator.schema.document import read_document
from simulator.schema.shipped import shipped_studies
from workbench.cli import app as app_module

TOY = Path(__file__).resolve().parents[2] / "simulator" / "experiment" / "toy_funnel.yaml"


def test_shipped_scenarios_are_listed(caudal):
    """Every shipped scenario stands with key and name, as text and as JSON."""
    code, out, _ = caudal("scenarios")
    assert code == 0
    assert "theory/m_m_1 " in out
    rows = json.loads(caudal("scenarios", "--json", "-")[1])
    first = next(row for row in rows if row["scenario"] == "theory/m_m_1")
    assert first["name"] == "M/M/1"
    assert Path(first["file"]).is_file()


def test_a_good_file_is_fine(caudal):
    """A file without problems is said to be fine, with exit code 0."""
    assert caudal("validate", TOY, "theory/m_m_1")[:2] == (0, f"{TOY}: fine\ntheory/m_m_1: fine\n")


def test_problems_of_all_files_come_together(caudal, variant):
    """Two broken files and a good one: both are explained, the good one is fine, exit code 2."""
    one, two = variant("to: lost", "to: lsot", "one.yaml"), variant("team: sellers", "team: seller", "two.yaml")
    code, out, err = caudal("validate", one, TOY, two)
    assert code == 2
    assert "one.yaml" in err
    assert "two.yaml" in err
    assert out == f"{TOY}: fine\n"
    code, out, _ = caudal("validate", one, "--json", "-")
    assert code == 2
    (problem,) = json.loads(out)["problems"]
    assert problem["line"] > 0
    assert "lsot" in problem["message"]


@pytest.mark.parametrize("content", [b"", b"\x00\xff\xfe\x00binary", b"just words"])
def test_files_that_are_no_scenarios_are_refused(caudal, tmp_path, content):
    """Empty, binary and wordy files each get a sentence."""
    path = tmp_path / "strange.yaml"
    path.write_bytes(content)
    code, _, err = caudal("validate", path)
    assert code == 2
    assert "strange.yaml" in err
    assert "Traceback" not in err


def test_the_schema_is_json(caudal, tmp_path):
    """The schema comes on standard output or in a file, and knows the parts of a scenario."""
    out = json.loads(caudal("schema")[1])
    assert {"horizon", "channels", "teams", "processes"} <= out["$defs"]["Scenario"]["properties"].keys()
    assert caudal("schema", "--output", tmp_path / "schema.json")[0] == 0
    assert json.loads((tmp_path / "schema.json").read_text(encoding="utf-8")) == out


@pytest.mark.parametrize("path", shipped_studies().values())
def test_the_schema_of_studies_takes_those_that_ship_and_no_others(caudal, path):
    """An editor with the schema of studies accepts a shipped one, and marks a slip and what is missing."""
    schema = json.loads(caudal("schema", "--study")[1])
    Draft202012Validator.check_schema(schema)
    assert "decide by" in schema["properties"]["kpis"]["description"]
    validator, data = Draft202012Validator(schema), read_document(path, "study").data
    assert list(validator.iter_errors(data)) == []
    assert list(validator.iter_errors(data | {"kpi": ["margin"]}))
    assert list(validator.iter_errors({key: value for key, value in data.items() if key != "mode"}))


@pytest.fixture
def checks(monkeypatch):
    """Let `verify` find what a test says, without a simulation."""

    def found(*verdicts):
        rows = [Check("Case", "theory/case", f"figure {i}", 1.0, 1.1, 0.9, 1.3, v) for i, v in enumerate(verdicts)]
        monkeypatch.setattr("simulator.experiment.verification.verify", lambda **_: rows)

    return found


def test_verify_prints_a_table_and_succeeds(caudal, checks):
    """Each figure stands with theory, simulation, interval and verdict."""
    checks("agrees", "agrees")
    code, out, _ = caudal("verify")
    assert code == 0
    assert "0.9000 to 1.3000  agrees" in out
    assert "2 of 2 figures agree with theory." in out


def test_verify_fails_when_a_figure_is_off(caudal, checks):
    """One figure that is off, or too imprecise to tell, ends with exit code 1."""
    checks("agrees", "off", "too imprecise")
    code, out, _ = caudal("verify", "--json", "-")
    content = json.loads(out)
    assert code == 1
    assert content["failed"] == 2
    assert [check["verdict"] for check in content["checks"]] == ["agrees", "off", "too imprecise"]


def test_the_app_is_streamlit_on_app_py(caudal, monkeypatch):
    """`caudal app` starts Streamlit on the file beside the packages and ends as it does."""
    started = []

    class Ended:
        returncode = 0

    monkeypatch.setattr(app_module.subprocess, "run", lambda command, check: (started.append(command), Ended)[1])
    assert caudal("app", "--port", "8765")[0] == 0
    assert started[0][1:4] == ["-m", "streamlit", "run"]
    assert Path(started[0][4]).name == "app.py"
    assert started[0][-2:] == ["--server.port", "8765"]


def test_verify_compares_the_engines_on_a_scenario(caudal, monkeypatch):
    """Same records: exit code 0; a difference is told and ends with 1; as text and as JSON."""
    twin = ("verify", "--twin", "theory/m_m_1_6")
    code, out, _ = caudal(*twin)
    assert code == 0
    assert "to the last bit" in out
    difference = "visits.entered, row 3: 1.0 against 2.0"
    monkeypatch.setattr("simulator.experiment.twins.first_difference", lambda *_: difference)
    code, out, _ = caudal(*twin)
    assert code == 1
    assert difference in out
    code, out, _ = caudal(*twin, "--json", "-")
    assert code == 1
    assert json.loads(out) == {"scenario": "theory/m_m_1_6", "identical": False, "difference": difference}


def test_twins_run_the_replication_and_the_time_that_are_asked_for(caudal, monkeypatch):
    """Seed, replication, warm-up and length reach both engines."""
    asked = []
    monkeypatch.setattr("simulator.experiment.twins.difference_of_twins", lambda *told: asked.append(told[1:3]) or "")
    times = ("--warm-up", "1 d", "--length", "2 d")
    assert caudal("verify", "--twin", "theory/m_m_1_6", "--seed", "4", "--replication", "3", *times)[0] == 0
    assert asked == [(Plan(4, warm_up=24.0, length=48.0), 3)]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--replication", "1"), "--replication, --warm-up and --length go with --twin"),
        (("--length", "1 d"), "go with --twin"),
        (("--warm-up", "0 d"), "go with --twin"),
        (("--twin", "theory/m_m_1_6", "--replication", "-1"), "the replication must lie between 0 and"),
    ],
)
def test_what_verify_cannot_do_is_said(caudal, arguments, sentence):
    """Exit code 2 and a sentence."""
    code, out, err = caudal("verify", *arguments)
    assert (code, out) == (2, "")
    assert sentence in err


def test_verify_takes_either_engine_but_not_for_twins(caudal, monkeypatch):
    """The engine that is asked for is the one that is checked; twins are both."""
    asked = []
    monkeypatch.setattr("simulator.experiment.verification.verify", lambda **told: asked.append(told["engine"]) or [])
    assert caudal("verify", "--engine", "simpy")[0] == 0
    assert asked == ["simpy"]
    code, _, err = caudal("verify", "--engine", "simpy", "--twin", "theory/m_m_1_6")
    assert code == 2
    assert "leave --engine out" in err
