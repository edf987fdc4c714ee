import io
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from simulator.engines.simpy_engine import simulate
from simulator.experiment.plan import Plan
from simulator.experiment.replications import compiled
from simulator.schema.loading import load_scenario
from workbench.cli.event_table import event_table

TOY = Path(__file__).resolve().parents[2] / "simulator" / "experiment" / "toy_funnel.yaml"
HORIZON = ("--warm-up", "1 wk", "--length", "2 wk")


@pytest.fixture(scope="module")
def run():
    """Program, records and table of one replication."""
    program = compiled(load_scenario(TOY), Plan(warm_up=168.0, length=336.0))
    records = simulate(program, 1, 0)
    return program, records, event_table(program, records)


def test_every_visit_and_every_posting_is_a_row(run):
    """Nothing is lost or doubled, and amounts add up to the cent."""
    _, records, rows = run
    assert (rows.record == "visit").sum() == records.visits.case.size
    assert (rows.record == "posting").sum() == records.postings.case.size
    assert round(rows.amount.sum() * 100) == records.postings.cents.sum()
    assert rows.entered_h.is_monotonic_increasing


def test_waits_by_cause_add_up_to_the_whole_wait(run):
    """For team and customer alike, the hours by cause are the time between coming and beginning or going."""
    _, records, rows = run
    visits = rows[rows.record == "visit"]
    waits = visits.filter(regex="^wait_").sum(axis=1)
    worked = visits.step.eq("funnel.call") & visits.started_h.notna()
    np.testing.assert_allclose(waits[worked], (visits.started_h - visits.entered_h)[worked], atol=1e-6)
    waiting = visits.step.eq("funnel.term")
    left = visits.finished_h.fillna(records.end)
    np.testing.assert_allclose(waits[waiting], (left - visits.entered_h)[waiting], atol=1e-9)
    assert (waits[~worked & ~waiting & visits.started_h.notna()] == 0).all()


def test_names_stand_for_indices(run):
    """Steps, teams, members, channels and accounts are written by name, and nobody is empty."""
    _, _, rows = run
    calls = rows[rows.step.eq("funnel.call") & rows.started_h.notna()]
    assert set(calls.team) == {"sellers"}
    assert calls.member.str.startswith("sellers.").all()
    assert set(rows.channel) == {"web"}
    assert set(rows.account.dropna()) == {"booked", "invoiced", "collected"}
    assert rows[rows.step.eq("funnel.lost")].team.isna().all()


def test_timestamps_are_hours_since_the_start(run):
    """Timestamp and hours of each moment say the same."""
    program, _, rows = run
    passed = (rows.entered - pd.Timestamp(program.start)) / pd.Timedelta(hours=1)
    np.testing.assert_allclose(passed, rows.entered_h, atol=1e-6)
    assert rows.finished.isna().equals(rows.finished_h.isna())


def test_csv_and_parquet_hold_the_same(caudal, tmp_path, run):
    """Both formats, and standard output, give back the table."""
    csv, parquet = tmp_path / "a.csv", tmp_path / "a.parquet"
    assert caudal("trace", TOY, *HORIZON, "--output", csv)[0] == 0
    code, _, err = caudal("trace", TOY, *HORIZON, "--output", parquet)
    assert code == 0
    assert f"{len(run[2])} rows written" in err
    pd.testing.assert_frame_equal(pd.read_parquet(parquet), run[2], check_dtype=False)
    _, out, _ = caudal("trace", TOY, *HORIZON)
    assert out == csv.read_text(encoding="utf-8")
    assert pd.read_csv(io.StringIO(out)).entered_h.tolist() == run[2].entered_h.tolist()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.csv", "a.parquet"]


def test_replications_and_seeds_are_told_apart(caudal):
    """Another replication, and another seed, leave another trace."""
    traces = {caudal("trace", TOY, *HORIZON, *more)[1] for more in ((), ("--replication", 1), ("--seed", 2))}
    assert len(traces) == 3
