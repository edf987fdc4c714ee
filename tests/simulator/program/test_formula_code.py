"""Formulas as postfix code: against Python's own eval, and what names, units and depth come to."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.chance.formulas import (
    AND_BEFORE,
    ATTRIBUTE_BITS,
    DEEPEST,
    FROM_ATTRIBUTE,
    FROM_CONSTANT,
    OF_ATTRIBUTE,
    Op,
    evaluate,
)
from simulator.errors import CaudalError
from simulator.program.formula_code import FormulaBook, _depth
from simulator.schema.formula import BUILTINS, parse_formula

ATTRIBUTES = ("x", "y", "z")
LEVELS = {"size": ("small", "large"), "x": ("cold", "warm", "hot"), "y": ("hot", "cold")}
FUNCTIONS = {
    "min": min, "max": max, "abs": abs, "exp": math.exp, "log": math.log, "sqrt": math.sqrt,
    "floor": lambda x: float(math.floor(x)), "round": lambda x: float(round(x)),
}  # fmt: skip
SLOTS = list(BUILTINS)


def book(levels=None, **policies):
    """An empty book over three attributes."""
    return FormulaBook(ATTRIBUTES, levels or {}, policies)


def instructions(text, target="", levels=None, **policies):
    """Instructions of one formula as pairs of a number and its argument."""
    collected = book(levels, **policies)
    collected.add(text, target)
    flat = collected.freeze(np.zeros(3))
    return list(zip(flat.ops.tolist(), flat.args.tolist(), strict=True))


READ = (Op.ATTRIBUTE, Op.DECAYING, Op.CONTEXT)


def code(text, target="", levels=None, **policies):
    """The same as plain postfix, in which every number is pushed before the operation that takes it."""
    plain = []
    for instruction, constant in instructions(text, target, levels, **policies):
        op, source = Op(instruction % FROM_CONSTANT), instruction & OF_ATTRIBUTE
        number = float((instruction & ~AND_BEFORE) >> ATTRIBUTE_BITS)
        if source in {FROM_ATTRIBUTE, OF_ATTRIBUTE}:
            plain.append((Op.ATTRIBUTE, number))
        if source in {FROM_CONSTANT, OF_ATTRIBUTE}:
            plain.append((Op.CONSTANT, constant))
        plain.append((op, number if op in READ else 0.0 if source else constant))
        if instruction & AND_BEFORE:
            plain.append((Op.AND, 0.0))
    return plain


def computed(text, x=0.0, y=0.0, z=0.0, **policies):
    """Value of a formula over three attributes."""
    collected = book(**policies)
    number = collected.add(text)
    context = np.arange(len(BUILTINS), dtype=np.float64) + 0.5
    return evaluate(number, collected.freeze(np.zeros(3)), np.array([x, y, z]), np.zeros(3), context)


def by_python(text, x=0.0, y=0.0, z=0.0):
    """The same by Python itself."""
    context = {name: slot + 0.5 for slot, name in enumerate(SLOTS)}
    return float(eval(text, {"__builtins__": {}}, FUNCTIONS | context | {"x": x, "y": y, "z": z}))  # noqa: S307


PLAIN = [
    "x + y * z", "(x + y) * z", "x - y - z", "x - (y - z)", "x / y / z", "x / (y / z)", "x * y / z", "-x ** 2",
    "(-x) ** 2", "2 ** -y", "2 ** 3 ** 2", "(2 ** 3) ** 2", "--x", "-+-x", "+x", "- x - - y", "x ** 0.5 * y ** 0.5",
    "x if y > 2 else z", "x if y < 2 else z", "(x if x > y else y) if z else 1", "x if y > 9 else y if z > 9 else z",
    "x < y", "x <= x", "x > y", "x >= y", "x == y", "x != y", "x < y < z", "x < y > z", "x == x == x", "x < z > y > x",
    "not x > y", "not (x > y and y > z)", "x > y or y > x", "x > y and y > x or z > y", "x > y or y > x and z > y",
    "not x < y or not y < z", "(x < y) + (y < z)", "(x > y) * 7 - 1", "min(x, y) + max(y, z)", "min(max(x, y), z)",
    "max(min(x, y), max(y, z))", "exp(x) * exp(-x)", "log(exp(x) + 1)", "sqrt(x * x + y * y)", "abs(x - z)",
    "floor(x + 0.7) - floor(-x)", "round(x / 2) + round(y / 2)", "round(2.5) + round(3.5) + round(-0.5)",
    "now + age * visits", "waited - worked", "win_factor * 2 + measured", "before + now ** 2", "1e3 + 1.5e-3",
    "x + (y + (z + (x + (y + z))))", "((((x + y) + z) + x) + y) + z", "exp(min(x, 3)) if x > y else log(abs(y) + 1)",
]  # fmt: skip


@pytest.mark.parametrize("text", PLAIN)
@pytest.mark.parametrize("values", [(1.25, 3.0, 5.5), (4.0, 2.0, 0.5)])
def test_a_formula_has_the_value_that_python_gives_it(text, values):
    """Precedence, sides, chains, choices and functions, at two places that take different branches."""
    assert computed(text, *values) == pytest.approx(by_python(text, *values), rel=1e-14, abs=1e-14)


def numeric(inner):
    """Texts of numbers, out of texts of numbers; partial functions are kept where they have a value."""
    two, one = st.tuples(inner, inner), inner
    truth = st.builds("({0} {2} {1})".format, inner, inner, st.sampled_from(["<", "<=", ">", ">=", "==", "!="]))
    several = st.builds("({0} {3} {1} {3} (not {2}))".format, truth, truth, truth, st.sampled_from(["and", "or"]))
    held = truth | several
    return st.one_of(
        two.map(lambda p: f"({p[0]} + {p[1]})"), two.map(lambda p: f"({p[0]} - {p[1]})"),
        two.map(lambda p: f"{p[0]} * {p[1]}"), two.map(lambda p: f"{p[0]} / (abs({p[1]}) + 1.0)"),
        two.map(lambda p: f"min({p[0]}, {p[1]})"), two.map(lambda p: f"max({p[0]}, {p[1]})"),
        one.map(lambda t: f"(-{t})"), one.map(lambda t: f"abs({t})"), one.map(lambda t: f"floor({t})"),
        one.map(lambda t: f"round({t})"), one.map(lambda t: f"sqrt(abs({t}))"),
        one.map(lambda t: f"min(abs({t}), 7.0) ** 2.0"),
        st.builds(lambda a, c, b: f"({a} if {c} else {b})", inner, held, inner), held,
    )  # fmt: skip


LEAVES = st.sampled_from(["x", "y", "z", "now", "visits", "before"]) | st.integers(0, 40).map(lambda n: str(n / 4))
TREES = st.recursive(LEAVES, numeric, max_leaves=14).filter(lambda text: len(text) <= 450)
QUARTERS = st.integers(-40, 40).map(lambda n: n / 4)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(TREES, QUARTERS, QUARTERS, QUARTERS)
def test_any_tree_has_the_value_that_python_gives_it(text, x, y, z):
    """Formulas of up to fourteen leaves, grown at random."""
    assert computed(text, x, y, z) == pytest.approx(by_python(text, x, y, z), rel=1e-9, abs=1e-9)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(TREES)
def test_any_tree_leaves_one_number_and_never_digs_below_the_stack(text):
    """Walking the code, every operation finds its operands, and the depth is the highest that was reached."""
    height, highest = 0, 0
    for op, _ in code(text):
        taken = 0 if op <= Op.CONTEXT else 3 if op == Op.CHOOSE else 1 if op >= Op.NEGATE else 2
        assert height >= taken
        height += 1 - taken
        highest = max(highest, height)
    assert height == 1
    assert _depth(code(text)) == highest


def test_the_code_is_postfix():
    """Operands in the order in which they stand, the operation behind them."""
    assert code("x - (2 - now)") == [
        (Op.ATTRIBUTE, 0.0), (Op.CONSTANT, 2.0), (Op.CONTEXT, 0.0), (Op.SUBTRACT, 0.0), (Op.SUBTRACT, 0.0),
    ]  # fmt: skip
    assert [op for op, _ in code("x if y else z")] == [Op.ATTRIBUTE, Op.ATTRIBUTE, Op.ATTRIBUTE, Op.CHOOSE]


@pytest.mark.parametrize("name", SLOTS)
def test_a_builtin_name_reads_its_own_slot(name):
    """The slot is the place in the list of names."""
    assert code(name) == [(Op.CONTEXT, float(SLOTS.index(name)))]
    assert computed(name) == SLOTS.index(name) + 0.5


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("30 s", 1 / 120), ("20 min", 1 / 3), ("48 h", 48), ("2 d", 48), ("3 wd", 24), ("1 wk", 168), ("2 mo", 1461),
        ("1 y", 8766), ("1 d + 6 h", 30), ("2 * 1 d", 48), ("x + 1 d", 25), ("25 %", 0.25), ("1 250 EUR", 1250),
        ("10 % * 1 000", 100), ("x * 90 min", 1.5), ("1 if x < 30 min else 2 h", 2),
    ],
)  # fmt: skip
def test_numbers_with_units_count_in_base_units(text, hours):
    """Hours for time, one for shares, the currency for money, with x at 1."""
    text = text.replace("1 000", "1000")
    assert computed(text, x=1.0) == pytest.approx(hours, rel=1e-12)


def test_a_policy_is_a_constant():
    """It stands in the code as its number, behind the attributes of its name."""
    assert code("limit / x", limit=60.0)[0] == (Op.CONSTANT, 60.0)
    assert code("x", x=60.0) == [(Op.ATTRIBUTE, 0.0)]
    assert code("now", now=60.0) == [(Op.CONSTANT, 60.0)]


@pytest.mark.parametrize(
    ("text", "constant"),
    [
        ("x == hot", 2), ("hot == x", 2), ("y == hot", 0), ("y != cold", 1), ("x < warm", 1), ("cold <= x", 0),
    ],
)  # fmt: skip
def test_a_level_counts_as_the_attribute_beside_it_numbers_it(text, constant):
    """``hot`` is the third level of x and the first of y."""
    assert [argument for op, argument in code(text, levels=LEVELS) if op == Op.CONSTANT] == [constant]


def test_a_level_reads_by_its_target_and_otherwise_by_the_first_attribute_that_has_it():
    """In a `set` of y, ``hot`` is y's own."""
    assert code("hot", "y", LEVELS) == [(Op.CONSTANT, 0.0)]
    assert code("hot", "x", LEVELS) == [(Op.CONSTANT, 2.0)]
    assert code("hot", "", LEVELS) == [(Op.CONSTANT, 2.0)]
    assert code("large", "x", LEVELS) == [(Op.CONSTANT, 1.0)]
    choice = code("hot if x == hot else cold", "y", LEVELS)
    assert [argument for op, argument in choice if op == Op.CONSTANT] == [2.0, 0.0, 1.0]


