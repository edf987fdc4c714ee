"""Quantities as rows: purposes of their places, shared distributions, and effects as lines and curves."""

import math

import numpy as np
import pytest

from simulator.chance.keyed import purpose_of
from simulator.chance.quantities import SMALLEST_X, amount, contribution, probability
from simulator.errors import CaudalError
from simulator.experiment.plan import Plan
from simulator.experiment.replications import compiled
from simulator.program import quantity_book
from simulator.schema.loading import load_scenario
from simulator.schema.shipped import shipped
from tests.simulator.program.builders import program, scenario, step_of

WORK = {"kind": "work", "team": "crew", "effort": "1 h"}
CREW = {"crew": {"head_count": 1}}
MOVED = {
    "policies": {"gap": "11 d", "often": "30 %"},
    "attributes": {"x": {"initial": 0.5}},
    "effects": {
        "far": {"reads": "log(gap / 11 d) + 1", "coefficient": 2},
        "mood": {"reads": "x", "coefficient": 1},
    },
}


@pytest.fixture
def book():
    """An empty book without effects."""
    formulas = quantity_book.FormulaBook(["x"], {"x": ("low", "high")}, {})
    return quantity_book.QuantityBook(scenario(), formulas, {"x": ("low", "high")})


def quantity(stated):
    """A quantity as a scenario states it."""
    built = scenario(attributes={"x": {"levels": ["low", "high"], "initial": stated}})
    return built.attributes["x"].initial


def frozen(book):
    """Arrays of a book with one attribute."""
    return book.freeze(np.zeros(1), np.zeros(1), np.ones(1))


def test_no_quantity_is_minus_one(book):
    """And takes no row."""
    assert book.add("a/b", None) == -1
    assert frozen(book).formula.size == 0


def test_rows_count_up_with_the_purposes_of_their_places(book):
    """Equal numbers at two places are two quantities over one distribution."""
    five = quantity(5)
    assert [book.add("a/b", five), book.add("a/c", five)] == [0, 1]
    chances = frozen(book)
    assert chances.purpose.tolist() == [purpose_of("a/b"), purpose_of("a/c")]
    assert chances.distribution.tolist() == [0, 0]
    assert chances.formula.tolist() == [-1, -1]
    assert (chances.formula.dtype, chances.purpose.dtype, chances.uses.dtype) == (np.int32, np.int64, np.int32)


@pytest.mark.parametrize(
    ("stated", "formula", "drawn"),
    [(3, False, True), ("x + 1", True, False), ({"formula": "x + 1", "normal": {"mean": 0, "sd": 1}}, True, True)],
)
def test_a_quantity_is_a_formula_a_draw_or_both(book, stated, formula, drawn):
    """What is absent is -1."""
    book.add("a/b", quantity(stated))
    chances = frozen(book)
    assert (chances.formula[0] >= 0, chances.distribution[0] >= 0) == (formula, drawn)


def test_the_same_place_may_come_twice_and_a_colliding_one_is_a_sentence(book, monkeypatch):
    """Two places that would share their random numbers are refused, with both names and the mend."""
    assert book.purpose("sales/call") == book.purpose("sales/call")
    taken = book.purpose("sales/call")
    monkeypatch.setattr(quantity_book, "purpose_of", lambda place: taken)
    assert book.purpose("sales/call") == taken
    message = "'other/call' and 'sales/call' happen to share their random numbers: rename one of them"
    with pytest.raises(CaudalError, match=message):
        book.purpose("other/call")
    with pytest.raises(CaudalError, match="rename one"):
        book.add("third/call", quantity(1))


def test_purposes_that_collide_stop_a_scenario(monkeypatch):
    """Whatever places they belong to."""
    monkeypatch.setattr(quantity_book, "purpose_of", lambda place: 7)
    with pytest.raises(CaudalError, match="happen to share their random numbers"):
        program({"one": {"kind": "join"}})


def test_a_choice_between_levels_draws_their_numbers(book):
    """By the levels of the target, in whatever order the choice names them."""
    book.add("birth/x", quantity({"choice": {"high": 0.25, "low": 0.75}}), target="x")
    book.add("birth/y", quantity({"choice": {"values": [0, 1], "weights": [0.75, 0.25]}}))
    chances = frozen(book)
    points = chances.points.tolist()
    assert 0.75 in points
    assert {0.0, 1.0} <= set(points)


