"""Quotes and decisions of the part on selling, against what its numbers say."""

import numpy as np
import pytest

from simulator.engines.compiled_engine import simulate
from simulator.experiment.plan import Plan
from simulator.experiment.replications import compiled
from simulator.schema.loading import load_changed, load_scenario

BASELINE = "baselines/pt_installation"


@pytest.fixture(scope="module")
def sold():
    """One run of the baseline: its program, its visits, and the lines of each case."""
    program = compiled(load_scenario(BASELINE), Plan(replications=1))
    records = simulate(program, 1, 0)
    return program, records, records.cases.attributes[:, program.names.attributes.index("quote_lines")]


def at(program, records, step):
    """Visits to a step of the lead that are over."""
    visits = records.visits
    return np.flatnonzero((visits.step == program.names.steps.index(f"lead.{step}")) & (visits.next >= 0))


def odds(probability):
    """Odds of a probability."""
    return probability / (1 - probability)


@pytest.mark.parametrize("factor", [0.75, 0.9, 1.3, 1.6])
def test_the_win_factor_multiplies_the_odds_of_an_opportunity_once(factor):
    """It acts on shortlist and signature; together they move the odds by the factor, within three hundredths."""
    scenario = load_scenario(BASELINE).scenario
    steps = scenario.processes["lead"].steps
    both = steps["decision"].outcomes["shortlisted"], steps["signature"].outcomes["signed"]
    assert all("seller" in outcome.effects for outcome in both)
    power = scenario.effects["seller"].coefficient.fixed
    usual, moved = (np.prod([1 - 1 / (1 + odds(o.probability.fixed) * w**power) for o in both]) for w in (1.0, factor))
    assert odds(moved) / odds(usual) == pytest.approx(factor, rel=0.03)


def test_lines_are_whole_and_grow_with_customer_and_product(sold):
    """Quoted leads have a whole number of lines, more for mid-size firms, and most for ventilation."""
    program, records, lines = sold
    cases = np.unique(records.visits.case[at(program, records, "quote")])
    segment, product = (
        records.cases.attributes[cases, program.names.attributes.index(name)] for name in ("segment", "product")
    )
    lines = lines[cases]
    assert (lines == np.round(lines)).all()
    assert lines.min() >= 1
    assert lines[segment == 1].mean() > 1.4 * lines[segment == 0].mean()
    by_product = [lines[product == number].mean() for number in range(3)]
    assert by_product[1] > by_product[0] > by_product[2]


@pytest.mark.parametrize(("step", "to", "usual"), [("quote", "quote", 0.14), ("asks_changes", "requote", 0.25)])
def test_errors_and_wishes_grow_with_the_lines_of_a_quote(step, to, usual):
    """The odds of a quote that is redone, or asked for otherwise, go with a power of its lines: here the second."""
    changed = load_changed(load_scenario(BASELINE), {"effects.more_lines_more_errors.coefficient": 2})
    program = compiled(changed, Plan(replications=1))
    records = simulate(program, 1, 0)
    rows = at(program, records, step)
    led = records.visits.next[rows] == program.names.steps.index(f"lead.{to}")
    lines = records.cases.attributes[records.visits.case[rows], program.names.attributes.index("quote_lines")]
    expected = 1 - 1 / (1 + odds(usual) * (lines / 15) ** 2)
    for half in (lines > 15, lines <= 15):
        off = (led - expected)[half].sum() / np.sqrt((expected * (1 - expected))[half].sum())
        assert abs(off) < 4, (off, led[half].mean(), expected[half].mean())


def test_a_new_version_costs_days_and_is_no_second_quote(sold):
    """Who asked for another version waits longer from survey to the last version, and is presented one quote."""
    program, records, _ = sold
    days = records.cases.attributes[:, program.names.attributes.index("quote_days")]
    thinking = records.visits.case[at(program, records, "thinking")]
    asked = np.isin(thinking, records.visits.case[at(program, records, "requote")])
    assert asked.sum() > 50
    assert days[thinking[asked]].mean() > days[thinking[~asked]].mean() + 0.5
    presented = records.visits.case[at(program, records, "present")]
    back = records.visits.case[at(program, records, "comes_back")]
    once = presented[~np.isin(presented, back)]
    assert once.size == np.unique(once).size


def test_twice_the_lines_take_hours_of_engineering():
    """Everything else the same, lines raise the hours of quotes by the power of 0.7."""
    hours = []
    for lines in (10, 20):
        stated = {f"products.{name}.brings.quote_lines": lines for name in ("ventilation", "solar")}
        changes = stated | {"effects.more_lines_more_errors.coefficient": 0, "attributes.quote_lines.initial": lines,
                            "teams.engineering.shifts": "always"}  # fmt: skip
        program = compiled(load_changed(load_scenario(BASELINE), changes), Plan(replications=1))
        records = simulate(program, 1, 0)
        hours.append(first_quotes(program, records))
    same = sorted(hours[0].keys() & hours[1].keys())
    assert len(same) > 200
    ratios = np.array([hours[1][key] / hours[0][key] for key in same])
    assert np.median(ratios) == pytest.approx(2**0.7, rel=0.1)


def first_quotes(program, records):
    """Hours at the first quote of each lead, by its key."""
    visits = records.visits
    rows = at(program, records, "quote")
    rows = rows[np.unique(visits.case[rows], return_index=True)[1]]
    hours = visits.finished[rows] - visits.started[rows]
    return dict(zip(records.cases.key[visits.case[rows]].tolist(), hours.tolist(), strict=True))
