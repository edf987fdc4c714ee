"""What each way of simulating the three-station network leaves, so that tests can see that all simulate the same."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Departures:
    """Arrivals of a run, and the customers who left it by its end."""

    arrived: int = 0
    hours: list[float] = field(default_factory=list)
    """Time from arrival to departure of each who left."""
    visits: list[int] = field(default_factory=list)
    """Stations that each who left came to, the delay included."""