def test_a_draw_between_levels_is_another_where_they_are_numbered_otherwise():
    """The same words stand for other numbers under another attribute."""
    levels = {"x": ("low", "high"), "y": ("high", "low")}
    book = quantity_book.QuantityBook(scenario(), quantity_book.FormulaBook(["x", "y"], levels, {}), levels)
    said = quantity({"choice": {"low": 1, "high": 3}})
    for place, target in enumerate("xyx"):
        book.add(f"a/{place}", said, target=target)
    assert frozen(book).distribution.tolist() == [0, 1, 0]


def test_equal_draws_share_a_row_and_nearly_equal_ones_do_not(book):
    """A difference in the last bit is one, and a level counts by its number."""
    stated = [{"exponential": 0.3}, {"exponential": 0.1 + 0.2}, {"exponential": 0.3}]
    stated += [{"choice": {"low": 1, "high": 3}}, {"choice": {"values": [0, 1], "weights": [1, 3]}}]
    for place, each in enumerate(stated):
        book.add(f"a/{place}", quantity(each), target="x")
    assert frozen(book).distribution.tolist() == [0, 1, 0, 2, 2]


@pytest.mark.parametrize(
    ("stated", "mean"), [(3, 3.0), ({"exponential": 4}, 4.0), ({"uniform": {"low": 2, "high": 4}}, 3.0), ("x + 1", 0.0)]
)
def test_the_mean_is_that_of_the_draw(book, stated, mean):
    """Formulas and nothing at all have none."""
    assert book.mean(quantity(stated)) == pytest.approx(mean)
    assert book.mean(None) == 0.0


def effects_of(**effects):
    """Effects of a program with an attribute x."""
    return program(attributes={"x": {}}, effects=effects).tables.chances.effects


LINE = {"reads": "x", "coefficient": 0.5, "reference": 2}


def test_a_line_has_coefficient_and_reference_and_no_points():
    """What it adds is coefficient times what lies above the reference."""
    effects = effects_of(line=LINE)
    assert (effects.coefficient.tolist(), effects.reference.tolist()) == ([0.5], [2.0])
    assert (effects.length.tolist(), effects.x.size, effects.log_axis.tolist()) == ([0], 0, [0])
    assert [contribution(0, read, effects) for read in (2.0, 4.0, 0.0)] == [0.0, 1.0, -1.0]


@pytest.mark.parametrize(("written", "hours"), [("2 d", 48.0), ("90 min", 1.5), (3, 3.0), ("25 %", 0.25)])
def test_a_reference_may_carry_a_unit(written, hours):
    """It counts in base units."""
    assert effects_of(line=LINE | {"reference": written}).reference.tolist() == [hours]


@pytest.mark.parametrize("states", ["odds", "factor"])
def test_odds_and_factors_count_by_their_logarithm(states):
    """Sorted by place, whatever the order in the file; the reference has no part in it."""
    points = {"2 h": 3, "30 min": 0.5, "1 h": 1}
    effects = effects_of(curve={"reads": "x", "points": points, "states": states, "reference": 9})
    assert effects.x.tolist() == [0.5, 1.0, 2.0]
    assert effects.y.tolist() == pytest.approx([math.log(0.5), 0.0, math.log(3)])
    assert effects.coefficient.tolist() == [0.0]


def log_odds(p):
    """Log-odds of a probability."""
    return math.log(p / (1 - p))


@pytest.mark.parametrize(("reference", "base"), [("1 h", 0.2), ("4 h", 0.1), (0, 0.2), ("9 h", 0.1)])
def test_probabilities_count_against_the_one_at_the_reference(reference, base):
    """At a point, and beyond the ends where the curve is flat."""
    said = {"reads": "x", "points": {"1 h": "20 %", "4 h": "10 %"}, "reference": reference}
    effects = effects_of(curve=said)
    assert effects.y.tolist() == pytest.approx([log_odds(0.2) - log_odds(base), log_odds(0.1) - log_odds(base)])


def test_between_points_the_curve_is_straight_on_log_odds():
    """The reference in the middle has the mean of the two log-odds, not that of the probabilities."""
    effects = effects_of(curve={"reads": "x", "points": {0: 0.8, 2: 0.4}, "reference": 1})
    half = (log_odds(0.8) - log_odds(0.4)) / 2
    assert effects.y.tolist() == pytest.approx([half, -half])
    assert contribution(0, 1.0, effects) == pytest.approx(0.0, abs=1e-15)
    assert contribution(0, 0.5, effects) == pytest.approx(half / 2)


