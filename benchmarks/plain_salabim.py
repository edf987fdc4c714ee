"""The three-station network as a user of salabim would write it: processes without ``yield``, its default."""

from __future__ import annotations

import salabim  # type: ignore[import-untyped]  # it publishes no types

from benchmarks.departures import Departures


def run(seed: int, hours: float) -> Departures:
    """Simulate the network, empty at first."""
    env = salabim.Environment(random_seed=seed)
    stations = [
        (salabim.Resource("station", capacity=servers), salabim.Exponential(mean), share)
        for servers, mean, share in ((3, 0.25, 0.40), (6, 1.2, 0.25), (4, 2.5, 1.0))
    ]
    delay = salabim.Exponential(30)
    left = Departures()

    class Customer(salabim.Component):  # type: ignore[misc]  # the same
        def process(self) -> None:
            left.arrived += 1
            visits = 0
            for station, service, share in stations:
                visits += 1
                self.request(station)
                self.hold(service)
                self.release()
                if salabim.random.random() >= share:
                    break
            else:
                visits += 1
                self.hold(delay)
            left.hours.append(env.now() - self.creation_time())
            left.visits.append(visits)

    salabim.ComponentGenerator(Customer, iat=salabim.Exponential(0.1))
    env.run(till=hours)
    return left
