"""The tornado: bars of known length, paired intervals, an order, and the same result over any number of workers."""

import math
from dataclasses import replace

import pytest

from simulator.errors import Cancelled, StudyError
from simulator.experiment.intervals import skewed_interval, t_interval
from simulator.experiment.plan import Plan
from simulator.experiment.sensitivity.parameters import chosen, parameters_of
from simulator.experiment.sensitivity.tornado import most_telling, tornado
from simulator.experiment.sensitivity.variants import sampled
from simulator.schema.loading import load_changed

CHANCE = "processes.sale.steps.lucky.outcomes.yes_please.probability"
PLAN = Plan(replications=4, jobs=1, engine="simpy")


@pytest.fixture(scope="module")
def revenue(levers):
    """The tornado of revenue over everything that can be moved."""
    return tornado(levers, PLAN, ["revenue_booked"])[0]


def bar(found, path):
    """The bar of one parameter."""
    return next(each for each in found.bars if each.parameter.path == path)


def test_a_linear_lever_swings_by_what_it_states(revenue):
    """Ten orders at 60 instead of 100 EUR, with the fee of 5 %, are 420 EUR less; at 120 EUR 210 EUR more."""
    price = bar(revenue, "policies.price")
    assert revenue.base.mean == pytest.approx(1050)
    assert (price.low.mean, price.high.mean, price.span) == pytest.approx((-420, 210, 630))
    assert (price.low.low, price.low.high) == pytest.approx((-420, -420))
    fee = bar(revenue, "policies.fee")
    assert (fee.low.mean, fee.high.mean, fee.swing.mean) == pytest.approx((-50, 50, 100))


def test_the_longest_bar_stands_first_and_idle_ones_last(revenue):
    """Sorted by swing; a lever that nothing reads has a bar of no length, and no significance."""
    assert [each.parameter.path for each in revenue.bars][:2] == ["policies.price", "policies.fee"]
    idle = bar(revenue, "policies.idle")
    assert (idle.span, idle.p_adjusted) == (0, 1)
    assert idle.parameter.grade == "C"


def test_an_end_that_is_no_valid_scenario_is_left_out(revenue, levers):
    """A probability of 120 % is refused: the parameter is named with the reason, the others are shown."""
    assert list(revenue.left_out) == [CHANCE]
    assert CHANCE not in [each.parameter.path for each in revenue.bars]
    with pytest.raises(StudyError, match="no parameter can be moved to both its ends"):
        tornado(levers, PLAN, ["revenue_booked"], chosen(levers, [CHANCE]))


def test_money_has_bootstrap_intervals(toy):
    """Both ends and the swing of money have those of the paired bootstrap, those of a count Student's."""
    path, plan = "processes.funnel.steps.sold.outcomes.yes_please.probability", Plan(replications=8, jobs=1)
    kpis = ["revenue_booked", "orders"]
    moved = chosen(toy, [f"{path}=20 %..40 %"])
    money, orders = (each.bars[0] for each in tornado(toy, plan, kpis, moved))
    base, low, high = sampled(toy, [{}, *(moved[0].changes(end) for end in (20, 40))], plan, kpis).values
    pairs = [(base, low), (base, high), (low, high)]
    for found, (one, other) in zip((money.low, money.high, money.swing), pairs, strict=True):
        assert found == skewed_interval(other[0] - one[0], unit="EUR")
        assert found != t_interval(other[0] - one[0], unit="EUR")
    assert orders.swing == t_interval(high[1] - low[1], unit=orders.swing.unit)


def test_differences_are_paired(toy):
    """An acceptance of 35 instead of 30 % adds about 5 % of the leads to the orders, known far better than the mean."""
    path = "processes.funnel.steps.sold.outcomes.yes_please.probability"
    moved = chosen(toy, [f"{path}=30 %..35 %"])
    [found] = tornado(toy, Plan(replications=8, jobs=1, engine="simpy"), ["orders"], moved)
    [only] = found.bars
    assert only.low.mean == only.low.half_width == 0
    assert only.high.mean == pytest.approx(0.05 * 6 * 84, rel=0.5)
    assert only.high.half_width < found.base.half_width
    assert only.p_adjusted < 0.05


def test_two_kpis_are_two_tornados(levers):
    """Each KPI has bars in its own order; the mean time waits for the pause, whatever the price."""
    moved = chosen(levers, ["policies.price", "processes.sale.steps.pause.duration"])
    money, time = tornado(levers, PLAN, ["revenue_booked", "lead_to_order_mean"], moved)
    assert [each.bars[0].parameter.path for each in (money, time)] == [each.path for each in moved]
    assert bar(time, "policies.price").span == 0


