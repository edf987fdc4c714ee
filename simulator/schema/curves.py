"""Whether effects can be drawn as curves, and whether stated ranges are ranges."""

from __future__ import annotations

from collections.abc import Iterator

from simulator.schema.frozen import Evidenced
from simulator.schema.paths import Finding, Key
from simulator.schema.quantity import Quantity
from simulator.schema.scenario import Effect, Scenario
from simulator.schema.units import Parsed, parse_units
from simulator.schema.walk import parts, quantities


def curve_findings(scenario: Scenario) -> Iterator[Finding]:
    """Points and references that are no numbers, probabilities of 0 or 1 on a curve, ranges upside down."""
    for name, effect in scenario.effects.items():
        yield from _effect(("effects", name), effect, scenario.horizon.currency)
    for part in parts(scenario):
        if isinstance(part.model, Evidenced):
            yield from _range(part.path, part.model)
    for stated in quantities(scenario):
        yield from _range(stated.path, stated.quantity)


def _number(raw: str | float) -> Parsed | None:
    return parse_units(str(raw))


def _effect(path: Key, effect: Effect, currency: str) -> Iterator[Finding]:
    reference = _number(effect.reference)
    if reference is None:
        yield Finding(
            (*path, "reference"), f"cannot read '{effect.reference}': expected a number such as 0.5 or '5 min'"
        )
    seen: dict[float, str | float] = {}
    for x, y in effect.points.items():
        here = (*path, "points", x) if isinstance(x, str) else (*path, "points")
        across, up = _number(x), _number(y)
        if across is None or up is None:
            yield Finding(
                here, f"cannot read '{x if across is None else y}': expected a number such as 32 % or '5 min'"
            )
            continue
        if across.value in seen:
            yield Finding(here, f"'{x}' and '{seen[across.value]}' are the same place on the curve")
        seen[across.value] = x
        if effect.axis == "log" and across.value < 0:
            yield Finding(here, f"'{x}' is negative, and a logarithmic axis has no place for it")
        if effect.states == "probability" and not 0 < up.value < 1:
            yield Finding(here, f"'{y}' cannot be a probability on a curve: it must lie between 0 and 1, both excluded")
        if effect.states != "probability" and up.value <= 0:
            yield Finding(here, f"'{y}' must be above 0: {effect.states} are positive")
        for parsed in (across, up):
            if parsed.currency not in {"", currency}:
                yield Finding(here, f"{parsed.currency} is another currency than the scenario's {currency}")


def _range(path: Key, block: Evidenced | Quantity) -> Iterator[Finding]:
    if block.range is None:
        return
    low, high = (_number(end) for end in block.range)
    if low is None or high is None:
        unread = block.range[0] if low is None else block.range[1]
        yield Finding(
            (*path, "range"), f"cannot read '{unread}': write a range as the value is written, such as [10 min, 30 min]"
        )
    elif low.value > high.value:
        yield Finding((*path, "range"), f"the range begins at '{block.range[0]}', above its end '{block.range[1]}'")