def test_equal_formulas_share_an_entry_unless_their_targets_differ():
    """Text and target decide; numbers count up."""
    collected = book(LEVELS)
    assert [collected.add("x + 1"), collected.add("y"), collected.add("x + 1")] == [0, 1, 0]
    assert [collected.add("hot", "x"), collected.add("hot", "y"), collected.add("hot", "x")] == [2, 3, 2]
    flat = collected.freeze(np.array([0.0, 2.0, 3.0]))
    assert flat.first.tolist() == [0, 1, 2, 3]
    assert flat.length.tolist() == [1, 1, 1, 1]
    assert flat.half_life.tolist() == [0.0, 2.0, 3.0]
    assert (flat.first.dtype, flat.ops.dtype, flat.args.dtype) == (np.int32, np.uint32, np.float64)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("limit * 2 + 1", 121), ("log(limit / 60)", 0), ("-limit", -60), ("not limit > 3", 0), ("min(limit, 7)", 7),
        ("1 if limit > 3 else x", math.nan), ("5 if limit > 3 else 4", 5), ("x + limit", math.nan), ("now", math.nan),
        ("1 / (limit - 60)", 0), ("limit < 61 and limit > 59", 1),
    ],
)  # fmt: skip
def test_what_reads_policies_alone_is_computed_once(text, number):
    """It becomes a constant, which the book tells; whatever reads a case or the clock is none."""
    collected = book(limit=60.0)
    found = collected.constant(collected.add(text))
    assert found == number or (math.isnan(found) and math.isnan(number))
    assert (instructions(text, limit=60.0) == [(Op.CONSTANT, number)]) is not math.isnan(number)


