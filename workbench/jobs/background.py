"""Work in the background: a thread that can be asked, at any time, how far it is, and be cancelled."""

from __future__ import annotations

import logging
import secrets
import threading
import time
from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Final, Literal, Self

from simulator.errors import Cancelled, CaudalError

State = Literal["running", "writing", "done", "cancelled", "failed"]
"""writing: the figures are there, the report is being built."""
UNDER_WAY: Final = frozenset({"running", "writing"})
DEFECT: Final = (
    "Caudal itself failed here, which is no fault of your scenario. Try again; if it happens again, send the "
    "log of the server to those who look after Caudal."
)
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Progress:
    """How far the work is."""

    done: int
    total: int
    seconds: float
    """Time since the start."""
    left: float | None
    """Seconds that the simulation still needs, judged by the replications done; None before the first."""

    @property
    def share(self) -> float:
        """Replications done over all."""
        return self.done / self.total if self.total else 0.0


class Background(ABC):
    """Work under way or over; every attribute may be read from any thread."""

    def __init__(self, total: int = 0) -> None:
        self.id = secrets.token_urlsafe(9)
        self.problem = ""
        """Why it failed, in sentences."""
        self._stop = threading.Event()
        self._done, self._total = 0, total
        self._began, self._told, self._ended = time.monotonic(), 0.0, 0.0
        self._state: State = "running"
        self._thread = threading.Thread(target=self._supervise, name=f"job {self.id}", daemon=True)

    def start(self) -> Self:
        """Begin in the background."""
        self._thread.start()
        return self

    def cancel(self) -> None:
        """Stop as soon as may be; figures that are there already stay."""
        self._stop.set()

    def join(self, timeout: float | None = None) -> None:
        """Wait until it is over."""
        self._thread.join(timeout)

    @property
    def state(self) -> State:
        """Where it stands."""
        return self._state

    @property
    def active(self) -> bool:
        """Whether something is still being worked on."""
        return self._state in UNDER_WAY

    @property
    def cancelling(self) -> bool:
        """Whether it was asked to stop and has not yet."""
        return self._stop.is_set() and self.active

    @property
    def simulated_seconds(self) -> float:
        """Time from the start to the last replication that was done."""
        return max(0.0, self._told - self._began)

    @property
    def progress(self) -> Progress:
        """How far it is now."""
        done, seconds = self._done, (self._ended or time.monotonic()) - self._began
        left = None
        if done:
            told = self._told - self._began
            left = max(0.0, told / done * (self._total - done) - (seconds - told))
        return Progress(done, self._total, seconds, left)

    @abstractmethod
    def _work(self) -> None:
        """Do it; raises ``Cancelled`` soon after ``_stop`` is set."""

    @property
    def _kept(self) -> bool:
        """Whether there is something to keep where it was stopped or failed."""
        return False

    def _tell(self, done: int, total: int) -> None:
        self._done, self._total, self._told = done, total, time.monotonic()

    def _supervise(self) -> None:
        try:
            self._work()
            self._close("done")
        except Cancelled:
            self._close("cancelled")
        except CaudalError as error:
            self.problem = str(error)
            self._close("failed")
        except Exception:  # the last line of defence: without it the work would seem to go on for ever
            log.exception("job %s failed", self.id)
            self.problem = DEFECT
            self._close("failed")

    def _close(self, state: State) -> None:
        self._ended = time.monotonic()
        self._state = "done" if self._kept else state
