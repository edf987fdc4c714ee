import math

import numpy as np
import pytest

from simulator.engines.compiled_engine import simulate
from simulator.experiment.plan import Plan
from simulator.experiment.replications import compiled
from simulator.kpis.integrity import violations
from simulator.kpis.measures import measure
from simulator.kpis.money import RECEIVABLE
from simulator.kpis.reconciliation import money_is_conserved, postings_come_from_visits, settles_ahead
from simulator.records import ACCOUNTS
from simulator.schema.loading import load_scenario
from simulator.schema.register import assumptions
from simulator.schema.shipped import shipped

BUSINESS = sorted(name for name in shipped() if not name.startswith("theory/"))
"""Scenarios with figures of a business; those of theory have closed forms instead of sources."""
BASELINES = sorted(name for name in BUSINESS if name.startswith("baselines/"))
SOLD_ONCE = ("baselines/b2c_home_improvement", "baselines/ro_distributor")
"""Baselines without contracts, whose invoices are those of what was ordered."""
OWED = {"invoice": "amount", "trade_order": "order_value", "instalment_plan": "left", "subscription": "arr"}
"""What a case carries of its invoice until it is settled, by process; by card a twelfth of the year is charged."""


def test_a_baseline_and_three_what_ifs_are_shipped():
    """The first things a new user opens are there."""
    expected = {"baselines/pt_installation", "whatifs/two_more_sdrs", "whatifs/instant_routing", "whatifs/quoting_tool"}
    assert expected <= set(BUSINESS)


@pytest.mark.slow
@pytest.mark.parametrize("name", BUSINESS)
def test_a_shipped_scenario_runs_and_obeys_all_laws(name):
    """The whole horizon of each shipped file leaves records that break no law, finite KPIs and books that agree."""
    program = compiled(load_scenario(name), Plan(replications=1))
    records = simulate(program, 1, 0)
    assert violations(program, records) == []
    kpis = measure(program, records).kpis
    assert kpis["leads"] > 0
    assert not [kpi for kpi, value in kpis.items() if math.isinf(value)]
    ages = [value for kpi, value in kpis.items() if kpi.startswith("ageing_")]
    assert np.nansum(ages) == pytest.approx(kpis["receivables_open"], abs=0.01)


@pytest.mark.slow
@pytest.mark.parametrize("name", BASELINES)
def test_all_that_is_invoiced_is_settled_or_carried_by_a_case_that_is_about_to_settle_it(name):
    """To the cent, nothing exempt: the amounts that unpaid cases carry are the balance of the ledger, one by one."""
    program = compiled(load_scenario(name), Plan(replications=1))
    records = simulate(program, 1, 0)
    cases, visits, postings = records.cases, records.visits, records.postings
    case = visits.case[np.isnan(visits.finished) & settles_ahead(program.tables)[visits.step]]
    carried, balance = np.zeros((2, cases.root.size), np.int64)
    for process, attribute in OWED.items():
        if process in program.names.processes:
            mine = case[cases.process[case] == program.names.processes.index(process)]
            amount = cases.attributes[mine, program.names.attributes.index(attribute)]
            carried[mine] = np.rint(100 * amount / (12 if process == "subscription" else 1))
    np.add.at(balance, postings.case, RECEIVABLE[postings.account] * postings.cents)
    by_journey = [np.bincount(cases.root, each, cases.root.size) for each in (carried, balance)]
    assert case.size > 0
    assert np.array_equal(*by_journey)


