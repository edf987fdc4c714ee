"""Routing rules that assign a case to one person at once, shared by both engines."""

import math

import numpy as np
from numpy.typing import NDArray

from simulator.chance.compiled import bare
from simulator.program.layout import Rule


@bare
def candidates(
    able: NDArray[np.bool_], presence: NDArray[np.uint8], segment: int, sees_absence: bool, chosen: NDArray[np.bool_]
) -> None:
    """Mark in ``chosen`` who the rule considers among the able members of a team.

    A rule that sees absence considers those on shift now or, when none is, those of the first segment in which one will
    be; ``presence`` is uint8[segments, members] of the team. A rule that does not see it considers all.
    """
    for later in range(segment, presence.shape[0] if sees_absence else segment):
        found = False
        for member in range(able.size):
            chosen[member] = able[member] and presence[later, member] != 0
            found = found or chosen[member]
        if found:
            return
    for member in range(able.size):
        chosen[member] = able[member]


@bare
def choose_member(
    rule: int,
    chosen: NDArray[np.bool_],
    load: NDArray[np.int64],
    weight: NDArray[np.float64],
    win_factor: NDArray[np.float64],
    turn: int,
    u: float,
) -> int:
    """Return the position in the team of the member that a rule picks among those chosen, -1 when there is none.

    ``load`` counts the cases that each member holds; ``turn`` is the member who came last in round robin, and ``u`` a
    uniform number of the case. Ties go to the first.
    """
    members = chosen.size
    if rule == Rule.ROUND_ROBIN:
        for step in range(1, members + 1):
            member = (turn + step) % members
            if chosen[member]:
                return member
        return -1
    total = 0.0
    for member in range(members):
        if chosen[member]:
            total += weight[member] if rule == Rule.WEIGHTED else 1.0
    best, best_score, passed = -1, -math.inf, 0.0
    for member in range(members):
        if not chosen[member]:
            continue
        if rule == Rule.RANDOM or rule == Rule.WEIGHTED:  # noqa: PLR1714 - numba
            passed += weight[member] if rule == Rule.WEIGHTED else 1.0
            best = member
            if u * total < passed:
                return best
            continue
        score = win_factor[member] if rule == Rule.BEST_PERFORMER else -float(load[member])
        if score > best_score:
            best, best_score = member, score
    return best
