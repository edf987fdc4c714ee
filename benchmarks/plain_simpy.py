"""The three-station network as a user of SimPy would write it: shared random stream, no records, no calendars."""

from __future__ import annotations

import random
from collections.abc import Generator
from typing import Any

import simpy

LENGTH = 2400.0
"""Hours."""


def run(seed: int) -> int:
    """Simulate 100 days and return the number of customers that arrived."""
    env, dice = simpy.Environment(), random.Random(seed)
    stations = [(simpy.Resource(env, servers), mean) for servers, mean in ((3, 0.25), (6, 1.2), (4, 2.5))]
    arrived = 0

    def customer() -> Generator[simpy.Event, Any, None]:
        for (station, mean), share in zip(stations, (0.40, 0.25, 1.0), strict=True):
            with station.request() as request:
                yield request
                yield env.timeout(dice.expovariate(1 / mean))
            if dice.random() >= share:
                return
        yield env.timeout(dice.expovariate(1 / 30))

    def source() -> Generator[simpy.Event, Any, None]:
        nonlocal arrived
        while True:
            yield env.timeout(dice.expovariate(10))
            arrived += 1
            env.process(customer())

    env.process(source())
    env.run(until=LENGTH)
    return arrived
