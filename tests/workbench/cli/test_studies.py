import json
import os
import sys
import types
from pathlib import Path

import pytest

TOY = Path(__file__).resolve().parents[2] / "simulator" / "experiment" / "toy_funnel.yaml"
SHORT = ("--replications", "3", "--jobs", "1", "--warm-up", "1 wk", "--length", "2 wk")


def test_run_writes_the_json_that_was_promised(caudal, tmp_path):
    """Scenario, seed, replications, KPIs with their estimates, warnings and the KPIs that they spoil; nothing else."""
    file = tmp_path / "out.json"
    code, out, err = caudal("run", TOY, *SHORT, "--seed", "5", "--json", file)
    content = json.loads(file.read_text(encoding="utf-8"))
    assert code == 0
    assert list(content) == ["scenario", "seed", "replications", "trust", "kpis", "warnings", "spoilt"]
    assert (content["scenario"], content["seed"], content["replications"]) == (str(TOY), 5, 3)
    assert content["kpis"]
    for estimate in content["kpis"].values():
        assert list(estimate) == ["mean", "low", "high", "n", "unit"]
    leads = content["kpis"]["leads"]
    assert leads["low"] < leads["mean"] < leads["high"]
    assert (leads["n"], leads["unit"]) == (3, "cases")
    assert any(warning.startswith("Only 3 replications") for warning in content["warnings"])
    assert "Leads" in out
    assert "3 replications in " in err


def test_json_on_standard_output_stands_alone(caudal):
    """With --json - nothing but JSON is printed, and what is undefined is null."""
    code, out, _ = caudal("run", TOY, *SHORT, "--replications", "1", "--json", "-")
    content = json.loads(out)
    assert code == 0
    assert content["kpis"]["leads"]["low"] is None
    assert content["kpis"]["leads"]["n"] == 1
    assert "NaN" not in out


def test_run_prints_headlines_with_units_and_warnings(caudal):
    """The table shows the headline KPIs; --all shows the others too."""
    _, few, _ = caudal("run", TOY, *SHORT)
    _, many, _ = caudal("run", TOY, *SHORT, "--all")
    assert "Revenue invoiced" in few
    assert " EUR" in few
    assert "Queue for Sellers" not in few
    assert "Queue for Sellers" in many
    assert "Warning: Only 3 replications" in few
    assert "Lead to cash, median (!)" in few  # some leads had not finished


def test_the_seed_decides_and_the_jobs_do_not(caudal):
    """The same seed prints the same JSON, another seed another one."""
    one, again, other = (caudal("run", TOY, *SHORT, "--seed", seed, "--json", "-")[1] for seed in (1, 1, 2))
    assert one == again != other


@pytest.mark.slow
def test_two_jobs_write_the_same_bytes(caudal):
    """Workers change nothing in the JSON."""
    one = caudal("run", TOY, *SHORT, "--json", "-")[1]
    two = caudal("run", TOY, *SHORT, "--jobs", "2", "--json", "-")[1]
    assert one == two


def test_compare_writes_the_json_that_was_promised(caudal, variant, tmp_path):
    """Base, others, differences with verdicts in the three words; a scenario beside itself included."""
    other, file = variant("head_count: 2", "head_count: 3"), tmp_path / "out.json"
    code, out, _ = caudal("compare", TOY, other, TOY, *SHORT, "--replications", "16", "--json", file)
    content = json.loads(file.read_text(encoding="utf-8"))
    assert code == 0
    assert list(content) == ["trust", "base", "primary", "tests", "other_tests", "others", "best"]
    assert content["base"] == str(TOY)
    assert [entry["scenario"] for entry in content["others"]] == [str(other), str(TOY)]
    changed, same = (entry["differences"] for entry in content["others"])
    for difference in (*changed.values(), *same.values()):
        assert list(difference)[:6] == ["difference", "low", "high", "p_adjusted", "verdict", "detectable"]
        assert difference["verdict"] in {"better", "worse", "not distinguishable"}
    assert changed["cost_total"]["verdict"] == "worse"
    assert {difference["verdict"] for difference in same.values()} == {"not distinguishable"}
    assert "not distinguishable" in out
    assert "paired replications; p-values by Holm. Intervals" in out
    chances = {each["scenario"]: each["probability"] for each in content["best"]["margin"]}
    assert list(chances) == [str(TOY), str(other)]  # one of them is there twice
    assert "found 4 times of 5, if real" in out
    assert "Best of all" in out


def stub_report(monkeypatch, write):
    """Put a report module of our own in the place of the real one."""
    module = types.ModuleType("reports.html")
    module.write_report = write
    monkeypatch.setitem(sys.modules, "reports.html", module)


