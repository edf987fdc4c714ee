"""A case: what it is, where its chance comes from, and what it owns."""

from __future__ import annotations

import math
from collections import defaultdict

import numpy as np
import simpy
from numpy.typing import NDArray


class Case:
    """A lead, an invoice, a ticket...: the engine does not know which."""

    __slots__ = (
        "at_once", "born", "channel", "children", "ended", "joined", "joining", "key", "outcome", "owners", "parent",
        "process",         "rework",
        "rework_effort", "root", "row", "spent", "touched", "values", "visits", "waited", "win_factor", "worked",
    )  # fmt: skip

    def __init__(
        self, row: int, key: int, process: int, channel: int, parent: Case | None, born: float, attributes: int
    ) -> None:
        self.row = row
        self.key = key
        self.process = process
        self.channel = channel
        self.parent = parent
        self.root: int = row if parent is None or channel >= 0 else parent.root
        self.born = born
        self.ended = math.nan
        self.at_once = 0
        """Steps taken since time last passed, by itself or by those it descends from."""
        self.outcome = -1
        self.values: NDArray[np.float64] = np.zeros(attributes)
        self.touched: NDArray[np.float64] = np.full(attributes, born, np.float64)
        self.visits: defaultdict[int, int] = defaultdict(int)
        """How often it came to each step."""
        self.owners: dict[int, int] = {}
        """Who owns it in each team."""
        self.waited = 0.0
        self.worked = 0.0
        self.win_factor: float = 1.0 if parent is None else parent.win_factor
        self.rework = -1
        """Step to which a defect sent it back."""
        self.rework_effort = 1.0
        self.spent = 0.0
        """Hours that it had been at its step when the run began, until the wait there goes on."""
        self.children = 0
        """Joined children that have not ended."""
        self.joined = False
        """Whether its parent waits for it."""
        self.joining: simpy.Event | None = None
        """Event of its own join."""
