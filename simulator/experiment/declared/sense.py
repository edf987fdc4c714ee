"""Whether what a study asks makes sense with the scenarios that it names; told before hours of work."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from itertools import chain

from simulator.errors import ScenarioError, StudyError
from simulator.experiment.bottlenecks.ladder import UNPRICED
from simulator.experiment.bottlenecks.levers import levers_of
from simulator.experiment.bottlenecks.worth import NET
from simulator.experiment.declared.declaration import Bottlenecks, Forecast, Interaction, Search, Sensitivity
from simulator.experiment.declared.declared import Declared
from simulator.experiment.plan import Plan
from simulator.experiment.replications import compiled
from simulator.experiment.search.goal import constraints_of, target_of
from simulator.experiment.sensitivity.parameters import parameters_of, refuse_none
from simulator.kpis.catalogue import Kpi, catalogue
from simulator.program.program import Program
from simulator.schema.names import no_kpi
from simulator.schema.paths import Finding, Key
from simulator.schema.quantity import Quantity, fixed

Known = Mapping[str, Kpi]
"""Every KPI of a scenario by name."""


def senseless(declared: Declared) -> list[Finding]:
    """Everything that could not be carried out: names that are unknown, and what contradicts the scenarios."""
    found = list(_plan(declared))
    if found:
        return found
    plan = declared.plan()
    programs = [compiled(each, plan) for each in declared.scenarios]
    catalogues = [catalogue(each) for each in programs]
    known = catalogues[0]
    return list(chain(_pairing(declared, programs), _decided(declared, catalogues), *_blocks(declared, known)))


def _plan(declared: Declared) -> Iterator[Finding]:
    said = declared.declaration
    yield from _told(("seed",), lambda: Plan(seed=said.seed))
    if isinstance(said.warm_up, Quantity):
        warm_up = fixed(said.warm_up)
        yield from _told(("warm_up",), lambda: Plan(warm_up=warm_up))
    if said.length is not None:
        length = fixed(said.length)
        yield from _told(("length",), lambda: Plan(length=length))


def _pairing(declared: Declared, programs: list[Program]) -> Iterator[Finding]:
    """Scenarios are compared over the same time and in the same currency."""
    base = programs[0]
    for index, (name, other) in enumerate(zip(declared.declaration.scenarios, programs, strict=True)):
        if other.currency != base.currency:
            message = f"'{name}' counts in {other.currency} and the base in {base.currency}: they cannot be compared"
            yield Finding(("scenarios", index), message)
        if (other.warm_up, other.end) != (base.warm_up, base.end):
            message = (
                f"'{name}' measures {other.end - other.warm_up:g} h after {other.warm_up:g} h of warm-up, the base "
                f"{base.end - base.warm_up:g} h after {base.warm_up:g} h: state 'warm_up' and 'length' for both"
            )
            yield Finding(("scenarios", index), message)


def _decided(declared: Declared, catalogues: list[dict[str, Kpi]]) -> Iterator[Finding]:
    """The KPIs that a study decides by, or makes precise, are those of all its scenarios."""
    said, known = declared.declaration, catalogues[0]
    for index, kpi in enumerate(said.kpis):
        yield from _everywhere(("kpis", index), kpi, declared, catalogues)
        if kpi in known and known[kpi].better == "neither" and len(catalogues) > 1:
            message = f"of {kpi} neither more nor less is better: it is reported anyway, and cannot be decided by"
            yield Finding(("kpis", index), message)
    for index, kpi in enumerate(said.precision.kpis if said.precision else ()):
        yield from _everywhere(("precision", "kpis", index), kpi, declared, catalogues)


def _everywhere(path: Key, kpi: str, declared: Declared, catalogues: list[dict[str, Kpi]]) -> Iterator[Finding]:
    lacking = [name for name, known in zip(declared.declaration.scenarios, catalogues, strict=True) if kpi not in known]
    if kpi not in catalogues[0]:
        yield from _kpi(path, kpi, catalogues[0])
    elif lacking:
        yield Finding(path, f"'{lacking[0]}' has no KPI '{kpi}': name one that all the scenarios have")


def _blocks(declared: Declared, known: Known) -> Iterator[Iterator[Finding]]:
    said = declared.declaration
    for index, sensitivity in enumerate(said.sensitivity):
        yield _sensitivity(("sensitivity", index), sensitivity, declared, known)
    for index, pair in enumerate(said.interactions):
        yield _interaction(("interactions", index), pair, declared, known)
    if said.bottlenecks is not None:
        yield _bottlenecks(said.bottlenecks, declared, known)
    if said.search is not None:
        yield _search(said.search, declared, known)
    if said.forecast is not None:
        yield _forecast(said.forecast, declared)
    if said.diary is not None and len(declared.scenarios) < 2:
        yield iter([Finding(("diary",), "follows leads through two scenarios: name another to compare with the base")])


def _sensitivity(path: Key, asked: Sensitivity, declared: Declared, known: Known) -> Iterator[Finding]:
    yield from _kpi((*path, "kpi"), asked.kpi, known)
    for place, wanted in enumerate(asked.parameters):
        yield from _parameter((*path, "parameters", place), wanted, declared)
    if not asked.parameters:
        yield from _told(path, lambda: refuse_none(list(parameters_of(declared.base).values())))
    if asked.method == "one_at_a_time" and asked.points is not None:
        yield Finding((*path, "points"), "is read with 'method: morris' or 'method: sobol' only: leave it out")
    if asked.method == "sobol" and asked.points is not None and asked.points & (asked.points - 1):
        yield Finding((*path, "points"), f"must be a power of two for Sobol, such as 64 or 128, not {asked.points}")


def _interaction(path: Key, asked: Interaction, declared: Declared, known: Known) -> Iterator[Finding]:
    yield from _kpi((*path, "kpi"), asked.kpi, known)
    sides = [("rows", asked.rows), ("columns", asked.columns)]
    wrong = [each for side, wanted in sides for each in _parameter((*path, side), wanted, declared)]
    yield from wrong
    if not wrong and len(declared.parameters([asked.rows, asked.columns])) < len(sides):
        yield Finding((*path, "columns"), "is the same number as the rows: name another")


def _bottlenecks(asked: Bottlenecks, declared: Declared, known: Known) -> Iterator[Finding]:
    path, kpi = ("bottlenecks",), declared.kpi(asked.kpi)
    yield from _kpi((*path, "kpi"), asked.kpi, known)
    if kpi in known and known[kpi].better == "neither":
        message = f"of {kpi} neither more nor less is better, so nothing is worth anything in it: name another"
        yield Finding((*path, "kpi"), message)
    yield from _told((*path, "kinds"), lambda: levers_of(declared.base, asked.kinds))
    if asked.rungs and "rungs" in asked.model_fields_set and kpi in known and kpi not in NET:
        climb = f"leave it out, or name {' or '.join(sorted(NET))}"
        yield Finding((*path, "rungs"), f"asks for a ladder, and {kpi} {UNPRICED}: {climb}")
    if asked.rungs and kpi in NET:
        yield from _told((*path, "rungs"), lambda: levers_of(declared.base, declared.climbed(asked)))


def _search(asked: Search, declared: Declared, known: Known) -> Iterator[Finding]:
    currency = declared.base.scenario.horizon.currency
    if asked.budget is not None and asked.budget.currency not in {"", currency}:
        yield Finding(("search", "budget"), f"is in {asked.budget.currency}, the base is in {currency}")
    yield from _kpi(("search", "kpi"), asked.kpi, known)
    yield from _told(("search", "budget"), lambda: declared.goal(asked))
    free = asked.model_copy(update={"budget": None, "constraints": ()})
    if declared.kpi(asked.kpi) in known:
        yield from _told(("search", "kpi"), lambda: target_of(declared.goal(free), known, currency))
        yield from _alone("indifference", free, declared)
        yield from _alone("discount", free, declared)
    for index, text in enumerate(asked.constraints):
        yield from _told(("search", "constraints", index), partial(constraints_of, text, known, currency))
    yield from _told(("search",), lambda: declared.space(asked))


def _alone(field: str, asked: Search, declared: Declared) -> Iterator[Finding]:
    """What is wrong with one of the two numbers, the other left out."""
    other = {"indifference", "discount"} - {field}
    stated = asked.model_copy(update=dict.fromkeys(other))
    if getattr(stated, field) is not None:
        yield from _told(("search", field), lambda: declared.search_plan(stated, declared.plan()))


def _forecast(asked: Forecast, declared: Declared) -> Iterator[Finding]:
    scenario = declared.base.scenario
    if fixed(scenario.horizon.warm_up) > 0:
        return
    if scenario.pipeline is None:
        message = "the base has neither an open pipeline nor a warm-up to make one: give it one of them"
        yield Finding(("forecast",), message)
    elif asked.backtest is not None:
        message = (
            "needs a warm-up of the base, whose end is the day from which is forecast: give it one, or leave it out"
        )
        yield Finding(("forecast", "backtest"), message)


def _kpi(path: Key, kpi: str, known: Known) -> Iterator[Finding]:
    if kpi and kpi not in known:
        yield Finding(path, no_kpi(kpi, known))


def _parameter(path: Key, wanted: str, declared: Declared) -> Iterator[Finding]:
    yield from _told(path, lambda: declared.parameters([wanted]))


def _told(path: Key, attempt: Callable[[], object]) -> Iterator[Finding]:
    """What an attempt is refused with, at its place in the file."""
    try:
        attempt()
    except (StudyError, ScenarioError) as error:
        yield Finding(path, str(error))
