"""What the shipped tools move, against the same leads, told from chance."""

import pytest

from simulator.experiment.intervals import t_interval
from simulator.experiment.plan import Plan
from simulator.experiment.replications import run_all
from simulator.schema.loading import load_scenario, load_with
from tests.scenarios.larger import larger
from tests.scenarios.tools_table import effects

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
BASELINE = "baselines/pt_installation"


@pytest.mark.parametrize("base", sorted({base for _, base in effects()}))
def test_a_tool_moves_its_main_kpi_to_the_side_stated(base):
    """In every scenario that it says it suits, over twelve replications of the same leads: beside zero."""
    assert not_moved(load_scenario(base), base, "small", 12) == {}


def test_a_tool_of_a_mid_size_firm_moves_the_same_kpi_there():
    """In a firm of twice the leads, customers and people, over six replications: the interval is beside zero."""
    assert not_moved(larger(load_scenario(BASELINE), 2), BASELINE, "mid", 6) == {}


def not_moved(bare, base, size, replications):
    """Tools whose paired interval of their main KPI does not lie on the side stated, each with it."""
    claims = {kind: effect for (kind, suited), effect in effects().items() if suited == base}
    laid = [load_with(bare, [f"tools/{kind}_{size}"]) for kind in claims]
    before, *after = run_all([bare, *laid], Plan(replications=replications, jobs=1))
    found = {}
    for (kind, (kpi, side)), study in zip(claims.items(), after, strict=True):
        moved = t_interval(study.samples[kpi] - before.samples[kpi])
        if not (moved.low > 0 if side == "higher" else moved.high < 0):
            found[kind] = moved
    return found
