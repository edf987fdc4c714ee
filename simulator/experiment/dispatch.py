"""Where the tasks of a study run: in this process, in others, or on a cluster, as its plan says."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from typing import Any

from simulator.experiment.plan import Plan
from simulator.experiment.tasks import Cancellation
from simulator.experiment.workers import in_process, over_processes


def dispatched(
    function: Callable[[Any, Any], Any], shared: Any, tasks: Sequence[Any], plan: Plan, cancelled: Cancellation
) -> Generator[tuple[int, Any]]:
    """Index and result of each task in the order in which they finish; ``function(shared, task)`` runs in a worker.

    With one worker and no way to cancel, everything happens in this process. Tasks that are lost with a worker are
    done again, so they must depend on nothing but their arguments.
    """
    if plan.cluster is not None:
        from simulator.experiment.cluster import over_cluster  # takes most of a second, and few have a cluster

        return over_cluster(function, shared, tasks, plan.cluster, cancelled)
    if plan.workers == 1 and cancelled is None:
        return in_process(function, shared, tasks)
    return over_processes(function, shared, tasks, plan.workers, cancelled)
