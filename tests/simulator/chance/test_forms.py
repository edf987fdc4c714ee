import math

import numpy as np
import pytest

from simulator.chance.forms import LIMITS, OPTIONAL, PARAMETERS, canonical, check

GOOD = {
    "fixed": [{"value": 3}],
    "uniform": [{"low": 1, "high": 2}],
    "triangular": [{"low": 1, "mode": 1, "high": 2}],
    "pert": [{"low": 1, "mode": 2, "high": 4}],
    "normal": [{"mean": -1, "sd": 2}],
    "lognormal": [
        {"median": 2, "p90": 9},
        {"median": 2, "sigma": 0.5},
        {"mean": 2, "sd": 1},
        {"mean": 2, "cv": 0.5},
    ],
    "exponential": [{"mean": 2}],
    "gamma": [{"mean": 2, "cv": 0.5}, {"shape": 4, "scale": 0.5}],
    "erlang": [{"mean": 2, "stages": 3}],
    "weibull": [{"shape": 2, "scale": 3}, {"shape": 2, "mean": 3}],
    "beta": [{"mean": 0.3, "sd": 0.1}, {"a": 2, "b": 3}],
    "poisson": [{"mean": 0}],
    "geometric": [{"mean": 3}],
    "choice": [{"values": [1, 2], "weights": [3, 1]}],
    "empirical": [{"values": [1, 2, 3]}, {"quantiles": {0: 1, 0.5: 2, 1: 4}}],
    "mix": [{"parts": [(1, "fixed", {"value": 0}), (2, "exponential", {"mean": 2})]}],
}
SETS = [(form, parameters) for form, several in GOOD.items() for parameters in several]


def test_every_form_and_every_set_of_parameters_is_tried_here():
    """The examples of this file cover PARAMETERS, in its order."""
    assert {form: [set(p) for p in several] for form, several in GOOD.items()} == {
        form: [set(names) for names in sets] for form, sets in PARAMETERS.items()
    }
    assert OPTIONAL.keys() == PARAMETERS.keys()
    assert all(name in {n for names in PARAMETERS[form] for n in names} for form, name in LIMITS)


@pytest.mark.parametrize(("form", "parameters"), SETS)
def test_good_parameters_pass_with_and_without_options(form, parameters):
    """Each set is accepted alone and with every option, and not changed."""
    before = repr(parameters)
    check(form, parameters)
    options = {"min": 0.5, "max": 3.5, "low": -1, "high": 9}
    check(form, parameters | {name: options[name] for name in OPTIONAL[form] if name not in parameters})
    assert repr(parameters) == before


@pytest.mark.parametrize(("form", "parameters"), SETS)
def test_each_missing_parameter_is_named(form, parameters):
    """Without one of its parameters a set is refused, and the sentence says which."""
    for name in parameters:
        rest = {other: value for other, value in parameters.items() if other != name}
        with pytest.raises(ValueError, match=rf"^{form}: .*is missing.*; give .*{name}.*\.$"):
            check(form, rest)


@pytest.mark.parametrize(("form", "parameters"), SETS)
@pytest.mark.parametrize("wrong", [math.nan, math.inf, "2 d", None, True])
def test_each_number_must_be_a_finite_number(form, parameters, wrong):
    """Text, nothing, truth, NaN and infinity are refused by name."""
    for name, value in parameters.items():
        if not isinstance(value, (list, dict)):
            with pytest.raises(ValueError, match=rf"^{form}: {name} must be a finite number, not {wrong!r}\.$"):
                check(form, parameters | {name: wrong})
    with pytest.raises(ValueError, match=rf"^{form}: min must be a finite number"):
        check(form, parameters | {"min": wrong})


