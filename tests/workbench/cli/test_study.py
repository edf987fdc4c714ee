"""`caudal study`: a results folder, whole or not at all, and what is refused before any work."""

import json
import re

import pytest

from tests.reports.reading import Page
from tests.workbench.cli.conftest import TOY
from workbench import study_results
from workbench.study_results import read_results

TEXT = f"""
caudal: 1
study: One more seller
scenarios: [{TOY}, more.yaml]
kpis: [orders, revenue_booked]
mode: terminating
length: 6 wk
replications: 3
interactions:
  - {{kpi: cost_total, rows: teams.sellers.head_count=1..3, columns: channels.web.cost_per_lead=5 EUR..20 EUR,
     levels: 2, replications: 2}}
"""
FAST = ("--jobs", "1", "--engine", "simpy")


@pytest.fixture
def declared(tmp_path, monkeypatch):
    """A study file with its what-if beside it, in the working folder."""
    (tmp_path / "more.yaml").write_text(
        f"caudal: 1\nname: More\nbased_on: {TOY}\nteams: {{sellers: {{head_count: 3}}}}\n"
    )
    (tmp_path / "sellers.yaml").write_text(TEXT, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path / "sellers.yaml"


def test_a_study_writes_its_folder(caudal, declared, tmp_path):
    """Figures, report and the file itself; the trust card comes first in the terminal, and every stage is told."""
    code, out, err = caudal("study", "sellers.yaml", *FAST, "--json", "all.json")
    assert code == 0
    assert out.index("trust") < out.index("Orders") < out.index("Both together")
    assert "Leads (exploratory)" in out
    assert "Orders (exploratory)" not in out
    assert "declared before the study, adjusted over their 2 tests: Orders; Revenue booked." in out
    assert "6 replications in" in err
    assert "2 scenarios run by both engines in" in err
    folder = tmp_path / "results" / "sellers"
    assert sorted(each.name for each in folder.iterdir()) == [
        "replications.npz",
        "report.html",
        "study.json",
        "study.yaml",
    ]
    assert [each.name for each in folder.parent.iterdir()] == ["sellers"]
    assert (folder / "study.yaml").read_text(encoding="utf-8") == TEXT
    assert Page((folder / "report.html").read_text(encoding="utf-8")).root.all("h1")
    figures, shown = (
        json.loads(path.read_text(encoding="utf-8")) for path in (tmp_path / "all.json", folder / "study.json")
    )
    assert {key: shown[key] for key in figures} == figures
    assert [each["scenario"] for each in figures["scenarios"]] == [str(TOY), "more.yaml"]
    assert figures["interactions"][0]["rows"]["values"] == ["1", "3"]
    assert figures["trust"][0]["topic"] == "Unfinished"
    assert read_results(folder).sections[0].tables[0].rows[0][0] == "Orders"


def test_a_block_that_fails_takes_nothing_else_with_it(caudal, declared, tmp_path):
    """A constraint that nothing keeps is told with exit code 2; all else is written."""
    search = "{teams: [sellers=1..2], constraints: [leads <= 0], trials: 2, fresh: 2, replications: 1}"
    declared.write_text(TEXT + f"search: {search}\n", encoding="utf-8")
    code, out, err = caudal("study", "sellers.yaml", *FAST)
    assert code == 2
    assert "holds all but what could not be carried out:\nsearch: " in err
    assert "Traceback" not in err
    assert "Both together" in out
    shown = read_results(tmp_path / "results" / "sellers")
    (table,) = next(each for each in shown.sections if each.title == "What could not be carried out").tables
    assert table.rows[0][0] == "search"
    assert "Orders" in {row[0] for row in shown.sections[0].tables[0].rows}


def test_a_base_alone_shows_what_its_blocks_found(caudal, declared):
    """Without a comparison too: heat map, the relief that brings most, the ladder, and the best portfolio."""
    blocks = """
bottlenecks: {kpi: margin, kinds: [person], replications: 2, rungs: 1}
search: {kpi: margin, teams: [sellers=1..2], trials: 2, fresh: 2, replications: 1}
"""
    declared.write_text(TEXT.replace(", more.yaml]", "]") + blocks, encoding="utf-8")
    code, out, _ = caudal("study", "sellers.yaml", *FAST)
    assert code == 0
    assert "Both together" in out
    assert "Relief that brings most: Sellers: one more person, " in out
    assert "Ladder: nothing surely pays for itself." in out
    assert "teams.sellers.head_count" in out
    assert "paired replications; " not in out


def test_every_block_has_its_line(caudal, declared):
    """Tornado, Morris, Sobol and a forecast without a backtest: the most telling figure, and where the rest is."""
    numbers = "[teams.sellers.head_count=1..3, channels.web.cost_per_lead=5 EUR..20 EUR]"
    same = f"kpi: cost_total, parameters: {numbers}, replications: 2"
    designs = f"[{{{same}}}, {{method: morris, points: 2, {same}}}, {{method: sobol, points: 2, {same}}}]"
    blocks = f"sensitivity: {designs}\nforecast: {{months: 1, replications: 20}}\n"
    alone = (
        TEXT.partition("interactions")[0].replace(", more.yaml]", "]").replace("orders, revenue_booked", "cost_total")
    )
    declared.write_text(alone + blocks, encoding="utf-8")
    code, out, err = caudal("study", "sellers.yaml", *FAST)
    assert code == 0, err
    assert re.search(r"Cost hangs most on .*: \+[\d ]+ EUR from .* of 2 moved one at a time. All bars", out)
    assert re.search(r"a mean absolute effect of [\d ]+ EUR \(.*; Morris\). All assumptions: report.html", out)
    assert re.search(r"% of the variance, interactions included \(.*; Sobol\). All assumptions: report.html", out)
    assert re.search(r"nine times in ten if the scenario is right: Bookings .* EUR; Cash collected .* EUR", out)
    assert "Warning: Only 3 replications" in out
    assert "Warning: The warm-up" not in out  # a beginning is what the study is about
    assert re.search(r"\nCost +[\d ]+ EUR", out)
    assert re.search(r"\n\d+ more KPIs in the study.json of the results\.", out)


def test_another_seed_is_refused_before_anything_runs(caudal, declared):
    """Replications of another seed are not gone on with, and nobody waits to hear it."""
    assert caudal("study", "sellers.yaml", *FAST)[0] == 0
    code, out, err = caudal("study", "sellers.yaml", *FAST, "--extend", "--seed", "2")
    assert (code, out) == (2, "")
    assert "holds replications of seed 1, not 2: leave out --seed" in err
    assert "replications in" not in err


def test_a_study_can_be_checked_without_being_run(caudal, declared, tmp_path):
    """Nothing is simulated or written; mistakes are told as they would be."""
    assert caudal("study", "sellers.yaml", "--check")[:2] == (0, "sellers.yaml: fine\n")
    assert not (tmp_path / "results").exists()
    declared.write_text(TEXT.replace("mode: terminating", "mode: soon"), encoding="utf-8")
    code, out, err = caudal("study", "sellers.yaml", "--check")
    assert (code, out, "sellers.yaml:6: mode" in err) == (2, "", True)


@pytest.mark.slow
def test_the_same_study_writes_the_same_figures(caudal, declared):
    """The seed of the file holds, and another seed gives other figures."""
    texts = []
    for number, more in enumerate(((), (), ("--seed", "7"))):
        code, out, _ = caudal("study", "sellers.yaml", *FAST, "--output", f"out{number}", "--json", "-", *more)
        assert code == 0
        texts.append(out)
    assert texts[0] == texts[1] != texts[2]
    assert [json.loads(text)["seed"] for text in texts] == [1, 1, 7]


@pytest.mark.slow
def test_results_are_replaced_only_when_that_is_said(caudal, declared, tmp_path):
    """A folder of results is kept unless --replace is given; any other folder always is."""
    assert caudal("study", "sellers.yaml", *FAST, "--output", "out")[0] == 0
    before = (tmp_path / "out" / "study.json").read_bytes()
    code, _, err = caudal("study", "sellers.yaml", *FAST, "--output", "out")
    assert (code, "--replace" in err) == (2, True)
    assert caudal("study", "sellers.yaml", *FAST, "--output", "out", "--replace", "--seed", "3")[0] == 0
    assert (tmp_path / "out" / "study.json").read_bytes() != before
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "diary.txt").write_text("dear diary")
    code, _, err = caudal("study", "sellers.yaml", *FAST, "--output", "mine", "--replace")
    assert (code, "holds no results" in err) == (2, True)
    assert [each.name for each in (tmp_path / "mine").iterdir()] == ["diary.txt"]