@pytest.mark.slow
@pytest.mark.parametrize("name", BASELINES)
def test_a_payment_that_is_lost_doubled_or_a_cent_short_is_seen(name):
    """Of customers who are still there, who are most: each of some payments is missed; an instalment that is a cent
    short is seen when the last one is paid.
    """
    program = compiled(load_scenario(name), Plan(replications=1))
    records = simulate(program, 1, 0)
    cases, postings = records.cases, records.postings
    alive = np.bincount(cases.root, np.isnan(cases.ended))[cases.root[postings.case]] > 0
    rows = np.flatnonzero(alive & (RECEIVABLE[postings.account] < 0) & (postings.cents > 0))

    def told(law, change):
        broken = type(postings)(*(change(column) for column in postings))
        return law(program, records._replace(postings=broken))

    for row in rows[:: rows.size // 4]:
        assert told(postings_come_from_visits, lambda column, row=row: np.delete(column, row))
        assert told(postings_come_from_visits, lambda column, row=row: np.insert(column, row, column[row]))
        short = postings.cents - (np.arange(postings.cents.size) == row)
        if program.names.steps[postings.step[row]] != "instalment_plan.instalment":
            assert money_is_conserved(program, records._replace(postings=postings._replace(cents=short)))


@pytest.mark.slow
@pytest.mark.parametrize("name", BASELINES)
def test_a_baseline_comes_to_nearly_all_of_its_steps(name):
    """Renewal, churn, disputes and write-offs happen within the horizon: three runs leave out a tenth of the steps."""
    program = compiled(load_scenario(name), Plan(replications=3))
    seen = np.unique(np.concatenate([simulate(program, 1, number).visits.step for number in range(3)]))
    never = sorted(set(program.names.steps) - {program.names.steps[step] for step in seen})
    assert len(never) <= 0.1 * len(program.names.steps), never


@pytest.mark.slow
@pytest.mark.parametrize("name", SOLD_ONCE)
def test_what_is_booked_is_invoiced_in_the_end(name):
    """Where no case with money is open, a journey has invoiced to the cent what it booked, interest apart."""
    program = compiled(load_scenario(name), Plan(replications=1))
    records = simulate(program, 1, 0)
    cases, postings = records.cases, records.postings
    bills = np.unique(cases.process[postings.case])
    going_on = np.bincount(cases.root, np.isnan(cases.ended) & np.isin(cases.process, bills), cases.root.size) > 0
    interest = [number for number, step in enumerate(program.names.steps) if step.endswith(".interest")]

    def posted(account):
        rows = (postings.account == ACCOUNTS.index(account)) & ~np.isin(postings.step, interest)
        return np.bincount(cases.root[postings.case[rows]], postings.cents[rows], cases.root.size)

    over = (posted("booked") > 0) & ~going_on
    assert over.sum() > 20
    assert np.abs(posted("invoiced") - posted("booked"))[over].max() <= 1


@pytest.mark.parametrize("name", BUSINESS)
def test_every_number_says_where_it_comes_from(name):
    """Each number has a source and a grade, its own or that of the block around it."""
    loaded = load_scenario(name)
    rows = assumptions(loaded.scenario, loaded.unsourced)
    assert len(rows) > 40
    assert [row.path for row in rows if not row.source or row.grade not in set("ABCD")] == []


@pytest.mark.parametrize("name", BUSINESS)
def test_an_own_assumption_states_how_far_it_may_be_off(name):
    """Each price, share, time and policy that is nobody's but ours carries a range for sensitivity studies."""
    loaded = load_scenario(name)
    rows = [row for row in assumptions(loaded.scenario, loaded.unsourced) if row.grade == "D"]
    sections = ("policies.", "overheads.", "tools.", "cost_of_finance")
    money = ("cost", "licence", "set_up", "probability", "effort", "rate", "coefficient", "availability")
    business = [row for row in rows if row.path.startswith(sections) or row.path.endswith(money)]
    drops = [row for row in business if ".drops[" in row.path]
    assert len(business) > 20
    assert [row.path for row in business if row.range is None and row not in drops] == []


@pytest.mark.parametrize("name", BUSINESS)
def test_what_we_set_or_split_ourselves_is_no_evidence(name):
    """A number whose note says that we split or set it has the grade of an own assumption, whatever its source."""
    loaded = load_scenario(name)
    ours = ("our assumption", "our own", "our split", "set so", "set with", "so that", "on the odds; a third")
    rows = [
        row for row in assumptions(loaded.scenario, loaded.unsourced) if any(say in row.note.lower() for say in ours)
    ]
    assert [row.path for row in rows if row.grade != "D"] == []


@pytest.mark.parametrize("name", BUSINESS)
def test_every_source_that_is_listed_is_cited(name):
    """The list of sources holds no title that no number refers to."""
    loaded = load_scenario(name)
    text = "\n".join(path.read_text(encoding="utf-8") for path in loaded.files)
    assert [key for key in loaded.scenario.sources if text.count(key) < 2] == []


@pytest.mark.parametrize("name", BUSINESS)
def test_all_steps_teams_and_channels_have_names_for_people(name):
    """What screens and reports show is words, not keys."""
    scenario = load_scenario(name).scenario
    shown = [
        *scenario.teams.values(),
        *scenario.channels.values(),
        *scenario.processes.values(),
        *scenario.tools.values(),
    ]
    steps = [step for process in scenario.processes.values() for step in process.steps.values() if step.kind != "end"]
    assert all(part.label for part in (*shown, *steps))
