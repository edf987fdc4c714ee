import numpy as np
import pytest

from simulator.engines.choice import engine_of
from simulator.experiment.plan import Plan
from simulator.experiment.replications import compiled, run, run_all
from simulator.kpis.integrity import violations
from simulator.records import ACCOUNTS
from simulator.schema.loading import load_changed, load_scenario
from tests.scenarios.published import meets, table
from tests.scenarios.published_trade import PURCHASES, TO_PAY, purchase_study

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
ALONE = ("processes/purchase_to_pay", "processes/lead_to_order", "processes/order_to_pay")
WHOLE = """
caudal: 1
name: Parts are bought
based_on: baselines/pt_installation
parts: [library/purchase_to_pay]
horizon: {warm_up: 26 wk, length: 26 wk}
processes:
  lead:
    steps:
      parts:
        kind: spawn
        label: Buy the parts
        process: purchase
        joined: true
        values: {purchase_value: deal_value * material_share}
      parts_here: {kind: join, after: parts, label: Until the parts are here, cause: schedule}
      material: null
teams:
  purchasing: {label: Purchasing, head_count: 1, cost: 17 EUR/h}
  warehouse: {label: Warehouse, head_count: 1, cost: 12 EUR/h}
"""


@pytest.mark.parametrize("published", TO_PAY, ids=lambda published: published.label)
def test_purchase_to_pay_lies_in_the_published_range(published):
    """Time, cost, exceptions and straight-through invoices are as published."""
    study = purchase_study(Plan(replications=8, jobs=1))
    assert meets(published, study), table(study, TO_PAY)


@pytest.mark.parametrize("name", ALONE)
def test_a_process_runs_alone_without_overload(name):
    """The process has people enough, and its last stage is reached."""
    study = run(load_scenario(name), Plan(replications=2, jobs=1))
    assert not [warning for warning in study.warnings if "overloaded" in warning]
    assert (study.samples[f"reached_{study.names.stages[-1]}"] > 0).all()


def test_what_is_owed_to_suppliers_is_paid():
    """Each supplier invoice is paid once, with what was owed, on a Monday or Thursday at 17:00."""
    program = compiled(load_scenario(PURCHASES), Plan(replications=1))
    records = engine_of("compiled")(program, 1, 0)
    assert violations(program, records) == []
    owed, paid = (records.postings.account == ACCOUNTS.index(name) for name in ("cost", "paid"))
    owed &= records.postings.step == program.names.steps.index("supplier_invoice.owe")
    amounts = dict(zip(records.postings.case[owed], records.postings.cents[owed], strict=True))
    assert len(set(records.postings.case[paid])) == paid.sum() > 1000
    assert all(
        amounts[case] == cents
        for case, cents in zip(records.postings.case[paid], records.postings.cents[paid], strict=True)
    )
    week = records.postings.time[paid] % 168  # The run begins on a Monday.
    assert set(np.round(week, 6)) <= {17.0, 3 * 24 + 17.0}


def test_approval_follows_the_matrix():
    """What is small nobody approves, what is large two do, what lies between one does; a refusal is no signature."""
    program = compiled(load_scenario(PURCHASES), Plan(replications=1))
    records = engine_of("compiled")(program, 1, 0)
    assert (records.visits.step == program.names.steps.index("purchase.revise")).sum() > 20
    ours = (records.cases.process == program.names.processes.index("purchase")) & ~np.isnan(records.cases.ended)
    value, approvals = (
        records.cases.attributes[ours, program.names.attributes.index(name)] for name in ("purchase_value", "approvals")
    )
    assert (approvals == np.where(value <= 1000, 0, np.where(value <= 10_000, 1, 2))).all()


def test_fewer_exceptions_never_lengthen_an_invoice():
    """With the exceptions of the best, under 5 %, invoices are cleared sooner, in each replication."""
    loaded = load_scenario(PURCHASES)
    path = "processes.supplier_invoice.steps.match.outcomes.exception.probability"
    before, after = run_all([loaded, load_changed(loaded, {path: "4 %"})], Plan(replications=3, jobs=1))
    assert (after.samples["stage_time_invoice_in_mean"] < before.samples["stage_time_invoice_in_mean"]).all()
    assert (after.samples["utilisation_finance"] < before.samples["utilisation_finance"]).all()


def test_purchase_to_pay_runs_inside_the_whole(tmp_path):
    """An installation that buys its parts through the process installs once they are there, and pays its suppliers."""
    path = tmp_path / "whole.yaml"
    path.write_text(WHOLE, encoding="utf-8")
    program = compiled(load_scenario(path), Plan(replications=1))
    records = engine_of("compiled")(program, 1, 0)
    assert violations(program, records) == []
    steps, visits = program.names.steps, records.visits
    cases = {
        step: set(visits.case[(visits.step == steps.index(step)) & ~np.isnan(visits.finished)])
        for step in ("lead.parts", "lead.parts_here", "purchase.place_order", "supplier_invoice.pay")
    }
    assert len(cases["lead.parts"]) > 20
    assert cases["lead.parts_here"] <= cases["lead.parts"]
    bought = {records.cases.parent[case] for case in cases["purchase.place_order"]}
    assert cases["lead.parts_here"] <= bought <= cases["lead.parts"]
    assert len(cases["supplier_invoice.pay"]) > 10


def test_the_orders_of_one_process_are_those_that_another_delivers():
    """Order to pay has the steps of the whole from the order on, and lead to order those before it."""
    whole = load_scenario("baselines/pt_installation").scenario.processes["lead"].steps
    first, second = (load_scenario(name).scenario.processes["lead"].steps for name in ALONE[1:])
    assert first.keys() | second.keys() <= whole.keys()
    assert first.keys() & second.keys() == {"order"}
