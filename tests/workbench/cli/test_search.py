"""`caudal search`: what it prints and writes, and what is refused."""

import json
import math
from dataclasses import replace
from pathlib import Path

import pytest

from simulator.experiment.intervals import Estimate
from simulator.experiment.investment import Investment, Payback
from simulator.experiment.plan import Plan
from simulator.experiment.search.goal import Goal
from simulator.experiment.search.search import SearchPlan, search
from simulator.experiment.search.space import Dimension, Level, Space
from simulator.schema.loading import load_scenario
from workbench.cli.investment import investment_words
from workbench.cli.search import verdict

PORTFOLIO = Path(__file__).resolve().parents[2] / "simulator" / "experiment" / "search" / "portfolio.yaml"
FAST = ("--replications", "1", "--fresh", "4", "--candidates", "2", "--jobs", "1", "--engine", "simpy")
CHOOSE = ("--team", "desk=1..2", "--policy", "policies.crm=0..1", "--policy", "policies.quoting=0..1")


def test_the_best_the_frontier_and_the_money_are_shown(caudal):
    """A table of candidates, who is best and how surely, the frontier, synergies and what comes back."""
    code, out, err = caudal("search", PORTFOLIO, *CHOOSE, *FAST)
    assert code == 0
    assert "Margin of Portfolio: all of 50 choices looked at, 50 simulated, 0 over the budget" in out
    assert "Best: policies.crm 1, policies.quoting 1. With 95% confidence none of these is more than" in out
    assert "Frontier: what more spending can bring" in out
    assert "What they are worth to each other" in out
    assert "net present value at 10.0% a year +" in out
    assert "trials in" in err


def test_limits_are_shown_with_what_was_found(caudal):
    """The KPI of every constraint with its interval and whether it is kept; nothing about limits without any."""
    arguments = ("search", PORTFOLIO, "--team", "desk=1..2", *FAST)
    _, out, _ = caudal(*arguments, "--constraint", "cost_total <= 31 000")
    (row,) = [line for line in out.splitlines() if line.startswith("cost_total")]
    assert "<= 31 000 EUR" in row
    assert row.endswith("kept")
    assert "Limits" not in caudal(*arguments)[1]


def test_a_limit_that_is_not_kept_for_certain_is_said_beside_the_verdict():
    """In the sentence that names the best, which is all that some read."""
    sentence = "Whether it keeps to every limit is not certain"
    space = Space((Dimension("price", (Level("as it is"), Level("more", (), {"policies.price": "1 100 EUR"}))),))
    plan = Plan(replications=1, jobs=1, engine="simpy")
    found = search(load_scenario(PORTFOLIO), space, SearchPlan(Goal(constraints=("margin >= 1",)), plan, fresh=2))
    (limit,) = found.best.limits
    assert sentence not in verdict(found)
    told = replace(found, best=replace(found.best, limits=(replace(limit, kept="not certain"),)))
    assert sentence in verdict(told)


def test_differences_without_luck_are_called_identical(caudal):
    """Costs are the same in every replication, so that no difference of 0.00 is named; alone, there is none at all."""
    space = ("search", PORTFOLIO, "--team", "desk=1..2", "--kpi", "cost_total", *FAST)
    _, out, _ = caudal(*space)
    assert "Best: as it is. What lies between it and the others is identical in every fresh replication." in out
    _, out, _ = caudal(*space, "--budget", "0")
    assert "Best: as it is. No other choice was measured afresh." in out


def test_amounts_are_written_as_people_write_them(caudal):
    """With currency and per cent, as study files have them: the same as the bare numbers."""
    asked = ("search", PORTFOLIO, "--team", "desk=1..3", *FAST, "--json", "-")
    spelt = ("--budget", "90 000 EUR", "--indifference", "5 000 EUR", "--discount", "8 %")
    bare = ("--budget", "90000", "--indifference", "5000", "--discount", "0.08")
    assert json.loads(caudal(*asked, *spelt)[1]) == json.loads(caudal(*asked, *bare)[1])


def test_json_holds_all_that_was_tried(caudal):
    """Choices with spending and value, what was over the budget without, and the best."""
    code, out, _ = caudal("search", PORTFOLIO, "--team", "desk=1..3", *FAST, "--budget", "25000", "--json", "-")
    found = json.loads(out)["search"]
    assert code == 0
    assert found["best"]["levels"] == {}
    assert [each["refused"] for each in found["tried"]] == ["", "", "over the budget"]
    assert found["tried"][2]["value"] is None
    assert found["seed"] != found["fresh_seed"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--kpi", "margn"), "did you mean 'margin'?"),
        (("--constraint", "dso=45"), "is no constraint"),
        (("--constraint", "utilisation_* <= 45 d"), "not in the unit"),
        (("--budget", "90 h"), "the budget '90 h' is not in the unit of margin, which is EUR"),
        (("--indifference", "5 h"), "the indifference '5 h' is not in the unit of margin"),
        (("--discount", "8 EUR"), "write a share, such as 5% or 0.05"),
        (("--budget", "-1"), "the budget must be an amount"),
        (("--team", "desk=-1..2"), "begins below 0"),
        (("--team", "dask=1..2"), "did you mean 'desk'?"),
        (("--tool", "crm_smal"), "did you mean 'crm_small'?"),
        (("--tool", "crm_small"), "cannot be laid over Portfolio"),
        (("--trials", "0"), "the number of trials must lie between"),
        (("--indifference", "0"), "must be positive"),
        (("--discount", "-2"), "the discount rate"),
        (("--constraint", "margin >= 10 000 000"), "no choice keeps to margin >= 10 000 000"),
    ],
)
def test_mistakes_are_one_sentence(caudal, arguments, sentence):
    """Exit code 2, a sentence with the mend, no traceback and no figures."""
    place = () if arguments[0] in {"--tool", "--team"} else ("--team", "desk=1..2")
    code, out, err = caudal("search", PORTFOLIO, *FAST, *place, *arguments)
    assert code == 2
    assert sentence in err
    assert "Traceback" not in err
    assert out == ""


def told(**given):
    """The sentence about an investment."""
    value = Estimate(-500.0, -700.0, -300.0, 9, "EUR")
    stated = {"spending": 900.0, "discount": 0.06, "months": 12, "cash": (), "net_present_value": value,
              "return_on_investment": Estimate(-0.5, -0.7, -0.3, 9, "share"),
              "payback": Payback(math.inf, 7.5, math.inf, 0.2)}  # fmt: skip
    return investment_words(Investment(**(stated | given)), "EUR")


def test_money_that_does_not_come_back_is_said():
    """No number of months for never, and no return where nothing is spent."""
    assert "payback: not within that time (7.5 months to not within that time)" in told()
    assert "return on first-year spending -50% (-70% to -30%)" in told()
    assert "return" not in told(return_on_investment=None, spending=0.0)
    assert "no return on first-year spending, since 6 months are not a year" in told(
        return_on_investment=None, months=6
    )
    assert "payback: at once" in told(payback=Payback(0.0, 0.0, 0.0, 1.0))
    assert told(payback=None).endswith("; nothing is spent that has to come back.")
