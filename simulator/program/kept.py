"""What depends on one object alone, worked out once: on a program for its replications, on a study for its tables."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TypeVar
from weakref import WeakKeyDictionary

Owner = TypeVar("Owner")
Fact = TypeVar("Fact")


def kept(function: Callable[[Owner], Fact]) -> Callable[[Owner], Fact]:
    """Keep what a function of an object returns, for as long as the object lives; nobody may write to it."""
    known: WeakKeyDictionary[Owner, Fact] = WeakKeyDictionary()

    @functools.wraps(function)
    def of(owner: Owner) -> Fact:
        if owner not in known:
            known[owner] = function(owner)
        return known[owner]

    return of
