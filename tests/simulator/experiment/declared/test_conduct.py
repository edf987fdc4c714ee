from contextlib import contextmanager

import numpy as np
import pytest

from simulator.errors import Cancelled, StudyError
from simulator.experiment.declared.conduct import conduct, longest
from simulator.experiment.declared.reading import read_study
from simulator.experiment.replications import run_all
from simulator.experiment.warm_up import Settling
from tests.simulator.experiment.declared.conftest import TOY


class Stages:
    """Notes which stages were opened, and what each was told last."""

    def __init__(self):
        self.told = {}

    @contextmanager
    def __call__(self, name):
        yield lambda done, total: self.told.__setitem__(name, (done, total))


def conducted(path, **options):
    """A study carried out in this process, with its stages."""
    stages = Stages()
    return conduct(read_study(path), stages, **{"jobs": 1, "engine": "simpy"} | options), stages.told


def test_a_terminating_study_counts_from_the_start(study_file):
    """No warm-up and no search for one; base and others over the stated time, compared over the declared KPI alone."""
    found, told = conducted(study_file(twins=False))
    assert (found.plan.warm_up, found.base.warm_up, found.base.end) == (0.0, 0.0, 20 * 168.0)
    assert list(told) == ["replications"]
    assert told["replications"] == (12, 12)
    ((name, added),) = found.checks.added
    assert (name, len(added), "rice" in added[0]) == ("Dearer", 1, True)
    assert found.comparison.family == 1
    assert found.comparison.others[0].differences["revenue_booked"].verdict == "better"
    assert [line.standing for line in found.card if line.topic in {"Warm-up", "Engines"}] == ["fine", "not checked"]


def test_the_same_study_gives_the_same_figures_and_another_seed_others(study_file):
    """The seed of the file holds unless another is asked for; the samples are those of the same plan run by hand."""
    path = study_file(twins=False, seed=5)
    one, again, other = (conducted(path, **more)[0] for more in ({}, {}, {"seed": 6}))
    by_hand = run_all(one.declared.scenarios, one.plan)[1].samples["lead_to_order_mean"]
    times = [each.studies[1].samples["lead_to_order_mean"] for each in (one, again, other)]
    assert one.plan.seed == 5
    assert np.array_equal(times[0], by_hand)
    assert np.array_equal(times[0], times[1])
    assert not np.array_equal(times[0], times[2])


def test_mser5_chooses_the_warm_up_of_all_scenarios(study_file):
    """The longest that any series asks for is left out of every scenario, and the card says so."""
    found, told = conducted(study_file(mode="steady_state", warm_up="mser5", length="40 wk", twins=False))
    series = dict(found.checks.settlings)
    assert set(series) == {"Levers", "Dearer"}
    asked = [each.suggested for found in series.values() for each in found if each.suggested is not None]
    assert found.plan.warm_up == max(asked) == found.base.warm_up == found.studies[1].warm_up
    assert told["replications for the warm-up"] == (12, 12)
    (line,) = (line for line in found.card if line.topic == "Warm-up")
    assert f"{max(asked) / 24:.0f} d are left out; MSER-5 asks for at most {max(asked) / 24:.0f} d" in line.found


def test_a_warm_up_needs_something_that_settles():
    """A series that never settles is left aside; where none does, the user has to say how long."""
    flat = np.ones(30)
    found = [Settling("queue_desk", flat, flat, truncation, 0.0) for truncation in (5, None, 10)]
    assert longest([("A", tuple(found))]) == 10 * 168
    with pytest.raises(StudyError, match="state the warm-up"):
        longest([("A", (found[1],))])


