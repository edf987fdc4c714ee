"""What customers of the firms buy besides, and what becomes of those who do not pay, told from records."""

from functools import cache

import numpy as np
import pytest

from simulator.engines.choice import engine_of
from simulator.experiment.plan import Plan
from simulator.experiment.replications import compiled, run_all
from simulator.kpis.integrity import violations
from simulator.records import ACCOUNTS
from simulator.schema.loading import load_changed, load_scenario

pytestmark = pytest.mark.slow
INSTALLER, CONTRACTS = "baselines/pt_installation", "baselines/b2b_saas"
OFFER = "processes.care.steps.offer.outcomes"
OFTEN = ((f"{OFFER}.interested.probability", "20 %"), (f"{OFFER}.another.probability", "20 %"))
"""Many offers, so that one run holds enough of either kind."""


@cache
def lived(name, changes=()):
    """Program and records of one replication, which obey all laws."""
    program = compiled(load_changed(load_scenario(name), dict(changes)), Plan(replications=1))
    records = engine_of("compiled")(program, 1, 0)
    assert violations(program, records) == []
    return program, records


def visited(name, changes, step):
    """Cases that came to a step, once for each time."""
    program, records = lived(name, changes)
    return records.visits.case[records.visits.step == program.names.steps.index(step)]


def attribute(name, changes, cases, what):
    """An attribute of some cases, as last set."""
    program, records = lived(name, changes)
    return records.cases.attributes[cases, program.names.attributes.index(what)]


def posted(name, changes, step):
    """Amounts posted at a step, in currency units, by case."""
    program, records = lived(name, changes)
    rows = records.postings.step == program.names.steps.index(step)
    return dict(zip(records.postings.case[rows].tolist(), records.postings.cents[rows] / 100, strict=True))


def test_another_product_is_sold_and_built_as_an_order_of_its_own():
    """It books 60 % of the first order and not 18 %, crews install it and support does not, and it is billed."""
    sold = posted(INSTALLER, OFTEN, "upsell.bought")
    cases = np.array(list(sold))
    another = attribute(INSTALLER, OFTEN, cases, "another_product") == 1
    assert min(another.sum(), (~another).sum()) > 20
    share = np.array(list(sold.values())) / attribute(INSTALLER, OFTEN, cases, "deal_value")
    np.testing.assert_allclose(share, np.where(another, 0.6, 0.18), atol=1e-5)
    assert set(visited(INSTALLER, OFTEN, "upsell.install_another")) <= set(cases[another])
    assert set(visited(INSTALLER, OFTEN, "upsell.extend")) <= set(cases[~another])
    finished = visited(INSTALLER, OFTEN, "upsell.expanded")
    assert finished.size > 20
    bills = posted(INSTALLER, OFTEN, "invoice.sent")
    parent = lived(INSTALLER, OFTEN)[1].cases.parent
    billed = {parent[case]: amount for case, amount in bills.items()}
    assert all(billed[case] == pytest.approx(sold[case], abs=0.01) for case in finished if case in billed)


def test_both_kinds_of_offer_compete_for_the_sellers_of_new_business():
    """Where most customers are offered something, those who have asked first wait longer for a seller."""
    base = load_scenario(INSTALLER)
    offers = {f"{OFFER}.{kind}.probability": "30 %" for kind in ("interested", "another")}
    few, many = run_all([base, load_changed(base, offers)], Plan(replications=2, jobs=1))
    assert (many.samples["utilisation_sales"] > few.samples["utilisation_sales"]).all()
    assert (many.samples["waiting_sales"] > few.samples["waiting_sales"]).all()
    assert (many.samples["upsells"] > few.samples["upsells"]).all()
    assert (many.samples["expansion_share"] > few.samples["expansion_share"]).all()


NEVER_PAID = (("processes.invoice.steps.collectable.outcomes.never.probability", "100 %"),)
"""Whatever is three months late is given up."""


def test_a_contract_whose_invoice_is_written_off_is_switched_off():
    """At the end of the quarter, with all of its recurring revenue, and nobody else is."""
    program, records = lived(CONTRACTS, NEVER_PAID)
    cases, names = records.cases, program.names
    bad = cases.outcome == names.outcomes.index("bad_debt")
    lost = cases.parent[bad]
    lost = np.unique(lost[cases.process[lost] == names.processes.index("subscription")])
    stopped = np.flatnonzero(cases.outcome == names.outcomes.index("payment_failed"))
    assert stopped.size > 10
    assert set(stopped) <= set(lost)
    gone = np.isin(cases.outcome[lost], [names.outcomes.index(end) for end in ("payment_failed", "churned")])
    heard = dict(zip(cases.parent[bad], cases.ended[bad], strict=True))
    early = np.array([heard[case] < records.end - 92 * 24 for case in lost])
    assert gone[early].all()
    rows = records.postings.account == ACCOUNTS.index("recurring")
    left = np.bincount(records.postings.case[rows], records.postings.cents[rows], cases.root.size)
    assert not left[stopped].any()


LATE = {"mix": [{"weight": "85 %", "fixed": "0 d"}, {"weight": "15 %", "fixed": "200 d"}], "source": "own assumption",
        "grade": "D", "range": ["0 d", "200 d"]}  # fmt: skip


def test_a_fee_that_was_written_off_is_not_renewed():
    """A customer whose last fee was given up leaves without being asked, and all others are asked."""
    changes = {"attributes.lateness.initial": LATE} | dict(NEVER_PAID)
    program = compiled(load_changed(load_scenario(INSTALLER), changes), Plan(replications=1))
    records = engine_of("compiled")(program, 1, 0)
    visits, step = records.visits, program.names.steps.index
    asked = visits.step == step("care.in_arrears")
    refused = visits.next[asked] == step("care.left")
    defaulted = records.cases.attributes[visits.case[asked], program.names.attributes.index("defaulted")] == 1
    assert refused.sum() > 10
    assert defaulted[refused].all()
    final = np.isin(visits.case[asked], visits.case[visits.step == step("care.renewal")])
    assert final[~refused].all()


@pytest.mark.parametrize("name", [INSTALLER, CONTRACTS])
def test_who_never_pays_is_no_customer_for_long(name):
    """Where all that is three months late is given up more leave than where nothing is, in the sum of three years."""
    base = load_scenario(name)
    path = NEVER_PAID[0][0]
    kind, harsh = run_all(
        [load_changed(base, {path: share}) for share in ("0 %", "100 %")], Plan(replications=3, jobs=1)
    )
    assert harsh.samples["written_off"].sum() > kind.samples["written_off"].sum()
    assert harsh.samples["churned"].sum() > kind.samples["churned"].sum()
