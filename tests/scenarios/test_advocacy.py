"""What customers say of a firm: what it costs to ask, what it brings back, told from records and on the same chance."""

import numpy as np
import pytest
from scipy.stats import sem

from simulator.engines.choice import engine_of
from simulator.experiment.plan import Plan
from simulator.experiment.replications import compiled
from simulator.records import ACCOUNTS
from simulator.schema.loading import load_changed, load_scenario
from tests.scenarios.on_the_same_chance import samples_of

pytestmark = pytest.mark.slow
INSTALLER = "baselines/pt_installation"
PLAN = Plan(replications=8, jobs=1)
WRITERS = {
    INSTALLER: {"recommendation.review", "publication.case_study", "publication.testimonial"},
    "baselines/b2b_saas": {"subscription.writes_review", "publication.case_study", "publication.testimonial"},
    "baselines/self_serve_saas": {"subscription.writes_review"},
    "baselines/b2c_home_improvement": {"word_of_mouth.review"},
}
"""Steps that publish something which readers find, by firm."""
REVIEW = "processes.recommendation.steps.reviews.outcomes.yes_.probability"
TESTIMONIAL = "processes.recommendation.steps.agrees.outcomes.testimonial.probability"
CASE_STUDY = "processes.recommendation.steps.agrees.outcomes.case_study.probability"


def lived(name, **changes):
    """Program and records of one replication of a scenario, with some probabilities changed."""
    changes = {path.replace("__", "."): to for path, to in changes.items()}
    program = compiled(load_changed(load_scenario(name), changes), PLAN)
    return program, engine_of("compiled")(program, 1, 0)


def at(program, records, step):
    """Whether each visit is one to the step."""
    return records.visits.step == program.names.steps.index(step)


@pytest.mark.parametrize("name", WRITERS)
def test_readers_come_back_as_leads(name):
    """Leads by reviews that a case brought begin journeys of their own, at the moment and by the hand of a writer."""
    program, records = lived(name)
    cases, visits = records.cases, records.visits
    channel = program.names.channels.index("reviews")
    readers = np.flatnonzero(
        (cases.channel == channel) & (cases.parent >= 0) & (cases.root == np.arange(cases.root.size))
    )
    assert readers.size > 10
    writing = np.isin(visits.step, [program.names.steps.index(step) for step in WRITERS[name]])
    moments = set(zip(visits.case[writing].tolist(), visits.entered[writing].tolist(), strict=True))
    assert {*zip(cases.parent[readers].tolist(), cases.born[readers].tolist(), strict=True)} <= moments
    assert (cases.process[readers] == program.names.processes.index("lead")).all()


def test_the_loop_closes():
    """Among the customers of the run are some who came by a review that another customer of the run wrote."""
    program, records = lived(INSTALLER, **{REVIEW: "60 %"})
    cases = records.cases
    ordered = np.unique(cases.root[records.visits.case[at(program, records, "lead.order")]])
    brought = ordered[(cases.parent[ordered] >= 0)]
    assert (cases.channel[brought] == program.names.channels.index("reviews")).any()


def test_each_way_to_speak_has_its_own_price():
    """A review costs the firm nothing, a testimonial time, a case study time and an agency, released or not."""
    program, records = lived(INSTALLER, **{CASE_STUDY: "40 %"})
    postings, visits = records.postings, records.visits
    agency = postings.step == program.names.steps.index("publication.agency")
    assert (postings.account[agency] == ACCOUNTS.index("cost")).all()
    assert set(postings.cents[agency]) == {90_000}
    interviews = at(program, records, "publication.interview") & ~np.isnan(visits.finished)
    assert agency.sum() == interviews.sum() > 20
    hours = {
        step: (visits.finished - visits.started)[at(program, records, f"publication.{step}")]
        for step in ("interview", "sentence")
    }
    assert np.nanmean(hours["interview"]) > np.nanmean(hours["sentence"]) > 0
    published = at(program, records, "publication.case_study").sum()
    assert 0.5 * agency.sum() < published < agency.sum()


def test_who_has_no_time_does_not_ask():
    """With one seller in place of four more customers are never asked for a testimonial."""
    asked = []
    for changes in ({}, {"policies__ask_within": "1 d"}):
        program, records = lived(INSTALLER, **changes)
        followed = records.visits.next[at(program, records, "recommendation.ask")]
        asked.append((followed == program.names.steps.index("recommendation.agrees")).mean())
    assert asked[1] < asked[0]


@pytest.fixture(scope="module")
def changed():
    """The installer as it is and with one change each, on the same chance."""
    changes = {
        "as it is": {},
        "no reviews": {REVIEW: 0, CASE_STUDY: 0},
        "many reviews": {REVIEW: "30 %"},
        "many vouch": {TESTIMONIAL: "80 %"},
        "nothing to show": {"policies.case_studies_shown": 0},
        "nobody to name": {"policies.testimonials_shown": 0},
    }
    return samples_of(INSTALLER, changes, PLAN)


@pytest.mark.parametrize(
    ("more", "less", "kpi"),
    [
        ("many reviews", "as it is", "leads_reviews"),
        ("as it is", "no reviews", "leads_reviews"),
        ("many reviews", "as it is", "review_share"),
        ("many reviews", "as it is", "referral_share"),
        ("many vouch", "as it is", "leads_reviews"),
        ("as it is", "nothing to show", "win_rate"),
        ("as it is", "nobody to name", "reached_sql"),
    ],
)
def test_what_customers_say_brings_more(changed, more, less, kpi):
    """On the same chance: more reviews, more leads; case studies sign, testimonials open doors."""
    difference = changed[more][kpi] - changed[less][kpi]
    assert difference.mean() > 3 * sem(difference)
