"""Section 7 of docs/semantics.md: a loop in which no time passes is told, one in which time passes is not."""

import re

import pytest

from tests.simulator.engines.toys import refusal, run, toy

TEAM = "teams: {t: {head_count: 1, shifts: always}}"
OUT = "d: {kind: decide, outcomes: {again: {probability: 1, to: s}, out: {}}}"


@pytest.mark.parametrize(
    "step",
    [
        "s: {kind: set, values: {x: 1}}",
        "s: {kind: wait, duration: 0 h}",
        "s: {kind: join}",
        "s: {kind: work, team: t, effort: 1 h, automation: {share: 1}}",
        "s: {kind: work, team: t, effort: 0 h}",
        "s: {kind: work, team: t, effort: 1 h, balk: {at: 0, to: s}}",
    ],
)
def test_a_loop_without_time_is_told_in_a_sentence(step):
    """Whatever the loop is made of: also waits of 0, tools without time, and cases that turn away for ever."""
    program = toy(f"{{attributes: {{x: {{}}}}, come: {{b: 1, a: 1.5}}, {TEAM}, steps: {{{step}, {OUT}}}}}")
    sentence = r"a case goes round through 'p\.\w+' without time passing: put a wait or work into the loop"
    assert re.fullmatch(sentence, refusal(program))


def test_a_loop_with_time_may_go_round_for_ever():
    """20,000 rounds of a minute are no endless loop."""
    program = toy(f"{{horizon: {{length: 20000 min}}, steps: {{s: {{kind: wait, duration: 1 min}}, {OUT}}}}}")
    assert run(program).visits.case.size > 39_990
