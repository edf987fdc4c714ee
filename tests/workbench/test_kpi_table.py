"""The CSV of all KPIs."""

import csv
import io
from dataclasses import replace

import pytest

from simulator.experiment.comparison import compare
from simulator.experiment.replications import run_all
from workbench.jobs.results import Results
from workbench.kpi_table import kpi_csv


@pytest.fixture
def results(request_of):
    asked = request_of(replications=3, jobs=1)
    base, other = run_all([chosen.loaded for chosen in asked.scenarios], asked.plan)
    return Results(base, (other,), compare(base, [other]))


def read(results):
    return list(csv.DictReader(io.StringIO(kpi_csv(results).decode("utf-8-sig"))))


def test_every_kpi_of_every_scenario_is_there_unrounded(results):
    """Figures come back as they were computed, the base without differences."""
    rows = read(results)
    assert len(rows) == sum(len(study.catalogue) for study in results.studies)
    margin = next(row for row in rows if row["kpi"] == "margin" and row["scenario"] == results.others[0].name)
    assert float(margin["mean"]) == results.others[0].estimate("margin").mean
    assert float(margin["difference"]) == results.comparison.others[0].differences["margin"].difference
    assert margin["verdict"] in {"better", "worse", "not distinguishable"}
    assert not any(row["difference"] for row in rows if row["scenario"] == results.base.name)


def test_a_name_is_never_a_formula(results):
    """A scenario called =1+1 stays a name when a spreadsheet opens the file."""
    named = replace(results, base=replace(results.base, name="=1+1"))
    assert read(named)[0]["scenario"] == "'=1+1"
