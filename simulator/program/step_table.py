"""Steps of all processes as one flat table, with the outcomes, assignments and automations that they name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from simulator.program.layout import (
    ASSIGNMENT,
    AUTOMATION,
    OUTCOME,
    PROCESS,
    SPAN,
    STEP,
    Kind,
    Milestone,
    Ownership,
    Rule,
    Table,
)
from simulator.program.quantity_book import QuantityBook
from simulator.program.schedules import moments_of
from simulator.program.workforce import Days
from simulator.records import ACCOUNTS, CAUSES, Floats
from simulator.schema.people import Routing
from simulator.schema.quantity import Quantity, fixed
from simulator.schema.scenario import Scenario
from simulator.schema.steps import Automation, Decide, End, Join, Post, Set, Spawn, Step, Wait, Work

CENTRES = ("acquisition", "delivery", "service", "administration")
REFERENCES = (
    "next", "stage", "team", "queue_class", "match", "effort", "priority", "due", "patience", "patience_to", "balk_at",
    "balk_to",
    "automation", "defect", "defect_to", "duration", "clock", "schedule", "target", "number", "channel", "account",
    "amount",     "cost_centre", "outcome",
)  # fmt: skip
"""Fields of a step that hold -1 when they are not used."""


class ClassBook:
    """Queue classes: cases of one team that the same members may serve."""

    def __init__(self, levels: Mapping[str, Sequence[str]]) -> None:
        self.levels = levels
        self.known: dict[tuple[str, str, str, bool], int] = {}
        """(team, attribute to match, fallback, taken into ownership) to the first class; one class for each level."""
        self.keys: list[tuple[str, str, int, str, bool]] = []

    def add(self, team: str, routing: Routing, *, takes: bool) -> int:
        """Return the first class of the queues of a work step."""
        key = (team, routing.match, routing.fallback if routing.match else "", takes)
        if key not in self.known:
            self.known[key] = len(self.keys)
            for level in range(len(self.levels[routing.match]) if routing.match else 1):
                self.keys.append((team, routing.match, level, key[2], takes))
        return self.known[key]


class StepTable:
    """Builds the table of steps; ``steps``, ``outcomes``... are complete after ``build``."""

    def __init__(
        self, scenario: Scenario, quantities: QuantityBook, attributes: Sequence[str], days: Days, business: int
    ) -> None:
        self.scenario = scenario
        self.quantities = quantities
        self.attributes = {name: index for index, name in enumerate(attributes)}
        self.days = days
        self.business = business
        self.classes = ClassBook(quantities._levels)  # noqa: SLF001 - the same mapping
        self.rows: list[dict[str, Any]] = []
        self.outcomes: list[tuple[int, int, int]] = []
        self.assignments: list[tuple[int, int]] = []
        self.automations: list[tuple[float, ...]] = []
        self.schedules: list[Floats] = []
        self.ends: dict[tuple[str, str], int] = {}
        self._index = {
            (process, step): number
            for number, (process, step) in enumerate(
                (p, s) for p, body in scenario.processes.items() for s in body.steps
            )
        }

    def build(self) -> None:
        """Read all steps of all processes."""
        for number, (process, body) in enumerate(self.scenario.processes.items()):
            names = list(body.steps)
            for local, (name, step) in enumerate(body.steps.items()):
                follower = step.next or (names[local + 1] if local + 1 < len(names) else "")
                where = {"process": number, "place": local, "row": len(self.rows)}
                row = where | self._common(process, name, step, follower)
                self.rows.append(row | self._special(process, name, step, row["next"]))

    def table(self) -> Table:
        """Steps as a structured array."""
        table = np.zeros(len(self.rows), STEP)
        for field in STEP.names or ():
            missing = -1 if field in REFERENCES else 0
            table[field] = [row.get(field, missing) for row in self.rows]
        return table

    def processes(self) -> Table:
        """First step and number of steps of each process."""
        sizes = [len(body.steps) for body in self.scenario.processes.values()]
        firsts = np.cumsum([0, *sizes])[:-1]
        return np.array(list(zip(firsts, sizes, strict=True)), PROCESS)

    def moments(self) -> tuple[Table, Floats]:
        """Schedules as spans of a flat array of moments."""
        spans = np.zeros(len(self.schedules), SPAN)
        first = 0
        for index, moments in enumerate(self.schedules):
            spans[index] = (first, moments.size)
            first += moments.size
        return spans, np.concatenate([np.zeros(0), *self.schedules])

    def flat(self) -> tuple[Table, Table, Table]:
        """Outcomes, assignments and automations as structured arrays."""
        return (
            np.array(self.outcomes, OUTCOME),
            np.array(self.assignments, ASSIGNMENT),
            np.array(self.automations, AUTOMATION),
        )

    def _to(self, process: str, name: str) -> int:
        return self._index[process, name] if name else -1

    def _common(self, process: str, name: str, step: Step, follower: str) -> dict[str, Any]:
        place = f"{process}/{name}"
        stages = list(self.scenario.stages)
        return {
            "kind": Kind[step.kind.upper()],
            "next": self._to(process, follower),
            "purpose": self.quantities.purpose(place),
            "stage": stages.index(step.stage) if step.stage else -1,
            "marks": sum(Milestone[mark.upper()] for mark in step.marks),
        }

    def _special(self, process: str, name: str, step: Step, follower: int) -> dict[str, Any]:
        place = f"{process}/{name}"
        match step:
            case Work():
                return self._work(process, place, step)
            case Wait():
                return self._wait(place, step)
            case Decide():
                first = len(self.outcomes)
                for key, outcome in step.outcomes.items():
                    when = self.quantities.formulas.add(outcome.when) if outcome.when else -1
                    share = self.quantities.add(f"{place}/{key}", outcome.probability, outcome.effects)
                    self.outcomes.append((when, share, self._to(process, outcome.to) if outcome.to else follower))
                return {"first": first, "items": len(step.outcomes)}
            case Set():
                return self._assign(place, step.values) | {"of_parent": step.of == "parent"}
            case Spawn():
                channel = list(self.scenario.channels).index(step.channel) if step.channel else -1
                number = self.quantities.add(f"{place}/count", step.count)
                target = list(self.scenario.processes).index(step.process)
                return self._assign(place, step.values) | {
                    "target": target,
                    "number": number,
                    "joined": step.joined,
                    "channel": channel,
                }
            case Join():
                return {"cause": CAUSES.index(step.cause)}
            case Post():
                amount = self.quantities.add(f"{place}/amount", step.amount)
                return {
                    "account": ACCOUNTS.index(step.account),
                    "amount": amount,
                    "cost_centre": CENTRES.index(step.cost_centre),
                }
            case End():
                return {"next": -1, "outcome": self.ends.setdefault((step.outcome, step.result), len(self.ends))}

    def _assign(self, place: str, values: Mapping[str, Quantity]) -> dict[str, int]:
        first = len(self.assignments)
        for name, value in values.items():
            self.assignments.append((self.attributes[name], self.quantities.add(f"{place}/{name}", value, target=name)))
        return {"first": first, "items": len(values)}

    def _work(self, process: str, place: str, step: Work) -> dict[str, Any]:
        add, takes = self.quantities.add, step.ownership != "none"
        row: dict[str, Any] = {
            "team": list(self.scenario.teams).index(step.team),
            "queue_class": self.classes.add(step.team, step.routing, takes=takes),
            "match": self.attributes[step.routing.match] if step.routing.match else -1,
            "effort": add(f"{place}/effort", step.effort, step.effects),
            "priority": add(f"{place}/priority", step.priority),
            "due": add(f"{place}/due", step.due),
            "ownership": Ownership[step.ownership.upper()],
            "rule": Rule[step.routing.rule.upper()],
            "routing_purpose": self.quantities.purpose(f"{place}/routing"),
            "sees_absence": step.routing.sees_absence,
            "cost_centre": CENTRES.index(self.scenario.teams[step.team].cost_centre),
        }
        if step.patience:
            row |= {
                "patience": add(f"{place}/patience", step.patience.after),
                "patience_to": self._to(process, step.patience.to),
            }
        if step.balk:
            row |= {"balk_at": step.balk.at, "balk_to": self._to(process, step.balk.to)}
        if step.automation:
            row["automation"] = self._automation(place, step.automation)
        if step.defect:
            back = step.defect.to or place.rpartition("/")[2]
            row["defect"] = add(f"{place}/defect", step.defect.probability, step.defect.effects)
            row |= {"defect_to": self._to(process, back), "defect_effort": fixed(step.defect.effort, 1.0)}
        return row

    def _automation(self, place: str, automation: Automation) -> int:
        tool = self.scenario.tools.get(automation.tool)
        measured = fixed(self.scenario.horizon.warm_up)
        start = -np.inf if tool is None else measured if tool.start is None else self.days.hour(tool.start)
        self.automations.append((
            fixed(automation.share),
            fixed(automation.exceptions),
            self.quantities.add(f"{place}/tool_time", automation.time),
            fixed(automation.exception_effort, 1.0),
            round(100 * fixed(automation.cost)),
            start,
            0.0 if tool is None else fixed(tool.adoption),
            self.quantities.purpose(f"{place}/exception"),
        ))  # fmt: skip
        return len(self.automations) - 1

    def _wait(self, place: str, step: Wait) -> dict[str, Any]:
        schedule = -1
        if step.until:
            self.schedules.append(moments_of(step.until, self.days, self.scenario.horizon.holidays))
            schedule = len(self.schedules) - 1
        clock = self.business if step.clock == "business" else -1
        duration = self.quantities.add(f"{place}/duration", step.duration, step.effects)
        return {"duration": duration, "clock": clock, "schedule": schedule, "cause": CAUSES.index(step.cause)}
