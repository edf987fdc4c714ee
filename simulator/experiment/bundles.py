"""Tasks in bundles for a cluster, which takes time over each hand-over: long ones at first, short ones at the end."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from typing import Final

USUAL: Final = 1.0
"""Seconds that a bundle should take."""
LONGEST: Final = 1.5
"""Seconds after which a worker hands over what it has done of a bundle."""
SHARES: Final = 2
"""Bundles a worker into which what is left is cut, so that all end at nearly the same time.

Source: guided self-scheduling, Polychronopoulos and Kuck, IEEE Transactions on Computers C-36 (1987), 1425-1439.
"""


class Bundles(Iterator[range]):
    """Indices of tasks, bundle by bundle; single ones until it is known how long a task takes."""

    def __init__(self, tasks: int, workers: Callable[[], int]) -> None:
        self._next, self._end = 0, tasks
        self._workers = workers
        self._pace: float | None = None
        """Seconds a task, in the bundle that came back last."""
        self._left: deque[range] = deque()

    def __next__(self) -> range:
        size = self._size()
        if self._left:
            left = self._left.popleft()
            if size < len(left):  # it takes longer than was thought
                self._left.appendleft(left[size:])
            return left[:size]
        if self._next == self._end:
            raise StopIteration
        first, self._next = self._next, min(self._next + size, self._end)
        return range(first, self._next)

    def _size(self) -> int:
        if self._pace is None:
            return 1
        waiting = self._end - self._next + sum(map(len, self._left))
        return max(1, int(min(waiting / (SHARES * self._workers()), USUAL / self._pace)))

    def back(self, bundle: range, done: int, seconds: float) -> None:
        """A worker has done the first so many tasks of a bundle in so many seconds; the others are to be done yet."""
        self._pace = max(seconds, 1e-6) / done
        if done < len(bundle):
            self._left.append(bundle[done:])
