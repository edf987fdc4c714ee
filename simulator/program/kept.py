"""What depends on the program alone, worked out once for all its replications."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TypeVar
from weakref import WeakKeyDictionary

from simulator.program.program import Program

Fact = TypeVar("Fact")


def kept(function: Callable[[Program], Fact]) -> Callable[[Program], Fact]:
    """Keep what a function of a program returns, for as long as the program lives; nobody may write to it."""
    known: WeakKeyDictionary[Program, Fact] = WeakKeyDictionary()

    @functools.wraps(function)
    def of(program: Program) -> Fact:
        if program not in known:
            known[program] = function(program)
        return known[program]

    return of
