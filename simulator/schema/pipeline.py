"""The open pipeline: cases that are under way when a run begins, and where they stand."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, Final

from pydantic import BeforeValidator, Field, WithJsonSchema

from simulator.schema.frozen import Frozen
from simulator.schema.steps import Account
from simulator.schema.units import EXAMPLES, HOURS, parse_units

MOST_VISITS: Final = 1_000_000
_COUNT: Final = re.compile(r"\s*\d{1,9}\s*")
_NAMED_COUNT: Final = re.compile(r"\s*(?P<step>\w+)\s+(?P<count>\d{1,9})\s*")
LONGEST_YEARS: Final = 100
"""Years that a case may be old: more is a slip of the pen."""


def _time(raw: Any) -> float:
    """Hours of a time as people write it, which lies in the past and so is never negative."""
    parsed = parse_units(str(raw))
    if parsed is None or (parsed.dimension != "duration" and parsed.value != 0):
        raise ValueError(f"cannot read '{raw}': write a time with its unit, such as {EXAMPLES['duration']}")
    if parsed.value < 0:
        raise ValueError(f"a time that has passed cannot be negative, and '{raw}' is")
    if parsed.value > LONGEST_YEARS * HOURS["y"]:
        raise ValueError(f"'{raw}' is longer than {LONGEST_YEARS} years")
    return parsed.value


def _money(raw: Any) -> float:
    parsed = parse_units(str(raw))
    if parsed is None or parsed.dimension not in {"number", "money"}:
        raise ValueError(f"cannot read '{raw}': write an amount such as {EXAMPLES['money']}")
    return parsed.value


def _counted(raw: Any) -> dict[str, Any]:
    """Visits by step; ``3`` is of the case's own step, whose name stands empty, and ``call 2; wait 1`` is of two."""
    if isinstance(raw, Mapping):
        return dict(raw)
    if isinstance(raw, int) or _COUNT.fullmatch(str(raw)):
        return {"": int(raw)}
    parts = [_NAMED_COUNT.fullmatch(part) for part in str(raw).split(";")]
    counts = {part["step"]: int(part["count"]) for part in parts if part is not None}
    if len(counts) < len(parts):
        raise ValueError(f"cannot read '{raw}': write how often it came to its step, or to others: call 2; wait 1")
    return counts


def _text(raw: Any) -> str:
    return repr(raw) if isinstance(raw, float) else str(raw)


_WRITTEN = WithJsonSchema({"type": ["string", "number"]})
Past = Annotated[float, BeforeValidator(_time), _WRITTEN]
"""A time that has passed, in hours."""
Amount = Annotated[float, BeforeValidator(_money), _WRITTEN]
"""Money in units of the scenario's currency."""
Visits = Annotated[
    dict[str, Annotated[int, Field(ge=1, le=MOST_VISITS)]],
    BeforeValidator(_counted), WithJsonSchema({"type": ["integer", "string", "object"]}),
]  # fmt: skip
"""Visits by step."""
Value = Annotated[str, BeforeValidator(_text), _WRITTEN]
"""Value of an attribute: a number with its unit, or the name of a level."""


class OpenCase(Frozen):
    """A case that is under way when the run begins."""

    process: str
    step: str
    """Step at which it stands."""
    age: Past
    """Time since it was born."""
    spent: Past = 0.0
    """Time that it has been at its step: hours of the step's own clock."""
    visits: Visits = Field(default_factory=dict)
    """How often it has come to the steps of its process, this time included: ``{call: 2}``; a number is of its step."""
    channel: str = ""
    """Channel that brought it; the only one of its process where none is given, or none."""
    owners: tuple[str, ...] = ()
    """Who owns it, such as ``sales.ana``, at most one of each team."""
    parent: str = ""
    """Open case that created it."""
    joined: bool | None = None
    """Whether its parent waits for it at a join; if not given, as the parent's steps that create such cases say."""
    values: dict[str, Value] = Field(default_factory=dict)
    """Attributes as they are today; those not stated are those of its parent, or drawn as at birth."""
    posted: dict[Account, Amount] = Field(default_factory=dict)
    """What the case has posted to accounts before, such as what it has invoiced and not yet collected."""


class Pipeline(Frozen):
    """Cases that are under way when the measured time begins: the run then begins there, without a warm-up."""

    file: str = ""
    """CSV file, relative to the scenario file: a case a line, with the fields of a case and attributes as columns."""
    cases: dict[str, OpenCase] = Field(default_factory=dict)
    """Cases by their identifier, from which their chance derives; those of the file come after them."""
