import dataclasses

import numpy as np
import pytest

from simulator.experiment.plan import Plan
from simulator.experiment.replications import run
from simulator.experiment.trust import spoilt
from simulator.experiment.warnings import cautions_of, growth_of, offered_load, warnings_of
from simulator.schema.loading import load_changed, load_scenario


@pytest.fixture(scope="module")
def calm(toy):
    """A study with nothing to warn of: twelve replications, a warm-up longer than lead to cash."""
    study = run(toy, Plan(replications=12, jobs=1, warm_up=50 * 24.0, length=120 * 24.0))
    # A firm of this size closes too little in some replications for a forecast to be defined in each.
    return changed(study, dict.fromkeys(("forecast_error", "forecast_bias", "weighted_pipeline"), np.full(12, np.nan)))


def changed(study, samples=None, utilisation=None, queue=None, **fields):
    """The study with other samples or pictures."""
    pictures = study.pictures
    if utilisation is not None:
        pictures = pictures._replace(utilisation=np.array([utilisation]))
    if queue is not None:
        pictures = pictures._replace(queue=np.array(queue, dtype=np.float64)[:, None])
    all_samples = dict(study.samples) | {name: np.asarray(values, float) for name, values in (samples or {}).items()}
    return dataclasses.replace(study, pictures=pictures, samples=all_samples, **fields)


def test_a_sound_study_has_no_warnings(calm):
    """Enough replications, a long warm-up and a team with time to spare: nothing is said."""
    assert warnings_of(calm) == ()
    assert spoilt([calm]) == frozenset()


def test_a_team_at_its_limit_is_named_with_its_figure(calm):
    """From 97 % at work on, the team is called overloaded."""
    (warning,) = warnings_of(changed(calm, utilisation=0.983))
    assert warning.startswith("Sellers is overloaded: it is at work 98.3% of its time")
    assert warnings_of(changed(calm, utilisation=0.96)) == ()


def test_a_growing_queue_is_named_with_its_figures(calm):
    """A busy team whose queue grows through all thirds of the run is overloaded."""
    (warning,) = warnings_of(changed(calm, utilisation=0.9, queue=np.arange(12) + 1))
    assert "its queue grows from 2.5 to 10.5 cases" in warning


@pytest.mark.parametrize(
    ("utilisation", "queue"),
    [
        (0.6, np.arange(12)),  # a season, since there is time to spare
        (0.9, [5, 9, 5, 9, 5, 9, 5, 9, 5, 9, 5, 9]),  # no trend
        (0.9, np.linspace(1, 2, 12)),  # a short queue
        (0.9, [1, 2, 30]),  # too few weeks to say
        (0.9, [1] * 4 + [30] * 4 + [10] * 4),  # up and down again
    ],
)
def test_not_every_queue_is_an_overload(calm, utilisation, queue):
    """Seasons, noise and short queues are no overload."""
    assert warnings_of(changed(calm, utilisation=utilisation, queue=queue)) == ()


def grown(study, *growth):
    """The study with these growths of its one queue, over its replications again and again."""
    return dataclasses.replace(study, growth=np.resize(np.array(growth, dtype=np.float64), (study.replications, 1)))


def test_the_growth_of_each_replication_is_kept(calm):
    """One row a replication, whose mean is the growth of the mean queue."""
    assert calm.growth.shape == (12, 1)
    assert np.ptp(calm.growth) > 0
    assert calm.growth.mean() == pytest.approx(growth_of(calm.pictures.queue)[0])
    assert np.isnan(growth_of(np.ones((5, 2)))).all()


def test_a_queue_that_surely_grows_is_told_of_a_team_with_time_too(calm):
    """Whoever is at work half of the time: a growth in every replication is told, one that comes and goes is not."""
    growing = changed(calm, utilisation=0.5, queue=np.arange(12))
    (caution,) = cautions_of(grown(growing, 7.0, 8.0, 9.0))
    assert caution.sentence.startswith("The queue of Sellers grows from 1.5 to 9.5 cases")
    assert "waiting_sellers" in caution.spoils
    assert cautions_of(grown(growing, 30.0, -14.0)) == ()
    assert cautions_of(grown(growing, -7.0, -8.0, -9.0)) == ()


