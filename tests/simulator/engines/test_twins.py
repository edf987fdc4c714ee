"""Twins: the two engines leave the same records to the last bit."""

import os
from functools import partial

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from simulator.engines import compiled_engine, simpy_engine
from simulator.engines.choice import engine_of
from simulator.errors import CaudalError
from simulator.kpis.measures import measure
from simulator.program.compiler import compile_scenario
from simulator.program.untraced import attributes_read, steps_read
from simulator.records import first_difference
from simulator.schema.loading import load_scenario
from simulator.schema.quantity import fixed
from simulator.schema.shipped import shipped
from tests.simulator.engines.random_scenarios import scenarios
from tests.simulator.engines.toys import compiled

RANDOM = settings(
    max_examples=int(os.environ.get("CAUDAL_EXAMPLES", "300")), deadline=None,
    derandomize="CAUDAL_EXAMPLES" not in os.environ,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip


def told(simulate, program, seed, replication):
    """Records of a run, or the sentence with which it refused."""
    try:
        return simulate(program, seed, replication)
    except CaudalError as error:
        return str(error)


def what_kpis_read(program, records):
    """Records without the visits and attributes that no KPI reads; waits name the rows that are left."""
    attributes = np.where(attributes_read(program), records.cases.attributes, 0.0)
    kept = steps_read(program)[records.visits.step]
    row = np.cumsum(kept) - 1
    visits = type(records.visits)(*(column[kept] for column in records.visits))
    waits = records.waits._replace(visit=row[records.waits.visit].astype(records.waits.visit.dtype))
    cases = records.cases._replace(attributes=attributes)
    return records._replace(visits=visits, waits=waits, cases=cases)


@pytest.mark.slow
@RANDOM
@given(scenarios(), st.integers(0, 2**31), st.integers(0, 100))
def test_random_scenarios_leave_the_same_records(said, seed, replication):
    """Every step kind, rule, discipline, calendar, patience, ownership, ramp, join, decay and simultaneous event."""
    program = compiled(said)
    record, twin = (told(engine.simulate, program, seed, replication) for engine in (simpy_engine, compiled_engine))
    brief = told(partial(compiled_engine.simulate, traced=False), program, seed, replication)
    if isinstance(record, str):
        assert record == twin == brief
    else:
        assert first_difference(record, twin) == ""
        assert first_difference(what_kpis_read(program, record), brief) == ""


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(shipped()))
def test_shipped_scenarios_leave_the_same_records(name):
    """On every file that ships: baselines over their whole time, all others over at most half a year."""
    loaded = load_scenario(name)
    horizon = loaded.scenario.horizon
    whole = fixed(horizon.warm_up) + fixed(horizon.length)
    if not name.startswith("baselines/"):
        hours = min(183 * 24.0, whole)
        horizon = type(horizon).model_validate({**dict(horizon), "warm_up": "0 d", "length": f"{hours!r} h"})
    program = compile_scenario(loaded.scenario.model_copy(update={"horizon": horizon}), loaded.folder, loaded.digest)
    record, twin = (engine.simulate(program, 7, 3) for engine in (simpy_engine, compiled_engine))
    assert first_difference(record, twin) == ""
    assert record.visits.case.size > 0
    assert program.end == whole or not name.startswith("baselines/")
    assert (
        first_difference(what_kpis_read(program, record), compiled_engine.simulate(program, 7, 3, traced=False)) == ""
    )


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(name for name in shipped() if name.startswith("baselines/")))
def test_kpis_do_not_need_the_trace(name):
    """Every KPI and every picture of a baseline is the same to the last bit without the trace, from half the visits."""
    loaded = load_scenario(name)
    program = compile_scenario(loaded.scenario, loaded.folder, loaded.digest)
    whole, brief = (engine_of("compiled", traced=traced)(program, 1, 0) for traced in (True, False))
    assert brief.visits.case.size < 0.6 * whole.visits.case.size
    one, other = measure(program, whole), measure(program, brief)
    np.testing.assert_equal(other.kpis, one.kpis)
    np.testing.assert_equal(other.pictures._asdict(), one.pictures._asdict())
