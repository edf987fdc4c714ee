"""Refusals of every form and parameter at the very edge of what is accepted, in the exact words."""

import math

import pytest

from simulator.chance.forms import DEEPEST, LIMITS, OPTIONAL, PARAMETERS, canonical, check

EXAMPLES = {
    "value": 3, "low": 1, "mode": 2, "high": 4, "mean": 2, "sd": 0.3, "median": 2, "p90": 5, "sigma": 0.5, "cv": 0.5,
    "shape": 2, "scale": 3, "stages": 2, "a": 2, "b": 3, "values": [1, 2], "weights": [1, 3],
    "quantiles": {0: 1, 1: 2}, "parts": [(1, "fixed", {"value": 1})],
}  # fmt: skip
SETS = [(form, names) for form, several in PARAMETERS.items() for names in several]
SEVERAL = [form for form, several in PARAMETERS.items() if len(several) > 1]


def example(form, names):
    """Return good parameters for one set of a form."""
    made = {name: EXAMPLES[name] for name in names}
    return made | ({"low": 0, "high": 9} if form == "beta" and "mean" in made else {})


def around(name, form):
    """Return good parameters that hold one name."""
    return example(form, next(names for names in PARAMETERS[form] if name in names))


def sentence(form, parameters):
    """Return the words of the refusal."""
    with pytest.raises(ValueError) as caught:
        check(form, parameters)
    return str(caught.value)


@pytest.mark.parametrize(("form", "names"), SETS)
def test_a_stranger_is_named_with_what_may_be_given(form, names):
    """An unknown parameter is refused before anything else is looked at."""
    said = sentence(form, example(form, names) | {"spread": math.nan})
    wanted = " or ".join("{" + ", ".join(several) + "}" for several in PARAMETERS[form])
    assert said == f"{form}: there is no parameter 'spread'; give {wanted}, or add {', '.join(OPTIONAL[form])}."


@pytest.mark.parametrize("form", SEVERAL)
def test_two_sets_at_once_say_too_much(form):
    """All the names of all the sets together are refused, in the order in which they were given."""
    names = list(dict.fromkeys(name for several in PARAMETERS[form] for name in several))
    said = sentence(form, {name: EXAMPLES[name] for name in names})
    assert said.startswith(f"{form}: {', '.join(names)} together say too much; give only {{")


@pytest.mark.parametrize("form", PARAMETERS)
def test_options_alone_are_no_set(form):
    """With min and max only, the shortest set is what is missing."""
    shortest = min(PARAMETERS[form], key=len)
    assert sentence(form, {"min": 0, "max": 1}).startswith(f"{form}: {', '.join(shortest)} is missing; give {{")


@pytest.mark.parametrize(("form", "names"), SETS)
@pytest.mark.parametrize(("least", "most"), [(2, 2), (3, 2), (-1, -1.5), (0, 0)])
def test_bounds_must_ascend(form, names, least, most):
    """Equal bounds are refused like crossed ones."""
    said = sentence(form, example(form, names) | {"min": least, "max": most})
    assert said == f"{form}: min ({least:g}) must be below max ({most:g})."


@pytest.mark.parametrize(("form", "names"), SETS)
@pytest.mark.parametrize("wrong", [None, "1", [], math.inf, True])
def test_a_maximum_must_be_a_finite_number(form, names, wrong):
    """Nothing, text, a list, infinity and truth are no bound."""
    assert (
        sentence(form, example(form, names) | {"max": wrong}) == f"{form}: max must be a finite number, not {wrong!r}."
    )


@pytest.mark.parametrize("parameters", [None, 3, "mean", [("mean", 2)]])
@pytest.mark.parametrize("form", PARAMETERS)
def test_parameters_must_be_a_mapping(form, parameters):
    """Nothing, a number, text and a list of pairs are refused as they stand."""
    assert sentence(form, parameters) == f"{form}: parameters must map name to value, not {parameters!r}."


@pytest.mark.parametrize(("form", "name"), LIMITS)
def test_the_limits_themselves_are_accepted_unless_zero(form, name):
    """The least is accepted unless it is 0, the most always, and neither of their outer neighbours."""
    least, most = LIMITS[form, name]
    given = around(name, form)
    if least > 0.0:
        check(form, given | {name: least})
        assert f"{form}: {name} must be between" in sentence(form, given | {name: math.nextafter(least, 0.0)})
    if most < math.inf:
        check(form, given | {name: most})
        assert f"{form}: {name} must be" in sentence(form, given | {name: math.nextafter(most, math.inf)})


