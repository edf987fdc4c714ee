"""The trust card in a terminal and in JSON files."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from workbench.cli.figures import table
from workbench.cli.progress import progress_line

if TYPE_CHECKING:
    from simulator.experiment.plan import Plan
    from simulator.experiment.trust import TrustLine
    from simulator.schema.loading import Loaded

WIDTH: Final = 90
"""Characters of what was found, before it goes on in the next line."""


def checked(scenarios: Sequence[Loaded], plan: Plan, kpis: Sequence[str] = ()) -> list[TrustLine]:
    """The card of a command that keeps no studies, over the scenarios that it is about."""
    from simulator.experiment.checks import checked_card

    with progress_line("runs for the trust card", plan) as progress:
        return checked_card(scenarios, plan, kpis, progress)


def card_table(card: Sequence[TrustLine]) -> str:
    """Each line with its verdict, what was found, and what to do about it."""
    rows = []
    for line in card:
        first, *more = textwrap.wrap(f"{line.found} {line.advice}".strip(), WIDTH) or [""]
        rows += [(line.topic, line.standing, first), *(("", "", each) for each in more)]
    return table(("trust", "verdict", "found, and what to do"), rows)


def card_content(card: Sequence[TrustLine]) -> list[dict[str, Any]]:
    """The card as a JSON file holds it."""
    return [asdict(line) for line in card]
