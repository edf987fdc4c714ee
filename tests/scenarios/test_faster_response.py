"""Lead by lead: whoever is called sooner qualifies in every case in which the lead called later does."""

from functools import cache
from itertools import pairwise

import numpy as np
import pytest

from simulator.engines.compiled_engine import simulate
from simulator.experiment.plan import Plan
from simulator.experiment.replications import compiled
from simulator.schema.loading import load_changed, load_scenario

HANDS = "{head_count: 200, shifts: always, works_holidays: true, annual_leave: 0}"
ANSWER = f"""
caudal: 1
name: Hands enough
description: Nobody waits for anybody and nothing is put aside, so that the response is what the policy says.
based_on: processes/lead_to_order
horizon: {{warm_up: 0 d, length: 40 wk}}
policies: {{answer_after: 0 h, put_aside: 0 %}}
teams: {{marketing: {HANDS}, sdr: {HANDS}, sales: {HANDS}, engineering: {HANDS}, direction: {HANDS}}}
processes:
  lead:
    steps:
      until_called: {{after: taken, kind: wait, label: Until the call, duration: answer_after}}
"""
DELAYS = ("0 h", "30 min", "4 h", "24 h", "60 h")


@pytest.fixture(scope="module")
def qualified(tmp_path_factory):
    """Keys of the leads that became SQLs, by delay and replication."""
    path = tmp_path_factory.mktemp("answer") / "answer.yaml"
    path.write_text(ANSWER, encoding="utf-8")
    base = load_scenario(path)

    @cache
    def keys(delay, replication, credit="50 %"):
        changes = {"policies.answer_after": delay, "policies.speed_credit": credit}
        program = compiled(load_changed(base, changes), Plan(replications=1))
        records = simulate(program, 1, replication)
        visits = records.visits
        rows = visits.step == program.names.steps.index("lead.meeting_wait")
        assert not (visits.step == program.names.steps.index("lead.remind_caller")).any()
        return frozenset(np.unique(records.cases.key[visits.case[rows]]).tolist())

    return keys


@pytest.mark.parametrize("replication", range(3))
def test_a_faster_response_loses_no_qualified_lead(qualified, replication):
    """The SQLs at a slower response are among those at a faster one, to the last lead, and fewer."""
    found = [qualified(delay, replication) for delay in DELAYS]
    assert all(slower <= faster for faster, slower in pairwise(found))
    assert len(found[0]) > 1.1 * len(found[-1]) > 30


def test_without_credit_for_speed_only_cooling_interest_is_lost(qualified):
    """Where speed itself is worth nothing, days cost some SQLs, but far fewer than with the published curve."""
    with_credit, without = (
        [len(qualified(delay, 0, credit)) for delay in (DELAYS[0], DELAYS[-1])] for credit in ("50 %", "0 %")
    )
    assert without[0] >= without[1] > 0.95 * without[0]
    assert with_credit[1] < 0.9 * with_credit[0]