@pytest.mark.parametrize(
    ("form", "name", "wrong", "words"),
    [
        ("lognormal", "median", 0, "above 0, not 0."),
        ("lognormal", "sigma", 0, "above 0 and at most 10, not 0; use fixed for a value without spread."),
        ("lognormal", "sigma", 10.5, "above 0 and at most 10, not 10.5."),
        ("lognormal", "cv", 0, "above 0 and at most 1000, not 0; use fixed for a value without spread."),
        ("lognormal", "cv", 1001, "above 0 and at most 1000, not 1001."),
        ("exponential", "mean", -2, "above 0, not -2."),
        ("gamma", "shape", 0.001, "between 0.01 and 1e+06, not 0.001."),
        ("gamma", "cv", 0, "between 0.001 and 10, not 0; use fixed for a value without spread."),
        ("erlang", "stages", 0.5, "between 1 and 1e+06, not 0.5."),
        ("weibull", "shape", 1001, "between 0.05 and 1000, not 1001."),
        ("weibull", "scale", 0, "above 0, not 0."),
        ("beta", "a", 0.04, "between 0.05 and 1e+06, not 0.04."),
        ("beta", "sd", 0, "above 0, not 0; use fixed for a value without spread."),
        ("poisson", "mean", 1000001, "between 0 and 1e+06, not 1e+06."),
        ("geometric", "mean", -0.5, "between 0 and 1e+06, not -0.5."),
    ],
)
def test_a_limit_is_told_in_these_words(form, name, wrong, words):
    """The limit, what was given, and the way out where there is one."""
    assert sentence(form, around(name, form) | {name: wrong}) == f"{form}: {name} must be {words}"


@pytest.mark.parametrize("form", ["uniform", "triangular", "pert", "beta"])
@pytest.mark.parametrize(("low", "high"), [(2, 2), (5, -5)])
def test_ends_must_ascend(form, low, high):
    """Equal ends are refused like crossed ones."""
    said = sentence(form, example(form, PARAMETERS[form][-1]) | {"low": low, "high": high})
    assert said == f"{form}: low ({low}) must be below high ({high}); use fixed for a value without spread."


@pytest.mark.parametrize(
    ("form", "parameters", "words"),
    [
        ("choice", {"values": {1, 2}, "weights": [1, 1]}, "values must be a list of at least one number."),
        ("choice", {"values": [1], "weights": 1}, "weights must be a list of at least one number."),
        ("choice", {"values": [True], "weights": [1]}, "values must be a finite number, not True."),
        ("empirical", {"values": []}, "values must be a list of at least one number."),
        (
            "empirical",
            {"quantiles": {0: 1}},
            "quantiles must begin at probability 0 (the least) and end at 1 (the most).",
        ),
        ("empirical", {"quantiles": {0: 1, 1: None}}, "quantiles must be a finite number, not None."),
        ("empirical", {"quantiles": {0: 1, "1": 2}}, "quantiles must be a finite number, not '1'."),
        ("mix", {"parts": "abc"}, "parts must be a list of at least one (weight, form, parameters)."),
        (
            "mix",
            {"parts": [(0, "fixed", {"value": 1})]},
            "weights must sum to more than 0; make at least one positive.",
        ),
        ("mix", {"parts": [("1", "fixed", {"value": 1})]}, "weights must be a finite number, not '1'."),
        ("mix", {"parts": [(1, 2, {})]}, "each of parts must be (weight, form, parameters), not (1, 2, {})."),
    ],
)
def test_lists_are_refused_in_these_words(form, parameters, words):
    """Sets, single numbers, empty lists and wrong members."""
    assert sentence(form, parameters) == f"{form}: {words}"


def test_parts_are_checked_even_without_weight():
    """A part of weight 0 is never drawn, yet a mistake in it is told."""
    parts = [(1, "fixed", {"value": 1}), (0, "normal", {"mean": 1})]
    assert sentence("mix", {"parts": parts}) == "normal: sd is missing beside mean; give {mean, sd}."


@pytest.mark.parametrize("depth", range(DEEPEST + 1))
def test_depth_counts_the_mixes_around(depth):
    """Any form is accepted to the deepest level and refused below it."""
    assert canonical("fixed", {"value": 2}, depth) == {"value": 2.0, "min": -math.inf, "max": math.inf}
    with pytest.raises(ValueError, match="flatten them"):
        canonical("fixed", {"value": 2}, DEEPEST + 1 + depth)
