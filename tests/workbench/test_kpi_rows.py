"""Every row of the CSV of KPIs, against studies and comparison."""

import csv
import io
import math
from dataclasses import replace

import pytest

from simulator.experiment.comparison import Difference, compare
from simulator.experiment.replications import run_all
from workbench.jobs.results import Results
from workbench.kpi_table import COLUMNS, FORMULA_STARTS, kpi_csv


@pytest.fixture
def results(request_of):
    """The toy firm against its what-if, three replications."""
    asked = request_of(replications=3, jobs=1)
    base, other = run_all([chosen.loaded for chosen in asked.scenarios], asked.plan)
    return Results(base, (other,), compare(base, [other]))


def read(results):
    return list(csv.reader(io.StringIO(kpi_csv(results).decode("utf-8-sig"))))


def number(cell):
    """A cell as a number, NaN for an empty one."""
    return float(cell) if cell else math.nan


def test_the_header_is_this(results):
    """Whoever reads the file by name finds the same names next year."""
    assert read(results)[0] == list(COLUMNS)
    assert COLUMNS[:8] == ("scenario", "kpi", "label", "unit", "mean", "low", "high", "n")
    assert COLUMNS[8:] == ("difference", "difference_low", "difference_high", "p_adjusted", "verdict")


def test_each_figure_is_that_of_the_study(results):
    """Scenario by scenario in the order of the catalogue, unrounded, empty where undefined."""
    rows = iter(read(results)[1:])
    for study in results.studies:
        for name, kpi in study.catalogue.items():
            row, estimate = next(rows), study.estimate(name)
            assert row[:4] == [study.name, name, kpi.label, kpi.unit]
            for cell, value in zip(row[4:7], (estimate.mean, estimate.low, estimate.high), strict=True):
                assert (number(cell) == value) or (cell == "" and not math.isfinite(value)), (name, cell, value)
            assert row[7] == str(estimate.n)
    assert next(rows, None) is None


def test_each_difference_is_that_of_the_comparison(results):
    """Directed KPIs have p and verdict, the others only the difference, the base nothing."""
    contrast = results.comparison.others[0]
    for row in read(results)[1:]:
        cells = dict(zip(COLUMNS, row, strict=True))
        if cells["scenario"] == results.base.name:
            assert row[8:] == [""] * 5
            continue
        found = contrast.differences.get(cells["kpi"]) or contrast.undirected[cells["kpi"]]
        if isinstance(found, Difference):
            expected = (found.difference, found.low, found.high, found.p_adjusted)
            assert cells["verdict"] == found.verdict
        else:
            expected = (found.mean, found.low, found.high, math.nan)
            assert cells["verdict"] == ""
        for cell, value in zip(row[8:12], expected, strict=True):
            assert number(cell) == pytest.approx(value, abs=0, rel=0, nan_ok=True)


def test_one_scenario_alone_has_no_differences(results):
    """Without a comparison the last five columns are empty in every row."""
    rows = read(Results(results.base))[1:]
    assert len(rows) == len(results.base.catalogue)
    assert all(row[8:] == [""] * 5 for row in rows)


def test_no_cell_says_nan_or_inf(results):
    """A spreadsheet would read these as text."""
    cells = {cell.lower() for row in read(results) for cell in row}
    assert not cells & {"nan", "inf", "-inf", "none"}


def test_spreadsheets_recognise_the_letters_and_the_lines(results):
    """A mark for UTF-8 first, and lines that end as in every CSV."""
    raw = kpi_csv(replace(results, base=replace(results.base, name='Instalação; "cara", șase\nlinhas')))
    assert raw.startswith(b"\xef\xbb\xbf")
    assert raw.count(b"\r\n") == len(read(results))
    first = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline="")))[1]
    assert first[0] == 'Instalação; "cara", șase\nlinhas'


@pytest.mark.parametrize("start", FORMULA_STARTS)
def test_no_name_begins_a_formula(results, start):
    """Whatever a spreadsheet takes for a formula is marked as text; figures below zero are not."""
    named = replace(results, base=replace(results.base, name=f"{start}cmd|' /C calc'!A0"))
    text = kpi_csv(named).decode("utf-8-sig")
    first = next(csv.reader(io.StringIO(text.split("\r\n", 1)[1], newline="")))
    assert first[0].startswith(f"'{start}")
    below = [row[8] for row in read(results)[1:] if row[8].startswith("-")]
    assert all(math.isfinite(float(cell)) for cell in below)