@pytest.mark.slow
def test_more_replications_go_on_from_those_made(caudal, declared, tmp_path):
    """With --extend only those that are missing are run, and the results take the place of the earlier ones."""
    assert caudal("study", "sellers.yaml", *FAST)[0] == 0
    code, _, err = caudal("study", "sellers.yaml", *FAST)
    assert (code, "say --extend to go on from their replications" in err) == (2, True)
    declared.write_text(TEXT.replace("replications: 3", "replications: 4"), encoding="utf-8")
    code, out, _ = caudal("study", "sellers.yaml", *FAST, "--extend", "--json", "-")
    assert (code, json.loads(out)["replications"]) == (0, 4)
    folder = tmp_path / "results" / "sellers"
    assert "replications: 4" in (folder / "study.yaml").read_text(encoding="utf-8")
    fresh = json.loads(caudal("study", "sellers.yaml", *FAST, "--output", "anew", "--json", "-")[1])
    assert json.loads(out)["comparison"] == fresh["comparison"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(("--extend",), "holds no replications that could be extended"), (("--extend", "--replace"), "give one of them")],
)
def test_nothing_is_extended_where_nothing_is(caudal, declared, tmp_path, arguments, words):
    """A folder without results is no study to go on with, and nobody can go on and begin anew at once."""
    code, out, err = caudal("study", "sellers.yaml", *FAST, *arguments)
    assert (code, out, words in err) == (2, "", True)
    assert not (tmp_path / "results").exists()


