"""Room for Python's own frames."""

from __future__ import annotations

import subprocess
import sys

import pytest

resource = pytest.importorskip("resource", reason="only Unix counts page faults")

LOOPS = 2_000
AT_EVERY_DEPTH = f"""
import resource
from simulator.frames import in_one_piece

def called(a, b, c):
    return a

def looped():
    for _ in range({LOOPS}):
        called(1, 2, 3)

def deeper(depth):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    looped()
    faults = resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before
    return max(faults, deeper(depth - 1) if depth else 0)

def begun_at(depth):
    return in_one_piece(lambda: deeper(300)) if depth == 0 else begun_at(depth - 1)

print(max(begun_at(depth) for depth in range(8)))
"""


def test_a_loop_asks_for_no_memory_whatever_the_depth_at_which_it_calls() -> None:
    """Wherever one begins, none of 300 depths lies at the end of a piece, where each call would be a page fault."""
    ended = subprocess.run(
        [sys.executable, "-c", AT_EVERY_DEPTH], capture_output=True, text=True, check=True, timeout=60
    )
    assert int(ended.stdout) < LOOPS / 10


def test_what_a_function_returns_and_raises_comes_through() -> None:
    """The result is the function's own, and so is its error."""
    from simulator.frames import in_one_piece

    assert in_one_piece(lambda: 7) == 7
    with pytest.raises(ZeroDivisionError):
        in_one_piece(lambda: 1 / 0)