def test_a_logarithmic_axis_holds_logarithms():
    """A place of zero counts as the smallest; the middle is the geometric mean."""
    said = {"reads": "x", "points": {0: 4, 1: 2, 100: 1}, "states": "factor", "axis": "log"}
    effects = effects_of(curve=said)
    assert effects.log_axis.tolist() == [1]
    assert effects.x.tolist() == pytest.approx([math.log(SMALLEST_X), 0.0, math.log(100)])
    assert contribution(0, 10.0, effects) == pytest.approx(math.log(2) / 2)


def test_the_reference_of_a_logarithmic_axis_is_taken_on_it():
    """10 lies halfway between 1 and 100."""
    effects = effects_of(curve={"reads": "x", "points": {1: 0.8, 100: 0.4}, "reference": 10, "axis": "log"})
    assert contribution(0, 10.0, effects) == pytest.approx(0.0, abs=1e-15)
    assert effects.y.sum() == pytest.approx(0.0, abs=1e-15)


def test_curves_lie_behind_one_another():
    """Each effect names its own run of points, lines an empty one."""
    two, three = ({"reads": "x", "states": "odds", "points": {i: i + 1 for i in range(n)}} for n in (2, 3))
    effects = effects_of(a=three, b=LINE, c=two)
    assert (effects.first.tolist(), effects.length.tolist()) == ([0, 3, 3], [3, 0, 2])
    assert effects.x.tolist() == [0.0, 1.0, 2.0, 0.0, 1.0]


def test_quantities_name_their_effects():
    """In the order in which the step lists them, as a run of uses."""
    effects = {"a": LINE, "b": LINE | {"coefficient": 1}, "c": LINE | {"reads": "x + 1"}}
    steps = {"one": WORK | {"effects": ["c", "a"]}, "two": WORK, "three": WORK | {"effects": ["b"]}}
    whole = program(steps, attributes={"x": {}}, effects=effects, teams=CREW)
    chances = whole.tables.chances
    listed = {}
    for name in steps:
        row = step_of(whole, name)["effort"]
        first, count = chances.uses_first[row], chances.uses_count[row]
        listed[name] = chances.uses[first : first + count].tolist()
    assert listed == {"one": [2, 0], "two": [], "three": [1]}
    assert chances.effects.reads[0] == chances.effects.reads[1] != chances.effects.reads[2]


@pytest.mark.parametrize(
    ("said", "half_life", "low", "high"),
    [
        ({}, 0.0, -math.inf, math.inf),
        ({"half_life": "2 d"}, 48.0, -math.inf, math.inf),
        ({"low": -3}, 0.0, -3.0, math.inf),
        ({"high": 9}, 0.0, -math.inf, 9.0),
        ({"levels": ["a", "b", "c"]}, 0.0, 0.0, 2.0),
        ({"levels": ["a"]}, 0.0, 0.0, 0.0),
    ],
)
def test_attributes_have_limits_and_half_lives(said, half_life, low, high):
    """Without any they are unbounded and stay; levels end at the last."""
    chances = program(attributes={"x": said}).tables.chances
    assert (chances.formulas.half_life[0], chances.low[0], chances.high[0]) == (half_life, low, high)


@pytest.mark.parametrize(
    ("stated", "effects", "hours"),
    [
        ("gap", [], 264.0),
        ("2 h", ["far"], 2.0 * math.exp(2.0)),
        ("x * 1 h", [], math.nan),
        ("2 h", ["far", "mood"], math.nan),
        ({"uniform": {"low": "0 h", "high": "1 h"}}, [], math.nan),
        ({"formula": "gap", "uniform": {"low": "0 h", "high": "1 h"}}, [], math.nan),
    ],
)
def test_what_is_the_same_for_every_case_is_computed_once(stated, effects, hours):
    """Numbers and policies, moved by effects that read policies; what reads a case or is drawn is not known before."""
    compiled = program({"pause": {"kind": "wait", "duration": stated, "effects": effects}}, **MOVED)
    constant = compiled.tables.chances.constant[step_of(compiled, "pause")["duration"]]
    assert constant == pytest.approx(hours, nan_ok=True)


