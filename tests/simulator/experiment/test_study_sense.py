"""Studies, plans, verdicts and warnings at the edges where they change."""

import ast
import dataclasses
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.errors import StudyError
from simulator.experiment.closed_forms import Case, Figure
from simulator.experiment.comparison import compare
from simulator.experiment.plan import LARGEST_SEED, LONGEST, MOST_JOBS, MOST_REPLICATIONS, Plan
from simulator.experiment.replications import run, run_all
from simulator.experiment.twins import difference_of_twins
from simulator.experiment.verification import checked, evaluated
from simulator.experiment.warnings import BUSY, OVERLOADED, THIN, UNFINISHED, warnings_of

FIXED = settings(derandomize=True, deadline=None, max_examples=100)
SHORT = {"warm_up": 0.0, "length": 336.0}


@pytest.fixture(scope="module")
def study(toy):
    """Twelve short replications of the toy scenario."""
    return run(toy, Plan(replications=12, jobs=1, **SHORT))


def changed(study, n=12, **samples):
    """The study with constant samples, and pictures of a team at rest."""
    new = {name: np.broadcast_to(np.asarray(values, float), (n,)) for name, values in samples.items()}
    kept = {name: np.full(n, 1.0) for name in study.samples} | {
        "unfinished": np.zeros(n),
        "lead_to_cash_p90": np.zeros(n),
    }
    return dataclasses.replace(study, samples=kept | new, plan=dataclasses.replace(study.plan, replications=n))


def with_team(study, utilisation, queue=(0.0,) * 9):
    """The study with another utilisation and queue of its one team, through which so many pass that little is left."""
    (name,) = study.names.teams
    passing = changed(study, **{f"queue_{name}": 1.0, f"waiting_{name}": 0.001, f"abandoned_{name}": 0.0})
    pictures = study.pictures._replace(utilisation=np.array([utilisation]), queue=np.array(queue, float)[:, None])
    return dataclasses.replace(passing, pictures=pictures)


def test_unfinished_leads_are_told_only_beyond_the_limit(study):
    """Just below the limit nothing is said, just beyond it something."""
    assert warnings_of(changed(study, unfinished=UNFINISHED - 0.001)) == ()
    (warning,) = warnings_of(changed(study, unfinished=UNFINISHED + 0.001))
    assert "had not finished" in warning


@pytest.mark.parametrize(("n", "told"), [(1, True), (THIN - 1, True), (THIN, False), (30, False)])
def test_few_replications_are_told_up_to_nine(study, n, told):
    """Ten are enough for no warning."""
    assert bool(warnings_of(changed(study, n))) == told


@pytest.mark.parametrize(("days", "told"), [(0.0, False), (0.5, True), (40.0, True)])
def test_a_warm_up_shorter_than_lead_to_cash_is_told(study, days, told):
    """Without warm-up any time to cash is longer; a warm-up as long as the time is enough."""
    assert bool(warnings_of(changed(study, lead_to_cash_p90=days))) == told
    enough = dataclasses.replace(changed(study, lead_to_cash_p90=days), warm_up=24 * days)
    assert warnings_of(enough) == ()


@pytest.mark.parametrize(("utilisation", "grows", "told"), [
    (OVERLOADED, False, True), (OVERLOADED - 0.001, False, False), (BUSY, True, True), (BUSY - 0.001, True, False),
    (1.0, True, True), (0.0, False, False), (math.nan, True, False),
])  # fmt: skip
def test_overload_is_told_from_its_limits_on(study, utilisation, grows, told):
    """A growing queue counts from the lower limit on, a steady one from the higher."""
    found = warnings_of(with_team(study, utilisation, range(0, 90, 10) if grows else (2.0,) * 9))
    assert bool(found) == told
    assert all("is overloaded" in warning for warning in found)
    assert any("queue grows" in warning for warning in found) == (told and grows)


@pytest.mark.parametrize("undefined", [0, 1, 11, 12])
def test_figures_that_are_sometimes_undefined_are_counted(study, undefined):
    """Neither a figure that is always there is told, nor one that never is."""
    sample = np.where(np.arange(12) < undefined, math.nan, 5.0)
    found = warnings_of(changed(study, dso=sample))
    assert bool(found) == (undefined in {1, 11})
    assert all(f"dso ({12 - undefined} of 12)" in warning for warning in found)