@pytest.mark.slow
def test_a_report_that_fails_leaves_the_earlier_results(caudal, declared, tmp_path, monkeypatch):
    """Neither half a folder nor a temporary one is left, and what was there before stays."""
    assert caudal("study", "sellers.yaml", *FAST, "--output", "out")[0] == 0
    before = (tmp_path / "out" / "study.json").read_bytes()
    full = OSError(28, "No space left on device")
    monkeypatch.setattr(study_results.shutil, "copyfile", lambda *_: (_ for _ in ()).throw(full))
    code, _, err = caudal("study", "sellers.yaml", *FAST, "--output", "out", "--replace", "--seed", "3")
    assert (code, "'out' cannot be written: No space left" in err) == (2, True)
    assert (tmp_path / "out" / "study.json").read_bytes() == before
    assert sorted(each.name for each in tmp_path.iterdir()) == ["more.yaml", "out", "sellers.yaml"]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("kpis: [orders", "kpis: [oders", "sellers.yaml:5: kpis[0]: there is no KPI 'oders'; did you mean 'orders'?"),
        ("mode: terminating", "mode: steady_state", "sellers.yaml:6: mode: a steady state needs a warm-up"),
        ("more.yaml]", "mre.yaml]", "sellers.yaml:4: scenarios[1]: 'mre.yaml'"),
    ],
)
def test_mistakes_are_told_before_any_work(caudal, declared, tmp_path, old, new, words):
    """With line and mend, exit code 2, and no folder."""
    declared.write_text(TEXT.replace(old, new), encoding="utf-8")
    code, out, err = caudal("study", "sellers.yaml", *FAST)
    assert (code, out) == (2, "")
    assert words in err
    assert "replications in" not in err
    assert not (tmp_path / "results").exists()
