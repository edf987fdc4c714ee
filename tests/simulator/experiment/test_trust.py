import dataclasses
import math

import numpy as np
import pytest

from simulator.experiment import trust
from simulator.experiment.intervals import Estimate
from simulator.experiment.plan import Plan
from simulator.experiment.replications import run
from simulator.experiment.sensitivity.parameters import Parameter
from simulator.experiment.sensitivity.tornado import Bar, Tornado
from simulator.experiment.trust import MOST, Checks, TwinCheck, spoilt, trust_card, twin_check
from simulator.experiment.warm_up import Settling
from simulator.experiment.warnings import cautions_of
from tests.simulator.experiment.test_warnings import changed

TOPICS = ["Unfinished", "Overload", "Warm-up", "Precision", "Evidence", "Engines", "Calibration"]
KNOWN = ("leads",)


@pytest.fixture(scope="module")
def calm(toy):
    """A study with nothing to warn of."""
    study = run(toy, Plan(replications=12, jobs=1, warm_up=50 * 24.0, length=120 * 24.0))
    nothing = dict.fromkeys(("forecast_error", "forecast_bias", "weighted_pipeline"), np.full(12, np.nan))
    return changed(study, nothing | {"leads": np.linspace(99, 101, 12)})


def line(topic, studies, kpis=KNOWN, **checks):
    """One line of the card."""
    card = trust_card(studies, kpis, Checks(**checks))
    assert [each.topic for each in card] == TOPICS
    return next(each for each in card if each.topic == topic)


def bar(label, grade, span):
    """A bar of a tornado that reaches so far."""
    ends = [Estimate(end, end - 1, end + 1, 5, "EUR") for end in (0.0, span, span)]
    return Bar(Parameter(label, label, "1", "", 1.0, 0.0, 2.0, grade), *ends, 0.01)


def swings(study, *bars):
    """A tornado with these bars."""
    return Tornado(study.name, study.catalogue["revenue_booked"], Estimate(1, 0, 2, 5, "EUR"), bars, {}, 5, len(bars))


def test_a_sound_study_is_fine_and_says_what_was_not_checked(calm):
    """What replications alone can tell is fine; what they cannot tell is not passed over, but says what to run."""
    card = trust_card([calm], KNOWN)
    assert [each.standing for each in card] == ["fine"] * 4 + ["not checked"] * 3
    assert all(each.advice for each in card if each.standing != "fine")
    assert not any(each.advice for each in card if each.standing == "fine")
    assert "caudal tornado" in line("Evidence", [calm]).advice
    assert line("Calibration", [calm]).found.startswith("No calibration in this study")


def test_the_worst_scenario_decides_and_is_named(calm):
    """Of several scenarios the one that leaves most open gives the figure, whichever place it has."""
    worse = changed(calm, {"unfinished": np.full(12, 0.23)}, name="Slow firm")
    for studies in ([calm, worse], [worse, calm]):
        found = line("Unfinished", studies)
        assert found.standing == "caution"
        assert "23%" in found.found
        assert "Slow firm" in found.found


def test_a_caution_spoils_only_a_study_that_is_about_what_it_spoils(calm):
    """The same unfinished leads spoil the time to an order, and are a caution to who asked for leads."""
    slow = changed(calm, {"unfinished": np.full(12, 0.23)})
    assert line("Unfinished", [slow], ("leads",)).standing == "caution"
    found = line("Unfinished", [slow], ("leads", "lead_to_order_median"))
    assert found.standing == "spoils"
    assert slow.catalogue["lead_to_order_median"].label in found.found


def test_overload_is_told_as_offered_load(calm):
    """The busiest team is named with the work that comes to it; one without room for it is no longer fine."""
    assert line("Overload", [calm]).standing == "fine"
    found = line("Overload", [changed(calm, utilisation=0.983)])
    assert found.standing == "caution"
    assert "Sellers" in found.found
    assert found.advice


def test_a_queue_that_grows_beside_idle_people_is_named(calm):
    """Whoever has hours to spare is not told to be given more: the queue is named, and where it grows."""
    weeks = np.repeat([1.0, 4.0, 9.0], 4)
    growing = changed(calm, utilisation=0.6, queue=weeks, growth=np.linspace(7.0, 9.0, 12)[:, None])
    found = line("Overload", [calm, growing], ("waiting_sellers",))
    assert found.standing == "spoils"
    assert f"{growing.name}: The queue of Sellers grows from 1.0 to 9.0 cases" in found.found
    assert "hours" not in found.advice