def test_more_work_than_hours_is_told_whatever_the_shape_of_the_queue(calm):
    """A queue that has stopped to grow by the end still holds more work than came to be done."""
    few = {"queue_sellers": np.full(12, 20.0), "waiting_sellers": np.full(12, 20 * calm.length / 30)}
    early = changed(calm, few, utilisation=0.6, queue=[1] * 4 + [30] * 4 + [25] * 4)
    assert offered_load(early, 0) >= 1 or np.isnan(offered_load(early, 0))
    (caution,) = cautions_of(grown(early, 23.0, 24.0, 25.0))
    assert "Sellers is overloaded" in caution.sentence
    assert "waiting_total" in caution.spoils
    assert cautions_of(grown(early, 90.0, -42.0)) == ()


@pytest.mark.slow
def test_a_queue_that_is_stable_is_rarely_called_growing():
    """Of twenty M/M/1 studies at a load of 0.8, none or one; of one at 1.05, which is never at rest, every one."""
    plan = Plan(replications=5, jobs=1, warm_up=96.0, length=56 * 24.0)
    told = []
    for interval, seeds in (("6.25 min", range(20)), ("4.76 min", range(3))):
        loaded = load_changed(load_scenario("theory/m_m_1"), {"channels.arrivals.interval": {"exponential": interval}})
        studies = [run(loaded, dataclasses.replace(plan, seed=seed)) for seed in seeds]
        told.append(sum(any(each.topic == "overload" for each in cautions_of(study)) for study in studies))
    assert told[0] <= 1
    assert told[1] == 3


def test_a_really_overloaded_team_is_noticed(variant):
    """A team with far too much work is warned of, in a real run."""
    flooded = variant("rate: 6 /d", "rate: 60 /d")
    study = run(flooded, Plan(replications=2, jobs=1))
    (caution,) = (each for each in cautions_of(study) if "Sellers is overloaded" in each.sentence)
    load = offered_load(study, 0)
    assert f"work for {load:.0%} of it comes in, and its queue grows from" in caution.sentence
    assert {"queue_sellers", "waiting_sellers", "waiting_total", "lead_to_order_median"} <= caution.spoils
    assert "cost_total" not in caution.spoils
    assert caution.spoils <= spoilt([study])


def test_the_offered_load_is_that_of_the_arrivals():
    """Twelve arrivals an hour of five minutes' work offer a load of 1, twice that one of 2, and 5/6 one of 5/6."""
    for interval, expected in (("6 min", 10 / 12), ("4 min", 15 / 12), ("2.5 min", 2.0)):
        loaded = load_changed(load_scenario("theory/m_m_1"), {"channels.arrivals.interval": {"exponential": interval}})
        study = run(loaded, Plan(replications=4, jobs=1, warm_up=24.0, length=56 * 24.0))
        assert offered_load(study, 0) == pytest.approx(expected, rel=0.05)
        assert any("overloaded" in warning for warning in study.warnings) == (expected > 1)


@pytest.mark.parametrize(("name", "team", "expected"), [("theory/erlang_b", 2, 4.0), ("theory/m_m_1_6", 0, 10 / 9)])
def test_who_is_turned_away_is_offered_load_too(name, team, expected):
    """Forty calls an hour to ten lines of one hour are a load of 4, though the lines can only be busy all the time."""
    changes = {} if name.endswith("b") else {"channels.arrivals.interval": {"exponential": "45 s"}}
    loaded = load_changed(load_scenario(name), changes)
    study = run(loaded, Plan(replications=4, jobs=1, warm_up=24.0, length=56 * 24.0))
    assert offered_load(study, team) == pytest.approx(expected, rel=0.05)
    (caution,) = (each for each in cautions_of(study) if each.topic == "overload")
    assert f"work for {offered_load(study, team):.0%} of it comes in" in caution.sentence
    assert "of those who come give up or are turned away" in caution.sentence
    assert not caution.spoils


