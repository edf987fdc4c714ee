"""The ladder: two known constraints in their order, each rung with its worth, until nothing surely pays for itself."""

import json
from dataclasses import asdict, replace

import pytest

from simulator.errors import Cancelled, StudyError
from simulator.experiment.bottlenecks.ladder import UNPRICED, ladder
from simulator.experiment.plan import Plan
from simulator.experiment.replications import run
from simulator.schema.loading import load_changed


@pytest.fixture(scope="module")
def climbed(two_constraints):
    """The ladder of callers at 130 % and installers at 117 % once these are relieved."""
    return ladder(two_constraints, Plan(replications=8, jobs=1))


def test_two_constraints_are_named_in_their_order(climbed):
    """First a caller, then an installer, then nothing: a second caller too is worth nothing now."""
    assert [rung.relief.lever.path for rung in climbed.rungs] == ["teams.callers", "teams.installers"]
    assert climbed.ended == "nothing surely pays for itself"
    assert {each.lever.path for each in climbed.refused} == {"teams.callers", "teams.installers", "teams.office"}
    assert all(each.worth != "worth it" for each in climbed.refused)


def test_money_has_bootstrap_intervals(climbed):
    """What a rung is worth, and all of them, lies off the middle of its interval; orders lie in the middle."""
    moved = {each.kpi.name: each.difference for each in climbed.rungs[0].moved}
    for estimate in (*(rung.relief.value for rung in climbed.rungs), climbed.gain):
        assert estimate.high - estimate.mean != pytest.approx(estimate.mean - estimate.low)
    assert moved["orders"].high - moved["orders"].mean == pytest.approx(moved["orders"].mean - moved["orders"].low)


def test_each_rung_says_what_moved(climbed):
    """The caller lets more orders through and the installers' queue grows, until they are relieved too."""
    first, second = ({each.kpi.name: each for each in rung.moved} for rung in climbed.rungs)
    assert first["orders"].after > first["orders"].before
    assert first["waiting_callers"].difference.high < 0
    assert first["waiting_installers"].difference.low > 0
    assert second["waiting_installers"].difference.high < 0
    assert (
        second["utilisation_installers"].after
        < second["utilisation_installers"].before
        == pytest.approx(first["utilisation_installers"].after)
    )
    assert "orders" not in second


def test_rungs_add_up(climbed, two_constraints):
    """Each starts from where the last one led, the whole is their sum, and its end is the scenario with both.

    Base and end are those of seed 1 ^ 2 = 3, which chose nothing.
    """
    assert climbed.gain.mean == pytest.approx(sum(rung.relief.value.mean for rung in climbed.rungs))
    assert climbed.rungs[-1].reached.mean == pytest.approx(climbed.base.mean + climbed.gain.mean)
    both = load_changed(two_constraints, {"teams.callers.head_count": 2, "teams.installers.head_count": 4})
    base, study = (run(each, Plan(seed=3, replications=8, jobs=1)) for each in (two_constraints, both))
    assert climbed.base.mean == pytest.approx(base.estimate("margin").mean)
    assert climbed.rungs[-1].reached.mean == pytest.approx(study.estimate("margin").mean)
    assert climbed.rungs[0].relief.cost == pytest.approx(20 * 40 * 40)


def test_what_chose_a_rung_does_not_value_it(climbed, two_constraints):
    """Its worth is the paired difference at another seed than the climb's, 1, and judged by it."""
    caller = load_changed(two_constraints, {"teams.callers.head_count": 2})
    worth = {}
    for seed in (1, 3):
        studies = [run(each, Plan(seed=seed, replications=8, jobs=1)) for each in (two_constraints, caller)]
        before, after = (study.samples["margin"] for study in studies)
        worth[seed] = float((after - before).mean())
    relief = climbed.rungs[0].relief
    assert relief.value.mean == pytest.approx(worth[3]) != pytest.approx(worth[1])
    assert (relief.worth, relief.p_adjusted < 0.05) == ("worth it", True)


def test_a_result_is_json(climbed):
    """Everything in it can be written."""
    content = json.loads(json.dumps(asdict(climbed)))
    assert content["rungs"][0]["relief"]["lever"]["changes"] == {"teams.callers.head_count": 2}


def test_rungs_can_run_out(two_constraints):
    """One is asked for; what would come next is not said."""
    short = ladder(two_constraints, Plan(replications=6, jobs=1), rungs=1)
    assert [rung.relief.lever.path for rung in short.rungs] == ["teams.callers"]
    assert (short.ended, short.refused) == ("as many rungs as were asked for", ())


def test_where_nothing_pays_there_is_no_rung(by_hand, plan):
    """A second person costs 480 EUR and brings 20."""
    found = ladder(by_hand, plan)
    assert (found.rungs, found.gain.mean, found.ended) == ((), 0, "nothing surely pays for itself")
    assert [each.lever.path for each in found.refused] == ["teams.desk", "teams.bench"]


def test_other_kinds_are_relieved_where_they_are_named(by_hand, plan):
    """Three days' rest a day shorter, then a tenth shorter, on top of the day."""
    found = ladder(by_hand, plan, kinds=["delay"], rungs=2)
    assert [rung.relief.value.mean for rung in found.rungs] == pytest.approx([720, 3 * 4.8 * 10])
    assert [rung.relief.lever.change for rung in found.rungs] == ["one day less", "10 % less"]


def test_the_same_seed_gives_the_same(by_hand, plan):
    """With chance in it; progress comes to its end."""
    loaded = load_changed(by_hand, {"processes.sale.steps.rest.duration": {"exponential": "30 h"}})
    told, few = [], replace(plan, replications=3)
    one, two = (ladder(loaded, few, progress=lambda *x: told.append(x), rungs=1) for _ in range(2))
    assert repr(one) == repr(two)
    assert told[-1][0] == told[-1][1] > 0


def test_mistakes_are_sentences(by_hand, plan):
    """A KPI that does not hold both costs and earnings, though it be the costs themselves, and no rung at all."""
    for kpi in ("revenue_invoiced", "cost_total"):
        with pytest.raises(StudyError, match=f"'{kpi}' {UNPRICED}: climb by margin or"):
            ladder(by_hand, plan, kpi)
    with pytest.raises(StudyError, match="at least one rung, not 0"):
        ladder(by_hand, plan, rungs=0)


def test_a_cancellation_ends_it(by_hand, plan):
    """The word is heard before the first rung."""
    with pytest.raises(Cancelled):
        ladder(by_hand, plan, cancelled=lambda: True)
