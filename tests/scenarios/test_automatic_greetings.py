"""What becomes of the contact routine once a tool sends the greetings."""

import numpy as np
import pytest

from simulator.engines.choice import engine_of
from simulator.experiment.plan import Plan
from simulator.experiment.replications import compiled, run_all
from simulator.schema.loading import load_scenario

pytestmark = pytest.mark.slow
PLAN = Plan(replications=4, jobs=1)


def test_automatic_greetings_forget_nobody_and_save_time():
    """More contacts, less work for support; what they add to satisfaction is less than by hand."""
    base, tool = run_all(
        [load_scenario("baselines/pt_installation"), load_scenario("whatifs/automatic_greetings")], PLAN
    )
    assert (tool.samples["utilisation_support"] < base.samples["utilisation_support"]).all()
    assert (tool.samples["satisfaction"] < base.samples["satisfaction"]).all()
    assert (tool.samples["cost_service"] > base.samples["cost_service"]).all()


def test_check_ups_stay_with_people():
    """Of the greetings that go out once the tool is adopted it does nearly all, of the check-up calls none."""
    program = compiled(load_scenario("whatifs/automatic_greetings"), PLAN)
    visits = engine_of("compiled")(program, 1, 0).visits
    late = (visits.entered > program.warm_up + 60 * 24) & ~np.isnan(visits.finished)
    greeting, call = (
        late & (visits.step == program.names.steps.index(f"contact.{step}")) for step in ("contact", "check_up_call")
    )
    assert (visits.member[greeting] < 0).mean() > 0.9
    assert call.sum() > 50
    assert (visits.member[call] >= 0).all()
