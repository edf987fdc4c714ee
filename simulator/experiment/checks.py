"""The checks of the trust card for commands that come without a declared study."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from typing import Final

from simulator.experiment.dispatch import dispatched
from simulator.experiment.evidence import added_by
from simulator.experiment.plan import Plan
from simulator.experiment.replications import Progress, run_all
from simulator.experiment.sensitivity.tornado import Tornado
from simulator.experiment.study import Study
from simulator.experiment.tasks import Cancellation
from simulator.experiment.trust import TWIN_WEEKS, Checks, TrustLine, TwinCheck, trust_card, twin_check
from simulator.schema.loading import Loaded

TWIN_LEADS: Final = 500
"""Leads after which the engines need not be compared any further: a command is waited for."""


def twin_checks(
    scenarios: Sequence[Loaded], studies: Sequence[Study], plan: Plan,
    progress: Progress = None, cancelled: Cancellation = None,
) -> tuple[TwinCheck, ...]:  # fmt: skip
    """Let both engines run the first weeks of each scenario: 13, or those in which 500 leads come.

    ``studies`` are those of the scenarios, in their order; they say how many leads come.
    """
    tasks = [(loaded, weeks_of(study)) for loaded, study in zip(scenarios, studies, strict=True)]
    found: dict[int, TwinCheck] = {}
    with closing(dispatched(_compared, plan, tasks, plan, cancelled)) as outcomes:
        for index, check in outcomes:
            found[index] = check
            if progress is not None:
                progress(len(found), len(tasks))
    return tuple(found[index] for index in range(len(tasks)))


def weeks_of(study: Study) -> float:
    """Weeks of a scenario over which the engines are compared."""
    leads = study.estimate("leads").mean * 168 / study.length if "leads" in study.samples else 0.0
    return min(TWIN_WEEKS, TWIN_LEADS / leads) if leads > 0 else TWIN_WEEKS


def checked_card(
    scenarios: Sequence[Loaded], plan: Plan, kpis: Sequence[str] = (), tornado: Tornado | None = None,
    progress: Progress = None, cancelled: Cancellation = None,
) -> list[TrustLine]:  # fmt: skip
    """The trust card of an answer that keeps no studies, such as a tornado: about the scenarios that it began from.

    They are replicated as the plan says, and both engines compared; progress counts replications and comparisons.
    """
    replications = plan.replications * len(scenarios)
    total = replications + len(scenarios)

    def told(before: int) -> Progress:
        return None if progress is None else lambda done, _: progress(before + done, total)

    studies = run_all(scenarios, plan, told(0), cancelled)
    twins = twin_checks(scenarios, studies, plan, told(replications), cancelled)
    return trust_card(studies, kpis, Checks(tornado, twins, added=added_by(scenarios)))


def _compared(plan: Plan, task: tuple[Loaded, float]) -> TwinCheck:
    loaded, weeks = task
    return twin_check(loaded, plan, weeks)
