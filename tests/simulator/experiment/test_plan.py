import math

import pytest

from simulator.errors import StudyError
from simulator.experiment.plan import Plan, available_processors, with_horizon
from simulator.schema.quantity import fixed

MISTAKES = [
    ({"replications": 0}, "the number of replications must lie between 1 and 100000, not 0"),
    ({"replications": 100_001}, "the number of replications must lie between 1 and 100000"),
    ({"replications": 2.5}, "the number of replications must be a whole number, not 2.5"),
    ({"replications": True}, "must be a whole number"),
    ({"seed": -1}, "the seed must lie between 0"),
    ({"seed": 2**63}, "the seed must lie between 0"),
    ({"jobs": 0}, "the number of jobs must lie between 1"),
    ({"jobs": 2, "cluster": "tcp://10.0.0.5:8786"}, "state a number of jobs or a cluster, not both"),
    ({"warm_up": -1.0}, "the warm-up must be a time of 0 h or more, not -1 h"),
    ({"warm_up": math.nan}, "the warm-up must be a time of 0 h or more"),
    ({"length": 0.0}, "the length must be a positive time, not 0 h"),
    ({"length": math.inf}, "the length must be a positive time"),
    ({"length": 2e6}, "the length must be at most 100 years, not 228"),
]


@pytest.mark.parametrize(("stated", "sentence"), MISTAKES)
def test_what_makes_no_sense_is_refused_in_a_sentence(stated, sentence):
    """Each impossible plan names the thing, the bounds and what was given."""
    with pytest.raises(StudyError, match=sentence):
        Plan(**stated)


@pytest.mark.parametrize("stated", [{}, {"seed": 0}, {"replications": 100_000}, {"warm_up": 0.0}, {"length": 0.5}])
def test_the_bounds_themselves_are_allowed(stated):
    """Values on the bounds make a plan."""
    assert Plan(**stated)


def test_without_jobs_every_processor_works():
    """The default is one worker for each processor that may be used."""
    assert Plan().workers == available_processors() >= 1
    assert Plan(jobs=3).workers == 3


def test_the_horizon_is_the_scenarios_own_unless_stated(toy):
    """A plan without warm-up and length leaves the scenario as it is."""
    assert with_horizon(toy.scenario, Plan()) is toy.scenario


def test_a_stated_horizon_replaces_only_what_it_states(toy):
    """Warm-up and length change each alone, and everything else stays."""
    changed = with_horizon(toy.scenario, Plan(warm_up=36.5))
    assert fixed(changed.horizon.warm_up) == 36.5
    assert changed.horizon.length == toy.scenario.horizon.length
    assert fixed(with_horizon(toy.scenario, Plan(length=1 / 3)).horizon.length) == 1 / 3
    assert changed.model_copy(update={"horizon": toy.scenario.horizon}) == toy.scenario
