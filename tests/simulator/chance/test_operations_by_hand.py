"""Each operation of the postfix code at edge values, and stacks as deep as they go."""

import math

import numpy as np
import pytest

from simulator.chance.formulas import (
    ATTRIBUTE_BITS,
    DEEPEST,
    FROM_ATTRIBUTE,
    FROM_CONSTANT,
    OF_ATTRIBUTE,
    Formulas,
    Op,
    evaluate,
    read_attribute,
)

INF = math.inf
CONTEXT = np.array([10.0, 1.5, -2.0])
VALUES, TOUCHED, HALF_LIFE = np.array([7.0, 16.0]), np.array([0.0, 2.0]), np.array([0.0, 4.0])


def written(op, argument):
    """Return an instruction and its constant: the number of what it reads stands in the instruction."""
    reads = op in {Op.ATTRIBUTE, Op.DECAYING, Op.CONTEXT} or op & OF_ATTRIBUTE == FROM_ATTRIBUTE
    return (op + (argument << ATTRIBUTE_BITS), 0.0) if reads else (op, argument)


def run(*formulas, which=0):
    """Return the value of one of some formulas, each a list of an operation or of an operation and its argument."""
    codes = [[step if isinstance(step, tuple) else (step, 0) for step in steps] for steps in formulas]
    lengths = [len(code) for code in codes]
    flat = [written(*step) for code in codes for step in code]
    made = Formulas(
        np.array(np.cumsum([0, *lengths])[:-1], np.int32),
        np.array(lengths, np.int32),
        np.array([op for op, _ in flat], np.uint32),
        np.array([argument for _, argument in flat], np.float64),
        HALF_LIFE,
    )
    return evaluate(which, made, VALUES, TOUCHED, CONTEXT)


def push(*numbers):
    """Return the steps that push constants."""
    return [(Op.CONSTANT, number) for number in numbers]


ONE = [
    (Op.NEGATE, ((3, -3), (-2.5, 2.5), (INF, -INF))),
    (Op.NOT, ((0, 1), (-0.0, 1), (1, 0), (-3, 0), (1e-300, 0))),
    (Op.EXP, ((0, 1), (1, math.e), (700, math.exp(700)), (701, math.exp(700)), (INF, math.exp(700)), (-INF, 0))),
    (Op.LOG, ((1, 0), (math.e, 1), (0, math.log(1e-300)), (-5, math.log(1e-300)), (1e-301, math.log(1e-300)))),
    (Op.SQRT, ((0, 0), (9, 3), (-1, 0), (-INF, 0), (INF, INF))),
    (Op.ABS, ((0, 0), (-4, 4), (4, 4), (-INF, INF))),
    (Op.FLOOR, ((1.999, 1), (-0.001, -1), (2, 2), (-2, -2))),
    (Op.ROUND, ((0.5, 0), (1.5, 2), (2.5, 2), (-0.5, 0), (-1.5, -2), (2.501, 3), (1e15, 1e15))),
]
TWO = [
    (Op.ADD, ((1, 2, 3), (0.1, 0.2, 0.1 + 0.2), (1e308, 1e308, INF))),
    (Op.SUBTRACT, ((1, 2, -1), (5, 5, 0), (0, INF, -INF))),
    (Op.MULTIPLY, ((3, -2, -6), (0, 1e308, 0), (1e200, 1e200, INF))),
    (Op.DIVIDE, ((7, 2, 3.5), (-7, 2, -3.5), (5, 0, 0), (5, -0.0, 0), (0, 5, 0), (INF, 0, 0))),
    (
        Op.POWER,
        ((2, 10, 1024), (4, 0.5, 2), (-2, 3, -8), (-2, 0.5, 0), (0, 0, 1), (0, -1, 0), (0, 2, 0), (2, -2, 0.25)),
    ),
    (Op.EQUAL, ((1, 1, 1), (1, 2, 0), (0, -0.0, 1), (0.1 + 0.2, 0.3, 0))),
    (Op.UNEQUAL, ((1, 1, 0), (1, 2, 1), (0, -0.0, 0))),
    (Op.LESS, ((1, 2, 1), (2, 2, 0), (3, 2, 0), (-INF, INF, 1))),
    (Op.AT_MOST, ((1, 2, 1), (2, 2, 1), (3, 2, 0))),
    (Op.MORE, ((1, 2, 0), (2, 2, 0), (3, 2, 1))),
    (Op.AT_LEAST, ((1, 2, 0), (2, 2, 1), (3, 2, 1))),
    (Op.AND, ((0, 0, 0), (1, 0, 0), (0, 1, 0), (2, -1, 1))),
    (Op.OR, ((0, 0, 0), (1, 0, 1), (0, -5, 1), (2, 3, 1))),
    (Op.MIN, ((1, 2, 1), (2, 1, 1), (-INF, 0, -INF))),
    (Op.MAX, ((1, 2, 2), (2, 1, 2), (-INF, 0, 0))),
]