def reading(op, number):
    """An instruction that reads the attribute or the slot of this number."""
    return op + (number << ATTRIBUTE_BITS)


def test_constants_and_attributes_are_taken_without_being_pushed():
    """Only where one by itself comes second: what is computed, or read from the clock, comes from the stack."""
    assert instructions("x / y + 3 - z") == [
        (reading(Op.ATTRIBUTE, 0), 0.0), (reading(Op.DIVIDE + FROM_ATTRIBUTE, 1), 0.0), (Op.ADD + FROM_CONSTANT, 3.0),
        (reading(Op.SUBTRACT + FROM_ATTRIBUTE, 2), 0.0),
    ]  # fmt: skip
    assert [op % FROM_CONSTANT for op, _ in instructions("-x if x else y")] == [1, 1, Op.NEGATE, 1, Op.CHOOSE]
    assert [op for op, _ in instructions("x - (y - now)")] == [
        reading(Op.ATTRIBUTE, 0), reading(Op.ATTRIBUTE, 1), Op.CONTEXT, Op.SUBTRACT, Op.SUBTRACT,
    ]  # fmt: skip


def test_the_simpler_number_comes_second_where_that_makes_no_difference():
    """Sums, products and comparisons; a constant is simpler than an attribute, and that than what is computed."""
    assert instructions("2 * x + 3 * y >= 4") == [
        (reading(Op.MULTIPLY + OF_ATTRIBUTE, 0), 2.0), (reading(Op.MULTIPLY + OF_ATTRIBUTE, 1), 3.0), (Op.ADD, 0.0),
        (Op.AT_LEAST + FROM_CONSTANT, 4.0),
    ]  # fmt: skip
    assert instructions("x * now") == [(Op.CONTEXT, 0.0), (reading(Op.MULTIPLY + FROM_ATTRIBUTE, 0), 0.0)]
    assert instructions("3 < x") == [(reading(Op.MORE + OF_ATTRIBUTE, 0), 3.0)]
    assert instructions("3 - now") == [(Op.CONSTANT, 3.0), (Op.CONTEXT, 0.0), (Op.SUBTRACT, 0.0)]
    assert instructions("min(3, now)")[-1] == (Op.MIN, 0.0)


