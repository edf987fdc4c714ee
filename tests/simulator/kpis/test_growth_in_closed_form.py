"""KPIs of customers, collection and scores where theory knows the answer, on simulated runs of thousands of cases."""

import functools
import math

import pytest

from simulator.engines.compiled_engine import simulate
from simulator.kpis.integrity import violations
from simulator.kpis.measures import measure
from tests.simulator.engines.toys import toy

CUSTOMERS = 4000
CONTRACTS = """
  horizon: {{warm_up: 1 d, length: 365 d}}
  attributes: {{yearly: {{measures: money, initial: 100 EUR}}}}
  channels: {{old: {{process: p, drops: [{{date: 2024-01-01, leads: {customers}}}]}}}}
  processes:
    p:
      steps:
        begin: {{kind: post, account: recurring, amount: yearly}}
        month: {{kind: wait, duration: 730 h}}
        again: {{kind: decide, marks: [renewal_due], outcomes: {{
                 go: {{probability: {churn}, to: gone}}, less: {{probability: {less}, to: less}},
                 more: {{probability: {more}, to: more}}, stay: {{to: month}}}}}}
        less: {{kind: set, values: {{yearly: before * 0.5}}}}
        cut: {{kind: post, account: recurring, amount: 0 - yearly, next: month}}
        more: {{kind: set, values: {{yearly: before * 1.5}}}}
        grow: {{kind: post, account: recurring, amount: yearly / 3, next: month}}
        gone: {{kind: post, account: recurring, amount: 0 - yearly, marks: [churned]}}
"""


@functools.cache
def contracts(**changes):
    """KPIs of customers who decide every month, twelve times in the year of the window."""
    said = {"customers": CUSTOMERS, "churn": "0 %", "less": "0 %", "more": "0 %"} | changes
    program = toy(CONTRACTS.format_map(said))
    records = simulate(program, 1, 0)
    assert violations(program, records) == []
    return measure(program, records).kpis


def within(value, expected, deviation):
    """Whether an estimate lies within four standard errors of what theory expects."""
    assert abs(value - expected) < 4 * deviation


@pytest.mark.parametrize("monthly", [0.008, 0.03])
def test_churn_of_a_constant_hazard(monthly):
    """Twelve decisions in a year leave (1 - p)^12 of the customers, and of their revenue."""
    kpis, left = contracts(churn=monthly), (1 - monthly) ** 12
    deviation = math.sqrt(left * (1 - left) / CUSTOMERS)
    within(kpis["churn_rate"], 1 - left, deviation)
    assert kpis["nrr"] == pytest.approx(1 - kpis["churn_rate"])
    assert kpis["grr"] == pytest.approx(kpis["nrr"])
    assert kpis["churned"] == pytest.approx(CUSTOMERS * kpis["churn_rate"])
    assert kpis["customers"] == CUSTOMERS - kpis["churned"]


def test_retention_with_known_expansion():
    """Each month a tenth of the customers grow by half: 1.05^12 of the revenue, and nobody is lost."""
    kpis = contracts(more="10 %")
    # The revenue of one has mean 1.05^12 and second moment (1 + 0.1 x 1.25)^12.
    mean, second = 1.05**12, 1.125**12
    within(kpis["nrr"], mean, math.sqrt((second - mean**2) / CUSTOMERS))
    assert (kpis["grr"], kpis["churn_rate"], kpis["expansion_share"]) == (1, 0, 1)


def test_retention_with_known_shrinking():
    """Each month a twentieth of the customers give up half: 0.975^12 remains, gross and net."""
    kpis = contracts(less="5 %")
    mean, second = 0.975**12, (1 - 0.05 * 0.75) ** 12
    within(kpis["nrr"], mean, math.sqrt((second - mean**2) / CUSTOMERS))
    assert kpis["grr"] == pytest.approx(kpis["nrr"])
    assert kpis["churn_rate"] == 0


BILLS = """
  horizon: {{warm_up: 60 d, length: 365 d}}
  channels: {{web: {{process: p, rate: 20 /d}}}}
  processes:
    p:
      steps:
        judge: {{kind: decide, outcomes: {{good: {{probability: 30 %}}, bad: {{to: score_bad}}}}}}
        score: {{kind: decide, marks: [relevant], outcomes: {{high: {{probability: 80 %, to: mql}},
                 low: {{to: bill}}}}}}
        score_bad: {{kind: decide, outcomes: {{high: {{probability: 20 %, to: mql}}, low: {{}}}}}}
        bill: {{kind: post, account: invoiced, amount: 100 EUR, marks: [invoiced]}}
        term: {{kind: wait, duration: 30 d}}
        over: {{kind: decide, marks: [due], outcomes: {{late: {{probability: {late}, to: delay}}, now_: {{to: cash}}}}}}
        mql: {{kind: decide, marks: [mql], outcomes: {{all: {{to: bill}}}}}}
        delay: {{kind: wait, duration: {{exponential: 20 d}}}}
        cash: {{kind: post, account: collected, amount: 100 EUR, marks: [paid]}}
"""


@functools.cache
def bills(late):
    """KPIs of invoices with a term of 30 days, of which some are paid 20 days late on the average."""
    program = toy(BILLS.format_map({"late": late}))
    return measure(program, simulate(program, 1, 0)).kpis


def test_who_pays_on_time_leaves_nothing_overdue():
    """All that is due comes in at once: an index of 100 %, DSO of the term, and nothing past due."""
    kpis = bills("0 %")
    assert (kpis["cei"], kpis["overdue_share"]) == (1, 0)
    assert kpis["ageing_current"] == kpis["receivables_open"] > 0
    assert kpis["dso"] == pytest.approx(30, rel=0.02)


def test_overdue_money_obeys_littles_law():
    """Half are paid 20 days late: 10 days of sales are overdue on the average, of 40 that are open.

    Of a month of 365 / 12 days that much is collected, beside 10 days that are late at its end.
    """
    kpis, month = bills("50 %"), 365 / 12
    assert kpis["dso"] == pytest.approx(40, rel=0.02)
    assert kpis["overdue_share"] == pytest.approx(10 / 40, rel=0.05)
    assert kpis["cei"] == pytest.approx(month / (month + 10), rel=0.03)
    invoices = 200 * (1 - math.exp(-1.5))
    within(kpis["ageing_1_30"], 100 * invoices, 100 * math.sqrt(invoices))


def test_precision_and_recall_of_a_known_score():
    """A score that sees 80 % of the good 30 % and takes 20 % of the others for good: recall 0.8, precision 24 / 38."""
    kpis = bills("0 %")
    assert kpis["score_recall"] == pytest.approx(0.8, abs=4 * math.sqrt(0.16 / 2190))
    assert kpis["score_precision"] == pytest.approx(0.24 / 0.38, abs=4 * math.sqrt(0.24 / 2774))