@pytest.mark.parametrize(("form", "name"), LIMITS)
def test_limits_hold_for_every_limited_parameter(form, name):
    """Zero and negative values are refused by name, and so is what lies beyond the most."""
    parameters = next(p for p in GOOD[form] if name in p)
    most = LIMITS[form, name][1]
    for wrong in (-1, 0, *([2 * most] if most < math.inf else [])):
        with pytest.raises(ValueError, match=rf"^{form}: {name} must be (above 0|between).*, not .*\.$"):
            check(form, parameters | {name: wrong})


SENTENCES = [
    (
        "gauss",
        {"mean": 1},
        (
            "'gauss' is not a distribution; use one of fixed, uniform, triangular, pert, normal, lognormal, "
            "exponential, "
            "gamma, erlang, weibull, beta, poisson, geometric, choice, empirical, mix."
        ),
    ),
    ("fixed", 3, "fixed: parameters must map name to value, not 3."),
    (
        "normal",
        {"mean": 1, "sdev": 1},
        "normal: there is no parameter 'sdev'; give {mean, sd}, or add min, max.",
    ),
    ("normal", {}, "normal: mean, sd is missing; give {mean, sd}."),
    ("normal", {"mean": 1}, "normal: sd is missing beside mean; give {mean, sd}."),
    ("normal", {"mean": 1, "sd": -1}, "normal: sd must be above 0, not -1."),
    ("normal", {"mean": 1, "sd": 0}, "normal: sd must be above 0, not 0; use fixed for a value without spread."),
    ("normal", {"mean": 1, "sd": 1, "min": 2, "max": 1}, "normal: min (2) must be below max (1)."),
    (
        "uniform",
        {"low": 3, "high": 2},
        "uniform: low (3) must be below high (2); use fixed for a value without spread.",
    ),
    ("triangular", {"low": 1, "mode": 5, "high": 3}, "triangular: mode (5) must lie between low (1) and high (3)."),
    ("pert", {"low": 1, "mode": 0, "high": 3}, "pert: mode (0) must lie between low (1) and high (3)."),
    (
        "lognormal",
        {"median": 3, "p90": 3},
        "lognormal: p90 (3) must be above the median (3), because nine of ten values lie below it.",
    ),
    (
        "lognormal",
        {"median": 1, "p90": 1e9},
        "lognormal: p90 (1e+09) is too far above the median (1); lower it.",
    ),
    ("lognormal", {"mean": 1, "sd": 2000}, "lognormal: sd / mean must be above 0 and at most 1000, not 2000."),
    (
        "lognormal",
        {"median": 1, "p90": 2, "sigma": 1},
        (
            "lognormal: median, p90, sigma together say too much; "
            "give only {median, p90} or {median, sigma} or {mean, sd} or {mean, cv}."
        ),
    ),
    (
        "erlang",
        {"mean": 1, "stages": 2.5},
        "erlang: stages must be a whole number, not 2.5; use gamma for one in between.",
    ),
    ("gamma", {"mean": 1, "cv": 11}, "gamma: cv must be between 0.001 and 10, not 11."),
    ("beta", {"mean": 2, "sd": 0.1}, "beta: mean (2) must lie between low (0) and high (1)."),
    ("beta", {"mean": 0.5, "sd": 0.6}, "beta: sd (0.6) must be clearly below 0.5, the most that this mean allows."),
    ("beta", {"mean": 0.5, "sd": 1e-4}, "beta: sd (0.0001) is too small for a beta; use normal or fixed."),
    ("poisson", {"mean": -1}, "poisson: mean must be between 0 and 1e+06, not -1."),
    ("choice", {"values": [], "weights": []}, "choice: values must be a list of at least one number."),
    ("choice", {"values": "ab", "weights": [1]}, "choice: values must be a list of at least one number."),
    ("choice", {"values": [1, 2], "weights": [1]}, "choice: values (2) and weights (1) must be equally many."),
    (
        "choice",
        {"values": [1, 2], "weights": [0, 0]},
        "choice: weights must sum to more than 0; make at least one positive.",
    ),
    ("choice", {"values": [1, 2], "weights": [2, -1]}, "choice: weights must not be negative, and -1 is."),
    ("choice", {"values": [1, math.nan], "weights": [2, 1]}, "choice: values must be a finite number, not nan."),
    ("empirical", {"values": [1, "a"]}, "empirical: values must be a finite number, not 'a'."),
    ("empirical", {"quantiles": [1, 2]}, "empirical: quantiles must map probability to value, not [1, 2]."),
    (
        "empirical",
        {"quantiles": {0.1: 1, 1: 2}},
        "empirical: quantiles must begin at probability 0 (the least) and end at 1 (the most).",
    ),
    (
        "empirical",
        {"quantiles": {0: 1, 0.5: 3, 1: 2}},
        "empirical: quantiles must not fall, and 1: 2 is below 0.5: 3.",
    ),
    ("mix", {"parts": []}, "mix: parts must be a list of at least one (weight, form, parameters)."),
    ("mix", {"parts": [(1, "fixed")]}, "mix: each of parts must be (weight, form, parameters), not (1, 'fixed')."),
    ("mix", {"parts": [(-1, "fixed", {"value": 1})]}, "mix: weights must not be negative, and -1 is."),
    ("mix", {"parts": [(1, "normal", {"mean": 1, "sd": -1})]}, "normal: sd must be above 0, not -1."),
]


