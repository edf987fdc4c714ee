"""A stand-in for a scenario with malformed statements, so that its other problems can be told in the same breath.

Slips of the pen are taken for the nearest valid name, anything else that is malformed is left out or replaced. Nothing
that is repaired here is ever run: the stand-in is checked and thrown away.
"""

from __future__ import annotations

import copy
import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Final, Literal, get_args, get_origin

from pydantic import ValidationError

from simulator.schema.names import nearest
from simulator.schema.paths import Finding, Key
from simulator.schema.scenario import Scenario
from simulator.schema.sentences import findings
from simulator.schema.shape import KIND, SCENARIO, Shape, kind_of, shape
from simulator.schema.walk import quantities

ROUNDS: Final = 8
"""Most times that a repaired scenario is looked at again."""
_STAND_IN_STEP: Final[Mapping[str, object]] = {KIND: "wait", "duration": 0}
CURRENCY: Final[Key] = ("horizon", "currency")
_SECTIONS: Final = frozenset(
    (name,) for name, field in Scenario.model_fields.items() if shape(field.annotation).entries
)
ROUTES: Final = frozenset({"next", "to", "outcomes", "steps", "process", "patience", "balk", "defect", KIND})
"""Fields that say where cases go."""


def repaired(data: Mapping[str, Any], wrong: Iterable[Finding]) -> Scenario | None:
    """A scenario in place of the malformed one, None when too little is left of it."""
    rest = copy.deepcopy(dict(data))
    malformed = list(wrong)
    if any(finding.path in _SECTIONS for finding in malformed):
        # Every name that the section would have defined is missing.
        return None
    for _ in range(ROUNDS):
        # Unknown keys go first: the one that is missing may be among them, misspelt.
        for finding in sorted(malformed, key=lambda each: not _holds(rest, each.path)):
            _mend(rest, finding.path)
        try:
            scenario = Scenario.model_validate(rest)
        except ValidationError as error:
            malformed = findings(error, rest)
        else:
            return _in_its_currency(scenario) if any(each.path == CURRENCY for each in wrong) else scenario
    return None


def doubtful_processes(wrong: Iterable[Finding]) -> frozenset[str]:
    """Processes in which something that says where cases go is malformed."""
    paths = [finding.path for finding in wrong if finding.path[:1] == ("processes",)]
    return frozenset(str(path[1]) for path in paths if 1 < len(path) <= 4 or ROUTES & {*path[4:]})


def independent(wrong: Iterable[Finding], found: Iterable[Finding]) -> list[Finding]:
    """What was found in the stand-in and does not follow from what was malformed."""
    malformed = [finding.path for finding in wrong]
    return [
        finding
        for finding in found
        if not any(finding.path[: len(path)] == path or path[: len(finding.path)] == finding.path for path in malformed)
    ]


def _holds(data: Any, path: Key) -> bool:
    for key in path:
        if not isinstance(data, Mapping) or key not in data:
            return False
        data = data[key]
    return True


def _mend(data: dict[str, Any], path: Key) -> None:
    """Take a slip for the nearest name, or put a stand-in where something is required, or leave the statement out."""
    around: dict[str, Any] = data
    here = SCENARIO
    for index, key in enumerate(path[:-1]):
        inner = around.get(str(key))
        if not isinstance(inner, dict):
            if isinstance(inner, list):
                _mend(data, path[: index + 1])
            return
        here, around = here.inside(key, around), inner
    if path:
        _mend_entry(around, str(path[-1]), here)


def _mend_entry(around: dict[str, Any], key: str, here: Shape) -> None:
    inner = here.inside(key, around)
    model = here.model(around)
    if len(here.models) > 1 and key == KIND:
        _mend_kind(around, here)
    elif len(inner.models) > 1:
        around[key] = dict(_STAND_IN_STEP)
    elif inner.models and not isinstance(around.get(key), dict):
        around[key] = {}
    elif model is not None and key in model.model_fields:
        field = model.model_fields[key]
        around.pop(key, None)
        if field.is_required():
            around[key] = _stand_in(field.annotation, key)
    elif key in around:
        value = around.pop(key)
        meant = nearest(key, model.model_fields) if model is not None else None
        if meant is not None:
            around.setdefault(meant, value)


def _mend_kind(step: dict[str, Any], here: Shape) -> None:
    kind = nearest(str(step[KIND]), [kind_of(model) for model in here.models])
    if kind is None:
        step.clear()
    step.update(_STAND_IN_STEP if kind is None else {KIND: kind})


def _stand_in(annotation: Any, key: str) -> object:
    """A well-formed value of a required field."""
    if get_origin(annotation) is Literal:
        return get_args(annotation)[0]
    if annotation is dt.date:
        return "2026-01-05"
    if annotation is str:
        return "EUR" if key == CURRENCY[-1] else "unknown"
    # A number, of whatever unit, may be 0.
    return {} if shape(annotation).models or shape(annotation).entries else 0


def _in_its_currency(scenario: Scenario) -> Scenario:
    """The scenario in the currency that most of its amounts are in."""
    currencies = Counter(stated.quantity.currency for stated in quantities(scenario) if stated.quantity.currency)
    most = currencies.most_common(1)
    if not most:
        return scenario
    return scenario.model_copy(update={"horizon": scenario.horizon.model_copy(update={"currency": most[0][0]})})
