"""A toy firm that is simulated in a moment, and screens with nothing left over from other tests."""

import pytest
import streamlit as st

from simulator.experiment.plan import Plan
from workbench.jobs.request import Chosen, Request
from workbench.uploads import Uploads

TINY = b"""
caudal: 1
name: Tiny firm
description: Three people, small enough to be simulated in a moment.
horizon: {start: 2026-01-05, warm_up: 20 d, length: 60 d, currency: EUR}
stages: {lead: Lead, offer: Offer, cash: Cash}
channels:
  web: {label: Website, process: sale, rate: 8 /d, cost_per_lead: 12 EUR}
teams:
  sales: {label: Sales, head_count: 2, cost: 25 EUR/h, cost_centre: acquisition}
  office: {label: Office, head_count: 1, cost: 18 EUR/h}
processes:
  sale:
    steps:
      call: {label: First call, kind: work, stage: lead, team: sales, effort: 20 min, marks: [first_response]}
      fits: {kind: decide, outcomes: {fits: {probability: 40 %}, does_not: {to: lost}}}
      quote: {label: Write the quote, kind: work, stage: offer, team: sales, effort: 50 min, marks: [order]}
      book: {kind: post, account: invoiced, amount: 2 500 EUR, marks: [invoiced]}
      pays: {label: Customer pays, kind: wait, duration: {exponential: 5 d}}
      money: {kind: post, stage: cash, marks: [paid], account: collected, amount: 2 500 EUR}
      won: {kind: end, outcome: won, result: won}
      lost: {kind: end, outcome: lost, result: lost}
"""
MORE = b"""
caudal: 1
name: Tiny firm with a third seller
based_on: tiny.yaml
description: One more person in sales.
teams: {sales: {head_count: 3}}
"""


@pytest.fixture
def uploads():
    """The toy firm and a what-if of it, as a user would have brought them."""
    uploads = Uploads()
    uploads.add({"tiny.yaml": TINY, "more.yaml": MORE})
    return uploads


@pytest.fixture
def request_of(uploads):
    """Makes requests for the toy firm, against its what-if unless told otherwise."""

    def make(replications=2, alone=False, **plan):
        base, more = (Chosen(name, uploads.loaded[name]) for name in ("tiny.yaml", "more.yaml"))
        return Request(base, () if alone else (more,), Plan(replications=replications, **plan), (uploads,))

    return make


@pytest.fixture(autouse=True)
def no_server_state():
    """Jobs and caches of one test are not there in the next."""
    st.cache_resource.clear()
    st.cache_data.clear()
