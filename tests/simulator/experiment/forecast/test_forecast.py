"""Forecasts: months from today, bands that mean what they say, and refusals."""

import datetime as dt
import re
from pathlib import Path

import numpy as np
import pytest
import yaml

from simulator.errors import Cancelled, StudyError
from simulator.experiment.forecast.forecast import QUANTILES, Fan, forecast, quantiles
from simulator.experiment.forecast.snapshot import write_cases
from simulator.experiment.plan import Plan
from simulator.experiment.replications import compiled
from simulator.schema.loading import load_changed, load_scenario

SHOP = Path(__file__).with_name("shop.yaml")
FEW = Plan(replications=19, jobs=1, engine="simpy")
CERTAIN = """
caudal: 1
name: Certain
horizon: {start: 2026-01-01, warm_up: 0 d, length: 1 d, currency: EUR}
channels: {web: {process: deal, drops: [{date: 2026-02-10, leads: 2}]}}
pipeline:
  cases:
    a: {process: deal, step: think, age: 10 d, spent: 10 d}
    b: {process: deal, step: term, age: 50 d, spent: 30 d, posted: {booked: 100 EUR, invoiced: 100 EUR}}
processes:
  deal:
    steps:
      think: {kind: wait, duration: 20 d}
      book: {kind: post, account: booked, amount: 100 EUR}
      bill: {kind: post, account: invoiced, amount: 100 EUR}
      term: {kind: wait, duration: 40 d}
      money: {kind: post, account: collected, amount: 100 EUR}
      done: {kind: end, outcome: won}
"""


@pytest.fixture(scope="module")
def shop():
    """A small shop with a warm-up."""
    return load_scenario(SHOP)


@pytest.fixture
def certain(tmp_path):
    """A scenario whose future is known: an open order in January, new ones in March."""
    path = tmp_path / "certain.yaml"
    path.write_text(CERTAIN, encoding="utf-8")
    return load_scenario(path)


def test_a_certain_future_is_foretold(certain):
    """The order that is ten days from its decision, the invoice ten days from its money, two leads in February."""
    found = forecast(certain, FEW, 4)
    booked, collected = (found.fans[account] for account in ("booked", "collected"))
    assert found.ends[0] == dt.datetime(2026, 2, 1)
    assert booked.samples.tolist() == [[100.0, 0.0, 200.0, 0.0]] * 19
    assert collected.samples.tolist() == [[100.0, 100.0, 0.0, 200.0]] * 19
    assert booked.total.tolist() == [300.0] * 5
    assert (found.simulated, len(found.cases)) == (False, 2)
    assert np.isnan(booked.weighted)


def test_months_add_up_and_quantiles_rise(shop):
    """From the pipeline of a simulated past, which is said; the weighted pipeline has no new leads and is lower."""
    found = forecast(shop, FEW, 3)
    fan = found.fans["booked"]
    assert found.simulated
    assert len(found.cases) > 50
    assert found.today == dt.datetime(2026, 1, 5) + dt.timedelta(days=120)
    assert fan.samples.shape == (19, 3)
    assert (np.diff(fan.months, axis=0) >= 0).all()
    assert 0 < fan.weighted < fan.total[QUANTILES.index(0.5)]


def test_a_pipeline_that_was_written_gives_the_same_forecast(shop, tmp_path):
    """The rows of the simulated past, named as a file, are the same pipeline."""
    found = forecast(shop, FEW, 2)
    write_cases(found.cases, tmp_path / "open.csv")
    stated = load_changed(shop, {"pipeline": {"file": str(tmp_path / "open.csv")}})
    again = forecast(stated, FEW, 2)
    assert not again.simulated
    for account, fan in found.fans.items():
        assert np.array_equal(fan.samples, again.fans[account].samples)


def test_quantiles_hold_what_comes_next():
    """Of nineteen futures the least is the 5 % quantile: one more falls below it once in twenty."""
    samples = np.arange(1.0, 20.0)[:, None]
    assert quantiles(samples)[:, 0].tolist() == [1.0, 5.0, 10.0, 15.0, 19.0]
    rng = np.random.default_rng(1)
    low, _, _, _, high = quantiles(rng.normal(size=(19, 20_000)))
    held = ((low <= (next_ := rng.normal(size=20_000))) & (next_ <= high)).mean()
    assert held == pytest.approx(0.90, abs=4 * np.sqrt(0.09 / 20_000))


def test_a_total_is_no_sum_of_quantiles():
    """The band of a sum is narrower than the sum of the bands: not all months are bad at once."""
    rng = np.random.default_rng(1)
    fan = Fan("booked", rng.normal(100, 10, (500, 6)), 0.0)
    assert fan.total[4] - fan.total[0] < 0.6 * (fan.months[4] - fan.months[0]).sum()


def test_the_same_seed_gives_the_same_forecast_on_any_number_of_workers(shop):
    """And another seed another one."""
    one, two, other = (
        forecast(shop, Plan(seed=seed, replications=19, jobs=jobs, engine="simpy"), 1).fans["booked"].samples
        for seed, jobs in ((1, 1), (1, 2), (2, 1))
    )
    assert np.array_equal(one, two)
    assert not np.array_equal(one, other)


def test_progress_is_told_and_cancelling_stops(shop):
    """Each future is told; a cancelled forecast raises."""
    told = []
    forecast(shop, FEW, 1, lambda done, of: told.append((done, of)))
    assert told[-1] == (19, 19)
    with pytest.raises(Cancelled):
        forecast(shop, FEW, 1, cancelled=lambda: True)


@pytest.mark.parametrize(
    ("plan", "months", "sentence"),
    [(FEW, 0, "between 1 and 60"), (Plan(replications=18, jobs=1), 3, "at least 19 replications")],
)
def test_what_makes_no_sense_is_refused(shop, plan, months, sentence):
    """In a sentence, before anything runs."""
    with pytest.raises(StudyError, match=sentence):
        forecast(shop, plan, months)


def test_without_pipeline_and_without_past_there_is_no_forecast(tmp_path):
    """Nothing is open, and nothing can be made of a warm-up that is not there."""
    said = yaml.safe_load(CERTAIN)
    del said["pipeline"]
    path = tmp_path / "empty.yaml"
    path.write_text(yaml.safe_dump(said, sort_keys=False), encoding="utf-8")
    with pytest.raises(StudyError, match="neither an open pipeline nor a warm-up"):
        forecast(load_scenario(path), FEW, 1)


def test_the_example_of_the_guide_is_a_pipeline_of_the_portuguese_firm(tmp_path):
    """Rows and file as they stand in docs/forecast.md, laid over the baseline: three cases, with dates as hours."""
    guide = (Path(__file__).resolve().parents[4] / "docs" / "forecast.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```\w*\n(.*?)```", guide, re.DOTALL)
    stated, file = (next(each for each in blocks if each.startswith(word)) for word in ("pipeline:", "id,"))
    (tmp_path / "open.csv").write_text(file, encoding="utf-8")
    firm = tmp_path / "firm.yaml"
    firm.write_text(f"caudal: 1\nname: Firm\nbased_on: baselines/pt_installation\n{stated}", encoding="utf-8")
    program = compiled(load_scenario(firm), Plan())
    slot = program.names.attributes.index("decides_at")
    assert len(program.pipeline.key) == 3
    moment = program.start + dt.timedelta(hours=float(np.nanmax(program.pipeline.values[:, slot])))
    assert moment == dt.datetime(2026, 3, 20)