@pytest.mark.parametrize(
    ("stated", "effects", "share"),
    [("often", [], 0.3), ("25 %", ["far"], 1 / (1 + 3 * math.exp(-2.0))), ("25 %", ["mood"], math.nan)],
)
def test_a_probability_that_nothing_of_a_case_moves_is_known_before(stated, effects, share):
    """Its effects count on the log-odds, as for every probability."""
    outcomes = {"yes": {"probability": stated, "effects": effects, "to": "done"}, "no": {"to": "done"}}
    chances = program({"fork": {"kind": "decide", "outcomes": outcomes}}, **MOVED).tables.chances
    assert chances.certain[0] == pytest.approx(share, nan_ok=True)


@pytest.mark.parametrize(
    ("stated", "effects", "share"),
    [("often", ["mood"], 0.3), ("25 %", ["far", "mood"], 0.25), ("25 %", ["far"], math.nan), ("25 %", [], math.nan),
     ("x", ["mood"], math.nan), ("0 %", ["mood"], math.nan), ("100 %", ["mood"], math.nan)],
)  # fmt: skip
def test_the_log_odds_before_the_effects_are_known_where_they_are_the_same_for_every_case(stated, effects, share):
    """Certainty and impossibility have none; nobody asks for those of a probability that is known with its effects."""
    outcomes = {"yes": {"probability": stated, "effects": effects, "to": "done"}, "no": {"to": "done"}}
    chances = program({"fork": {"kind": "decide", "outcomes": outcomes}}, **MOVED).tables.chances
    assert chances.log_odds[0] == pytest.approx(math.log(share / (1 - share)), nan_ok=True)


def test_what_an_effect_adds_is_known_where_it_reads_nothing_of_a_case():
    """On a line and on a curve; an effect that reads an attribute is worked out for each case."""
    effects = MOVED["effects"] | {"bent": {"reads": "gap", "states": "factor", "points": {"0 d": 1, "22 d": math.e**3}}}
    chances = program({"w": {"kind": "wait", "duration": "1 h"}}, **MOVED | {"effects": effects}).tables.chances
    assert chances.effects.constant.tolist() == pytest.approx([2.0, math.nan, 1.5], nan_ok=True)


def test_zero_has_the_sign_that_the_engines_would_give_it(book):
    """A formula of constants is to the last bit what it is of attributes."""
    book.add("a/b", quantity("-(1 - 1)"))
    book.add("a/c", quantity("-(x - 1)"))
    chances, nothing = frozen(book), np.zeros(1)
    both = [amount(q, 1, 2, 3, 4, chances, np.ones(1), nothing, nothing) for q in range(2)]
    assert chances.constant.tolist() == pytest.approx([0.0, math.nan], nan_ok=True)
    assert np.signbit(both).tolist() == [True, True]


def test_effects_beyond_all_numbers_are_infinite_and_nobody_is_warned():
    """As in machine code; warnings are errors here."""
    effects = {"far": {"reads": "gap * 1e300", "coefficient": 1e300}}
    said = {"policies": {"gap": 2}, "effects": effects}
    chances = program({"w": {"kind": "wait", "duration": "1 h"}}, **said).tables.chances
    assert chances.effects.constant.tolist() == [math.inf]


@pytest.mark.parametrize("key", sorted(key for key in shipped() if not key.startswith("theory/")))
def test_what_all_cases_have_alike_is_what_compiled_code_would_give_each(key):
    """Constants, probabilities and effects of every shipped firm, to the last bit; Python has worked them out."""
    chances = compiled(load_scenario(key), Plan()).tables.chances
    unknown = chances._replace(
        constant=np.full_like(chances.constant, np.nan),
        certain=np.full_like(chances.certain, np.nan),
        log_odds=np.full_like(chances.log_odds, np.nan),
        effects=chances.effects._replace(constant=np.full_like(chances.effects.constant, np.nan)),
    )
    nothing = np.zeros(0)
    known = np.flatnonzero(~np.isnan(chances.constant))
    assert known.size > 5
    amounts = np.array([amount(q, 1, 2, 3, 4, unknown, nothing, nothing, nothing) for q in known])
    probabilities = np.array([probability(q, unknown, nothing, nothing, nothing) for q in known])
    assert amounts.tobytes() == chances.constant[known].tobytes()
    assert probabilities.tobytes() == chances.certain[known].tobytes()
