"""Random scenarios: the engine never fails, records obey all laws, and waits have the causes that an oracle sees."""

import os

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from simulator.engines.simpy_engine import simulate
from simulator.errors import CaudalError
from simulator.kpis.integrity import violations
from simulator.program.layout import Kind
from simulator.records import TEAM_CAUSES, first_difference
from tests.simulator.engines.oracle import causes_of
from tests.simulator.engines.random_scenarios import RULES, scenarios
from tests.simulator.engines.toys import compiled

EXAMPLES = int(os.environ.get("CAUDAL_EXAMPLES", "80"))
"""Random scenarios a test; set CAUDAL_EXAMPLES to look harder."""
RANDOM = settings(
    max_examples=EXAMPLES, deadline=None, derandomize="CAUDAL_EXAMPLES" not in os.environ,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip
SEEDS = st.integers(0, 2**31)


def simulated(said, seed):
    """Program and records, None where a case goes round for ever, which random scenarios may say."""
    program = compiled(said)
    try:
        return program, simulate(program, seed, 1)
    except CaudalError as error:
        assert "without time passing" in str(error)  # noqa: PT017 - anything else is a defect
        return program, None


@pytest.mark.slow
@RANDOM
@given(scenarios(), SEEDS)
def test_every_random_scenario_obeys_all_laws(said, seed):
    """Cases, money, waits, queues and people, to the tick; and everything ends where the file lets it end."""
    program, records = simulated(said, seed)
    if records is None:
        return
    assert violations(program, records) == []
    assert np.all(np.diff(records.visits.entered) >= 0)
    assert len(set(records.cases.key.tolist())) == records.cases.key.size
    instants = ~np.isin(program.tables.steps["kind"][records.visits.step], (Kind.WORK, Kind.WAIT, Kind.JOIN))
    assert np.array_equal(records.visits.entered[instants], records.visits.finished[instants])


@pytest.mark.slow
@RANDOM
@given(scenarios(), SEEDS)
def test_the_same_seed_gives_the_same_records(said, seed):
    """To the last bit, from a program compiled anew."""
    (_, first), (_, second) = simulated(said, seed), simulated(said, seed)
    assert (first is None) == (second is None)
    assert first is None or first_difference(first, second) == ""


@pytest.mark.slow
def test_waits_are_for_the_causes_that_an_oracle_sees():
    """The oracle reads who worked when from the records, and who was there from the file, stretch by stretch."""
    seen = np.zeros(len(TEAM_CAUSES), np.int64)

    @RANDOM
    @given(scenarios(("first_available",) * 4 + RULES, leavers=False), SEEDS)
    def looked_at(said, seed):
        program, records = simulated(said, seed)
        if records is None:
            return
        for visit, ticks in zip(records.waits.visit.tolist(), records.waits.ticks.tolist(), strict=True):
            expected = causes_of(visit, said, program, records)
            if expected is not None:
                assert ticks == expected
                seen[:] += np.array(ticks) > 0

    looked_at()
    assert (seen >= 5).all(), dict(zip(TEAM_CAUSES, seen, strict=True))
