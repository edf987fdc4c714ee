"""Programs whose size is chosen: leads, work in progress, or cases that wait at once."""

from __future__ import annotations

from typing import Any

from benchmarks.peers import NETWORK
from simulator.program.compiler import compile_scenario
from simulator.program.program import Program
from simulator.schema.loading import load_scenario
from simulator.schema.scenario import Horizon, Scenario

RATE = 10.0
"""Leads an hour."""
MINUTES = 1.0
"""Mean work on one of the cases that wait at once."""


def three_stations(leads: int) -> Program:
    """The three-station network until about so many leads have come."""
    scenario = load_scenario(NETWORK).scenario
    horizon = Horizon.model_validate({**dict(scenario.horizon), "length": f"{leads / RATE!r} h"})
    return compile_scenario(scenario.model_copy(update={"horizon": horizon}))


def endless_servers(stay: float, leads: int) -> Program:
    """About so many leads, each of which only waits, ``stay`` hours on the mean: ``RATE * stay`` are there at once.

    M/M/infinity, whose number in the system is Poisson; Gross et al., *Fundamentals of Queueing Theory* (2008), 2.5.
    """
    steps = {"stay": {"kind": "wait", "duration": {"exponential": f"{stay!r} h"}}}
    return _program(leads / RATE, {"rate": f"{RATE!r} /h"}, steps)


def drop(cases: int, discipline: str) -> Program:
    """So many cases that come at once to one server, who has time for all of them; urgency differs by chance."""
    steps = {
        "serve": {
            "kind": "work", "team": "desk", "priority": "urgency", "effort": {"exponential": f"{MINUTES!r} min"},
        }
    }  # fmt: skip
    hours = 24 + 1.2 * cases * MINUTES / 60
    return _program(hours, {"drops": [{"date": "2026-01-05", "leads": cases}]}, steps, discipline)


def _program(hours: float, arrivals: dict[str, Any], steps: dict[str, Any], discipline: str = "fifo") -> Program:
    scenario = {
        "caudal": 1,
        "name": "population",
        "horizon": {"start": "2026-01-05", "warm_up": "0 d", "length": f"{hours!r} h", "currency": "EUR"},
        "attributes": {"urgency": {"initial": {"uniform": {"low": 0, "high": 1}}}},
        "channels": {"arrivals": {"process": "journey", **arrivals}},
        "teams": {"desk": {"head_count": 1, "shifts": "always", "discipline": discipline}},
        "processes": {"journey": {"steps": {**steps, "over": {"kind": "end", "outcome": "over"}}}},
    }
    return compile_scenario(Scenario.model_validate(scenario))
