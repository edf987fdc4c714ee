"""A small company to compute by hand, and a diary in which its cases are written down as records."""

import copy
from operator import itemgetter
from typing import get_args

import numpy as np
import pytest

from simulator.kpis.measures import measure
from simulator.program.compiler import compile_scenario
from simulator.records import ACCOUNTS, TEAM_CAUSES, TICKS, Cases, Postings, Records, Visits, Waits
from simulator.schema.scenario import Scenario
from simulator.schema.steps import Milestone

COMPANY = {
    "caudal": 1,
    "name": "Company",
    # A Monday: hour 0 is midnight, the window runs from hour 168 to hour 504, two whole weeks.
    "horizon": {"start": "2024-01-01", "warm_up": "7 d", "length": "14 d", "currency": "EUR"},
    "stages": {"contact": "Contact", "offer": "Offer", "order": "Order"},
    "segments": {"small": {}, "large": {"label": "Large firms"}},
    "channels": {
        "web": {"process": "deal", "rate": "100 /year", "cost_per_lead": "20 EUR", "fixed_cost": "2 EUR/h"},
        "referral": {"process": "deal"},
    },
    "teams": {
        "sales": {
            "cost_centre": "acquisition",
            "cost": "30 EUR/h",
            "shifts": "Mon-Fri 09:00-17:00",
            "members": {"ann": {}, "bob": {"shifts": "Mon 09:00-17:00"}},
        },
        "fitters": {"head_count": 1, "cost_centre": "delivery", "cost": "1 EUR/h", "shifts": "always"},
    },
    "overheads": {"rent": {"cost": "0.5 EUR/h"}},
    "tools": {"planner": {"licence": "1 EUR/h", "set_up": "500 EUR", "start": "2024-01-15", "cost_centre": "delivery"}},
    "cost_of_finance": "10 %",
    "processes": {
        "deal": {
            "steps": {
                "call": {
                    "kind": "work",
                    "team": "sales",
                    "effort": "1 h",
                    "stage": "contact",
                    "marks": ["first_response"],
                },
                "offer": {"kind": "work", "team": "sales", "effort": "1 h", "stage": "offer"},
                "think": {"kind": "wait", "duration": "1 d"},
                "order": {
                    "kind": "post",
                    "account": "booked",
                    "amount": "1000 EUR",
                    "stage": "order",
                    "marks": ["order"],
                },
                "deliver": {"kind": "spawn", "process": "delivery"},
                "won": {"kind": "end", "outcome": "won", "result": "won"},
                "lost": {"kind": "end", "outcome": "lost", "result": "lost"},
            }
        },
        "delivery": {
            "steps": {
                "fit": {"kind": "work", "team": "fitters", "effort": "4 h", "marks": ["delivered"]},
                "parts": {"kind": "post", "account": "cost", "amount": "100 EUR"},
                "invoice": {"kind": "post", "account": "invoiced", "amount": "1000 EUR", "marks": ["invoiced"]},
                "term": {"kind": "wait", "duration": "2 d", "cause": "schedule"},
                "cash": {"kind": "post", "account": "collected", "amount": "1000 EUR", "marks": ["paid"]},
                "done": {"kind": "end", "outcome": "done"},
            }
        },
    },
}


@pytest.fixture
def company():
    """Make the program of the company, with changes to its file."""

    def build(**changes):
        text = copy.deepcopy(COMPANY)
        for place, value in changes.items():
            *path, last = place.split("__")
            node = text
            for key in path:
                node = node[key]
            node[last] = value
        return compile_scenario(Scenario.model_validate(text))

    return build


@pytest.fixture
def program(company):
    """The company as it stands."""
    return company()


@pytest.fixture
def facts(company, diary_of):
    """An empty diary of the company with a step for each milestone, ``facts.mql``, and one to post on, ``facts.post``;
    a customer's ``mood`` is its satisfaction.
    """
    steps = {name: {"kind": "join", "marks": [name]} for name in get_args(Milestone)}
    steps["post"] = {"kind": "post", "account": "recurring", "amount": "1 EUR"}

    def opened(**changes):
        mood = {"mood": {"role": "satisfaction"}}
        return diary_of(company(processes__facts={"steps": steps}, attributes=mood, **changes))

    return opened