def test_overload_without_a_figure_is_no_rest(calm):
    """Where more is left to the queue than is done, the load cannot be told, and that is not fine."""
    flooded = {"queue_sellers": np.full(12, 1.0), "waiting_sellers": np.full(12, calm.length)}
    told = line("Overload", [changed(calm, flooded, utilisation=0.9, queue=np.arange(12) * 9.0)], ("waiting_sellers",))
    assert told.standing == "spoils"
    assert "Sellers" in told.found
    assert "cannot be told" in told.found
    idle = changed(calm, utilisation=np.nan)
    assert line("Overload", [idle]).found == "No team had work."


def test_a_warm_up_that_is_too_short_is_told_with_its_figure(calm):
    """The card has the words of the warning, not those of what the warning is not about."""
    short = changed(calm, warm_up=7 * 24.0)
    told = line("Warm-up", [calm, short], ("cash_collected",))
    (warning,) = (each.sentence for each in cautions_of(short) if each.topic == "warm-up")
    assert told.standing == "spoils"
    assert told.found.startswith(warning)
    assert "This spoils Cash collected." in told.found
    assert "flow of money" in line("Warm-up", [calm]).found


def test_what_the_card_spoils_is_what_the_tables_mark(calm):
    """Cautions and restless series are one list; a study of a beginning has no warm-up that could spoil it."""
    short, flat = changed(calm, warm_up=7 * 24.0), np.ones(30)
    restless = {"settlings": ((calm.name, (Settling("cost_total", flat, flat, None, 0.0),)),)}
    assert spoilt([calm]) == frozenset()
    assert "cac" in spoilt([calm], Checks(**restless))
    assert calm.catalogue["cac"].label in line("Warm-up", [calm], ("cac",), **restless).found
    assert "cash_collected" in spoilt([calm, short])
    assert spoilt([calm, short], Checks(mode="terminating")) == frozenset()
    assert spoilt([changed(calm, name="Other")], Checks(**restless)) == frozenset()


@pytest.mark.parametrize(("weeks", "standing"), [(5, "fine"), (10, "caution"), (None, "caution")])
def test_a_warm_up_is_held_against_the_slowest_of_all_series(calm, weeks, standing):
    """Fifty days hold five weeks and not ten; a series that does not settle is counted."""
    series = np.ones(30)
    found = [Settling("queue_sellers", series, series, each, 0.0) for each in (0, weeks)]
    told = line("Warm-up", [calm], settlings=((calm.name, tuple(found)),))
    assert told.standing == standing
    assert "50 d are left out" in told.found
    assert ("1 of 2 series do not settle" in told.found) == (weeks is None)
    assert weeks is None or f"at most {7 * weeks} d (Queue for Sellers" in told.found


@pytest.mark.parametrize(
    ("settles", "about", "standing"),
    [
        ((None, None), "leads", "spoils"),
        ((0, None), "leads", "caution"),
        ((0, None), "cash_collected", "spoils"),
        ((0, None), "waiting_sellers", "caution"),
        ((None, 0), "waiting_sellers", "spoils"),
        ((0, 0), "cash_collected", "fine"),
    ],
)
def test_what_does_not_settle_has_no_long_run(calm, settles, about, standing):
    """A restless series weakens the study, and spoils its own KPI; where nothing settles, everything is spoilt."""
    flat = np.ones(30)
    found = [
        Settling(kpi, flat, flat, each, 0.0)
        for kpi, each in zip(("queue_sellers", "cash_collected"), settles, strict=True)
    ]
    told = line("Warm-up", [calm], (about,), settlings=((calm.name, tuple(found)),))
    assert told.standing == standing
    assert ("This spoils" in told.found) == (standing == "spoils" and about != "leads")
    assert ("whole seasons" in told.advice) == (None in settles)


def test_a_terminating_study_needs_no_warm_up(calm):
    """What a steady state would call a warm-up that is too short is what such a study is about."""
    cold = dataclasses.replace(calm, warm_up=0.0)
    assert line("Warm-up", [cold]).standing != "fine"
    assert line("Warm-up", [cold], mode="terminating").standing == "fine"


