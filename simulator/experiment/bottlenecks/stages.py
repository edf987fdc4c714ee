"""One progress over the stages of a study whose whole length is known."""

from __future__ import annotations

from simulator.experiment.replications import Progress


class Stages:
    """Tells a caller how many replications of all stages are done."""

    def __init__(self, progress: Progress, total: int, before: int = 0) -> None:
        self._progress = progress
        self._total = total
        self._before = before

    def next(self, replications: int) -> Progress:
        """Progress of the stage that begins now: so many replications."""
        tell, before = self._progress, self._before
        self._before += replications
        return None if tell is None else lambda done, _: tell(before + done, self._total)