@pytest.mark.parametrize(("op", "cases"), ONE)
def test_an_operation_on_one_number(op, cases):
    """At its edges, to the last bit or nearly."""
    for x, expected in cases:
        assert run([*push(x), op]) == pytest.approx(expected, rel=1e-14)


@pytest.mark.parametrize(("op", "cases"), TWO)
def test_an_operation_on_two_numbers(op, cases):
    """At its edges; the first was pushed first."""
    for x, y, expected in cases:
        assert run([*push(x, y), op]) == pytest.approx(expected, rel=1e-14)


@pytest.mark.parametrize(("op", "cases"), TWO)
def test_the_second_number_may_be_a_constant_of_the_instruction(op, cases):
    """The same values, with one number pushed only."""
    for x, y, expected in cases:
        assert run([*push(x), (op + FROM_CONSTANT, y)]) == pytest.approx(expected, rel=1e-14)


def test_the_second_number_may_be_an_attribute():
    """As it stands; what lies below on the stack is not touched."""
    assert run([*push(100), (Op.SUBTRACT + FROM_ATTRIBUTE, 0)]) == 93
    assert run([*push(1000, 100), (Op.SUBTRACT + FROM_ATTRIBUTE, 0), Op.SUBTRACT]) == 907


def test_every_operation_is_tried_here():
    """Besides the four that push and the choice."""
    tried = {op for op, _ in ONE + TWO} | {Op.CONSTANT, Op.ATTRIBUTE, Op.DECAYING, Op.CONTEXT, Op.CHOOSE}
    assert tried == set(Op)


@pytest.mark.parametrize(("condition", "expected"), [(1, 5), (0, 9), (-0.0, 9), (-1, 5), (1e-300, 5), (math.nan, 5)])
def test_a_choice_takes_the_first_unless_the_condition_is_zero(condition, expected):
    """Whatever is not 0 holds."""
    assert run([*push(condition, 5, 9), Op.CHOOSE]) == expected


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        ((Op.ATTRIBUTE, 0), 7),
        ((Op.ATTRIBUTE, 1), 16),
        ((Op.DECAYING, 0), 7),
        ((Op.DECAYING, 1), 4),
        ((Op.CONTEXT, 0), 10),
        ((Op.CONTEXT, 1), 1.5),
        ((Op.CONTEXT, 2), -2),
    ],
)
def test_what_pushes_reads_its_place(step, expected):
    """16, set at hour 2 and halving every four hours, is 4 at hour 10 for what reads it as decaying."""
    assert run([step]) == expected


@pytest.mark.parametrize("depth", [1, 2, 16, DEEPEST])
@pytest.mark.parametrize(("op", "fold"), [(Op.ADD, sum), (Op.MAX, max), (Op.MIN, min)])
def test_a_stack_may_be_as_deep_as_is_said(depth, op, fold):
    """All numbers are pushed before the first is taken."""
    numbers = [float((7 * at) % 11) for at in range(depth)]
    assert run([*push(*numbers), *[op] * (depth - 1)]) == fold(numbers)


def test_differences_are_taken_from_the_top():
    """1 - (2 - (3 - 4)) with all on the stack, and ((1 - 2) - 3) - 4 with two at most."""
    assert run([*push(1, 2, 3, 4), *[Op.SUBTRACT] * 3]) == -2
    left = push(1)
    for number in (2, 3, 4):
        left += [*push(number), Op.SUBTRACT]
    assert run(left) == -8


@pytest.mark.parametrize(("which", "expected"), [(0, 3), (1, 12), (2, -1)])
def test_formulas_in_one_table_do_not_disturb_each_other(which, expected):
    """Each begins at its own first instruction and ends after its own length."""
    assert run([*push(1, 2), Op.ADD], [*push(3, 4), Op.MULTIPLY], [*push(1), Op.NEGATE], which=which) == expected


@pytest.mark.parametrize(
    ("value", "set_at", "now", "half_life", "expected"),
    [
        (8, 0, 0, 5, 8), (8, 0, 5, 5, 4), (8, 0, 10, 5, 2), (8, 0, 2.5, 5, 8 / math.sqrt(2)), (8, 3, 8, 5, 4),
        (-8, 0, 15, 5, -1), (0, 0, 99, 5, 0), (8, 0, 1e6, 0, 8), (8, 0, 1e6, -1, 8), (8, 0, 1e6, 1, 0),
        (8, 0, 24, 1e12, 8),
    ],
)  # fmt: skip
def test_decay_follows_its_table(value, set_at, now, half_life, expected):
    """At the moment of setting, after whole and half half-lives, long after, and without decay."""
    read = read_attribute(
        0, np.array([float(value)]), np.array([float(set_at)]), float(now), np.array([float(half_life)])
    )
    assert read == pytest.approx(expected, rel=1e-9, abs=1e-300)
