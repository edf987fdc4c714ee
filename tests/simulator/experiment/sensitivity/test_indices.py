"""Global sensitivity: the Ishigami function as a scenario, screening of linear levers, and two levers together."""

import math
from pathlib import Path

import numpy as np
import pytest
from SALib.analyze import sobol as analysis
from SALib.sample import sobol as design

from simulator.errors import Cancelled, StudyError
from simulator.experiment.plan import Plan
from simulator.experiment.sensitivity.indices import grid, morris, sobol
from simulator.experiment.sensitivity.parameters import chosen, parameters_of
from simulator.schema.loading import load_changed, load_scenario

PLAN = Plan(replications=1, jobs=1, engine="simpy")
MONEY = ["policies.price", "policies.fee"]


@pytest.fixture(scope="module")
def ishigami():
    """A scenario whose revenue is the Ishigami function of its three policies."""
    return load_scenario(Path(__file__).with_name("ishigami.yaml"))


def analytic(a=7.0, b=0.1):
    """First-order and total indices of the Ishigami function (Ishigami and Homma 1990), from its own integrals."""
    v1, v2, v13 = 0.5 * (1 + b * math.pi**4 / 5) ** 2, a**2 / 8, b**2 * math.pi**8 * (1 / 18 - 1 / 50)
    total = v1 + v2 + v13
    first = {"policies.x1": v1 / total, "policies.x2": v2 / total, "policies.x3": 0.0}
    return first, {"policies.x1": (v1 + v13) / total, "policies.x2": v2 / total, "policies.x3": v13 / total}


ERRORS = {"policies.x1": (0.039, 0.060), "policies.x2": (0.042, 0.032), "policies.x3": (0.051, 0.010)}
"""Standard errors of first and total index at 256 points, over 200 scrambled designs of the function itself."""


def by_salib(points):
    """Indices of the function itself on the same design."""
    problem = {"num_vars": 3, "names": ["x1", "x2", "x3"], "bounds": [[-math.pi, math.pi]] * 3}
    x1, x2, x3 = design.sample(problem, points, calc_second_order=False, seed=PLAN.seed + 1).T
    values = np.sin(x1) + 7 * np.sin(x2) ** 2 + 0.1 * x3**4 * np.sin(x1)
    return analysis.analyze(problem, values, calc_second_order=False, seed=1)


@pytest.mark.slow
def test_sobol_indices_of_the_ishigami_function(ishigami):
    """Through files, compiler, engine and KPIs the indices are the analytic ones within three standard errors, which
    are known beforehand; the intervals hold the truth, and the figures are those of SALib on the function itself.
    """
    first, total = analytic()
    found = sobol(ishigami, PLAN, "revenue_booked", list(parameters_of(ishigami).values()), 256)
    assert [share.parameter.path for share in found] == ["policies.x1", "policies.x2", "policies.x3"]
    for share in found:
        path = share.parameter.path
        assert abs(share.first.mean - first[path]) <= 3 * ERRORS[path][0]
        assert abs(share.total.mean - total[path]) <= 3 * ERRORS[path][1]
        assert share.first.low <= first[path] <= share.first.high
        assert share.total.low <= total[path] <= share.total.high
        assert share.total.half_width < 0.25
    direct = by_salib(256)
    assert [share.first.mean for share in found] == pytest.approx(direct["S1"], abs=1e-4)
    assert [share.total.mean for share in found] == pytest.approx(direct["ST"], abs=1e-4)


def test_morris_effects_of_the_ishigami_function(ishigami):
    """On four levels a step of x2 changes 7 sin(x2)^2 by 3/4 of 7 over 2/3 of the range, whatever the others are."""
    found = {each.parameter.path: each for each in
             morris(ishigami, PLAN, "revenue_booked", list(parameters_of(ishigami).values()), 6)}  # fmt: skip
    assert found["policies.x2"].absolute.mean == pytest.approx(7000 * 0.75 / (2 / 3), rel=1e-5)
    assert found["policies.x3"].spread > 0


def test_morris_effects_of_linear_levers(levers):
    """A price from 60 to 120 EUR moves ten orders by 600 EUR, more with a fee; what is idle has no effect."""
    moved = chosen(levers, [*MONEY, "policies.idle"])
    price, fee, idle = morris(levers, PLAN, "revenue_booked", moved, 8)
    assert [each.parameter.path for each in (price, fee, idle)] == [*MONEY, "policies.idle"]
    assert 600 <= price.absolute.mean <= 660
    assert price.mean == pytest.approx(price.absolute.mean)
    assert 60 <= fee.absolute.mean <= 120
    assert (idle.absolute.mean, idle.absolute.low, idle.spread) == (0, 0, 0)
    assert price.absolute.unit == "EUR"


def test_sobol_shares_of_a_product(levers):
    """For a product of two uniform factors the shares follow from the moments of the factors."""
    found = sobol(levers, PLAN, "revenue_booked", chosen(levers, MONEY), 64)
    means, variances = (90.0, 1.05), (60.0**2 / 12, 0.1**2 / 12)
    parts = (variances[0] * means[1] ** 2, variances[1] * means[0] ** 2, variances[0] * variances[1])
    assert [share.parameter.path for share in found] == MONEY
    assert found[0].first.low <= parts[0] / sum(parts) <= found[0].first.high
    assert found[1].total.low <= (parts[1] + parts[2]) / sum(parts) <= found[1].total.high


def test_what_nothing_changes_has_no_shares(levers):
    """Where no parameter moves the KPI there is no variance to share: NaN, not a figure."""
    [share] = sobol(levers, PLAN, "orders", chosen(levers, ["policies.price"]), 8)
    assert math.isnan(share.first.mean)
    assert math.isnan(share.total.mean)