@pytest.mark.parametrize(("field", "good", "bad"), [
    ("seed", LARGEST_SEED, LARGEST_SEED + 1), ("seed", 0, -1),
    ("replications", MOST_REPLICATIONS, MOST_REPLICATIONS + 1),
    ("replications", 1, 0), ("jobs", MOST_JOBS, MOST_JOBS + 1), ("jobs", 1, 0), ("warm_up", 0.0, -0.1),
    ("warm_up", LONGEST, LONGEST + 1), ("length", LONGEST, 2 * LONGEST), ("length", 0.01, 0.0), ("jobs", None, "two"),
    ("engine", "simpy", "fast"), ("seed", 3, 3.0), ("seed", 1, True), ("length", None, math.nan),
])  # fmt: skip
def test_a_plan_ends_at_its_bounds(field, good, bad):
    """The last value that is allowed, and the first that is not."""
    assert getattr(Plan(**{field: good}), field) == good
    with pytest.raises(StudyError):
        Plan(**{field: bad})


def test_a_study_estimates_every_figure_of_its_catalogue(study):
    """Estimates have the catalogue's order and units, and the mean of their sample; wider with more confidence."""
    estimates = study.estimates()
    assert list(estimates) == list(study.catalogue) == list(study.samples)
    for name, estimate in estimates.items():
        defined = study.samples[name][~np.isnan(study.samples[name])]
        assert (estimate.n, estimate.unit) == (defined.size, study.catalogue[name].unit)
        if defined.size:
            assert estimate.mean == pytest.approx(defined.mean())
    assert study.estimate("leads", 0.99).half_width > study.estimate("leads", 0.9).half_width > 0
    assert (study.replications, study.length) == (12, 336.0)


def test_samples_of_a_study_cannot_be_changed(study):
    """What was simulated stays as it was."""
    with pytest.raises(ValueError, match="read-only"):
        study.samples["leads"][0] = 1


def test_fewer_replications_are_the_first_of_many(toy, study):
    """Replication i is the same in a study of any size, and another seed is another luck."""
    few, other = (run(toy, Plan(replications=4, jobs=1, seed=seed, **SHORT)) for seed in (1, 2))
    assert few.samples["leads"].tolist() == study.samples["leads"][:4].tolist()
    assert few.samples["leads"].tolist() != other.samples["leads"].tolist()


def test_a_comparison_of_a_scenario_with_itself_finds_nothing(toy, variant):
    """The same process under another name differs in no replication and in no figure."""
    base, twin = run_all([toy, variant("Toy funnel", "Toy funnel", "Twin")], Plan(replications=5, jobs=1, **SHORT))
    (contrast,) = compare(base, [twin]).others
    assert {d.verdict for d in contrast.differences.values()} == {"not distinguishable"}
    assert {d.difference for d in contrast.differences.values() if d.n} == {0.0}
    directed = [name for name, kpi in base.catalogue.items() if kpi.better != "neither"]
    assert list(contrast.differences) == directed
    assert set(contrast.undirected) == set(base.catalogue) - set(directed)


@pytest.mark.parametrize("replication", [0, 3])
def test_twins_leave_the_same_records(toy, replication):
    """Both engines agree to the last bit on the toy."""
    assert difference_of_twins(toy, Plan(seed=9, **SHORT), replication) == ""


@st.composite
def arithmetic(draw, depth=3):
    """Text of a formula over KPIs."""
    if depth == 0:
        return draw(st.sampled_from(["a", "b", "hours", "2", "0.5"]))
    left, right = (draw(arithmetic(depth=depth - 1)) for _ in range(2))
    return f"({left} {draw(st.sampled_from('+-*'))} {right})"


@FIXED
@given(arithmetic(), st.lists(st.integers(-9, 9), min_size=3, max_size=3))
def test_formulas_over_kpis_are_numpys(text, values):
    """Replication by replication, whatever is nested in what."""
    samples = {"a": np.array(values, float), "b": np.array([1.0, 2.0, 4.0]), "hours": np.full(3, 10.0)}
    code = compile(ast.parse(text, mode="eval"), "formula", "eval")
    expected = np.broadcast_to(eval(code, {"__builtins__": {}}, samples), evaluated(text, samples).shape)  # noqa: S307
    assert evaluated(text, samples) == pytest.approx(expected)


@pytest.mark.parametrize(("spread", "off_by", "verdict"), [
    (0.01, 0.0, "agrees"), (0.01, 0.2, "off"), (0.01, -0.2, "off"), (4.0, 0.0, "too imprecise"), (4.0, 50.0, "off"),
])  # fmt: skip
def test_verdicts_of_verification(study, spread, off_by, verdict):
    """Inside a narrow interval, outside it on either side, and inside one too wide to mean anything."""
    sample = 10 + spread * np.linspace(-1, 1, 12)
    check = checked(
        Case("Toy", "toy", (), 0.1), Figure("leads / 1", 10 + off_by, "leads"), changed(study, leads=sample)
    )
    assert (check.verdict, check.passed) == (verdict, verdict == "agrees")
    assert check.low < check.simulated < check.high
    assert check.quantity == "leads"
