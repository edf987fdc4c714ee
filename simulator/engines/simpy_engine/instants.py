"""Steps that take no time; each returns the step that follows."""

from __future__ import annotations

from typing import Final

from simulator.chance.keyed import derived_key
from simulator.engines.refusals import unpostable
from simulator.engines.simpy_engine.case import Case
from simulator.engines.simpy_engine.run import Run
from simulator.program.layout import Step
from simulator.schema.magnitudes import LARGEST

SIBLINGS: Final = 2**20
"""Children that one visit to a step may have, so that every child has an ordinal of its own."""


def decide(run: Run, case: Case, step: Step, visit: int) -> int:
    """Choose one of several outcomes, the conditions and probabilities being tried in their order."""
    chance, now, passed = run.chance, run.env.now, 0.0
    u = -1.0
    following = step.next
    for when, probability, to in run.outcomes[step.first : step.first + step.items]:
        following = to
        if when >= 0 and not chance.holds(when, case, now, visit):
            continue
        if probability < 0:
            break
        if u < 0.0:  # a decision by conditions alone needs no chance
            u = chance.uniform(case.key, step.purpose, visit)
        passed += chance.probability(probability, case, now, visit)
        if u < passed:
            break
    return following


def set_attributes(run: Run, case: Case, step: Step, visit: int) -> int:
    """Change attributes of the case or of its parent."""
    target = case.parent if step.of_parent else case
    if target is not None:
        for attribute, quantity in run.assignments[step.first : step.first + step.items]:
            run.chance.set(case, target, attribute, quantity, run.env.now, visit, case.key)
    return step.next


def spawn(run: Run, case: Case, step: Step, visit: int) -> int:
    """Create child cases, whose lives begin after this event."""
    now = run.env.now
    count = 1 if step.number < 0 else round(min(max(0.0, run.chance.amount(step.number, case, now, visit)), SIBLINGS))
    for ordinal in range(count):
        key = derived_key(case.key, step.purpose, visit * SIBLINGS + ordinal)
        child = run.create(key, step.target, step.channel, case)
        child.at_once = case.at_once + 1
        if step.channel >= 0:
            run.chance.give_birth(child, step.channel, now)
        else:
            child.values[:], child.touched[:] = case.values, case.touched
        for attribute, quantity in run.assignments[step.first : step.first + step.items]:
            run.chance.set(case, child, attribute, quantity, now, visit, key)
        if step.joined:
            child.joined = True
            case.children += 1
        run.newborn.append(child)
    return step.next


def post(run: Run, case: Case, step: Step, visit: int) -> int:
    """Write an amount to the ledger, in cents."""
    now = run.env.now
    amount = run.chance.amount(step.amount, case, now, visit)
    if not abs(amount) <= LARGEST:
        raise unpostable(run.program, step.row, amount)
    run.recorder.postings.append((now, case.row, step.row, step.account, round(100 * amount)))
    return step.next


def end(run: Run, case: Case, step: Step, visit: int) -> int:  # noqa: ARG001 - all steps are called alike
    """Close the case: its owners are free of it, and a parent that waits for it may go on."""
    case.ended, case.outcome = run.env.now, step.outcome
    for team in sorted(case.owners):
        run.teams[team].let_go(case)
    parent = case.parent
    if case.joined and parent is not None:
        parent.children -= 1
        if parent.children == 0 and parent.joining is not None:
            parent.joining.succeed()
    return -1
