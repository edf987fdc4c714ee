"""How sure a comparison is, beside its verdicts: which scenario is the best, and intervals of skewed figures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from reports import wording
from reports.tables import difference_in
from simulator.experiment.best import AgainstBest, against_best
from simulator.experiment.comparison import Comparison, bootstrap_difference, skewed
from simulator.experiment.intervals import FEWEST
from simulator.experiment.study import Study


class PlainTable(NamedTuple):
    """A table of words; its first column names the rows."""

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def certainty(base: Study, others: Sequence[Study], comparison: Comparison) -> tuple[PlainTable, ...]:
    """The tables that have rows: the best of all where there are several others, and bootstrap intervals."""
    found = (best_table([base, *others]), bootstrap_table(base, others, comparison))
    return tuple(table for table in found if table.rows)


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
            rows.append((shown.label, a.scenario, wording.share(a.probability), ends))
    caption = (
        "Which is the best: chance by the bootstrap over paired replications, and 95 % intervals that hold for all "
        "scenarios at once (multiple comparison with the best, Edwards and Hsu, over paired differences)"
    )
    return PlainTable(caption, ("KPI", "Scenario", "Best with", "Against the best of the others"), tuple(rows))


def bootstrap_table(base: Study, others: Sequence[Study], comparison: Comparison) -> PlainTable:
    """Bootstrap intervals of the headline differences whose samples are often skewed, beside those of Student's t."""
    rows = []
    for other, contrast in zip(others, comparison.others, strict=True):
        for name, kpi in base.catalogue.items():
            found = difference_in(contrast, name)
            if not kpi.headline or found is None or found.n < 2 or not skewed(base, name):
                continue
            resampled = bootstrap_difference(base, other, name)
            size = resampled.mean
            spans = [wording.span(e.low, e.high, kpi.unit, size, sign=True) for e in (found, resampled)]
            rows.append((kpi.label, other.name, wording.change(size, kpi.unit), *spans))
    caption = (
        "Money and quantiles, whose differences are often skewed: 95 % intervals by Student's t and by the bootstrap-t "
        f"(Efron and Tibshirani), which is Student's with fewer than {FEWEST} pairs"
    )
    return PlainTable(caption, ("KPI", "Scenario", "Difference", "Student's t", "Bootstrap"), tuple(rows))