def test_compare_hands_everything_to_the_report(caudal, variant, tmp_path, monkeypatch):
    """The report gets a path, the studies, the comparison and the command, and appears under its name."""
    seen = []

    def write_report(path, base, others, comparison, command, scenarios, outcome, checks):
        read = [loaded.scenario.name for loaded in scenarios]
        assert (outcome, [name for name, _ in checks.added]) == (None, ["Other"])
        seen.append((base.name, [study.name for study in others], comparison.base, command, read))
        path.write_text("<html></html>", encoding="utf-8")

    stub_report(monkeypatch, write_report)
    monkeypatch.setattr(sys, "argv", ["caudal", "compare", "a b"])
    report = tmp_path / "report.html"
    code, out, _ = caudal("compare", TOY, variant("Toy funnel", "Other"), *SHORT, "--report", report)
    assert code == 0
    assert report.read_text(encoding="utf-8") == "<html></html>"
    assert seen == [("Toy funnel", ["Other"], "Toy funnel", "caudal compare 'a b'", ["Toy funnel", "Other"])]
    assert f"Report: {report}" in out
    assert report.stat().st_mode & 0o777 == 0o666 & ~umask()


def umask():
    mask = os.umask(0)
    os.umask(mask)
    return mask


def test_a_report_that_fails_leaves_nothing(caudal, tmp_path, monkeypatch):
    """When writing stops half-way, no file stays, and an old one keeps its content."""

    def write_report(path, *_):
        path.write_text("half", encoding="utf-8")
        raise OSError(28, "No space left on device")

    stub_report(monkeypatch, write_report)
    report = tmp_path / "report.html"
    report.write_text("old", encoding="utf-8")
    code, _, err = caudal("compare", TOY, TOY, *SHORT, "--report", report)
    assert code == 2
    assert "cannot be written: No space left on device" in err
    assert report.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [report]


MISTAKES = [
    (("run", "no_such_scenario"), "no_such_scenario"),
    (("run", TOY, "--replications", "0"), "the number of replications must lie between 1 and 100000, not 0"),
    (("run", TOY, "--replications", "many"), "many"),
    (("run", TOY, "--jobs", "0"), "the number of jobs must lie between 1"),
    (("run", TOY, "--seed", "-3"), "the seed must lie between 0"),
    (("run", TOY, "--warm-up", "90"), "write a time with its unit"),
    (("run", TOY, "--warm-up", "-1 d"), "the warm-up must be a time of 0 h or more"),
    (("run", TOY, "--length", "0 d"), "the length must be a positive time"),
    (("run", TOY, "--length", "500 y"), "at most 100 years"),
    (("run", TOY, "--length", "1 EUR"), "write a time with its unit"),
    (("run", TOY, "--colour"), "--colour"),
    (("run",), "SCENARIO"),
    (("compare", TOY), "OTHER"),
    (("trace", TOY, "--replication", "-1"), "the replication must lie between 0 and 99999, not -1"),
    (("trace", TOY, "--output", "out.txt"), "must end in .csv or .parquet"),
    (("validate",), "FILE"),
]


@pytest.mark.parametrize(("arguments", "sentence"), MISTAKES)
def test_each_mistake_gets_a_sentence_and_leaves_no_file(caudal, tmp_path, monkeypatch, arguments, sentence):
    """Exit code 2, the thing named, no traceback, and the folder empty."""
    monkeypatch.chdir(tmp_path)
    writes = ("--json", "out.json") if arguments[0] == "run" else ()
    code, _, err = caudal(*arguments, *writes)
    assert code == 2
    assert sentence in err
    assert "Traceback" not in err
    assert list(tmp_path.iterdir()) == []


BROKEN = {
    "unknown key": ("caudal: 1", "caudal: 1\nflavour: mild"),
    "negative duration": ("exponential: 10 d", "fixed: -10 d"),
    "share over 1": ("30 %", "130 %"),
    "missing step": ("to: lost", "to: nowhere"),
    "missing currency": (", currency: EUR", ""),
    "broken YAML": ("teams:", "teams: [:"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_scenario_is_explained_before_anything_runs(caudal, variant, tmp_path, what):
    """Each kind of broken file ends with 2, names the file, and writes no result."""
    path, out = variant(*BROKEN[what], name="broken.yaml"), tmp_path / "out.json"
    code, _, err = caudal("run", path, *SHORT, "--json", out)
    assert code == 2
    assert "broken.yaml" in err
    assert "Traceback" not in err
    assert not out.exists()


def test_unwritable_places_are_told_before_the_run(caudal, tmp_path, monkeypatch):
    """A missing folder, a folder instead of a file, and one file for two results: refused before any replication."""
    monkeypatch.setattr("simulator.experiment.checks.checked_studies", lambda *_: pytest.fail("it ran"))
    for places, sentence in (
        (("--json", tmp_path / "missing" / "out.json"), "there is no folder"),
        (("--json", tmp_path), "is a directory"),
        (("--report", tmp_path / "x", "--json", tmp_path / "x"), "named for two results"),
    ):
        code, _, err = caudal("compare", TOY, TOY, *places)
        assert code == 2
        assert sentence in err


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_without_permission_is_told_before_the_run(caudal, tmp_path):
    """Permission is looked at first."""
    tmp_path.chmod(0o500)
    code, _, err = caudal("run", TOY, "--json", tmp_path / "out.json")
    assert code == 2
    assert "permission is missing" in err
