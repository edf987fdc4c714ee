import dataclasses

import numpy as np
import pytest

from simulator.errors import StudyError
from simulator.experiment.closed_forms import CASES, Case, Figure
from simulator.experiment.plan import Plan
from simulator.experiment.replications import run
from simulator.experiment.verification import checked, evaluated, verify
from simulator.schema.shipped import shipped

CASE = Case("Toy", "theory/toy", (), precision=0.1)


@pytest.fixture(scope="module")
def study(toy):
    """A small study whose samples the tests replace."""
    return run(toy, Plan(replications=4, jobs=1, warm_up=0.0, length=168.0))


def verdict(study, sample, expected, precision=0.1):
    changed = dataclasses.replace(study, samples=study.samples | {"leads": np.array(sample, dtype=np.float64)})
    return checked(dataclasses.replace(CASE, precision=precision), Figure("leads", expected), changed).verdict


def test_a_figure_inside_a_narrow_interval_agrees(study):
    """Theory inside the interval, the interval narrow: agreed."""
    assert verdict(study, [9.98, 10.01, 10.0, 10.02], 10.0) == "agrees"


def test_a_figure_outside_is_off(study):
    """Theory outside the interval is off, however close in percent."""
    assert verdict(study, [9.98, 10.01, 10.0, 10.02], 10.2) == "off"


def test_an_interval_that_would_agree_with_anything_proves_nothing(study):
    """Theory inside an interval wider than the case allows is no agreement."""
    assert verdict(study, [5, 10, 15, 9], 10.0) == "too imprecise"
    assert verdict(study, [5, 10, 15, 9], 10.0, precision=9) == "agrees"


def test_nothing_simulated_is_off(study):
    """A figure that is undefined in every replication does not pass."""
    assert verdict(study, [np.nan] * 4, 10.0) == "off"
    assert verdict(study, [np.nan, 10.0, np.nan, np.nan], 10.0) == "off"


def test_formulas_over_kpis_are_evaluated_by_replication():
    """Sums, differences, products, quotients and numbers, with the usual precedence."""
    samples = {"a": np.array([1.0, 2.0]), "b": np.array([4.0, 5.0])}
    assert evaluated("a + 2 * b", samples).tolist() == [9, 12]
    assert evaluated("(b - a) / 3", samples).tolist() == [1, 1]


@pytest.mark.parametrize("formula", ["missing + 1", "a ** 2", "min(a, 1)", "a > 1"])
def test_other_formulas_are_refused(formula):
    """A name that is no KPI, and anything but plain arithmetic, is refused."""
    with pytest.raises(StudyError, match="neither a KPI nor arithmetic"):
        evaluated(formula, {"a": np.array([1.0])})


def test_every_theory_scenario_has_a_case():
    """No scenario under theory/ is left without expected figures, and no case without its scenario."""
    names = {name for name in shipped() if name.startswith("theory/")}
    assert {case.scenario for case in CASES} == names


@pytest.mark.theory
@pytest.mark.slow
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.scenario)
def test_the_simulator_agrees_with_theory(case):
    """Every figure of the theory scenario lies where queueing theory says."""
    checks = verify(jobs=1, cases=[case])
    assert [check for check in checks if not check.passed] == []
    assert len(checks) == len(case.figures)


@pytest.mark.theory
@pytest.mark.slow
def test_a_wrong_expectation_is_noticed():
    """A crew of two held against the theory of one or of three, and a figure 5 % too high, fail in a real run."""
    (case,) = [case for case in CASES if case.scenario == "theory/machine_repair"]
    one, two, three, *_ = case.figures
    wrong = [dataclasses.replace(two, expected=e) for e in (one.expected, three.expected, 1.05 * two.expected)]
    assert [check.verdict for check in verify(jobs=1, cases=[dataclasses.replace(case, figures=tuple(wrong))])] == [
        "off"
    ] * 3
