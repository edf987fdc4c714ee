"""What could be relieved in a scenario: teams by a person or by speed, delays by a day, policies by a tenth."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from typing import Final, Literal, get_args

from simulator.chance.distributions import DistributionTable
from simulator.errors import StudyError
from simulator.experiment.bottlenecks.newcomers import newcomers
from simulator.schema.loading import Loaded
from simulator.schema.names import in_words
from simulator.schema.paths import dotted
from simulator.schema.people import Team
from simulator.schema.quantity import Quantity
from simulator.schema.scenario import Scenario
from simulator.schema.steps import Step, Wait, Work
from simulator.schema.units import Parsed, parse_units

Kind = Literal["person", "speed", "delay", "effort", "policy"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
TENTH: Final = 0.1
DAY: Final = 24.0
EFFECT: Final = "shorter"
"""Name of the effect that shortens a step; numbered where the scenario has one of that name."""


@dataclass(frozen=True)
class Lever:
    """One change whose worth is asked."""

    kind: Kind
    path: str
    """Place in the scenario."""
    label: str
    """What is changed, in words."""
    change: str
    """How: ``one more person``, ``10 % faster``, ``one day less``, ``10 % less``..."""
    changes: Mapping[str, object]
    """What is laid over the scenario."""


def levers_of(loaded: Loaded, kinds: Collection[Kind] = KINDS) -> list[Lever]:
    """Every lever of the kinds, in the order of the file.

    One more person (see ``newcomers``) and 10 % more speed for each team that has work; one day less for each wait
    whose duration is plain calendar time of more than a day on the average, 10 % less for every other one (shorter,
    computed by a formula, moved by effects, counted in business hours, or rounded up to a date); 10 % less effort for
    each work step; each policy by a day less where it is a time of more than a day, otherwise by 10 % less and by 10 %
    more, a whole number by at least one. Raises StudyError where there is nothing to move.
    """
    found = [lever for kind in KINDS if kind in kinds for lever in _FINDERS[kind](loaded.scenario)]
    if not found:
        raise StudyError(f"this scenario has nothing of the kind {' or '.join(kinds)} that could be relieved")
    return found


def staffed(scenario: Scenario) -> list[tuple[str, Team]]:
    """Teams that a step sends work to."""
    named = {step.team for _, step in steps_of(scenario) if isinstance(step, Work)}
    return [(name, team) for name, team in scenario.teams.items() if name in named]


def steps_of(scenario: Scenario) -> Iterator[tuple[str, Step]]:
    """Every step by its place in the scenario."""
    for process, body in scenario.processes.items():
        yield from ((dotted(("processes", process, "steps", name)), step) for name, step in body.steps.items())


def _people(scenario: Scenario) -> Iterator[Lever]:
    for name, team in staffed(scenario):
        changes = newcomers(name, team, 1, scenario.horizon.currency)
        yield Lever("person", f"teams.{name}", spoken(team.label, name), "one more person", changes)


def _speeds(scenario: Scenario) -> Iterator[Lever]:
    for name, team in staffed(scenario):
        own = {f"teams.{name}.members.{each}": member.speed for each, member in team.members.items()}
        stated = {f"teams.{name}": team.speed} | {path: speed for path, speed in own.items() if speed is not None}
        changes = {f"{path}.speed": _scaled(speed, 1 + TENTH) for path, speed in stated.items()}
        yield Lever("speed", f"teams.{name}", spoken(team.label, name), "10 % faster", changes)


def _scaled(speed: Quantity | None, factor: float) -> str:
    return f"{factor * (1.0 if speed is None or speed.fixed is None else speed.fixed):.10g}"


def _delays(scenario: Scenario) -> Iterator[Lever]:
    for path, step in steps_of(scenario):
        if isinstance(step, Wait) and step.duration is not None:
            mean = _calendar_mean(step)
            longer = mean > DAY
            factor = 1 - DAY / mean if longer else 1 - TENTH
            change = "one day less" if longer else "10 % less"
            changes = shortened(scenario, path, step, factor)
            yield Lever("delay", path, spoken(step.label, path), change, changes)


def _calendar_mean(step: Wait) -> float:
    """Mean hours of a wait that is plain calendar time, 0 of any other."""
    duration = step.duration
    plain = step.clock == "calendar" and step.until is None and not step.effects
    if not plain or duration is None or duration.formula or not duration.form:
        return 0.0
    table = DistributionTable()
    return table.mean(table.add(duration.form, duration.parameters))


def _efforts(scenario: Scenario) -> Iterator[Lever]:
    for path, step in steps_of(scenario):
        if isinstance(step, Work):
            changes = shortened(scenario, path, step, 1 - TENTH)
            yield Lever("effort", path, spoken(step.label, path), "10 % less effort", changes)


def shortened(scenario: Scenario, path: str, step: Wait | Work, factor: float) -> dict[str, object]:
    """Every duration of a step times a factor, by an effect that is always the same: so its form does not matter."""
    name = next(name for i in count() if (name := f"{EFFECT}_{i}" if i else EFFECT) not in scenario.effects)
    effect = {"reads": "1", "coefficient": math.log(factor)}
    return {f"effects.{name}": effect, f"{path}.effects": [*step.effects, name]}


def _policies(scenario: Scenario) -> Iterator[Lever]:
    for name, policy in scenario.policies.items():
        parsed = parse_units(policy.text)
        if parsed is not None and parsed.value:
            path = f"policies.{name}"
            label = f"{spoken('', name)} ({policy.text})"
            for change, value in _moved(policy.text, parsed):
                yield Lever("policy", path, label, change, {path: value})


def _moved(text: str, parsed: Parsed) -> Iterator[tuple[str, str]]:
    """How a policy is moved, in words and as a scenario file states it."""
    value = parsed.value
    unit = {"duration": " h", "money": f" {parsed.currency}"}.get(parsed.dimension, "")
    if parsed.dimension == "duration" and value > DAY:
        yield "one day less", f"{value - DAY:.10g}{unit}"
        return
    whole = parsed.dimension == "number" and text.strip().lstrip("+-").isdigit()
    by = max(1, round(TENTH * abs(value))) if whole else TENTH * abs(value)
    amount = str(by) if whole else "10 %"
    yield f"{amount} less", f"{value - by:.10g}{unit}"
    yield f"{amount} more", f"{value + by:.10g}{unit}"


def spoken(label: str, path: str) -> str:
    """The label of a block or, without one, its name in words."""
    return label or in_words(path.rpartition(".")[2])


_FINDERS: Final[Mapping[Kind, Callable[[Scenario], Iterator[Lever]]]] = {
    "person": _people, "speed": _speeds, "delay": _delays, "effort": _efforts, "policy": _policies,
}  # fmt: skip
