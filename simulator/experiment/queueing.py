"""Closed forms of queueing theory, against which the engines are checked."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from simulator.records import Floats


class Station(NamedTuple):
    """Long-run figures of one queue with its servers, in the time unit of the rates."""

    utilisation: float
    """Share of the servers that is busy."""
    queue: float
    """Mean number waiting, Lq."""
    wait: float
    """Mean wait of those who are served, Wq."""
    number: float
    """Mean number waiting or being served, L."""
    time: float
    """Mean time from arrival to departure, W."""
    lost: float = 0.0
    """Share of arrivals that is turned away."""
    lost_rate: float = 0.0
    """Arrivals turned away in a unit of time."""


def erlang_b(servers: int, load: float) -> float:
    """Probability that an arrival is lost when nobody can wait.

    Erlang (1917); the recursion of Cooper, *Introduction to Queueing Theory* (1981), section 3.3.
    """
    blocked = 1.0
    for n in range(1, servers + 1):
        blocked = load * blocked / (n + load * blocked)
    return blocked


def erlang_c(servers: int, load: float) -> float:
    """Probability that an arrival must wait; Cooper (1981), equation 4.8 of chapter 3."""
    if load >= servers:
        return 1.0
    blocked = erlang_b(servers, load)
    return servers * blocked / (servers - load * (1 - blocked))


def mmc(arrivals: float, service: float, servers: int = 1) -> Station:
    """M/M/c: exponential times between arrivals and of service, given as rates; Gross et al. (2008), section 2.3."""
    load = arrivals / service
    if load >= servers:
        raise ValueError(f"{servers} servers cannot carry a load of {load:g}: the queue grows without end")
    wait = erlang_c(servers, load) / (servers * service - arrivals)
    queue = arrivals * wait
    return Station(load / servers, queue, wait, queue + load, wait + 1 / service)


def mmck(arrivals: float, service: float, servers: int, places: int) -> Station:
    """M/M/c/K: at most ``places`` cases, those in service included; Gross et al. (2008), section 2.5."""
    death = [service * min(n, servers) for n in range(1, places + 1)]
    weights = _birth_death([arrivals] * places, death)
    lost = float(weights[-1])
    return _from_states(weights, servers, arrivals * (1 - lost), service)._replace(lost=lost, lost_rate=arrivals * lost)


def machine_repair(machines: int, failure: float, repair: float, crew: int = 1) -> Station:
    """M/M/c//N: machines that fail, each at the given rate, and their crew; Gross et al. (2008), section 2.8."""
    birth = [(machines - n) * failure for n in range(machines)]
    death = [repair * min(n, crew) for n in range(1, machines + 1)]
    weights = _birth_death(birth, death)
    rate = failure * float(((machines - np.arange(machines + 1)) * weights).sum())
    return _from_states(weights, crew, rate, repair)


def priority(arrivals: Sequence[float], service: float) -> tuple[Station, ...]:
    """Non-pre-emptive priority at one server with one exponential service rate, the first class first.

    Cobham (1954); Gross et al. (2008), section 3.4.1.
    """
    residual = sum(arrivals) / service**2
    stations, before = [], 0.0
    for rate in arrivals:
        upto = before + rate / service
        wait = residual / ((1 - before) * (1 - upto))
        stations.append(Station(rate / service, rate * wait, wait, rate * (wait + 1 / service), wait + 1 / service))
        before = upto
    return tuple(stations)


def traffic(arrivals: Sequence[float], routing: Sequence[Sequence[float]]) -> Floats:
    """Total arrival rate of each station, (I - P')^-1 gamma; Jackson, Operations Research 5 (1957), 518-521."""
    matrix = np.eye(len(arrivals)) - np.asarray(routing, dtype=np.float64).T
    return np.asarray(np.linalg.solve(matrix, np.asarray(arrivals, dtype=np.float64)), dtype=np.float64)


def jackson(
    arrivals: Sequence[float], service: Sequence[float], servers: Sequence[int], routing: Sequence[Sequence[float]]
) -> tuple[Station, ...]:
    """Open Jackson network: each station behaves as an M/M/c of its own total arrival rate; Jackson (1957)."""
    totals = traffic(arrivals, routing)
    return tuple(mmc(float(rate), mu, c) for rate, mu, c in zip(totals, service, servers, strict=True))


def _birth_death(birth: Sequence[float], death: Sequence[float]) -> Floats:
    """Long-run probability of each number of cases, from the logarithms so that large systems do not overflow."""
    steps = [math.log(up) - math.log(down) for up, down in zip(birth, death, strict=True)]
    logs = np.concatenate(([0.0], np.cumsum(steps)))
    weights = np.exp(logs - logs.max())
    return np.asarray(weights / weights.sum(), dtype=np.float64)


def _from_states(weights: Floats, servers: int, rate: float, service: float) -> Station:
    states = np.arange(weights.size)
    number = float((states * weights).sum())
    queue = float((np.maximum(states - servers, 0) * weights).sum())
    return Station(rate / service / servers, queue, queue / rate, number, number / rate)