@pytest.mark.parametrize(("form", "parameters", "sentence"), SENTENCES)
def test_a_mistake_is_told_in_one_sentence_that_names_the_mend(form, parameters, sentence):
    """The exact words that a user reads."""
    with pytest.raises(ValueError) as caught:
        check(form, parameters)
    assert str(caught.value) == sentence


def test_mixes_are_not_nested_without_end():
    """A file made to exhaust the machine is refused with a sentence."""
    nested = {"parts": [(1, "fixed", {"value": 1})]}
    for _ in range(4):
        nested = {"parts": [(1, "mix", nested)]}
    with pytest.raises(ValueError, match=r"^mix: parts are mixes in mixes more than 4 deep; flatten them\.$"):
        check("mix", {"parts": [(1, "mix", nested)]})
    check("mix", nested["parts"][0][2])


def test_numpy_numbers_and_arrays_are_numbers():
    """Calibration hands over NumPy types."""
    check("normal", {"mean": np.float64(1), "sd": np.int64(2)})
    check("empirical", {"values": np.array([1.0, 2.0])})


def test_sets_of_one_form_reduce_to_the_same():
    """Two ways of saying one thing give one canonical form."""
    erlang, gamma = canonical("erlang", {"mean": 6, "stages": 4}), canonical("gamma", {"mean": 6, "cv": 0.5})
    assert erlang == gamma == {"shape": 4.0, "scale": 1.5, "min": -math.inf, "max": math.inf}
    by_sd, by_cv = canonical("lognormal", {"mean": 8, "sd": 4}), canonical("lognormal", {"mean": 8, "cv": 0.5})
    assert by_sd == by_cv


def test_choice_is_sorted_merged_and_normed():
    """Values ascend, each once; those without weight are gone."""
    reduced = canonical("choice", {"values": [3, 1, 3, 2], "weights": [1, 2, 1, 0]})
    assert (reduced["values"], reduced["weights"]) == ((1.0, 3.0), (0.5, 0.5))


def test_shares_of_a_mix_sum_to_one():
    """Weights may be percentages or counts."""
    reduced = canonical("mix", {"parts": [(30, "fixed", {"value": 0}), (10, "fixed", {"value": 1})]})
    assert [share for share, _, _ in reduced["parts"]] == [0.75, 0.25]


def test_the_module_is_light():
    """Validation needs neither Numba nor SciPy."""
    import subprocess
    import sys

    program = "import sys, simulator.chance.forms; print([m for m in ('numba', 'scipy', 'numpy') if m in sys.modules])"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
