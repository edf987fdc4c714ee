"""The weighted pipeline: what cases at a step went on to post, times the cases that stand there."""

import numpy as np
import pytest

from simulator.engines.simpy_engine import simulate
from simulator.experiment.forecast.naive import weighted_pipeline, weights_by_step
from simulator.schema.pipeline import OpenCase
from tests.simulator.engines.toys import toy

TWO_FATES = """
  attributes: {x: {}}
  channels:
    good: {process: p, interval: 10 h, stops: 35 h, brings: {x: 100}}
    bad: {process: p, interval: 30 h, stops: 35 h}
  processes:
    p:
      steps:
        call: {kind: wait, duration: 1 h}
        fate: {kind: decide, outcomes: {won: {when: x > 0, to: book}, lost: {to: end}}}
        book: {kind: post, account: booked, amount: x * 1 EUR}
        bill: {kind: spawn, process: q, joined: true}
        paid: {kind: join}
        end: {kind: end, outcome: over}
    q:
      steps:
        term: {kind: wait, duration: 2 h}
        money: {kind: post, account: collected, amount: x * 0.9 EUR}
        over: {kind: end, outcome: paid}
"""
"""Three who book 100 and pay 90, and one who books nothing."""


def case(process, step, parent=""):
    """An open case at a step."""
    return OpenCase.model_validate({"process": process, "step": step, "age": "1 h", "parent": parent})


@pytest.fixture(scope="module")
def weighed():
    """Program and weights of the toy."""
    program = toy(TWO_FATES)
    return program, weights_by_step(program, simulate(program, 1, 0))


def test_a_step_weighs_what_cases_posted_after_it(weighed):
    """Three in four who are called book; whoever waits for the money has booked already, and the child collects."""
    program, weights = weighed
    step = {name: number for number, name in enumerate(program.names.steps)}
    assert weights[:, step["p.call"]].tolist() == [75.0, 67.5]
    assert weights[:, step["p.paid"]].tolist() == [0.0, 90.0]
    assert weights[:, step["q.term"]].tolist() == [0.0, 90.0]


def test_open_cases_are_worth_their_steps(weighed):
    """A child is part of its parent, and an invoice whose order is over counts for itself."""
    program, weights = weighed
    cases = [case("p", "call"), case("p", "call"), case("p", "paid"), case("q", "term", "a"), case("q", "term")]
    assert weighted_pipeline(program, cases, weights).tolist() == [150.0, 135.0 + 90.0 + 90.0]


def test_a_past_in_which_nothing_ended_weighs_nothing():
    """Nobody knows what becomes of a step that no case has left for good."""
    program = toy("""
      channels: {good: {process: p, interval: 10 h}}
      steps:
        rest: {kind: wait, duration: 30 d}
        book: {kind: post, account: booked, amount: 5 EUR}
    """)
    assert np.all(weights_by_step(program, simulate(program, 1, 0)) == 0)
