"""The hand-off from marketing to sales: who is refused and comes back, who is forgotten, reminded of, and escalated."""

from functools import cache

import numpy as np
import pytest

from simulator.engines.choice import engine_of
from simulator.experiment.plan import Plan
from simulator.experiment.replications import compiled
from simulator.kpis.measures import measure
from simulator.schema.loading import load_changed, load_scenario

pytestmark = pytest.mark.slow
FIRM = "baselines/pt_installation"
HANDED_OVER = (FIRM, "baselines/b2b_saas", "baselines/b2c_home_improvement", "baselines/ro_distributor")
"""Baselines in which marketing hands leads over to someone who calls."""
UNCLEAR = "challenges/unclear_journey"


class Lived:
    """Program and records of one replication of a scenario, asked by the names of steps of a lead."""

    def __init__(self, name, *changes):
        self.program = compiled(load_changed(load_scenario(name), dict(changes)), Plan(replications=1))
        self.records = engine_of("compiled")(self.program, 1, 0)

    def at(self, step):
        """Whether each visit is one to the step."""
        return self.records.visits.step == self.program.names.steps.index(f"lead.{step}")

    def number(self, step):
        """How many visits there were to the step."""
        return int(self.at(step).sum())

    def visits(self, step):
        """Lead and moment of each visit to the step."""
        visits, rows = self.records.visits, self.at(step)
        return zip(visits.case[rows].tolist(), visits.entered[rows].tolist(), strict=True)

    def leads(self, step):
        """Leads that came to the step, and when they first did."""
        visits = self.records.visits
        rows = np.flatnonzero(self.at(step))
        leads, first = np.unique(visits.case[rows], return_index=True)
        return leads, visits.entered[rows[first]]

    def attribute(self, leads, name):
        """An attribute of some leads, as last set."""
        return self.records.cases.attributes[leads, self.program.names.attributes.index(name)]


lived = cache(Lived)


@pytest.mark.parametrize("name", HANDED_OVER)
def test_a_refused_lead_can_come_back_and_be_taken(name):
    """Of the leads that sales has refused some are handed over again, and of these some are taken and some are not."""
    run = lived(name)
    since = dict(zip(*map(np.ndarray.tolist, run.leads("refused")), strict=True))
    again, taken = (
        {case for case, at in run.visits(step) if at > since.get(case, np.inf)} for step in ("sales_looks", "taken")
    )
    assert len(since) > 60
    assert 0 < len(taken) < len(again) < 0.2 * len(since)


def test_what_sales_says_mends_the_score():
    """A refusal takes 30 % off the error of the score, and what is scored afterwards shows it."""
    run, deaf = lived(FIRM), lived(FIRM, ("policies.learned_from_refusal", "0 %"))
    leads, _ = run.leads("refused")
    once = leads[np.bincount(run.records.visits.case[run.at("refused")])[leads] == 1]
    _, told, untold = np.intersect1d(run.records.cases.key[once], deaf.records.cases.key, return_indices=True)
    assert told.size > 200
    before = deaf.attribute(untold, "score_error")
    np.testing.assert_allclose(run.attribute(once[told], "score_error"), 0.7 * before, atol=1e-9)


def test_sales_refuses_who_fits_badly():
    """A fresh look sees the same firm: those refused fit worse than those taken, by a quarter of all points or so."""
    run = lived(FIRM)
    fit = {step: run.attribute(run.leads(step)[0], "fit").mean() for step in ("refused", "taken")}
    assert fit["taken"] - fit["refused"] > 0.15


@pytest.mark.parametrize("name", [*HANDED_OVER, UNCLEAR])
def test_late_hand_offs_are_reminded_of_and_escalated(name):
    """The service level is missed, and half to five in a hundred hand-offs go up to the head of sales."""
    run = lived(name)
    assert run.number("remind_caller") > run.number("escalated_call") > 0
    assert 0.005 < run.number("escalated_call") / run.number("taken") < 0.05


def test_nobody_is_escalated_where_nothing_is_forgotten_and_reminders_help():
    """What makes escalations are the two shares, not the length of the queue alone."""
    run = lived(FIRM, ("policies.put_aside", "0 %"), ("policies.reminder_ignored", "0 %"))
    assert run.number("forgotten") == 0
    assert 0 < run.number("remind_caller") < 0.5 * lived(FIRM).number("remind_caller")
    assert run.number("escalated_call") < 0.1 * lived(FIRM).number("escalated_call")


def test_who_is_forgotten_waits_for_the_service_level_and_no_longer():
    """A reminder follows 64 h after a lead was put aside, and a share of five in a hundred is."""
    run = lived(FIRM)
    visits = run.records.visits
    aside = run.at("forgotten") & ~np.isnan(visits.finished)
    np.testing.assert_allclose((visits.finished - visits.entered)[aside], 64)
    taken = run.number("taken")
    assert abs(run.number("forgotten") / taken - 0.05) < 4 * np.sqrt(0.05 * 0.95 / taken)


def test_leads_that_nobody_ever_calls_are_counted():
    """With a head of sales who has no time some escalations end in no call; their leads go back to nurture, and those
    of the measured year are what the KPI counts.
    """
    run = lived(FIRM, ("policies.head_calls_within", "4 h"))
    followed = run.records.visits.next[run.at("nobody_calls")]
    assert set(followed) == {run.program.names.steps.index("lead.send_back")}
    never, taken = (sum(at >= run.program.warm_up for _, at in run.visits(step)) for step in ("nobody_calls", "taken"))
    assert never > 5
    found = measure(run.program, run.records).kpis["accepted_never_contacted"]
    # Those whose lead is still open at the end may be called yet.
    assert 0.5 * never / taken < found < 1.1 * never / taken
