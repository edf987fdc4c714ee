"""A diary as a study keeps it: leads whose fates are known by heart."""

from dataclasses import replace
from pathlib import Path

import pytest

from simulator.errors import Cancelled, StudyError
from simulator.experiment.diary.leads import Runs
from simulator.experiment.diary.told import tell
from simulator.experiment.diary.totals import totals
from simulator.experiment.plan import Plan
from simulator.schema.loading import load_changed, load_scenario

PLAN = Plan(engine="simpy", replications=3, jobs=1)


@pytest.fixture(scope="module")
def pair():
    """One seller whom four of ten leads do not wait for, and a second seller."""
    offers = load_scenario(Path(__file__).with_name("offers.yaml"))
    return offers, load_changed(offers, {"teams.sellers.head_count": 2})


def test_a_told_diary_is_that_of_its_parts(pair):
    """Totals over all replications; leads and stories of the first, the largest first."""
    found, runs = tell(*pair, PLAN, 1), Runs(*pair, PLAN)
    assert found.totals == totals(*pair, PLAN)
    assert found.leads == runs.diary().telling
    assert [(story.lead, list(story.rows)) for story in found.stories] == [
        (found.leads[0], runs.rows(found.leads[0].key))
    ]
    assert {(lead.base, lead.other) for lead in found.leads} == {("lost", "won")}
    assert (found.start, found.currency) == (runs.start, runs.currency)


def test_of_many_turned_leads_ten_are_told(pair):
    """Of thirty leads four sellers win many more than one does: those that stand for them are few."""
    crowd = {"channels.fair.drops": [{"date": "2024-01-02", "leads": 30}]}
    offers = load_changed(pair[0], crowd)
    found = tell(offers, load_changed(offers, {"teams.sellers.head_count": 4}), replace(PLAN, replications=2), 0)
    assert found.totals.gained.total.mean > 10
    assert (len(found.leads), found.stories) == (10, ())


def test_a_diary_can_be_cancelled_and_refused(pair):
    """Whoever stops it gets no figures; two horizons make no pair."""
    with pytest.raises(Cancelled):
        tell(*pair, PLAN, 1, cancelled=lambda: True)
    longer = load_changed(pair[0], {"horizon.length": "9 d"})
    with pytest.raises(StudyError, match="the same in both"):
        tell(pair[0], longer, replace(PLAN, replications=2), 0)
