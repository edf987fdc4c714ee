"""One background job: scenarios replicated and compared, then their report."""

from __future__ import annotations

import threading
from collections.abc import Callable

from workbench.jobs.background import Background
from workbench.jobs.request import Request
from workbench.jobs.results import Results, with_report

Work = Callable[[Request, Callable[[int, int], None], threading.Event], Results]
"""From a request to results; tells replications done and of all, and raises ``Cancelled`` once the event is set."""


class Job(Background):
    """A comparison under way or over."""

    def __init__(self, request: Request, work: Work, earlier: Job | None = None) -> None:
        super().__init__(request.replications)
        self.request = request
        self.results: Results | None = None
        self.earlier: Job | None = earlier if earlier is None or earlier.results is not None else earlier.earlier
        """Last job before it that had results, so that these stay in sight meanwhile."""
        if self.earlier is not None:
            self.earlier.earlier = None  # one is enough: a chain would keep every result of the day
        self._simulate = work

    def _work(self) -> None:
        self.results = self._simulate(self.request, self._tell, self._stop)
        self._state = "writing"
        self.results = with_report(self.request, self.results, self._stop)

    @property
    def _kept(self) -> bool:
        """A report that was stopped or that failed takes no figures with it."""
        return self.results is not None
