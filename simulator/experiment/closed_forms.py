"""The theory scenarios with what queueing theory expects of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from simulator.experiment.queueing import Station, erlang_b, jackson, machine_repair, mmc, mmck, priority


@dataclass(frozen=True)
class Figure:
    """One figure of a case: a formula over KPIs and ``hours``, the length of the measured time."""

    formula: str
    expected: float
    label: str = ""
    """Name for people; the formula where none is given."""


@dataclass(frozen=True)
class Case:
    """One theory scenario, and the figures that it must show."""

    name: str
    scenario: str
    """Shipped name."""
    figures: tuple[Figure, ...]
    precision: float = 0.15
    """Widest half of the interval, relative to the expected figure, at which agreement means anything."""


def _station(team: str, station: Station) -> tuple[Figure, ...]:
    """Wait, queue and utilisation of one team."""
    return (
        Figure(f"waiting_{team}", station.wait),
        Figure(f"queue_{team}", station.queue),
        Figure(f"utilisation_{team}", station.utilisation),
    )


def _crew(size: int, name: str) -> Figure:
    down = machine_repair(5, 0.1, 0.25, size).number
    return Figure(f"queue_crew_of_{name} + {size} * utilisation_crew_of_{name}", down, f"machines down, crew of {name}")


def _network(teams: tuple[str, ...], stations: tuple[Station, ...]) -> tuple[Figure, ...]:
    return tuple(figure for team, station in zip(teams, stations, strict=True) for figure in _station(team, station))


_CANTEEN: Final = jackson([0.3, 0.2, 0], [1, 0.4, 0.5], [1, 2, 2], [[0, 0.3, 0.7], [0, 0, 1], [0, 0, 0]])
_FUNNEL: Final = jackson(
    [2, 0, 0], [60 / 36, 60 / 90, 60 / 75], [2, 3, 1], [[0.1, 0.4, 0], [0.05, 0.25, 0.3], [0, 0, 0.2]]
)
_URGENT, _ORDINARY = priority([0.2, 0.6], 1)
_CROWD: Final = mmck(40, 1, 10, 10)

CASES: Final = (
    Case("M/M/1, 10 of 12 an hour", "theory/m_m_1", _station("desk", mmc(10, 12)), 0.2),
    Case("M/M/4, every 4 min, 10 min", "theory/m_m_4", _station("desk", mmc(15, 6, 4))),
    Case(
        "M/M/1/6, 1 of 1.2 a minute", "theory/m_m_1_6",
        (
            Figure("abandoned_desk * leads / hours / 60", mmck(1, 1.2, 1, 6).lost_rate, "lost a minute"),
            Figure("waiting_desk * 60", mmck(1, 1.2, 1, 6).wait, "minutes of waiting"),
            Figure("queue_desk", mmck(1, 1.2, 1, 6).queue),
        ),
    ),
    Case(
        "Erlang B", "theory/erlang_b",
        (
            Figure("abandoned_pair", erlang_b(2, 1), "lost, 2 servers, load 1"),
            Figure("abandoned_quintet", erlang_b(5, 4), "lost, 5 servers, load 4"),
            Figure("abandoned_crowd * leads_many / hours", _CROWD.lost_rate, "lost an hour, M/M/10/10"),
            Figure("utilisation_crowd", _CROWD.utilisation),
        ),
    ),
    Case("Erlang C", "theory/erlang_c", (*_station("pair", mmc(1, 1, 2)), *_station("quintet", mmc(4, 1, 5))), 0.2),
    Case(
        "Priority, 0.2 and 0.6 of 1 an hour", "theory/priority",
        (
            Figure("24 * stage_time_urgent_mean", _URGENT.time, "hours of the urgent"),
            Figure("24 * stage_time_ordinary_mean", _ORDINARY.time, "hours of the ordinary"),
            Figure("utilisation_desk", _URGENT.utilisation + _ORDINARY.utilisation),
        ),
    ),
    Case("Jackson network, canteen", "theory/canteen", _network(("cold", "hot", "till"), _CANTEEN)),
    Case("Jackson network, funnel", "theory/funnel", _network(("qualifiers", "sellers", "clerks"), _FUNNEL), 0.2),
    Case(
        "Machine repair, 5 machines", "theory/machine_repair",
        tuple(_crew(size, name) for size, name in enumerate(("one", "two", "three", "four", "five"), start=1)),
    ),
    Case(
        "Machine repair with its cost", "theory/machine_repair_cost",
        (Figure("cost_total / hours", 15 + 60 * machine_repair(5, 0.1, 0.25, 1).number, "EUR an hour, crew of one"),),
    ),
)  # fmt: skip
