"""What is said of a KPI, once."""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

from simulator.records import CAUSES

Better = Literal["higher", "lower", "neither"]
Group = Literal["volume", "conversion", "time", "waiting", "people", "money", "customers"]

CAUSE_WORDS: Final[dict[str, str]] = {
    "off_shift": "nobody on shift",
    "contention": "everybody busy",
    "ownership": "owner busy, a colleague idle",
    "limit": "limit of open cases",
    "priority": "overtaken by others",
    "customer": "for the customer",
    "schedule": "for a fixed date",
    "policy": "by own policy",
}
"""How a wait came about; one phrase for each of the causes of the records."""
assert tuple(CAUSE_WORDS) == CAUSES  # noqa: S101 - a cause without a phrase would stop a table much later


class Declared(NamedTuple):
    """A KPI or, with a placeholder in its template, one for each stage, channel, team and so on."""

    template: str
    label: str
    unit: str
    """``money`` stands for the currency of the scenario."""
    better: Better
    group: Group
    formula: str