def test_precision_is_that_of_the_least_sure_figure(calm):
    """Half of its interval over its mean, against what was asked for."""
    rough = changed(calm, {"leads": np.array([50.0, 150.0] * 6)})
    half = rough.estimate("leads").half_width / 100
    found = line("Precision", [calm, rough])
    assert found.standing == "caution"
    assert f"1 of 2 figures are within ±10% of their mean; the least sure is Leads, ±{half:.0%}" in found.found
    assert line("Precision", [calm, rough], precision=0.5).standing == "fine"
    single = run_once(calm)
    assert line("Precision", [single]).standing == "spoils"


def test_the_number_of_replications_that_is_advised_narrows_the_interval_enough(calm):
    """Half of the interval shrinks as the root of the number grows; what would take too many is not advised."""
    rough = changed(calm, {"leads": np.array([50.0, 150.0] * 6)})
    half = rough.estimate("leads").half_width / 100
    needed = math.ceil(12 * (half / 0.1) ** 2)
    assert line("Precision", [rough]).advice == f"Run on, with {needed} replications (--replications {needed})."
    wild = changed(calm, {"leads": np.array([-98.0, 100.0] * 6)})
    assert f"More than {MOST} replications" in line("Precision", [wild]).advice


def test_few_replications_that_are_precise_are_only_to_be_ten(calm):
    """Where every figure is within the precision, the advice is not to be precise but to have ten replications."""
    few = first(calm, 5)
    found = line("Precision", [few], precision=0.5)
    assert found.standing == "caution"
    assert found.advice == "Run on, with 10 replications (--replications 10)."


def test_a_figure_that_is_undefined_here_and_there_is_named_as_spoilt(calm):
    """More replications do not define it: a longer time may."""
    leads = np.linspace(99, 101, 12)
    found = line("Precision", [changed(calm, {"leads": np.where(leads > 100.5, np.nan, leads)})])
    assert "This spoils Leads." in found.found
    assert found.advice == "Measure longer."


def first(study, n):
    """The first replications of a study."""
    samples = {kpi: sample[:n] for kpi, sample in study.samples.items()}
    return dataclasses.replace(study, samples=samples, growth=study.growth[:n], plan=Plan(replications=n))


def run_once(study):
    """The first replication of a study alone."""
    samples = {kpi: sample[:1] for kpi, sample in study.samples.items()}
    return dataclasses.replace(study, samples=samples, plan=Plan(replications=1))


def test_evidence_is_that_of_the_longest_bars(calm):
    """A weak grade counts among the five longest bars only, and one that moves nothing not at all."""
    strong = [bar(f"strong {i}", "A", 10.0 - i) for i in range(5)]
    assert line("Evidence", [calm], tornado=swings(calm, *strong, bar("guess", "D", 1.0))).standing == "fine"
    found = line("Evidence", [calm], tornado=swings(calm, bar("guess", "D", 20.0), *strong, bar("idle", "D", 0.0)))
    assert found.standing == "caution"
    assert "1 rest on grade C, D or none: guess (D)" in found.found


def test_engines_that_differ_spoil_everything(calm):
    """Agreement is fine and says how far it was looked at; the first difference is told as it stands."""
    same, apart = TwinCheck("One", 13, ""), TwinCheck("Two", 13, "visits: row 7")
    assert "all 2 scenarios" in line("Engines", [calm], twins=(same, same)).found
    found = line("Engines", [calm], twins=(same, apart))
    assert found.standing == "spoils"
    assert "Two: visits: row 7" in found.found


def test_the_twins_are_really_run(toy, monkeypatch):
    """Both engines run the toy funnel and agree; where one leaves another record, the check says where."""
    assert twin_check(toy, Plan(length=28 * 24.0)).difference == ""
    monkeypatch.setattr(trust, "difference_of_twins", lambda loaded, plan, replication: f"{plan.length:g} h")
    assert twin_check(toy, Plan()).difference == "2184 h"
    assert twin_check(toy, Plan(length=24.0)).difference == "24 h"


@pytest.mark.parametrize(
    ("hours", "words"), [(None, "first 13 weeks of"), (672.0, "first 4 weeks of"), (168.0, "first 1 week of")]
)
def test_a_short_study_says_how_far_the_engines_were_compared(toy, calm, monkeypatch, hours, words):
    """No more weeks than were run."""
    monkeypatch.setattr(trust, "difference_of_twins", lambda *_: "")
    assert words in line("Engines", [calm], twins=(twin_check(toy, Plan(length=hours)),)).found
