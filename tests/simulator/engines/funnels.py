"""A small funnel from lead to cash with a knob for each change, and its figures counted from the records."""

from functools import cache

import numpy as np

from simulator.records import ACCOUNTS, TICKS
from tests.simulator.engines.toys import toy

FUNNEL = """
  horizon: {{length: 30 d}}
  attributes: {{worth: {{initial: {{uniform: {{low: 1, high: 3}}}}}}}}
  channels:
    web: {{process: p, rate: {rate} /d}}
    fair: {{process: p, drops: [{{date: 2024-01-05, leads: {drop}}}]}}
  teams:
    t: {{members: {{{people}}}, shifts: {shifts}}}
    back: {{head_count: 300, shifts: always}}
  processes:
    p:
      steps:
        call: {{kind: work, team: t, effort: {effort}, automation: {{share: {robot}}},
               patience: {{after: {patience}, to: tired}}, balk: {{at: {room}, to: away}}}}
        hold: {{kind: wait, duration: "{response} h"}}
        fit: {{kind: decide, outcomes: {{yes_: {{probability: "0.9 * exp(-age / 40)"}}, no_: {{to: unfit}}}}}}
        offer: {{kind: work, team: back, effort: {{exponential: 1 h}}, defect: {{probability: {defects}, to: offer}}}}
        deal: {{kind: decide, outcomes: {{yes_: {{probability: {win}}}, no_: {{to: lost}}}}}}
        book: {{kind: post, account: booked, amount: "worth * {price} EUR"}}
        bill: {{kind: post, account: invoiced, amount: "worth * {price} EUR"}}
        terms: {{kind: wait, duration: {terms} d}}
        late: {{kind: wait, duration: {{exponential: {delay} d}}}}
        pays: {{kind: decide, outcomes: {{never: {{probability: {default}, to: unpaid}}, now_: {{}}}}}}
        cash: {{kind: post, account: collected, amount: "worth * {price} EUR"}}
        won: {{kind: end, outcome: won}}
        unpaid: {{kind: end, outcome: unpaid}}
        lost: {{kind: end, outcome: lost}}
        unfit: {{kind: end, outcome: unfit}}
        away: {{kind: end, outcome: away}}
        tired: {{kind: end, outcome: tired}}
"""
USUAL = {
    "rate": 8, "drop": 0, "staff": 60, "speed": 1, "shifts": "always", "effort": 30, "spread": 2, "robot": 0,
    "patience": "999 d", "room": 9999, "response": 1, "win": 0.4, "defects": 0, "price": 100, "terms": 5, "delay": 2,
    "default": 0.1,
}  # fmt: skip


@cache
def funnel(**changes):
    """Program of the funnel with some knobs turned.

    Efforts vary by ``spread``: the 90th percentile over the median, or not at all where it is 0.
    """
    said = USUAL | changes
    effort, spread = said["effort"], said["spread"]
    drawn = f"{{lognormal: {{median: {effort} min, p90: {spread * effort} min}}}}" if spread else f"{effort} min"
    people = ", ".join(f"m{number}: {{speed: {said['speed']}}}" for number in range(said["staff"]))
    return toy(FUNNEL.format_map(said | {"effort": drawn, "people": people}))


def _at(program, records, step):
    return records.visits.step == program.names.steps.index(f"p.{step}")


def _ended(outcome):
    def count(program, records):
        return int((records.cases.outcome == program.names.outcomes.index(outcome)).sum())

    return count


def _posted(account):
    def cents(program, records):
        return int(records.postings.cents[records.postings.account == ACCOUNTS.index(account)].sum())

    return cents


def _visited(step):
    def count(program, records):
        return int(_at(program, records, step).sum())

    return count


def waiting(program, records):
    """Hours that all waited for the call; those who still wait at the end count up to there."""
    return int(records.waits.ticks.sum()) / TICKS


def slowest_start(program, records):
    """Longest time from coming to the start of the call."""
    visits, mine = records.visits, _at(program, records, "call")
    left = np.where(np.isnan(visits.started), records.end, visits.started)
    return float((left - visits.entered)[mine].max())


def served(program, records):
    """Calls that were made."""
    return int((_at(program, records, "call") & ~np.isnan(records.visits.finished)).sum())


def worked(program, records):
    """Hours that people worked."""
    visits = records.visits
    until = np.where(np.isnan(visits.finished), records.end, visits.finished)
    return float((until - visits.started)[visits.member >= 0].sum())


def receivables(program, records):
    """Cents that were invoiced and not collected by the end."""
    return _posted("invoiced")(program, records) - _posted("collected")(program, records)


def dso(program, records):
    """Days of sales that are open on the average: the area under the open invoices over what was invoiced."""
    postings = records.postings
    sign = np.select(
        [postings.account == ACCOUNTS.index("invoiced"), postings.account == ACCOUNTS.index("collected")], [1, -1], 0
    )
    area = (sign * postings.cents * (records.end - postings.time)).sum()
    return float(area / 24 / _posted("invoiced")(program, records))


KPIS = {
    "waiting": waiting,
    "slowest_start": slowest_start,
    "served": served,
    "worked": worked,
    "qualified": _visited("offer"),
    "orders": _visited("book"),
    "booked": _posted("booked"),
    "collected": _posted("collected"),
    "receivables": receivables,
    "dso": dso,
    "lost_waiting": _ended("tired"),
    "turned_away": _ended("away"),
}
"""Figures by name, each of a program and its records."""
