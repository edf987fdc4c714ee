"""Scenario to program: names become indices, quantities become rows, calendars become intervals."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from simulator.program.arrival_rates import channel_demand
from simulator.program.births import Levels, before_anyone_is_born, births_of
from simulator.program.formula_code import FormulaBook
from simulator.program.layout import Table, Tables
from simulator.program.pipeline import open_pipeline
from simulator.program.program import Names, Program, Running
from simulator.program.quantity_book import QuantityBook
from simulator.program.step_table import StepTable
from simulator.program.targets import stated_targets
from simulator.program.workforce import CalendarBook, Days, Workforce, build_workforce, days_of
from simulator.program.working_time import weekly_intervals
from simulator.schema.calendar import parse_shifts
from simulator.schema.demand import Attribute
from simulator.schema.names import in_words
from simulator.schema.quantity import fixed
from simulator.schema.scenario import Scenario
from simulator.schema.vocabulary import levels_of


def attribute_names(scenario: Scenario) -> tuple[str, ...]:
    """Attributes in the order of their slots: segment and product first, since others may depend on them."""
    implied = [name for name, listed in (("segment", scenario.segments), ("product", scenario.products)) if listed]
    return (*implied, *(name for name in scenario.attributes if name not in implied))


def compile_scenario(scenario: Scenario, folder: Path | None = None, digest: str = "") -> Program:
    """Compile a checked scenario, whose trace files lie in ``folder``; CaudalError when one cannot be read."""
    horizon = scenario.horizon
    warm_up, end = fixed(horizon.warm_up), fixed(horizon.warm_up) + fixed(horizon.length)
    days, levels, attributes = days_of(scenario, end), levels_of(scenario), attribute_names(scenario)
    policies = {name: fixed(value) for name, value in scenario.policies.items()}
    quantities = QuantityBook(scenario, FormulaBook(attributes, levels, policies), levels)
    calendars = CalendarBook()
    office = weekly_intervals(
        parse_shifts(horizon.business_hours), days.first, days.count, days.holidays, 0.0, math.inf
    )
    steps = StepTable(scenario, quantities, attributes, days, calendars.add(office))
    steps.build()
    workforce = build_workforce(scenario, days, calendars)
    births = births_of(scenario, attributes, levels, quantities)
    demand = [channel_demand(key, c, horizon, days, end, quantities, folder) for key, c in scenario.channels.items()]
    tables = _tables(scenario, steps, workforce, calendars, quantities, births, attributes)
    names = _names(scenario, steps, workforce, attributes, levels)
    return Program(
        name=scenario.name,
        digest=digest,
        currency=horizon.currency,
        start=dt.datetime.combine(horizon.start, dt.time()),
        warm_up=warm_up,
        end=end,
        tables=tables,
        names=names,
        demand=tuple(demand),
        wages=workforce.wages,
        lead_costs=np.array([fixed(channel.cost_per_lead) for channel in scenario.channels.values()]),
        channel_costs=_channel_costs(scenario, days),
        other_costs=_other_costs(scenario, days, workforce, warm_up),
        cost_of_finance=fixed(scenario.cost_of_finance),
        satisfaction=_satisfaction(scenario, attributes),
        targets=stated_targets(scenario),
        pipeline=open_pipeline(scenario, folder, tables, names, warm_up),
    )


def _tables(
    scenario: Scenario, steps: StepTable, workforce: Workforce, calendars: CalendarBook, quantities: QuantityBook,
    births: np.ndarray, attributes: Sequence[str],
) -> Tables:  # fmt: skip
    takes, serves = _classes(scenario, steps, workforce)
    outcomes, assignments, automations = steps.flat()
    schedules, moments = steps.moments()
    spans, opens, closes, worked = calendars.freeze()
    stated = [scenario.attributes.get(name, Attribute()) for name in attributes]
    processes = list(scenario.processes)
    levels = levels_of(scenario)
    # Levels are indices into tables: nothing may lie outside of them.
    limits = [(0.0, len(levels[name]) - 1.0) if name in levels else (-math.inf, math.inf) for name in attributes]
    chances = quantities.freeze(
        half_life=np.array([fixed(a.half_life) for a in stated], np.float64),
        low=np.array([fixed(a.low, low) for a, (low, _) in zip(stated, limits, strict=True)], np.float64),
        high=np.array([fixed(a.high, high) for a, (_, high) in zip(stated, limits, strict=True)], np.float64),
    )
    at_birth = before_anyone_is_born(births, chances)
    return Tables(
        steps=steps.table(), outcomes=outcomes, assignments=assignments, processes=steps.processes(),
        chances=chances, births=births, given=at_birth.given, brought=at_birth.brought, alike=at_birth.alike,
        luck=at_birth.luck,
        segment=attributes.index("segment") if scenario.segments else -1,
        product=attributes.index("product") if scenario.products else -1,
        channel_process=np.array([processes.index(c.process) for c in scenario.channels.values()], np.int32),
        teams=workforce.teams, members=workforce.members, class_takes=takes, serves=serves,
        roster_start=workforce.roster_start, roster_opening=workforce.roster_opening, presence=workforce.presence,
        calendars=spans, opens=opens, closes=closes, worked=worked, schedules=schedules, moments=moments,
        automations=automations,
    )  # fmt: skip


def _classes(scenario: Scenario, steps: StepTable, workforce: Workforce) -> tuple[np.ndarray, np.ndarray]:
    """Order the queue classes by team, renumber the steps, and say who serves which."""
    keys = steps.classes.keys
    teams = list(scenario.teams)
    order = sorted(range(len(keys)), key=lambda index: teams.index(keys[index][0]))
    place = {old: new for new, old in enumerate(order)}
    for row in steps.rows:
        if "queue_class" in row:
            row["queue_class"] = place[row["queue_class"]]
    serves = np.zeros((len(keys), len(workforce.people)), np.uint8)
    for old, (team, match, level, fallback, _) in enumerate(keys):
        first, count = workforce.teams[teams.index(team)][["first_member", "members"]]
        crew = range(first, first + count)
        levels = steps.classes.levels.get(match, ())
        able = [m for m in crew if not match or levels[level] in workforce.people[m].skills.get(match, levels)]
        serves[place[old], able or (list(crew) if fallback == "anyone" else [])] = 1
    for index, team in enumerate(teams):
        mine = [place[old] for old, key in enumerate(keys) if key[0] == team]
        workforce.teams[index]["first_class"], workforce.teams[index]["classes"] = min(mine, default=0), len(mine)
    return np.array([keys[old][4] for old in order], np.int8), serves


def _names(
    scenario: Scenario, steps: StepTable, workforce: Workforce, attributes: Sequence[str], levels: Levels
) -> Names:
    every = [(p, s, step) for p, body in scenario.processes.items() for s, step in body.steps.items()]
    return Names(
        attributes=tuple(attributes),
        levels={name: tuple(values) for name, values in levels.items()},
        processes=tuple(scenario.processes),
        steps=tuple(f"{process}.{name}" for process, name, _ in every),
        step_labels=tuple(step.label or in_words(name) for _, name, step in every),
        stages=tuple(scenario.stages),
        stage_labels=tuple(label or in_words(name) for name, label in scenario.stages.items()),
        teams=tuple(scenario.teams),
        team_labels=tuple(team.label or in_words(name) for name, team in scenario.teams.items()),
        team_centres=tuple(team.cost_centre for team in scenario.teams.values()),
        members=tuple(workforce.names),
        channels=tuple(scenario.channels),
        channel_labels=tuple(channel.label or in_words(name) for name, channel in scenario.channels.items()),
        segments=tuple(scenario.segments),
        segment_labels=tuple(segment.label or in_words(name) for name, segment in scenario.segments.items()),
        outcomes=tuple(name for name, _ in steps.ends),
        outcome_results=tuple(result for _, result in steps.ends),
    )


def _satisfaction(scenario: Scenario, attributes: Sequence[str]) -> int:
    return next((attributes.index(name) for name, a in scenario.attributes.items() if a.role == "satisfaction"), -1)


def _channel_costs(scenario: Scenario, days: Days) -> tuple[Running, ...]:
    costs: list[Running] = []
    for name, channel in scenario.channels.items():
        if channel.fixed_cost is not None:
            costs.append(Running(name, "acquisition", fixed(channel.fixed_cost), 0.0, 0.0))
        costs += [
            Running(name, "acquisition", 0.0, fixed(d.cost), days.hour(d.date))
            for d in channel.drops
            if d.cost is not None
        ]
    return tuple(costs)


def _other_costs(scenario: Scenario, days: Days, workforce: Workforce, warm_up: float) -> tuple[Running, ...]:
    costs = [Running(name, over.cost_centre, fixed(over.cost), 0.0, 0.0) for name, over in scenario.overheads.items()]
    teams: Table = workforce.teams
    for name, tool in scenario.tools.items():
        seats = int(teams[list(scenario.teams).index(tool.seats)]["members"]) if tool.seats else 1
        start = days.hour(tool.start) if tool.start else warm_up
        costs.append(Running(name, tool.cost_centre, seats * fixed(tool.licence), fixed(tool.set_up), start))
    return tuple(costs)
