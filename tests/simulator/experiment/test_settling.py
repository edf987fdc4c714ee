from dataclasses import replace

import numpy as np
import pytest

from simulator.errors import StudyError
from simulator.experiment.plan import Plan
from simulator.experiment.replications import run
from simulator.experiment.settling import REPLICATIONS, settled_by_week
from simulator.experiment.warm_up import moving_average, mser5, run_from_empty, settlings_of
from simulator.schema.loading import load_changed

PLAN = Plan(replications=2, jobs=1, engine="simpy", warm_up=168.0, length=39 * 168.0)


def test_a_week_is_measured_as_if_it_were_all(toy):
    """Leads of every week add up to those of the run; the queue is that of a study, and so is each flow of money."""
    kpis = ["leads", "queue_sellers", "revenue_booked"]
    (found,) = settled_by_week([toy], PLAN, kpis)
    (study,) = run_from_empty([toy], PLAN)
    assert [each.kpi for each in found.settlings] == kpis
    leads, queue, booked = found.settlings
    assert leads.weekly.size == 40
    assert leads.weekly.sum() == pytest.approx(study.estimate("leads").mean)
    own = {each.kpi: each.weekly for each in settlings_of(study)}
    assert queue.weekly == pytest.approx(own["queue_sellers"])
    assert booked.weekly == pytest.approx(own["revenue_booked"])
    assert (leads.measured_from, leads.truncation) == (0.0, mser5(leads.weekly))
    assert leads.smoothed == pytest.approx(moving_average(leads.weekly))


def test_a_single_week_is_a_study_of_that_week(toy):
    """What the seventh week says is what a run of seven weeks says that leaves out six."""
    kpis = ["first_response_mean", "cost_total", "utilisation_sellers"]
    (found,) = settled_by_week([toy], PLAN, kpis)
    week = run(toy, replace(PLAN, warm_up=6 * 168.0, length=168.0))
    for each in found.settlings:
        first = round(each.measured_from / 168)
        assert each.weekly[6 - first] == pytest.approx(week.estimate(each.kpi).mean, rel=1e-6), each.kpi


def test_weeks_before_the_first_value_count_for_the_warm_up(toy):
    """With a term of three weeks nobody pays before: the series begins with the fourth; what never comes has none."""
    slow = load_changed(toy, {"processes.funnel.steps.term.duration": "3 wk"})
    (found,) = settled_by_week([slow], PLAN, ["lead_to_cash_mean", "leads", "nps"])
    cash, leads = found.settlings
    assert (cash.kpi, leads.kpi, found.without) == ("lead_to_cash_mean", "leads", ("nps",))
    assert (cash.measured_from, leads.measured_from) == (3 * 168.0, 0.0)
    assert cash.weekly.size == 37
    assert np.isfinite(cash.weekly).all()
    assert cash.suggested is None or cash.suggested >= 3 * 168


def test_few_replications_are_enough(toy):
    """Of many five are measured, and progress says so."""
    told = []
    many = replace(PLAN, replications=30, length=9 * 168.0)
    settled_by_week([toy], many, ["leads"], lambda done, total: told.append((done, total)))
    assert told == [(done, REPLICATIONS) for done in range(1, REPLICATIONS + 1)]


def test_an_unknown_kpi_is_refused(toy):
    """With the nearest name."""
    with pytest.raises(StudyError, match="did you mean 'orders'"):
        settled_by_week([toy], PLAN, ["order"])


def test_a_run_of_less_than_a_week_has_no_series(toy):
    """No week is whole: every KPI is named as one without a series, and nothing breaks."""
    (found,) = settled_by_week([toy], replace(PLAN, warm_up=0.0, length=100.0), ["leads"])
    assert (found.settlings, found.without) == ((), ("leads",))
