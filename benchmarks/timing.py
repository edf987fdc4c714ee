"""Wall-clock time, so taken that other work on the machine disturbs ratios as little as possible."""

from __future__ import annotations

import gc
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import NamedTuple, Self

import psutil  # type: ignore[import-untyped]  # it publishes no types

from benchmarks import plain_simpy

LEAST = 0.25
"""Seconds that a round of a run takes at least."""
LOOK = 0.2
"""Seconds between two looks at the memory."""
RISE = 0.02
"""Share by which memory rises between two exact counts."""


def rates(runs: Mapping[str, Callable[[int], int]], rounds: int) -> dict[str, float]:
    """Leads a second of runs that take a seed and return their leads: the best of several rounds.

    A short run is repeated within its round with other seeds, as replications are: else it would be timed with empty
    caches or, with the same seed, with what is kept of the same leads.
    The runs take turns, so that a slow spell of the machine hits each alike.
    The best counts, since other work only slows.
    """
    best = dict.fromkeys(runs, 0.0)
    for seed in range(rounds):
        for what, run in runs.items():
            gc.collect()  # nobody pays for what another has left
            started, leads, other = time.perf_counter(), 0, seed
            while True:
                leads += run(other)
                other += rounds
                passed = time.perf_counter() - started
                if passed >= LEAST:
                    break
            best[what] = max(best[what], leads / passed)
    return best


def yardstick(rounds: int = 3) -> float:
    """Leads a second of plain SimPy on the three stations: a machine that others share is not as fast every hour."""
    return rates({"SimPy": lambda seed: plain_simpy.run(seed, 2400.0).arrived}, rounds)["SimPy"]


class Cost(NamedTuple):
    """What a command took."""

    seconds: float
    peak: int
    """Largest memory of it and its workers, in bytes."""


def seconds(command: Sequence[str]) -> float:
    """Time of a command in a process of its own, from before it starts until it has ended.

    Raises CalledProcessError with what it printed when it fails.
    """
    started = time.perf_counter()
    try:
        subprocess.run(command, check=True, capture_output=True, text=True)
    except subprocess.CalledProcessError as error:
        error.add_note(error.stderr)
        raise
    return time.perf_counter() - started


def cost(command: Sequence[str]) -> Cost:
    """The same with its memory; to look at that takes a core some 2 % of its time."""
    with PeakMemory() as memory:
        taken = seconds(command)
    return Cost(taken, memory.peak)


class PeakMemory:
    """The largest resident memory of the processes that begin in the context, all together, seen by looking often.

    On Linux a page that processes share counts in equal parts for each of them (proportional set size), so that it is
    counted once; elsewhere for each, so that this is no less than what was used. To count so takes long and holds up
    the process that is counted, so it is done only when the plain sum has risen by ``RISE`` since the last time.
    """

    def __init__(self) -> None:
        self.peak = 0
        """Bytes."""
        self._plain = 0
        self._before = frozenset(psutil.Process().children())
        self._over = threading.Event()
        self._watch = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Self:
        self._watch.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._watch.join()

    def _look(self) -> None:
        while not self._over.wait(LOOK):
            begun = [each for each in psutil.Process().children() if each not in self._before]
            every = [each for child in begun for each in (child, *_below(child))]
            plain = sum(_resident(each, shared=True) for each in every)
            if plain > self._plain * (1 + RISE):
                self._plain = plain
                self.peak = max(self.peak, sum(_resident(each, shared=False) for each in every))


def _below(process: psutil.Process) -> list[psutil.Process]:
    try:
        return list(process.children(recursive=True))
    except psutil.NoSuchProcess:
        return []


def _resident(process: psutil.Process, *, shared: bool) -> int:
    """Bytes of a process, what it shares in full or, where the system tells, its part of it."""
    try:
        if shared:
            return int(process.memory_info().rss)
        whole = process.memory_full_info()
        return int(getattr(whole, "pss", whole.rss))
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return 0
