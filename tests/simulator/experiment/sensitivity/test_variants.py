"""Variants over blocks of replications: what is kept of them, and what does not depend on the blocks."""

import pytest

from simulator.errors import Cancelled
from simulator.experiment import blocks
from simulator.experiment.plan import Plan
from simulator.experiment.replications import run
from simulator.experiment.sensitivity import variants
from simulator.experiment.sensitivity.parameters import chosen
from simulator.experiment.sensitivity.variants import sampled

PLAN = Plan(seed=3, replications=7, jobs=1, engine="simpy")
KPIS = ("revenue_booked", "lead_to_order_mean")


@pytest.fixture
def changes(levers):
    """The scenario as it is, a price, and what is no scenario."""
    return [{}, chosen(levers, ["policies.price"])[0].changes(60.0), {"teams.nobody.head_count": 1}]


def told(found):
    """Everything that was found, to the last bit."""
    study = found.base.study
    samples = {kpi: sample.tobytes() for kpi, sample in study.samples.items()}
    return found.values.tobytes(), found.refused, samples, [each.tobytes() for each in study.pictures], found.base.found


@pytest.mark.parametrize("size", [1, 3])
def test_how_replications_are_cut_changes_nothing(levers, changes, monkeypatch, size):
    """Blocks of one, of three and of all leave the same values, study and findings to the last bit."""
    then = lambda loaded, plan, program: lambda first: (program.name, plan.seed, first.kpis["revenue_booked"])  # noqa: E731
    whole = sampled(levers, changes, PLAN, KPIS, then=then)
    monkeypatch.setattr(variants, "blocks", lambda first, end: blocks.blocks(first, end, size))
    assert told(sampled(levers, changes, PLAN, KPIS, then=then)) == told(whole)
    assert list(whole.refused) == [2]
    assert whole.values[0].tolist() != whole.values[1].tolist()


def test_of_the_scenario_as_it_is_there_is_its_study(levers, changes):
    """The same as of a run by itself; nothing is kept where nothing is to be found out."""
    found = sampled(levers, changes, PLAN, KPIS, then=lambda *_: id)
    assert found.base.study.samples["revenue_booked"].tolist() == found.values[0, 0].tolist()
    alone = run(levers, PLAN)
    assert found.base.study.samples.keys() == alone.samples.keys()
    assert found.base.study.warnings == alone.warnings
    assert sampled(levers, changes, PLAN, KPIS).base is None


def test_a_task_is_a_block_and_progress_counts_replications(levers, changes):
    """A wish to stop is heard between blocks of one variant, long before the variant is done."""
    plan, seen = Plan(seed=3, replications=25, jobs=1, engine="simpy"), []
    sampled(levers, changes[:2], plan, KPIS, lambda *count: seen.append(count))
    assert seen == [(10, 50), (20, 50), (25, 50), (35, 50), (45, 50), (50, 50)]
    seen.clear()
    with pytest.raises(Cancelled):
        sampled(levers, changes[:1], plan, KPIS, lambda *count: seen.append(count), lambda: len(seen) > 0)
    assert len(seen) < 3