@pytest.mark.parametrize(("text", "mirrored"), [("<", ">"), ("<=", ">="), (">", "<"), (">=", "<=")])
def test_a_mirrored_comparison_looks_the_other_way(text, mirrored):
    """Also where a number is none at all."""
    for x in (-1.0, 3.0, 4.0, math.nan):
        assert computed(f"3 {text} x", x) == computed(f"x {mirrored} 3", x) == float(eval(f"3 {text} x", {"x": x}))  # noqa: S307


@settings(max_examples=150, deadline=None, derandomize=True)
@given(TREES, QUARTERS, QUARTERS, QUARTERS)
def test_what_decays_is_read_as_it_is_now(text, x, y, z):
    """Two attributes that have halved once and twice, beside one that stays: as formulas of the halved numbers."""
    collected = book()
    number = collected.add(text)
    context = np.arange(len(BUILTINS), dtype=np.float64) + 0.5
    code = collected.freeze(np.array([2.0, 0.0, 4.0]))
    touched = context[0] - np.array([4.0, 99.0, 4.0])
    found = evaluate(number, code, np.array([4 * x, y, 2 * z]), touched, context)
    assert found == computed(text, x, y, z) or (math.isnan(found) and math.isnan(computed(text, x, y, z)))


def test_a_condition_on_attributes_has_one_instruction_for_each_comparison():
    """An attribute beside a constant, joined to what was computed before; only `and` joins, and only once."""

    def of(attribute, op, *joined):
        return op + OF_ATTRIBUTE + (attribute << ATTRIBUTE_BITS) + sum(joined)

    assert instructions("x == 1 and z < 2 and y > 3") == [
        (of(0, Op.EQUAL), 1.0), (of(2, Op.LESS, AND_BEFORE), 2.0), (of(1, Op.MORE, AND_BEFORE), 3.0),
    ]  # fmt: skip
    assert [op for op, _ in instructions("x == 1 or z < 2")] == [of(0, Op.EQUAL), of(2, Op.LESS), Op.OR]
    assert [op for op, _ in instructions("now and (y > x and x == 1)")] == [
        Op.CONTEXT, reading(Op.ATTRIBUTE, 1), Op.MORE + FROM_ATTRIBUTE, of(0, Op.EQUAL, AND_BEFORE), Op.AND,
    ]  # fmt: skip
    assert [op for op, _ in instructions("now and x - 1")] == [Op.CONTEXT, of(0, Op.SUBTRACT, AND_BEFORE)]


