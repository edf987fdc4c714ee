"""All KPIs of a study as CSV, unrounded, for those who go on computing elsewhere."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator

from simulator.experiment.comparison import Contrast, Difference
from simulator.experiment.study import Study
from workbench.jobs.results import Results

COLUMNS = (
    "scenario", "kpi", "label", "unit", "mean", "low", "high", "n",
    "difference", "difference_low", "difference_high", "p_adjusted", "verdict",
)  # fmt: skip
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def kpi_csv(results: Results) -> bytes:
    """One row for each scenario and KPI: mean, interval and, beside the base, the difference from it."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\r\n")
    table.writerow(COLUMNS)
    contrasts: tuple[Contrast | None, ...] = (None, *(results.comparison.others if results.comparison else ()))
    for study, contrast in zip(results.studies, contrasts, strict=True):
        table.writerows(_rows(study, contrast))
    # The mark at the beginning tells spreadsheets that the letters are UTF-8.
    return text.getvalue().encode("utf-8-sig")


def _rows(study: Study, contrast: Contrast | None) -> Iterator[list[str]]:
    for name, kpi in study.catalogue.items():
        e = study.estimate(name)
        row = [
            _harmless(study.name),
            name,
            _harmless(kpi.label),
            kpi.unit,
            *map(_number, (e.mean, e.low, e.high)),
            str(e.n),
        ]
        d = None if contrast is None else contrast.differences.get(name) or contrast.undirected.get(name)
        if isinstance(d, Difference):
            row += [*map(_number, (d.difference, d.low, d.high, d.p_adjusted)), d.verdict]
        elif d is not None:
            row += [*map(_number, (d.mean, d.low, d.high)), "", ""]
        else:
            row += [""] * 5
        yield row


def _number(value: float) -> str:
    return repr(value) if math.isfinite(value) else ""


def _harmless(text: str) -> str:
    """The text, marked as text where a spreadsheet would take it for a formula."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
