"""The three-station network as a user of Ciw would write it; the delay is a node with endless servers."""

from __future__ import annotations

import ciw  # type: ignore[import-untyped]  # it publishes no types

from benchmarks.departures import Departures


def run(seed: int, hours: float) -> Departures:
    """Simulate the network, empty at first."""
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(rate=10), None, None, None],
        service_distributions=[ciw.dists.Exponential(rate=1 / mean) for mean in (0.25, 1.2, 2.5, 30)],
        number_of_servers=[3, 6, 4, float("inf")],
        routing=[[0.0, 0.40, 0.0, 0.0], [0.0, 0.0, 0.25, 0.0], [0.0, 0.0, 0.0, 1.0], [0.0, 0.0, 0.0, 0.0]],
    )
    ciw.seed(seed)
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_time(hours)
    journeys = [individual.data_records for individual in simulation.nodes[-1].all_individuals]
    return Departures(
        simulation.nodes[0].number_of_individuals,
        [visits[-1].exit_date - visits[0].arrival_date for visits in journeys],
        [len(visits) for visits in journeys],
    )
