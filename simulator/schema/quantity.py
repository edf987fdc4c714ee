"""A number in a scenario: fixed, drawn from a distribution, or computed by a formula, with its evidence."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Annotated, Any, Final

from pydantic import Field, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core.core_schema import CoreSchema, no_info_before_validator_function

from simulator.chance.forms import PARAMETERS, check
from simulator.schema.formula import Formula, parse_formula
from simulator.schema.frozen import Frozen, Grade
from simulator.schema.names import did_you_mean
from simulator.schema.numeral import read_number, read_share, unreadable
from simulator.schema.units import EXAMPLES, Dimension, parse_units

EVIDENCE: Final = frozenset({"source", "grade", "range", "note"})
UNITLESS: Final = frozenset({"cv", "sigma", "shape", "a", "b", "stages", "weights"})
"""Parameters of distributions that never carry the unit of the quantity."""
_EVIDENCE_SCHEMA: Final[dict[str, dict[str, Any]]] = {
    "source": {"type": "string"},
    "grade": {"enum": ["A", "B", "C", "D"]},
    "range": {"type": "array", "minItems": 2, "maxItems": 2},
    "note": {"type": "string"},
}


read_formula = lru_cache(maxsize=4096)(parse_formula)
"""``parse_formula``, which reads each text once: the variants of a study hold the same formulas."""


class Quantity(Frozen):
    """One number of a scenario: the value of ``formula`` plus a draw from ``form``, either of which may be absent."""

    text: str
    """As the user wrote it."""
    dimension: str
    """What it measures, which fixes its base unit."""
    form: str = ""
    """Name of the distribution, empty when there is none; ``fixed`` for a plain number."""
    parameters: dict[str, Any] = Field(default_factory=dict)
    """Parameters of the distribution in base units."""
    formula: str = ""
    """Formula over attributes, empty when there is none."""
    currency: str = ""
    """Currency named in the text, empty when none is."""
    source: str = ""
    grade: Grade | None = None
    range: tuple[str | float, str | float] | None = None
    note: str = ""

    @property
    def fixed(self) -> float | None:
        """Value of a plain number in base units, None when it is drawn or computed."""
        return float(self.parameters["value"]) if self.form == "fixed" and not self.formula else None

    def parsed_formula(self) -> Formula | None:
        """Syntax tree of the formula, None when there is none."""
        return read_formula(self.formula) if self.formula else None


class _Reader:
    """Reads what a file says at one place into a quantity of one dimension."""

    def __init__(self, dimension: Dimension, *, random: bool = True, formulas: bool = True) -> None:
        self.dimension = dimension
        self.random = random
        self.formulas = formulas

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return no_info_before_validator_function(self, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        drawn = {"min", "max", *PARAMETERS} if self.random else set()
        allowed = {"value", *EVIDENCE, *drawn} | ({"formula"} if self.formulas else set())
        properties = {key: _EVIDENCE_SCHEMA.get(key, {}) for key in sorted(allowed)}
        mapping = {"type": "object", "additionalProperties": False, "properties": properties}
        what = "a number with its unit, or a formula over attributes" if self.formulas else "a number with its unit"
        text = {"type": "string", "description": f"{what}: {EXAMPLES[self.dimension]}"}
        return {"anyOf": [{"type": "number"}, text, mapping]}

    def __call__(self, raw: object) -> Quantity:
        if isinstance(raw, Quantity):
            return raw
        if isinstance(raw, Mapping):
            return self._mapping(dict(raw))
        return Quantity.model_validate(self._plain(raw))

    def _plain(self, raw: object) -> dict[str, Any]:
        number, text = read_number(raw, self.dimension), str(raw).strip()
        fields = {"text": text, "dimension": self.dimension}
        if number is None:
            self._check_formula(str(raw))
            return fields | {"formula": text}
        return fields | {"form": "fixed", "parameters": {"value": number.value}, "currency": number.currency}

    def _check_formula(self, text: str) -> None:
        if not self.formulas:
            raise unreadable(text, self.dimension)
        try:
            read_formula(text)
        except ValueError as error:
            raise ValueError(f"{error}: expected {EXAMPLES[self.dimension]}, or a formula over attributes") from None

    def _mapping(self, raw: dict[str, object]) -> Quantity:
        evidence = {key: raw.pop(key) for key in EVIDENCE & raw.keys()}
        limits: dict[str, object] = {key: raw.pop(key) for key in ("min", "max") if key in raw}
        formula = str(raw.pop("formula", "")) if self.formulas else ""
        if "value" in raw and len(raw) == 1 and not limits and not formula:
            return Quantity.model_validate(self._plain(raw["value"]) | evidence)
        if len(raw) > 1 or (not raw and not formula):
            forms = f"one of {', '.join(sorted(PARAMETERS))}, or 'value'" if self.random else "'value'"
            raise ValueError(f"expected {forms}, beside source, grade, range and note")
        if not raw and limits:
            raise ValueError("min and max belong to a distribution: in a formula write min(a, b) or max(a, b)")
        if "value" in raw:
            raise ValueError("a 'value' stands alone: put it into the formula, and use the 'min' and 'max' of formulas")
        if formula:
            read_formula(formula)
        fields: dict[str, Any] = {"dimension": self.dimension, "formula": formula, "text": formula, **evidence}
        if raw:
            form, body = next(iter(raw.items()))
            fields |= self._distribution(form, body, limits, formula)
        return Quantity.model_validate(fields)

    def _distribution(self, form: str, body: object, limits: dict[str, object], formula: str) -> dict[str, Any]:
        if form not in PARAMETERS:
            raise ValueError(_no_distribution(form))
        if not self.random:
            raise ValueError(f"a plain number is needed here: {EXAMPLES[self.dimension]}")
        currencies: set[str] = set()
        truncated = {key: self._convert(value, currencies) for key, value in limits.items()}
        parameters = self._parameters(form, body, currencies) | truncated
        if len(currencies) > 1:
            raise ValueError(f"{' and '.join(sorted(currencies))} are mixed: a scenario has one currency")
        named = [x for x in parameters.get("values", ()) if isinstance(x, str)]
        if not named:
            check(form, parameters)
        text = (f"{formula} + " if formula else "") + f"{form} {_written(body)}"
        return {"form": form, "parameters": parameters, "text": text, "currency": min(currencies, default="")}

    def _parameters(self, form: str, body: object, currencies: set[str]) -> dict[str, Any]:
        if form == "mix":
            return {"parts": [self._part(part, currencies) for part in _list(body, "mix")]}
        if form == "choice" and isinstance(body, Mapping) and not {"values", "weights"} & body.keys():
            values = [self._level(key, currencies) for key in body]
            return {"values": values, "weights": [read_share(weight) for weight in body.values()]}
        if form == "empirical" and isinstance(body, list):
            return {"values": [self._convert(value, currencies) for value in body]}
        if form in {"exponential", "poisson", "geometric"} and not isinstance(body, Mapping):
            return {"mean": self._convert(body, currencies)}
        if not isinstance(body, Mapping):
            raise ValueError(f"{form} needs its parameters, such as {{{', '.join(PARAMETERS[form][0])}}}")
        return {str(key): self._parameter(str(key), value, currencies) for key, value in body.items()}

    def _parameter(self, key: str, value: object, currencies: set[str]) -> object:
        if key == "quantiles" and isinstance(value, Mapping):
            return {read_share(p): self._convert(x, currencies) for p, x in value.items()}
        if isinstance(value, list):
            return [read_share(x) if key in UNITLESS else self._convert(x, currencies) for x in value]
        return read_share(value) if key in UNITLESS else self._convert(value, currencies)

    def _part(self, part: object, currencies: set[str]) -> tuple[float, str, dict[str, Any]]:
        if not isinstance(part, Mapping) or "weight" not in part or len(part) != 2:
            raise ValueError("each part of a mix is {weight: 0.3, lognormal: {...}}")
        form, body = next((str(key), value) for key, value in part.items() if key != "weight")
        if form not in PARAMETERS:
            raise ValueError(_no_distribution(form))
        if form == "fixed" and not isinstance(body, Mapping):
            body = {"value": body}
        return read_share(part["weight"]), form, self._parameters(form, body, currencies)

    def _level(self, raw: object, currencies: set[str]) -> float | str:
        return raw if isinstance(raw, str) and parse_units(raw) is None else self._convert(raw, currencies)

    def _convert(self, raw: object, currencies: set[str]) -> float:
        number = read_number(raw, self.dimension)
        if number is None:
            raise unreadable(raw, self.dimension)
        currencies |= {number.currency} - {""}
        return number.value


def _no_distribution(form: object) -> str:
    known = did_you_mean(str(form), PARAMETERS, listed=False) or f": there are {', '.join(sorted(PARAMETERS))}"
    return f"there is no distribution '{form}'{known}"


def _list(body: object, form: str) -> list[object]:
    if not isinstance(body, list) or not body:
        raise ValueError(f"{form} needs a list")
    return body


def _written(body: object) -> str:
    if isinstance(body, Mapping):
        return ", ".join(f"{key} {_written(value)}" for key, value in body.items())
    if isinstance(body, list):
        shown = ", ".join(_written(value) for value in body[:6])
        return f"({shown}{', ...' if len(body) > 6 else ''})"
    return str(body)


Number = Annotated[Quantity, _Reader("number")]
Duration = Annotated[Quantity, _Reader("duration")]
Money = Annotated[Quantity, _Reader("money")]
Probability = Annotated[Quantity, _Reader("share", random=False)]
FixedShare = Annotated[Quantity, _Reader("share", random=False, formulas=False)]
FixedNumber = Annotated[Quantity, _Reader("number", random=False, formulas=False)]
FixedDuration = Annotated[Quantity, _Reader("duration", random=False, formulas=False)]
FixedMoney = Annotated[Quantity, _Reader("money", random=False, formulas=False)]
MoneyRate = Annotated[Quantity, _Reader("money_rate", random=False, formulas=False)]
Rate = Annotated[Quantity, _Reader("rate", random=False, formulas=False)]


def fixed(quantity: Quantity | None, default: float = 0.0) -> float:
    """Value of a plain number in base units, or the default where none was given."""
    return default if quantity is None or quantity.fixed is None else quantity.fixed
