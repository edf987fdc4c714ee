"""`caudal warm-up`, and the heat map of `caudal tornado`."""

import json

import pytest

from simulator.experiment.plan import Plan
from simulator.experiment.settling import settled_by_week
from simulator.experiment.warm_up import run_from_empty, settlings_of, suggested_warm_up
from simulator.schema.loading import load_scenario
from tests.reports.reading import Page
from tests.workbench.cli.conftest import TOY

FAST = ("--replications", "3", "--jobs", "1", "--engine", "simpy")
YEAR = ("--warm-up", "4 wk", "--length", "48 wk")


@pytest.mark.slow
def test_every_series_is_told_for_every_scenario(caudal, variant, tmp_path):
    """Days by MSER-5, the longest over all, and a page with a plot for each series."""
    more = variant("head_count: 2", "head_count: 3")
    more.write_text(more.read_text().replace("Toy funnel", "More"))
    page = tmp_path / "settling.html"
    code, out, _ = caudal("warm-up", TOY, more, *FAST, *YEAR, "--pictures", page, "--json", tmp_path / "w.json")
    assert code == 0
    assert "Queue for Sellers" in out
    plan = Plan(replications=3, jobs=1, engine="simpy", warm_up=4 * 168.0, length=48 * 168.0)
    scenarios = [load_scenario(TOY), load_scenario(more)]
    studies = run_from_empty(scenarios, plan)
    own = [kpi.name for kpi in studies[0].catalogue.values() if kpi.headline]
    by_week = settled_by_week(scenarios, plan, own)
    longest = suggested_warm_up(
        [(*settlings_of(study), *found.settlings) for study, found in zip(studies, by_week, strict=True)]
    )
    assert "leads" in longest
    content = json.loads((tmp_path / "w.json").read_text())
    assert content["suggested"] == longest
    assert content["without_series"] == sorted({kpi for found in by_week for kpi in found.without})
    assert len(content["scenarios"][str(TOY)][0]["weekly"]) == 52
    known = [hours for hours in longest.values() if hours is not None]
    assert f"leave out at least {max(known) / 24:.0f} d" in out
    assert len(Page(page.read_text(encoding="utf-8")).root.all("figure")) == len(longest)


def test_what_does_not_settle_is_named(caudal):
    """A run of a few weeks is too short for any suggestion, and says so."""
    code, out, _ = caudal("warm-up", TOY, *FAST, "--warm-up", "0 d", "--length", "5 wk")
    assert code == 0
    assert "does not settle" in out
    assert "MSER-5 finds nothing settled." in out
    assert "queue_sellers" in out


def test_any_kpi_can_be_asked_for(caudal):
    """Beside the queues and flows the KPIs that are named, and an unknown one is refused with the nearest."""
    short = (*FAST, "--warm-up", "0 d", "--length", "40 wk")
    code, out, _ = caudal("warm-up", TOY, *short, "--kpi", "waiting_sellers", "--json", "-")
    content = json.loads(out)
    told = [each["kpi"] for each in content["scenarios"][str(TOY)]]
    assert code == 0
    assert [kpi for kpi in told if kpi == "waiting_sellers"] or content["without_series"] == ["waiting_sellers"]
    assert "leads" not in told
    code, _, err = caudal("warm-up", TOY, *short, "--kpi", "waiting_seller")
    assert code == 2
    assert "did you mean 'waiting_sellers'" in err
    assert "replications in" not in err  # told before any work


HEAT = ("--kpi", "cost_total", "--warm-up", "0 d", "--length", "4 wk", "--levels", "2")
PAIR = "teams.sellers.head_count=1..3,channels.web.cost_per_lead=5 EUR..20 EUR"


def test_two_levers_make_a_heat_map(caudal, tmp_path):
    """Four cells with their means, the interaction with its interval, the same in JSON, and a picture."""
    page = tmp_path / "heat.html"
    files = ("--pictures", page, "--json", tmp_path / "heat.json")
    code, out, err = caudal("tornado", TOY, "--interaction", PAIR, *FAST, *HEAT, *files)
    assert code == 0
    assert "12 replications in" in err  # of four cells, three each
    assert "Both together, beyond the sum of each alone: 0 EUR" in out  # a wage and a price per lead add up
    (found,) = json.loads((tmp_path / "heat.json").read_text())["interactions"]
    (low, dear), (many, both) = found["means"]
    assert both - many == pytest.approx(dear - low)
    assert low < dear < both
    assert len(Page(page.read_text(encoding="utf-8")).root.all("figure")) == 1


@pytest.mark.parametrize(
    ("pair", "words"),
    [
        ("teams.sellers.head_count=1..3", "two numbers with a comma"),
        ("a,b", "'a'; a number is named by its place in the scenario, the nearest are '"),
    ],
)
def test_a_pair_that_is_none_is_refused(caudal, pair, words):
    """One sentence, exit code 2."""
    code, out, err = caudal("tornado", TOY, "--interaction", pair, *FAST)
    assert (code, out) == (2, "")
    assert words in err
    assert "Traceback" not in err
