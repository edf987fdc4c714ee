"""The checks of the trust card for commands that come without a declared study."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Final

from simulator.experiment.evidence import added_by
from simulator.experiment.plan import Plan, with_horizon
from simulator.experiment.replications import Progress, compiled, run_and_find
from simulator.experiment.sensitivity.parameters import Parameter
from simulator.experiment.sensitivity.tornado import Tornado, tornado_and_base
from simulator.experiment.study import Study
from simulator.experiment.tasks import Cancellation
from simulator.experiment.trust import TWIN_WEEKS, Checks, TrustLine, TwinCheck, trust_card
from simulator.experiment.twins import difference_in
from simulator.kpis.measures import Measures
from simulator.program.program import Program
from simulator.schema.loading import Loaded
from simulator.schema.quantity import fixed

TWIN_LEADS: Final = 500
"""Leads of all scenarios after which the engines need not be compared any further: a command is waited for."""
LEAST_LEADS: Final = 100
"""Leads of each scenario, however many there are."""


def checked_studies(
    scenarios: Sequence[Loaded], plan: Plan, progress: Progress = None, cancelled: Cancellation = None
) -> tuple[list[Study], tuple[TwinCheck, ...]]:
    """Replicate scenarios as ``run_all`` does, and let both engines run the first weeks of each meanwhile."""
    share = max(LEAST_LEADS, TWIN_LEADS // max(1, len(scenarios)))
    studies, twins = run_and_find(scenarios, plan, partial(comparing, leads=share), progress, cancelled)
    return studies, tuple(twins)


def comparing(loaded: Loaded, plan: Plan, program: Program, leads: int = TWIN_LEADS) -> Callable[[Measures], TwinCheck]:
    """What lets both engines run the first weeks of a scenario: 13, or those in which so many leads come.

    How many leads come is known from a first replication. Whoever made it is handed a program: to pack, unpack and
    compile a scenario takes longer than to run its first weeks.
    """
    length = fixed(with_horizon(loaded.scenario, plan).horizon.length)
    return partial(_compared, loaded.scenario.name, _beginning(loaded, plan, program), plan.seed, leads, length)


def _beginning(loaded: Loaded, plan: Plan, program: Program) -> Program:
    """A program with every tool live at the start: that of the scenario itself, where it is measured from there on."""
    hours = min(TWIN_WEEKS * 168.0, plan.length or math.inf)
    if program.warm_up == 0 and program.end >= hours:
        return program
    return compiled(loaded, Plan(plan.seed, 1, warm_up=0.0, length=hours))


def _compared(scenario: str, beginning: Program, seed: int, leads: int, length: float, first: Measures) -> TwinCheck:
    weekly = first.kpis.get("leads", 0.0) * 168 / length
    weeks = min(TWIN_WEEKS, leads / weekly) if weekly > 0 else TWIN_WEEKS
    hours = min(weeks * 168, beginning.end)
    return TwinCheck(scenario, hours / 168, difference_in(replace(beginning, end=hours), seed, 0))


def checked_card(
    scenarios: Sequence[Loaded], plan: Plan, kpis: Sequence[str] = (),
    progress: Progress = None, cancelled: Cancellation = None,
) -> list[TrustLine]:  # fmt: skip
    """The trust card of an answer that keeps no studies, such as a search: about the scenarios that it began from.

    They are replicated as the plan says, and both engines compared.
    """
    studies, twins = checked_studies(scenarios, plan, progress, cancelled)
    return trust_card(studies, kpis, Checks(twins=twins, added=added_by(scenarios)))


def checked_tornado(
    loaded: Loaded, plan: Plan, kpis: Sequence[str], parameters: Sequence[Parameter] | None = None,
    progress: Progress = None, cancelled: Cancellation = None,
) -> tuple[list[Tornado], list[TrustLine]]:  # fmt: skip
    """Tornados as ``tornado`` makes them, with their trust card: the scenario as it is has been replicated for them."""
    found, base = tornado_and_base(loaded, plan, kpis, comparing, parameters, progress, cancelled)
    assert base is not None  # noqa: S101 - there was something to find out
    return found, trust_card([base.study], kpis, Checks(found[0], (base.found,), added=added_by([loaded])))
