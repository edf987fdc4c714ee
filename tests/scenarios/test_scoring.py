"""Where fit comes from, and what touches do to interest and score."""

import numpy as np
import pytest

from simulator.engines.compiled_engine import simulate
from simulator.experiment.plan import Plan
from simulator.experiment.replications import compiled
from simulator.schema.loading import load_changed, load_scenario

FIRMS, HOMES = "baselines/pt_installation", "baselines/b2c_home_improvement"
SUITS = {"manufacturing": 0.9, "hospitality": 0.8, "retail": 0.5, "services": 0.25}
ROLES = {"decides": 1, "influences": 0.5, "researches": 0}


class Run:
    """One run of a scenario, with some of its numbers changed."""

    def __init__(self, name, **changes):
        loaded = load_changed(load_scenario(name), {path.replace("__", "."): to for path, to in changes.items()})
        self.names = (program := compiled(loaded, Plan(replications=1))).names
        self.records = simulate(program, 1, 0)
        cases = self.records.cases
        self.leads = np.flatnonzero((cases.channel >= 0) & (cases.process == self.names.processes.index("lead")))

    def __getitem__(self, attribute):
        """Values of an attribute, one for each lead that came by a channel."""
        return self.records.cases.attributes[self.leads, self.names.attributes.index(attribute)]

    def worth(self, attribute, worths):
        """What each lead's level of an attribute is worth."""
        return np.array([worths[name] for name in self.names.levels[attribute]])[self[attribute].astype(int)]

    def of(self, channel):
        """Whether each lead came by the channel."""
        return self.records.cases.channel[self.leads] == self.names.channels.index(channel)

    def came_to(self, step):
        """Whether each lead came to a step."""
        visits = self.records.visits
        return np.isin(self.leads, visits.case[visits.step == self.names.steps.index(f"lead.{step}")])


@pytest.fixture(scope="module")
def firms():
    """The firm that sells to firms."""
    return Run(FIRMS)


def test_fit_is_made_of_size_role_budget_and_industry(firms):
    """Fifteen, 35, 35 and 15 points of a hundred, for every lead."""
    size = np.maximum(1 - np.abs(np.log10(firms["employees"] / 30)), 0)
    points = 15 * size + 35 * firms.worth("buyer_role", ROLES) + 35 * np.minimum(firms["budget"], 1)
    np.testing.assert_allclose(firms["fit"], (points + 15 * firms.worth("industry", SUITS)) / 100, atol=1e-9)


def test_fit_of_a_household_is_made_of_role_budget_and_windows():
    """Thirty-three, 37 and 30 points of a hundred, for every lead."""
    homes = Run(HOMES)
    points = 33 * homes.worth("buyer_role", ROLES) + 37 * np.minimum(homes["budget"], 1)
    np.testing.assert_allclose(homes["fit"], (points + 30 * np.minimum(homes["windows_age"] / 30, 1)) / 100, atol=1e-9)


def test_channels_bring_other_people(firms):
    """A list by trade has more manufacturers than ads, partners bring who decides and has money, fairs do not."""
    manufacturer = firms["industry"] == firms.names.levels["industry"].index("manufacturing")
    decides = firms["buyer_role"] == firms.names.levels["buyer_role"].index("decides")
    assert manufacturer[firms.of("outbound")].mean() > 1.5 * manufacturer[firms.of("social_ads")].mean()
    assert decides[firms.of("partners")].mean() > 1.5 * decides[firms.of("trade_fairs")].mean()
    assert np.median(firms["budget"][firms.of("partners")]) > 1.5 * np.median(firms["budget"][firms.of("trade_fairs")])
    assert firms["fit"][firms.of("partners")].mean() > firms["fit"][firms.of("trade_fairs")].mean() + 0.15


def test_fit_keeps_the_spread_that_thresholds_are_set_for(firms):
    """Mean near a half and a standard deviation near a fifth, so that thresholds of the score mean what they did."""
    assert firms["fit"].mean() == pytest.approx(0.51, abs=0.02)
    assert firms["fit"].std() == pytest.approx(0.19, abs=0.015)


def test_an_industry_fits_as_its_policy_says():
    """A firm that has learned to serve services fits more of them, by what the industry weighs, and nobody else."""
    runs = Run(FIRMS), Run(FIRMS, policies__suits_services=0.9)
    _, *rows = np.intersect1d(*(run.records.cases.key[run.leads] for run in runs), return_indices=True)
    before, learned = (run["fit"][row] for run, row in zip(runs, rows, strict=True))
    services = runs[0]["industry"][rows[0]] == runs[0].names.levels["industry"].index("services")
    np.testing.assert_allclose(learned - before, 0.15 * 0.65 * services, atol=1e-9)


@pytest.mark.parametrize(("step", "name"), [("note_response", FIRMS), ("judge", FIRMS), ("visited", HOMES)])
def test_every_touch_scores_anew(step, name):
    """After a call, a conversation or a visit the score is that of the interest which the touch has left."""
    run = Run(name)
    seen = 55 * run["fit"] + 45 * run["intent"] + run["score_error"]
    touched = run.came_to(step)
    assert touched.sum() > 300
    np.testing.assert_allclose(run["score"][touched], seen[touched], atol=1e-9)


@pytest.mark.parametrize(
    ("lift", "step"), [("touch_lift", "note_response"), ("touch_lift", "count_follow_up"), ("meeting_lift", "judge")]
)
def test_touches_lift_the_score(lift, step):
    """Where interest never cools, the same leads, touched in both runs, end with more of it by a lift than by none."""
    warm = {"attributes__intent__half_life": "36500 d"}
    runs = [Run(FIRMS, **warm, **{f"policies__{lift}": size}) for size in (0, 0.06)]
    touched = [run.records.cases.key[run.leads[run.came_to(step)]] for run in runs]
    _, *rows = np.intersect1d(*touched, return_indices=True)
    assert rows[0].size > 100
    for attribute, least in (("intent", 0.03), ("score", 1.0)):
        none, lifted = (run[attribute][run.came_to(step)][row] for run, row in zip(runs, rows, strict=True))
        assert lifted.mean() > none.mean() + least, attribute


def test_a_score_that_nobody_feeds_cools():
    """With a half-life of thirty days in place of ninety, those called after nurture and calls have a lower score."""
    usual, fast = Run(FIRMS), Run(FIRMS, attributes__intent__half_life="30 d")
    means = [run["score"][run.came_to("count_call")].mean() for run in (usual, fast)]
    assert means[1] < means[0] - 1
