"""The three-station network as a user of SimPy would write it: shared random stream, no records, no calendars."""

from __future__ import annotations

import random
from collections.abc import Generator
from typing import Any

import simpy

from benchmarks.departures import Departures


def run(seed: int, hours: float) -> Departures:
    """Simulate the network, empty at first."""
    env, dice = simpy.Environment(), random.Random(seed)
    stations = [(simpy.Resource(env, servers), mean) for servers, mean in ((3, 0.25), (6, 1.2), (4, 2.5))]
    left = Departures()

    def customer() -> Generator[simpy.Event, Any, None]:
        arrived, visits = env.now, 0
        for (station, mean), share in zip(stations, (0.40, 0.25, 1.0), strict=True):
            visits += 1
            with station.request() as request:
                yield request
                yield env.timeout(dice.expovariate(1 / mean))
            if dice.random() >= share:
                break
        else:
            visits += 1
            yield env.timeout(dice.expovariate(1 / 30))
        left.hours.append(env.now - arrived)
        left.visits.append(visits)

    def source() -> Generator[simpy.Event, Any, None]:
        while True:
            yield env.timeout(dice.expovariate(10))
            left.arrived += 1
            env.process(customer())

    env.process(source())
    env.run(until=hours)
    return left
