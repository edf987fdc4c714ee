"""How sure a comparison is, beside its verdicts: which scenario is the best, and among what its tests were adjusted."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final, NamedTuple

from reports import wording
from simulator.experiment.best import AgainstBest, against_best
from simulator.experiment.comparison import Comparison
from simulator.experiment.intervals import FEWEST, MOST
from simulator.experiment.study import Study

CHANCES: Final = (
    "chance by Student's t of paired replications, and 95 % intervals that hold for all scenarios at once "
    "(multiple comparison with the best, Edwards and Hsu, over paired differences), for each KPI by itself, "
    "not adjusted over KPIs"
)
"""What the table of the best of all rests on."""


class PlainTable(NamedTuple):
    """A table of words; its first column names the rows."""

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def certainty(studies: Sequence[Study]) -> tuple[PlainTable, ...]:
    """The table of the best of all, where it has rows."""
    found = best_table(studies)
    return (found,) if found.rows else ()


def best_of(studies: Sequence[Study]) -> dict[str, tuple[AgainstBest, ...]]:
    """For each headline KPI with a direction, how each scenario stands against the best of the others."""
    known = [
        name
        for name, kpi in studies[0].catalogue.items()
        if kpi.better != "neither" and kpi.headline and all(name in study.samples for study in studies)
    ]
    found = {kpi: against_best(studies, kpi) for kpi in known}
    return {kpi: against for kpi, against in found.items() if against}


def best_table(studies: Sequence[Study]) -> PlainTable:
    """Chance of each scenario to be the best, and its interval against the best of the others."""
    rows = []
    for kpi, against in best_of(studies).items():
        shown = studies[0].catalogue[kpi]
        for a in against:
            ends = wording.span(a.low, a.high, shown.unit, a.difference, sign=True)
            rows.append((shown.label, a.scenario, wording.chance(a.probability), ends))
    return PlainTable(
        f"Which is the best: {CHANCES}", ("KPI", "Scenario", "Best with", "Against the best of the others"), tuple(rows)
    )


def intervals_line(replications: int) -> str:
    """Of which kind the intervals of differences are, as their number of pairs has it."""
    if replications < FEWEST:
        return f"Intervals are Student's: the bootstrap of money and quantiles needs {FEWEST} replications."
    if replications > MOST:
        return f"Intervals are Student's, as those of more than {wording.count(MOST)} replications are."
    return "Intervals of money and quantiles are those of the bootstrap, all others Student's."


def families_line(base: Study, comparison: Comparison) -> str:
    """Of which kind the intervals of a comparison are, and among what its p-values were adjusted, in sentences."""
    tested = {kpi for each in comparison.others for kpi, d in each.differences.items() if not math.isnan(d.p_value)}
    labels = "; ".join(base.catalogue[kpi].label for kpi in comparison.primary if kpi in tested) or "none has a value"
    tests, rest = (wording.plural(n, "test", "tests") for n in (comparison.family, comparison.tests))
    why = "declared before the study" if comparison.declared else "the headlines of which more or less is better"
    return (
        f"{intervals_line(comparison.replications)} Primary figures, {why}, "
        f"adjusted over their {tests}: {labels}. All other figures are exploratory, adjusted "
        f"over their own {rest}: their verdicts are leads for a new study."
    )
