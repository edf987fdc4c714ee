"""What a job leaves: studies, their comparison, and the report, all made in worker processes."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from simulator.experiment.checks import checked_studies
from simulator.experiment.comparison import Comparison, compare
from simulator.experiment.evidence import added_by
from simulator.experiment.replication_rule import run_on
from simulator.experiment.study import Study
from simulator.experiment.trust import Checks, TwinCheck, twin_check
from simulator.experiment.workers import over_processes
from workbench.jobs.request import Request


@dataclass(frozen=True)
class Results:
    """The figures of a study, and the report once it is written."""

    base: Study
    others: tuple[Study, ...] = ()
    comparison: Comparison | None = None
    """None where one scenario alone was run."""
    report: str = ""
    """HTML; empty until it is written."""
    checks: Checks = field(default_factory=Checks)
    """What else is known for the trust card."""

    @property
    def studies(self) -> tuple[Study, ...]:
        """The base, then the others."""
        return (self.base, *self.others)


def simulate(
    request: Request, tell: Callable[[int, int], None], stop: threading.Event, made: Sequence[Study] = ()
) -> Results:
    """Replicate all scenarios of a request over worker processes, with both engines, and compare them with the base.

    Replications of ``made``, studies that the request extends, are not made again, and are not told as progress; the
    engines are compared while the report is written then.
    """
    twins: tuple[TwinCheck, ...] = ()
    scenarios = [chosen.loaded for chosen in request.scenarios]
    if made:
        before = len(made) * made[0].replications
        studies = run_on(
            scenarios, request.plan, made, lambda done, total: tell(done - before, total - before), stop
        )  # fmt: skip
    else:
        studies, twins = checked_studies(scenarios, request.plan, tell, stop)
    # An upload lies in a folder of the server, which is no name for people.
    base, *others = (replace(s, key=c.key) for s, c in zip(studies, request.scenarios, strict=True))
    checks = Checks(twins=twins, added=added_by(scenarios))
    return Results(base, tuple(others), compare(base, others) if others else None, checks=checks)


def with_report(request: Request, results: Results, stop: threading.Event) -> Results:
    """The results with the engines compared, where they are not yet, and of several scenarios with their report.

    Both happen in a process of its own: they would block every screen.
    """
    if results.checks.twins and results.comparison is None:
        return results
    shared = (request, results)
    for _, (twins, report) in over_processes(_report, shared, [None], 1, stop):
        return replace(results, checks=replace(results.checks, twins=twins), report=report)
    return results


def _report(shared: tuple[Request, Results], _: None) -> tuple[tuple[TwinCheck, ...], str]:
    from reports.html import report_html

    request, results = shared
    scenarios = [chosen.loaded for chosen in request.scenarios]
    twins = results.checks.twins or tuple(twin_check(loaded, request.plan) for loaded in scenarios)
    if results.comparison is None:
        return twins, ""
    checks = replace(results.checks, twins=twins)
    return twins, report_html(
        results.base, results.others, results.comparison, request.command, scenarios, checks=checks
    )
