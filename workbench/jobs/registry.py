"""All jobs of this server, so that a page that was reloaded finds its own again."""

from __future__ import annotations

import threading
from typing import Final

from workbench.jobs.job import Job, Work
from workbench.jobs.request import Request
from workbench.jobs.results import simulate

KEPT: Final = 24
"""Jobs that are remembered; those under way are never forgotten."""


class Registry:
    """Jobs by their id, which nobody can guess."""

    def __init__(self, kept: int = KEPT) -> None:
        self._jobs: dict[str, Job] = {}
        self._kept = kept
        self._lock = threading.Lock()

    def begin(self, request: Request, earlier: Job | None = None, work: Work = simulate) -> Job:
        """Start a job; ``earlier`` is the one whose results its owner looks at meanwhile."""
        job = Job(request, work, earlier)
        with self._lock:
            over = [each for each in self._jobs.values() if not each.active]
            for old in over[: max(0, len(self._jobs) + 1 - self._kept)]:
                del self._jobs[old.id]
            self._jobs[job.id] = job
        return job.start()

    def find(self, job_id: str) -> Job | None:
        """The job of an id; None when there never was one or when it is forgotten."""
        with self._lock:
            return self._jobs.get(job_id)

    def all(self) -> tuple[Job, ...]:
        """Every job that is remembered, the latest last."""
        with self._lock:
            return tuple(self._jobs.values())

    def __len__(self) -> int:
        with self._lock:
            return len(self._jobs)