def test_p_values_count_the_bars_of_all_kpis(levers):
    """Who asks about two KPIs asks twice as often, and is sure of less."""
    moved, seen = chosen(levers, ["policies.price"]), ["revenue_booked", "orders"]
    together = tornado(levers, PLAN, seen, moved)
    alone = [tornado(levers, PLAN, [kpi], moved)[0] for kpi in seen]
    assert [each.tests for each in together] == [2, 2]
    raw = [each.bars[0].p_adjusted for each in alone]
    assert 0 < min(raw) < 0.5
    found = [each.bars[0].p_adjusted for each in together]
    assert found == pytest.approx([min(1, max(2 * min(raw), p)) for p in raw])


def test_one_replication_has_bars_without_intervals(levers):
    """A screening: the same length, no interval and no p-value."""
    [found] = tornado(levers, Plan(replications=1, jobs=1, engine="simpy"), ["revenue_booked"])
    price = bar(found, "policies.price")
    assert price.span == pytest.approx(630)
    assert math.isnan(price.low.low)
    assert math.isnan(price.p_adjusted)


def test_screening_finds_what_counts(levers):
    """The two levers of revenue out of five, the longest bar first."""
    found = most_telling(levers, PLAN, ["revenue_booked"], 2)
    assert [each.path for each in found] == ["policies.price", "policies.fee"]


@pytest.mark.parametrize("seed", [0, 1, 4])
def test_what_screens_is_not_measured(levers, seed):
    """Where luck decides which bar is longest, it is that of another seed than the study's, whose bars differ."""
    study = Plan(seed=seed, replications=1, jobs=1, engine="simpy")
    luck = replace(study, seed=seed ^ 1)
    measured, screened = (tornado(levers, each, ["lead_to_order_mean"])[0].bars[0].parameter for each in (study, luck))
    assert most_telling(levers, study, ["lead_to_order_mean"], 1) == [screened] != [measured]


@pytest.mark.slow
def test_the_number_of_workers_changes_nothing(levers):
    """Two processes and one leave the same bars to the last bit, and tell how far they are."""
    told = []
    args = (["revenue_booked", "lead_to_order_mean"],)
    one = tornado(levers, PLAN, *args)
    two = tornado(levers, Plan(replications=4, jobs=2, engine="simpy"), *args, progress=lambda *x: told.append(x))
    assert repr(one) == repr(two)
    assert told == [(4 * done, 4 * 13) for done in range(1, 14)]


def test_a_cancellation_ends_it(levers):
    """The word is heard before the study is done."""
    with pytest.raises(Cancelled):
        tornado(levers, PLAN, ["revenue_booked"], cancelled=lambda: True)


def test_mistakes_are_sentences(levers, toy):
    """An unknown KPI, and a scenario none of whose numbers has a range."""
    with pytest.raises(StudyError, match=r"there is no KPI 'revenu_booked'; did you mean 'revenue_booked'\?"):
        tornado(levers, PLAN, ["revenu_booked"])
    with pytest.raises(StudyError, match="no number of this scenario has a range"):
        tornado(toy, PLAN, ["orders"])


def test_a_parameter_at_its_low_end_is_the_scenario_with_that_value(levers):
    """The bar agrees with a study of the changed scenario itself."""
    price = parameters_of(levers)["policies.price"]
    changed = load_changed(levers, price.changes(price.low))
    [found] = tornado(changed, PLAN, ["revenue_booked"], [price])
    assert found.base.mean == pytest.approx(630)
    assert bar(found, "policies.price").low.mean == 0


def test_bars_are_told_in_words(levers):
    """A higher price is better for revenue; costs nobody moves, and few replications, tell nothing apart."""
    [found] = tornado(levers, Plan(replications=12, jobs=1, engine="simpy"), ["revenue_booked"])
    words = {each.parameter.path: found.verdict(each) for each in found.bars}
    assert words["policies.price"] == "better"
    assert words["processes.sale.steps.pause.duration"] == "not distinguishable"
    price = bar(found, "policies.price")
    assert price.p_adjusted == pytest.approx(len(found.bars) * 2 ** (1 - 12))  # a sign test, adjusted over all bars
    assert replace(found, kpi=replace(found.kpi, better="lower")).verdict(price) == "worse"
    assert replace(found, kpi=replace(found.kpi, better="neither")).verdict(price) == "more"
    assert found.verdict(replace(price, p_adjusted=math.nan)) == "not distinguishable"