def test_everything_that_is_declared_is_done(study_file):
    """Tornado, Morris, Sobol, heat map, twins and precision, each with its progress, all of the base."""
    both = ["policies.price", "policies.fee"]
    found, told = conducted(study_file(
        replications=3, precision={"target": "40 %", "most": 12},
        sensitivity=[{"parameters": both, "replications": 2},
                     {"parameters": both, "method": "morris", "points": 2, "replications": 1},
                     {"parameters": both, "method": "sobol", "points": 2, "replications": 1}],
        interactions=[{"rows": both[0], "columns": both[1], "levels": 2, "replications": 2}],
    ))  # fmt: skip
    assert [each.kpi.name for each in found.tornados] == ["revenue_booked"]
    assert [bar.parameter.path for bar in found.tornados[0].bars] == both
    assert [(each.method, len(each.effects), len(each.shares)) for each in found.indices] == [
        ("morris", 2, 0), ("sobol", 0, 2),
    ]  # fmt: skip
    assert found.grids[0].means.shape == (2, 2)
    assert [each.difference for each in found.checks.twins] == ["", ""]
    assert {path.kpi for path in found.precision} == {"revenue_booked"}
    assert found.plan.replications == found.base.replications <= 12
    assert all(done == total for done, total in told.values())
    assert [line.standing for line in found.card if line.topic in {"Evidence", "Engines"}] == ["caution", "fine"]


def test_a_tornado_without_parameters_takes_the_most_telling(study_file):
    """Of the numbers that have a range, as many as are asked for."""
    found, told = conducted(study_file(twins=False, sensitivity=[{"most": 1, "replications": 2}]))
    assert [bar.parameter.path for bar in found.tornados[0].bars] == ["policies.price"]
    assert "variants screened" in told


def test_a_study_can_be_cancelled(study_file):
    """Whoever stops it gets Cancelled, and no figures."""
    with pytest.raises(Cancelled):
        conducted(study_file(), cancelled=lambda: True)


@pytest.mark.slow
def test_relief_portfolio_and_forecast_are_of_the_base(tmp_path):
    """One more seller costs what a seller costs, the fewest are best, and two months are looked ahead."""
    path = tmp_path / "study.yaml"
    path.write_text(f"""
caudal: 1
study: Everything beside
scenarios: [{TOY}]
kpis: [margin]
mode: steady_state
warm_up: 4 wk
length: 8 wk
replications: 2
twins: false
bottlenecks: {{replications: 2, rungs: 1}}
search:
  {{teams: [sellers=1..3], budget: 200 000 EUR, constraints: [utilisation_sellers <= 100 %], trials: 3, fresh: 4,
    indifference: 1 000 EUR, discount: 25 %}}
forecast: {{months: 2, replications: 20, backtest: 2}}
""", encoding="utf-8")  # fmt: skip
    found, told = conducted(path, engine="auto")
    assert found.bottlenecks.kpi.name == found.search.kpi.name == "margin"
    (person,) = (each for each in found.bottlenecks.values if each.lever.kind == "person")
    assert person.value.mean == pytest.approx(-person.cost)
    assert found.ladder.rungs == ()
    assert (found.search.budget, found.search.constraints) == (200_000.0, ("utilisation_sellers <= 100 %",))
    assert found.search.best.levels == {"teams.sellers.head_count": "1"}
    assert (found.search.selected.indifference, found.search.investment.discount) == (1_000.0, 0.25)
    assert (found.backtest.truths, found.backtest.replications) == (2, 20)
    assert found.backtest.actual.shape == (2, 2)
    assert found.forecast.fans["booked"].samples.shape == (20, 2)
    assert {
        "replications for the bottlenecks",
        "replications of the ladder",
        "trials of the search",
        "futures",
        "replications of the backtest",
    } < set(told)
    assert found.comparison is None


def test_a_diary_follows_the_leads_of_every_pair(study_file):
    """Of the base with each other scenario; without the block nobody is followed."""
    found, told = conducted(study_file(twins=False, diary={"replications": 2, "stories": 1}))
    base, *others = found.studies
    assert [(each.base, each.other) for each in found.diaries] == [(base.name, other.name) for other in others]
    assert all(each.totals.replications == 2 for each in found.diaries)
    assert f"replications followed lead by lead with {others[0].name}" in told
    assert conducted(study_file(twins=False))[0].diaries == ()
