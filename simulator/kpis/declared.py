"""What is said of a KPI, once."""

from __future__ import annotations

from typing import Literal, NamedTuple

Better = Literal["higher", "lower", "neither"]
Group = Literal["volume", "conversion", "time", "waiting", "people", "money", "customers"]


class Declared(NamedTuple):
    """A KPI or, with a placeholder in its template, one for each stage, channel, team and so on."""

    template: str
    label: str
    unit: str
    """``money`` stands for the currency of the scenario."""
    better: Better
    group: Group
    formula: str
