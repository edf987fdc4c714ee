"""Effects that can be drawn, ranges that are ranges."""

import pytest


@pytest.mark.parametrize(
    ("effect", "words"),
    [
        ("{reads: age, points: {5 min: 32 %, soon: 18 %}}", "cannot read 'soon'"),
        ("{reads: age, points: {5 min: 32 %, 1 h: low}}", "cannot read 'low'"),
        ("{reads: age, points: {5 min: 32 %, 1 h: 100 %}}", "'100 %' cannot be a probability on a curve"),
        ("{reads: age, points: {5 min: 32 %, 1 h: 0}}", "cannot be a probability on a curve"),
        ("{reads: age, points: {60 min: 32 %, 1 h: 20 %}}", "are the same place on the curve"),
        ("{reads: age, axis: log, points: {-1: 32 %, 1 h: 20 %}}", "a logarithmic axis has no place for it"),
        ("{reads: age, states: factor, points: {1: 0, 2: 3}}", "'0.0' must be above 0: factor are positive"),
        ("{reads: age, states: odds, points: {1: -1, 2: 3}}", "must be above 0"),
        ("{reads: age, points: {5 EUR: 32 %, 9 USD: 18 %}}", "USD is another currency"),
        ("{reads: age, coefficient: 1, reference: soon}", "cannot read 'soon'"),
        ("{reads: age}", "a coefficient or points, one of the two"),
        ("{reads: age, coefficient: 1, points: {1: 1 %, 2: 2 %}}", "a coefficient or points, one of the two"),
        ("{reads: age, points: {1: 1 %}}", "a curve needs at least two points"),
        ("{reads: age, points: {1: [], 2: 1 %}}", "expected"),
    ],
)
def test_an_effect_that_is_no_curve(problems, edited, effect, words):
    """Each point is a pair of numbers on a scale that has a place for them."""
    (problem,) = problems(edited("teams:\n", f"effects:\n  speed: {effect}\nteams:\n"))
    assert words in problem.message
    assert problem.path.startswith("effects.speed")


@pytest.mark.parametrize(
    "effect",
    [
        "{reads: age, points: {5 min: 32 %, 1 h: 18 %, 1 d: 5 %}, axis: log, reference: 1 h}",
        "{reads: age, states: factor, points: {0: 1, 2: 3}}",
        "{reads: interest, coefficient: -1.5, reference: 0.5}",
    ],
)
def test_an_effect_that_is_one(accepts, effect):
    """Curves and coefficients as consultants write them."""
    accepts("teams:\n", f"effects:\n  speed: {effect}\nteams:\n")


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("[20 %, 10 %]", "the range begins at '20 %', above its end '10 %'"),
        ("[low, 10 %]", "cannot read 'low'"),
        ("[10 %, high]", "cannot read 'high'"),
        ("[10 %]", "is missing"),
        ("10 %", "expected a list"),
    ],
)
def test_a_range_that_is_none(problems, edited, value, words):
    """Two numbers, the lower first."""
    (problem,) = problems(edited("probability: 25 %", f"probability: {{value: 15 %, range: {value}}}"))
    assert words in str(problem)


def test_the_range_of_a_block(refuses):
    """Blocks state ranges as numbers do."""
    refuses(
        "    grade: D\n", "    grade: D\n    range: [3 000 /year, 1 000 /year]\n", "the range begins at", at="    range"
    )
