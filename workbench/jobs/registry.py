"""All jobs of this server, so that a page that was reloaded finds its own again."""

from __future__ import annotations

import concurrent.futures.process  # noqa: F401 - must have asked for its own call at exit before this module does
import threading
import weakref
from functools import partial
from typing import Final, TypeVar

from simulator.experiment.study import Study
from workbench.jobs.background import Background
from workbench.jobs.job import Job, Work
from workbench.jobs.request import Request
from workbench.jobs.results import simulate

KEPT: Final = 24
"""Jobs that are remembered; those under way are never forgotten."""
PATIENCE: Final = 5.0
"""Seconds that a server that is closed waits for a job to end."""
Begun = TypeVar("Begun", bound=Background)


class Registry:
    """Jobs by their id, which nobody can guess."""

    def __init__(self, kept: int = KEPT) -> None:
        self._jobs: dict[str, Background] = {}
        self._kept = kept
        self._lock = threading.Lock()
        _before_exit(self)

    def close(self) -> None:
        """Cancel whatever is under way."""
        for job in self.all():
            job.cancel()
        for job in self.all():
            job.join(PATIENCE)

    def begin(self, request: Request, earlier: Job | None = None, work: Work | None = None) -> Job:
        """Start a comparison; ``earlier`` is the one whose results its owner looks at meanwhile, and goes on from.

        Without ``work`` it simulates.
        """
        return self.add(Job(request, work or partial(simulate, made=_made(earlier, request)), earlier))

    def add(self, job: Begun) -> Begun:
        """Start a job and remember it."""
        with self._lock:
            over = [each for each in self._jobs.values() if not each.active]
            for old in over[: max(0, len(self._jobs) + 1 - self._kept)]:
                del self._jobs[old.id]
            self._jobs[job.id] = job
        return job.start()

    def find(self, job_id: str) -> Background | None:
        """The job of an id; None when there never was one or when it is forgotten."""
        with self._lock:
            return self._jobs.get(job_id)

    def all(self) -> tuple[Background, ...]:
        """Every job that is remembered, the latest last."""
        with self._lock:
            return tuple(self._jobs.values())

    def __len__(self) -> int:
        with self._lock:
            return len(self._jobs)


def _made(earlier: Job | None, request: Request) -> tuple[Study, ...]:
    """Studies of an earlier job of which the request wants more replications; none where there are none such."""
    known = earlier if earlier is None or earlier.results is not None else earlier.earlier
    if known is None or known.results is None or not request.extends(known.request):
        return ()
    return known.results.studies


def _before_exit(registry: Registry) -> None:
    """Close the registry when the server ends, so that it does not go on until the replications under way are done."""
    seen = weakref.ref(registry)

    def close() -> None:
        if (alive := seen()) is not None:
            alive.close()

    # atexit comes too late: before it Python waits for all pools. This is how the pools themselves ask to be called.
    threading._register_atexit(close)  # type: ignore[attr-defined]  # noqa: SLF001