@pytest.mark.parametrize(
    "text", ["(x and y > 1) and z < 2", "x > 1 and y", "x - 1 and y - 2", "z and (x > y and y > 1)"]
)
@pytest.mark.parametrize("values", [(0.0, 2.0, 1.0), (1.0, 2.0, 3.0), (2.0, 2.0, 1.0), (2.0, 1.0, 0.0)])
def test_conditions_that_are_joined_are_truths(text, values):
    """1 and 0, as of two numbers from the stack."""
    assert computed(text, *values) == float(bool(by_python(text, *values)))


def test_an_empty_book_is_empty_arrays():
    """No formula, no instruction."""
    flat = book().freeze(np.zeros(0))
    assert [flat.first.size, flat.length.size, flat.ops.size, flat.args.size] == [0, 0, 0, 0]


def nested(depth):
    """A formula that holds ``depth`` numbers at one time."""
    return "x+(" * (depth - 1) + "x" + ")" * (depth - 1)


def test_a_formula_may_be_as_deep_as_the_stack_and_no_deeper():
    """The deepest one is computed; one more is a sentence with the mend."""
    assert computed(nested(DEEPEST), x=1.0) == DEEPEST
    with pytest.raises(CaudalError, match="is too deeply nested: split it over attributes"):
        book().add(nested(DEEPEST + 1))


def test_long_sums_are_not_deep():
    """A hundred terms need two places."""
    assert computed("+".join(["x"] * 100), x=1.0) == 100.0
    assert _depth(code("+".join(["x"] * 100))) == 2


def test_a_name_that_is_nothing_is_a_sentence():
    """It says which name, and what it could have been."""
    with pytest.raises(CaudalError, match="reads 'unknown', which is no attribute, policy or level"):
        book().add("x + unknown")


def test_a_refused_formula_leaves_nothing_behind():
    """The numbers of those that follow are as if it had never been there."""
    collected = book()
    with pytest.raises(CaudalError):
        collected.add(nested(DEEPEST + 1))
    assert collected.add("x") == 0
    assert collected.freeze(np.zeros(3)).length.tolist() == [1]


@pytest.mark.parametrize("text", ["x[0]", "x.real", "lambda: x", "x // y", "x % y", "'a'", "True", "open(x)", "(x, y)"])
def test_what_is_no_formula_never_becomes_code(text):
    """The parser refuses it before anything is compiled."""
    with pytest.raises(ValueError, match=r"."):
        parse_formula(text)
    with pytest.raises(ValueError, match=r"."):
        book().add(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("10 ** 400", math.inf),
        ("(0 - 10) ** 401", -math.inf),
        ("floor(10 ** 400)", math.inf),
        ("exp(800)", math.exp(700)),
    ],
)
def test_what_is_too_large_for_python_is_left_to_the_engines(text, value):
    """Machine code comes to infinity, where Python raises."""
    assert computed(text) == value


OPERATIONS = [
    "{0} + {1}", "{0} - {1}", "{0} * {1}", "{0} / {1}", "{0} ** {1}", "{0} == {1}", "{0} != {1}", "{0} < {1}",
    "{0} <= {1}", "{0} > {1}", "{0} >= {1}", "{0} and {1}", "{0} or {1}", "min({0}, {1})", "max({0}, {1})", "-{0}",
    "not {0}", "exp({0})", "log({0})", "sqrt({0})", "abs({0})", "floor({0})", "round({0})", "{1} if {0} else {2}",
]  # fmt: skip


@pytest.mark.parametrize("text", OPERATIONS)
@settings(max_examples=60, deadline=None)
@given(*(st.one_of(st.sampled_from((0.0, 1.0, -2.0, 0.5)), st.floats(-1e6, 1e6), st.floats(allow_nan=False)),) * 3)
def test_an_operation_on_policies_is_what_compiled_code_makes_of_attributes(text, first, second, third):
    """Python works it out once, for all cases; to the last bit it is what each case would have worked out."""
    numbers = first, second, third
    known = computed(text.format("p", "q", "r"), p=first, q=second, r=third)
    worked_out = computed(text.format("x", "y", "z"), *numbers)
    assert np.array(known).tobytes() == np.array(worked_out).tobytes() or (math.isnan(known) and math.isnan(worked_out))
