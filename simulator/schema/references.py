"""Names used anywhere in a scenario that are defined nowhere in it."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator
from functools import cache
from typing import Any, Final, NamedTuple

from simulator.schema.demand import Channel
from simulator.schema.formula import Formula
from simulator.schema.frozen import NAME, Frozen
from simulator.schema.names import did_you_mean
from simulator.schema.paths import Finding, Key, shortened
from simulator.schema.people import Member
from simulator.schema.quantity import read_formula
from simulator.schema.scenario import Effect, Scenario
from simulator.schema.steps import Outcome
from simulator.schema.vocabulary import Vocabulary
from simulator.schema.walk import Part, Stated, fields_of, parts, quantities

_SECTIONS: Final = {
    "process": ("process", "processes"),
    "team": ("team", "teams"),
    "seats": ("team", "teams"),
    "tool": ("tool", "tools"),
    "channel": ("channel", "channels"),
    "stage": ("stage", "stages"),
    "effects": ("effect", "effects"),
}
"""Field that refers -> what it refers to, and the section that defines it."""
_STEPS: Final = ("next", "to")


def reference_findings(scenario: Scenario) -> Iterator[Finding]:
    """Processes, teams, steps, effects, tools, channels, stages, attributes, levels and sources that do not exist."""
    vocabulary = Vocabulary.of(scenario)
    for part in parts(scenario):
        if part.path:
            yield from _sections(part, scenario)
            yield from _steps(part, scenario)
            yield from _attributes(part, vocabulary)
        yield from _source(part.path, part.model, scenario)
    for stated in quantities(scenario):
        yield from _source(stated.path, stated.quantity, scenario)
        yield from _named_values(stated, vocabulary)


def _sections(part: Part, scenario: Scenario) -> Iterator[Finding]:
    for field in _referring(type(part.model)):
        what, section = _SECTIONS[field]
        value = getattr(part.model, field)
        for index, name in enumerate((value,) if isinstance(value, str) else value):
            path = (*part.path, field) if isinstance(value, str) else (*part.path, field, index)
            if name or what == "process" or field == "team":
                yield from _unknown(path, name, what, getattr(scenario, section))


@cache
def _referring(kind: type[Frozen]) -> tuple[str, ...]:
    """Fields of a model that name something in a section."""
    return tuple(field for field in _SECTIONS if field in fields_of(kind))


def _stated(model: Frozen, field: str) -> Any:
    """Value of a field, None where the model has no such field: Pydantic takes long to refuse one."""
    return getattr(model, field) if field in fields_of(type(model)) else None


def _steps(part: Part, scenario: Scenario) -> Iterator[Finding]:
    if part.path[0] != "processes" or len(part.path) < 4:
        return
    steps = scenario.processes[str(part.path[1])].steps
    for field in _STEPS:
        name = _stated(part.model, field)
        required = name == "" and fields_of(type(part.model))[field].is_required()
        if name or required:
            yield from _unknown((*part.path, field), str(name), "step", steps)


def _attributes(part: Part, vocabulary: Vocabulary) -> Iterator[Finding]:
    for field in ("brings", "values"):
        for name in _stated(part.model, field) or ():
            yield from _unknown((*part.path, field, name), name, "attribute", vocabulary.attributes)
    match = _stated(part.model, "match")
    if match:
        yield from _classes((*part.path, "match"), match, vocabulary)
    if isinstance(part.model, Member):
        for name, levels in part.model.skills.items():
            path = (*part.path, "skills", name)
            yield from _classes(path, name, vocabulary)
            for index, level in enumerate(levels):
                if name in vocabulary.levels:
                    yield from _unknown((*path, index), level, f"level of '{name}'", vocabulary.levels[name])


def _classes(path: Key, name: str, vocabulary: Vocabulary) -> Iterator[Finding]:
    """The name must be of an attribute with levels."""
    if name in vocabulary.attributes and name not in vocabulary.levels:
        yield Finding(path, f"the attribute '{name}' has no levels: list them under 'levels', or name one that has")
    else:
        yield from _unknown(path, name, "attribute with levels", vocabulary.levels)


def _source(path: Key, model: Frozen, scenario: Scenario) -> Iterator[Finding]:
    source = _stated(model, "source")
    if source and re.fullmatch(NAME, source) and source not in scenario.sources:
        known = did_you_mean(source, scenario.sources, "sources")
        yield Finding((*path, "source"), f"there is no source '{source}'{known}")


def _named_values(stated: Stated, vocabulary: Vocabulary) -> Iterator[Finding]:
    """Levels named as values of a choice, or as a plain value."""
    levels = vocabulary.levels.get(stated.attribute, ())
    named = [value for value in stated.quantity.parameters.get("values", ()) if isinstance(value, str)]
    for value in named:
        if not levels:
            owner = f"'{stated.attribute}' has no levels" if stated.attribute else "levels have no place here"
            yield Finding(stated.path, f"'{value}' is no number, and {owner}")
        else:
            yield from _unknown(stated.path, value, f"level of '{stated.attribute}'", levels)
    foreign = stated.quantity.formula in vocabulary.level_names and stated.quantity.formula not in levels
    if levels and foreign:
        yield from _unknown(stated.path, stated.quantity.formula, f"level of '{stated.attribute}'", levels)


def _unknown(path: Key, name: str, what: str, known: Collection[str]) -> Iterator[Finding]:
    if name not in known:
        shown = shortened(name, 60)
        yield Finding(path, f"there is no {what} '{shown}'{did_you_mean(name, known, 'such names')}")


class Text(NamedTuple):
    """A formula as it stands in the file."""

    path: Key
    text: str
    target: str
    """Attribute that the formula gives a value to, empty where there is none."""
    part: Part


def formula_texts(scenario: Scenario) -> Iterator[Text]:
    """All formulas of a scenario: in numbers, conditions and effects."""
    for stated in quantities(scenario):
        if stated.quantity.formula:
            yield Text(stated.path, stated.quantity.formula, stated.attribute, stated.part)
    for part in parts(scenario):
        if isinstance(part.model, Outcome) and part.model.when:
            yield Text((*part.path, "when"), part.model.when, "", part)
        if isinstance(part.model, Effect):
            yield Text((*part.path, "reads"), part.model.reads, "", part)


def formula_findings(scenario: Scenario) -> Iterator[Finding]:
    """Formulas that cannot be read, read unknown names, or are in another currency."""
    vocabulary = Vocabulary.of(scenario)
    for text in formula_texts(scenario):
        try:
            formula = read_formula(text.text)
        except ValueError as error:
            yield Finding(text.path, str(error))
            continue
        for name in sorted(formula.names):
            yield from _readable(text, name, vocabulary)
        for name in sorted(_ambiguous(formula, text.target, vocabulary)):
            yield Finding(
                text.path, f"'{name}' is a level of several attributes: compare it, as in 'segment == {name}'"
            )
        for currency in sorted(formula.currencies - {scenario.horizon.currency}):
            yield Finding(text.path, f"{currency} is another currency than the scenario's {scenario.horizon.currency}")


def _readable(text: Text, name: str, vocabulary: Vocabulary) -> Iterator[Finding]:
    if name not in vocabulary.readable:
        known = did_you_mean(name, sorted(vocabulary.readable), "attributes")
        yield Finding(text.path, f"the formula reads '{name}', which is no attribute, policy or level{known}")
    elif isinstance(text.part.model, Channel) and text.path[-1] == "interval" and name not in vocabulary.policies:
        yield Finding(text.path, f"there is no case yet that has '{name}': an interval may read policies only")


def _ambiguous(formula: Formula, target: str, vocabulary: Vocabulary) -> set[str]:
    """Levels that stand where nothing says of which attribute, and that are numbered differently in two of them."""
    doubtful = formula.names & vocabulary.ambiguous - {*vocabulary.levels.get(target, ())}
    if not doubtful:
        return set()
    told: set[int] = set()
    for node in ast.walk(formula.tree):
        if isinstance(node, ast.Compare):
            operands = [x for x in (node.left, *node.comparators) if isinstance(x, ast.Name)]
            if any(x.id in vocabulary.levels for x in operands):
                told |= {id(x) for x in operands}
    free = {node.id for node in ast.walk(formula.tree) if isinstance(node, ast.Name) and id(node) not in told}
    return free & doubtful
