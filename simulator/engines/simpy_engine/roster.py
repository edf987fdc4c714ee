"""Who of a team is on shift when."""

from __future__ import annotations

import simpy

from simulator.program.program import Program


class Roster:
    """The segments of a team's time between which nobody comes or goes; members are counted from 0 within the team."""

    def __init__(self, program: Program, team: int, env: simpy.Environment) -> None:
        tables, row = program.tables, program.tables.teams[team]
        start, segments, flags = (int(row[name]) for name in ("roster_first", "roster_count", "presence_first"))
        size = int(row["members"])
        self.starts: list[float] = tables.roster_start[start : start + segments].tolist()
        """Hour at which each segment begins."""
        self.openings: list[float] = tables.roster_opening[start : start + segments].tolist()
        """Hour at which someone next comes on shift."""
        self.table = tables.presence[flags : flags + segments * size].reshape(segments, size)
        """Who is there, array of shape (segments, members)."""
        self.presence: list[list[int]] = self.table.tolist()
        self.everyone = [all(here) for here in self.presence]
        self._env = env
        self._segment = 0

    def now_in(self) -> int:
        """Segment that holds now."""
        starts, now = self.starts, self._env.now
        while self._segment + 1 < len(starts) and starts[self._segment + 1] <= now:
            self._segment += 1
        return self._segment

    def present(self) -> list[int]:
        """Who is on shift now, 1 or 0 for each member."""
        return self.presence[self.now_in()]

    def opening(self) -> float:
        """Hour at which someone next comes on shift, infinite for never."""
        return self.openings[self.now_in()]
