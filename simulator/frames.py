"""Room for the frames of Python's own functions, in one piece.

CPython keeps the frames of a thread in pieces of 16 KiB and, until its issue 142183 was mended in 2026, gave a piece
back to the system as soon as the first frame in it returned. A loop that happens to call across the end of a piece asks
the system for memory at each turn: loading the engine did so 25,000 times, in a quarter of the time that it took.
"""

from collections.abc import Callable
from types import FunctionType
from typing import Final, TypeVar

SLOTS: Final = 70_000
"""Of the one frame that is so large that a piece of 1 MiB is begun for it, of which it leaves a half to others."""

Result = TypeVar("Result")


def in_one_piece(function: Callable[[], Result]) -> Result:
    """The function's result; the frames of all that it calls lie in one piece of memory, as long as half a MiB does."""
    result: Result = _roomy(function)
    return result


def _call(function: Callable[[], Result]) -> Result:
    return function()


_roomy = FunctionType(_call.__code__.replace(co_stacksize=SLOTS), globals())
