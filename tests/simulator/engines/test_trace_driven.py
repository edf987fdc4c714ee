import datetime as dt
import math
import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from simulator.engines.simpy_engine import simulate
from simulator.kpis.formulas import HEADLINES
from simulator.kpis.integrity import violations
from simulator.kpis.measures import measure
from simulator.program.compiler import compile_scenario
from simulator.schema.loading import load_scenario
from simulator.schema.shipped import scenarios_folder

FILE = Path("academic_credentials", "AcademicCredentials.csv.gz")
REPLAY = """
caudal: 1
name: Real arrivals
based_on: {base}
horizon: {{warm_up: 0 d, length: 65 wk}}
channels:
  website: {{rate: null, dispersion: null, trace: {{file: '{file}', column: start_time, case_column: case_id}}}}
  referral: {{rate: 0 /y}}
  paid_search: null
  social_ads: null
  trade_fairs: null
  partners: null
  outbound: null
  email: null
  direct_mail: null
  webinars: null
  call_list: null
  customers_of_old: null
processes: {{outreach: null}}
"""
"""The baseline's process, its only leads being those of the file and the referrals of their own customers."""


@pytest.fixture(scope="module")
def credentials():
    """File of real case start times; where CAUDAL_DATA says, otherwise in a folder beside the repository."""
    beside = scenarios_folder().parent.parent / "shared" / "data"
    path = Path(os.environ.get("CAUDAL_DATA", beside)) / FILE
    if not path.is_file():
        pytest.skip(f"no {FILE.as_posix()} in the folder that CAUDAL_DATA names, or in ../shared/data")
    return path


@pytest.fixture(scope="module")
def real(credentials):
    """First moment of each case in the file."""
    frame = pd.read_csv(credentials, parse_dates=["start_time"])
    return frame.groupby("case_id")["start_time"].min().sort_values().reset_index(drop=True)


@pytest.fixture(scope="module")
def replayed(credentials, tmp_path_factory):
    """Program and records of the baseline's process fed with the file."""
    path = tmp_path_factory.mktemp("replay") / "replay.yaml"
    path.write_text(REPLAY.format(base="baselines/pt_installation", file=credentials.as_posix()), encoding="utf-8")
    loaded = load_scenario(path)
    program = compile_scenario(loaded.scenario, loaded.folder, loaded.digest)
    return program, simulate(program, 1, 0)


@pytest.fixture(scope="module")
def simulated(replayed):
    """Moments at which the leads of the file arrived in the run."""
    program, records = replayed
    ours = (records.cases.parent < 0) & (records.cases.channel == program.names.channels.index("website"))
    born = records.cases.born[ours]
    return pd.Series([program.start + dt.timedelta(hours=hours) for hours in born]).dt.round("s")


def daily_counts(moments):
    """Number of arrivals on each day from the first to the last, days without any included."""
    return moments.dt.floor("D").value_counts().resample("D").sum()


@pytest.mark.slow
def test_every_real_case_arrives_once(replayed, real):
    """There are as many leads as distinct cases in the file, all of which fall inside the run."""
    program, records = replayed
    assert measure(program, records).kpis["leads_website"] == real.size > 900


@pytest.mark.slow
def test_arrivals_keep_weekday_and_time_of_day(simulated, real):
    """Each real case arrives on its weekday, at its second of the day; only whole weeks have been moved."""
    moved = simulated - real
    assert (moved == moved.iloc[0]).all()
    assert moved.iloc[0] % dt.timedelta(weeks=1) == dt.timedelta(0)
    for pattern in ("day_of_week", "hour"):
        ours, theirs = (getattr(times.dt, pattern).value_counts().sort_index() for times in (simulated, real))
        assert ours.to_dict() == theirs.to_dict()


@pytest.mark.slow
def test_arrivals_are_as_bursty_as_the_real_ones(simulated, real):
    """Variance over mean of the daily counts is that of the file, and far from Poisson."""
    ratios = [counts.var() / counts.mean() for counts in map(daily_counts, (simulated, real))]
    assert ratios[0] == pytest.approx(ratios[1], rel=1e-12)
    assert ratios[0] > 3


@pytest.mark.slow
def test_the_run_obeys_all_laws(replayed):
    """Cases, money, waits and people are accounted for to the tick and to the cent."""
    assert violations(*replayed) == []


@pytest.mark.slow
def test_the_figures_are_numbers(replayed):
    """No KPI is infinite, and each headline is defined."""
    kpis = measure(*replayed).kpis
    assert not [name for name, value in kpis.items() if math.isinf(value)]
    assert not [name for name in HEADLINES if math.isnan(kpis[name])]
    assert kpis["orders"] > 0


@pytest.mark.slow
def test_the_file_is_read_where_it_lies(replayed, simulated):
    """The replay needs no rate: whatever the seed, the same leads come at the same times."""
    program, _ = replayed
    again = simulate(program, 2, 5)
    ours = (again.cases.parent < 0) & (again.cases.channel == program.names.channels.index("website"))
    moments = [program.start + dt.timedelta(hours=hours) for hours in again.cases.born[ours]]
    assert np.array_equal(pd.Series(moments).dt.round("s"), simulated)