def test_a_beginning_that_pulls_figures_down_is_told(toy):
    """A flow of money that only comes up after weeks is said with the warm-up that it would need."""
    study = run(toy, Plan(replications=12, jobs=1, warm_up=0.0, length=350 * 24.0))
    cash = study.pictures.cash.copy()
    cash[:, 2] = np.cumsum(np.r_[0.0, np.full(10, 100.0), np.full(len(cash) - 11, 1000.0)])
    slow = dataclasses.replace(study, pictures=study.pictures._replace(cash=cash))
    (caution,) = (each for each in cautions_of(slow) if "MSER-5 suggests" in each.sentence)
    assert "MSER-5 suggests 70 d" in caution.sentence
    assert "Cash collected (-18%)" in caution.sentence
    assert caution.spoils >= {"cash_collected", "net_cash"}  # the flow, and what hangs on it


def test_a_queue_that_fills_is_told_where_it_surely_grows(toy):
    """Empty for ten weeks and then full: a short warm-up in every replication, luck where only some of them grow."""
    calm = run(toy, Plan(replications=4, jobs=1, warm_up=0.0, length=350 * 24.0))
    weeks = len(calm.pictures.queue)
    queue = np.where(np.arange(weeks) < 10, 0.1, 1.0)[:, None] + 0.01 * np.sin(np.arange(weeks))[:, None]
    filling = dataclasses.replace(calm, pictures=calm.pictures._replace(queue=queue))
    n = calm.replications
    grown = 0.9 + 0.01 * np.arange(n)[:, None]
    found = [each for each in cautions_of(dataclasses.replace(filling, growth=grown)) if "MSER-5" in each.sentence]
    assert [each.spoils >= {"queue_sellers", "waiting_sellers"} for each in found] == [True]
    assert "Queue for Sellers (-" in found[0].sentence
    lucky = np.where(np.arange(n) % 2, 0.9, -0.8)[:, None]
    assert not [each for each in cautions_of(dataclasses.replace(filling, growth=lucky)) if "MSER-5" in each.sentence]


def test_unfinished_leads_are_told_with_their_share(calm):
    """More than a tenth of unfinished leads is said."""
    (warning,) = warnings_of(changed(calm, {"unfinished": np.full(12, 0.23)}))
    assert warning.startswith("23% of the leads had not finished")
    assert warnings_of(changed(calm, {"unfinished": np.full(12, 0.09)})) == ()


def test_a_short_warm_up_is_told_with_both_times(calm):
    """A warm-up within which the slower leads cannot have paid is too short."""
    (warning,) = warnings_of(changed(calm, warm_up=7 * 24.0))
    assert warning.startswith("The warm-up of 7 d is shorter than the ")
    assert warnings_of(changed(calm, {"lead_to_cash_p90": np.full(12, np.nan)}, warm_up=0.0)) == ()


@pytest.mark.parametrize(("n", "beginning"), [(1, "One replication shows"), (2, "Only 2 replications"), (9, "Only 9")])
def test_thin_evidence_is_told(calm, n, beginning):
    """One replication, and fewer than ten, are each said in their own words."""
    fewer = {name: sample[:n] for name, sample in calm.samples.items()}
    study = changed(calm, fewer, plan=dataclasses.replace(calm.plan, replications=n))
    assert any(warning.startswith(beginning) for warning in warnings_of(study))


def test_partly_undefined_kpis_are_counted_and_named(calm):
    """Five are named with their counts, the rest is counted; those nowhere defined are nothing to warn of."""
    partly = np.where(np.arange(12) < 10, 1.0, np.nan)
    names = ["dso", "cac", "margin_rate", "bad_debt_rate", "orders", "leads", "cost_per_lead"]
    samples = dict.fromkeys(names, partly) | {"first_response_mean": np.full(12, np.nan)}
    (warning,) = warnings_of(changed(calm, samples))
    assert "leads (10 of 12)" in warning
    assert warning.endswith("and 2 more.")
    assert "first_response" not in warning


def test_cautions_are_worked_out_once_for_each_study(calm):
    """The same study gives the very same cautions again, one with other samples its own."""
    other = changed(calm, {"unfinished": np.full(12, 0.9)})
    assert cautions_of(other) is cautions_of(other)
    assert cautions_of(other) != cautions_of(calm)
