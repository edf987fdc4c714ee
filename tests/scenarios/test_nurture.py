"""Nurture: what touches find, and whom they drive away, against the odds that the part states."""

import math

import numpy as np
import pytest

from simulator.engines.compiled_engine import simulate
from simulator.experiment.plan import Plan
from simulator.experiment.replications import compiled
from simulator.kpis.journeys import journeys_of
from simulator.program.layout import Milestone
from simulator.schema.loading import load_changed, load_scenario

BASELINE = "baselines/pt_installation"
FATIGUE, CROWDED = "effects.nurture_fatigue.coefficient", "effects.crowded_inbox.coefficient"


def touches(changes, to):
    """Touches that found a record that can be reached, by how many the lead had had before, and how many led on."""
    program = compiled(load_changed(load_scenario(BASELINE), changes), Plan(replications=1))
    steps = program.names.steps
    visits = simulate(program, 1, 0).visits
    rows = np.flatnonzero((visits.step == steps.index("lead.touch")) & (visits.next >= 0))
    order = rows[np.argsort(visits.case[rows], kind="stable")]
    case = visits.case[order]
    ordinal = np.arange(case.size) - np.searchsorted(case, case)
    reached = visits.next[order] != steps.index("lead.bounced")
    led = visits.next[order] == steps.index(f"lead.{to}")
    return np.bincount(ordinal[reached]), np.bincount(ordinal[reached & led], minlength=ordinal.max() + 1)


def moved(probability, log_odds):
    """A probability after a change of its log-odds."""
    return 1 / (1 + math.exp(-math.log(probability / (1 - probability)) - log_odds))


def standard_errors(found, of, probability):
    """How far a count lies from what the probability says."""
    return (found - of * probability) / math.sqrt(of * probability * (1 - probability))


@pytest.mark.parametrize("fatigue", [-0.12, -0.3, 0])
def test_each_touch_finds_less_than_the_one_before(fatigue):
    """The odds of the n-th touch are those of the first times exp(fatigue) to the power of n - 1."""
    tried, found = touches({FATIGUE: fatigue}, "need")
    for before in range(9):
        expected = moved(0.045, fatigue * before)
        assert abs(standard_errors(found[before], tried[before], expected)) < 4, (before, found[before], tried[before])


@pytest.mark.parametrize("days", [4, 11, 22])
def test_touches_close_together_drive_away_and_find_less(days):
    """Both odds follow the logarithm of the gap against eleven days, for the first touch of each lead."""
    for to, usual, coefficient in (("unsubscribed", 0.01, -1.2), ("need", 0.045, 0.6)):
        tried, found = touches({"policies.nurture_gap": f"{days} d"}, to)
        expected = moved(usual, coefficient * math.log(days / 11))
        assert abs(standard_errors(found[0], tried[0], expected)) < 4, (to, found[0], tried[0])


def test_nobody_gets_more_touches_than_the_policy_says():
    """A lead that is sent back goes on counting; only one that had a need at its last touch gets one more."""
    tried, _ = touches({"policies.nurture_touches": 3}, "not_now")
    assert tried[2] > 100
    assert tried[3:].sum() < 0.05 * tried[2]


@pytest.fixture(scope="module")
def nurtured():
    """One run of the baseline: its program, its records, and the first moment of each journey at a step."""
    program = compiled(load_scenario(BASELINE), Plan(replications=1))
    records = simulate(program, 1, 0)
    visits, journeys = records.visits, journeys_of(program, records)

    def first(step):
        rows = visits.step == program.names.steps.index(step)
        moments = np.full(journeys.born.size, np.inf)
        np.minimum.at(moments, journeys.of_case[visits.case[rows]], visits.entered[rows])
        return moments

    return journeys, first


def test_a_lead_out_of_nurture_is_handed_over_as_any_other(nurtured):
    """It is a marked MQL when it leaves nurture, sales takes or refuses it, and a call that is late is reminded of."""
    journeys, first = nurtured
    touched, handed_over = first("lead.touch"), first("lead.becomes_mql")
    late = (touched < handed_over) & np.isfinite(handed_over)
    assert late.sum() > 300
    np.testing.assert_array_equal(journeys.reached(Milestone.MQL)[late], handed_over[late])
    for step in ("lead.distribute", "lead.hand_over", "lead.refused", "lead.taken", "lead.first_call"):
        moments = first(step)[late]
        assert np.isfinite(moments).sum() > 20, step
        assert (moments >= handed_over[late]).all(), step
    assert (first("lead.call_again") >= handed_over).all(), "nobody is called who was not handed over"
    called = late & np.isfinite(first("lead.first_call"))
    assert np.median(first("lead.first_call")[called] - handed_over[called]) < 24


def test_touches_alone_make_a_lead_warm_enough():
    """With a lift for each touch some come above the threshold without a need; without a lift nobody does."""
    tried, warmed = touches({"policies.touch_lift": 0.05}, "warmed")
    assert warmed.sum() > 200
    assert warmed[0] < warmed[1:].max()
    assert touches({"policies.touch_lift": 0}, "warmed")[1].sum() == 0
    assert tried.sum() < touches({"policies.touch_lift": 0}, "warmed")[0].sum()