class Diary:
    """Cases written down one by one; steps, channels, members and accounts by name, moments in hours."""

    def __init__(self, program):
        self.program = program
        self.cases, self.visits, self.waits, self.postings = [], [], [], []
        self.moods, self.values = {}, {}

    def case(self, born, ended=None, *, channel="web", segment="small", parent=None, outcome=None, process=None):
        """A lead or, with a parent, a child in its journey; returns its row."""
        names, row = self.program.names, len(self.cases)
        lead = parent is None
        self.cases.append((
            row,
            names.processes.index(process or ("deal" if lead else "delivery")),
            names.channels.index(channel) if lead else -1,
            -1 if lead else parent,
            row if lead else self.cases[parent][4],
            born,
            ended,
            names.outcomes.index(outcome or "lost") if ended is not None else -1,
            names.segments.index(segment) if names.segments else 0,
        ))  # fmt: skip
        return row

    def visit(self, case, step, entered, started=None, finished=None, member=None, **waits):
        """One visit to a step; ``waits`` are hours by cause; returns its row."""
        names, row = self.program.names, len(self.visits)
        worker = names.members.index(member) if member else -1
        self.visits.append((case, names.steps.index(step), entered, started, finished, worker, -1))
        if waits:
            self.waits.append((row, [round(waits.get(cause, 0) * TICKS) for cause in TEAM_CAUSES]))
        return row

    def passing(self, case, step, moment):
        """A visit to a step that takes no time."""
        return self.visit(case, step, moment, moment, moment)

    def tell(self, moment, case, *marks):
        """Visits to the steps of milestones, all at one moment."""
        for mark in marks:
            self.passing(case, f"facts.{mark}", moment)

    def books(self, case, *entries):
        """Postings of a case: account, moment and amount of each."""
        for account, moment, amount in entries:
            self.post(moment, case, "facts.post", account, amount)

    def post(self, time, case, step, account, amount):
        """One posting, in currency units."""
        place = self.program.names.steps.index(step)
        self.postings.append((time, case, place, ACCOUNTS.index(account), round(amount * 100)))

    def records(self):
        """Everything written down, as the engines leave it behind."""
        columns = [_columns(rows, kinds) for rows, kinds in (
            (self.visits, "iifffii"), (self.waits, "ik"), (sorted(self.postings, key=itemgetter(0)), "fiiik"),
            (self.cases, "kiiiiffif"),
        )]  # fmt: skip
        visits, (visit, ticks), postings, (*cases, segment) = columns
        attributes = np.zeros((len(self.cases), max(1, len(self.program.names.attributes))))
        attributes[:, 0] = segment
        for row, mood in self.moods.items():
            attributes[row, self.program.satisfaction] = mood
        for (row, name), value in self.values.items():
            attributes[row, self.program.names.attributes.index(name)] = value
        waits = Waits(visit, ticks.reshape(-1, len(TEAM_CAUSES)))
        return Records(Visits(*visits), waits, Postings(*postings), Cases(*cases, attributes), self.program.end)


def _columns(rows, kinds):
    types = {"i": np.int32, "k": np.int64, "f": np.float64}
    return [np.array([row[place] for row in rows], types[kind]) for place, kind in enumerate(kinds)]


@pytest.fixture
def diary(program):
    """An empty diary of the company."""
    return Diary(program)


@pytest.fixture
def diary_of():
    """Open an empty diary for a program."""
    return Diary


@pytest.fixture
def kpis_of():
    """Measure what a diary says."""

    def measured(diary):
        return measure(diary.program, diary.records()).kpis

    return measured


@pytest.fixture
def pictures_of():
    """The small arrays of what a diary says."""

    def measured(diary):
        return measure(diary.program, diary.records()).pictures

    return measured
