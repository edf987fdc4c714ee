"""What becomes of an order whose deposit never comes."""

import numpy as np
import pytest

from simulator.engines.compiled_engine import simulate
from simulator.experiment.plan import Plan
from simulator.experiment.replications import compiled
from simulator.kpis.integrity import violations
from simulator.records import ACCOUNTS
from simulator.schema.loading import load_changed, load_scenario


def orders(program, records, step):
    """Orders that came to a step."""
    return set(records.visits.case[records.visits.step == program.names.steps.index(step)])


@pytest.mark.slow
def test_nothing_is_ordered_for_a_deposit_that_was_given_up():
    """With customers who pay ten months late, orders whose deposit is written off end there, with no more booked than
    invoiced, and the others go on.
    """
    loaded = load_changed(load_scenario("processes/order_to_pay"), {"attributes.lateness.initial": "300 d"})
    program = compiled(loaded, Plan(replications=1))
    records = simulate(program, 1, 0)
    cases, names = records.cases, program.names
    assert violations(program, records) == []
    given_up = cases.parent[cases.outcome == names.outcomes.index("bad_debt")]
    parts, waited = orders(program, records, "lead.parts"), orders(program, records, "lead.deposit_there")
    called_off = set(np.flatnonzero(cases.outcome == names.outcomes.index("called_off")))
    assert len(called_off) > 20
    assert called_off == (waited - parts)
    assert called_off <= set(given_up)
    posted = {}
    for account in ("booked", "invoiced"):
        rows = records.postings.account == ACCOUNTS.index(account)
        journey, cents = cases.root[records.postings.case[rows]], records.postings.cents[rows]
        posted[account] = np.bincount(journey, cents, cases.root.size)
    assert np.abs(posted["booked"] - posted["invoiced"])[list(called_off)].max() <= 1
    first = {}
    for case in np.flatnonzero(cases.process == names.processes.index("invoice")):
        first.setdefault(cases.parent[case], cases.outcome[case])
    assert all((first[order] == names.outcomes.index("bad_debt")) == (order in called_off) for order in waited)