def test_a_grid_of_two_levers(levers):
    """Ten orders of price times one plus fee; together they do 60 EUR more than alone: 10 * 60 EUR * 10 %."""
    price, fee = chosen(levers, MONEY)
    found = grid(levers, Plan(replications=2, jobs=1, engine="simpy"), "revenue_booked", price, fee, 3)
    assert (found.row_values, found.column_values) == ((60, 90, 120), (0, 5, 10))
    assert found.means == pytest.approx(10 * np.outer([60, 90, 120], [1, 1.05, 1.1]))
    assert (found.interaction.mean, found.interaction.n) == (pytest.approx(60), 2)


def test_money_has_a_bootstrap_interval(toy):
    """The interaction of two levers in money lies off the middle of its interval, as that of a skewed figure may."""
    steps = "processes.funnel.steps"
    moved = chosen(
        toy, [f"{steps}.sold.outcomes.yes_please.probability=20 %..40 %", f"{steps}.term.duration=2 d..30 d"]
    )
    found = grid(toy, Plan(replications=8, jobs=1), "cash_collected", *moved, 2).interaction
    assert found.high > found.low
    assert found.high - found.mean != pytest.approx(found.mean - found.low)


@pytest.fixture(scope="module")
def paid(levers):
    """The levers with a desk that costs 10 EUR for each of 80 hours, whoever works there."""
    return load_changed(levers, {"teams.desk.cost": "10 EUR/h"})


@pytest.mark.parametrize("most", [2, 3, 5, 6, 8])
def test_morris_counts_the_steps_that_whole_numbers_can_take(paid, most):
    """Each further head costs 800 EUR, whatever the steps of the design are rounded to."""
    moved = chosen(paid, [f"teams.desk.head_count=1..{most}", "policies.idle"])
    heads, idle = morris(paid, PLAN, "cost_total", moved, 4)
    assert heads.absolute.mean == pytest.approx(800 * (most - 1))
    assert heads.mean == pytest.approx(heads.absolute.mean)
    assert (heads.spread, idle.absolute.mean) == (pytest.approx(0, abs=1e-9), 0)


def test_sobol_takes_whole_numbers_alike_often(paid):
    """One, two or three heads, equally likely, at a wage of 10 to 20 EUR: the variances of a product."""
    moved = chosen(paid, ["teams.desk.head_count=1..3", "teams.desk.cost=10 EUR/h..20 EUR/h"])
    _, wage = sobol(paid, PLAN, "cost_total", moved, 64)
    parts = (2 / 3 * 15**2, 10**2 / 12 * 2**2, 2 / 3 * 10**2 / 12)
    # With two heads twice as likely as one or three it would be 0.25.
    assert wage.total.mean == pytest.approx((parts[1] + parts[2]) / sum(parts), abs=0.02)


def test_a_grid_has_each_whole_number_once(paid):
    """Five levels of five to seven people are three rows, each of other people than the one before."""
    moved = chosen(paid, ["teams.desk.head_count=5..7", "policies.idle"])
    found = grid(paid, PLAN, "cost_total", *moved, 5)
    assert (found.row_values, len(found.column_values)) == ((5, 6, 7), 5)
    assert found.means == pytest.approx(800 * np.repeat([[5], [6], [7]], 5, axis=1))
    [many] = chosen(paid, ["teams.desk.head_count=1..8"])
    assert many.levels(4) == (1, 3, 6, 8)


def test_the_same_seed_gives_the_same_design(levers):
    """Twice the same shares and intervals to the last bit, with seed 0 too, and other ones with another seed."""
    moved = chosen(levers, MONEY)
    plans = (Plan(seed=seed, replications=1, jobs=1, engine="simpy") for seed in (0, 0, 3))
    one, two, other = (sobol(levers, plan, "revenue_booked", moved, 4) for plan in plans)
    assert repr(one) == repr(two)
    assert repr(one) != repr(other)


@pytest.mark.parametrize(
    ("ask", "sentence"),
    [
        (lambda s: sobol(s, PLAN, "revenue_booked", chosen(s, MONEY), 100), "power of two"),
        (lambda s: morris(s, PLAN, "revenue_booked", chosen(s, MONEY), 1), "at least 2 trajectories"),
        (lambda s: morris(s, PLAN, "revenue_booked", []), "no number of this scenario"),
        (lambda s: morris(s, PLAN, "revenu_booked", chosen(s, MONEY)), "did you mean 'revenue_booked'"),
        (lambda s: grid(s, PLAN, "orders", *chosen(s, MONEY[:1]) * 2), "two different parameters"),
        (lambda s: grid(s, PLAN, "orders", *chosen(s, MONEY), 1), "from 2 to 50 levels"),
        (
            lambda s: grid(s, PLAN, "churn_rate", *chosen(s, MONEY), 2),
            "'churn_rate' is not defined in every",
        ),
        (
            lambda s: sobol(s, PLAN, "orders", [list(parameters_of(s).values())[-1]], 8),
            "these values make no valid scenario",
        ),
    ],
)
def test_mistakes_are_sentences(levers, ask, sentence):
    """What makes no sense is refused in one sentence."""
    with pytest.raises(StudyError, match=sentence):
        ask(levers)


def test_a_cancellation_ends_it(levers):
    """The word is heard before the design has been run."""
    with pytest.raises(Cancelled):
        morris(levers, PLAN, "orders", chosen(levers, MONEY), cancelled=lambda: True)
