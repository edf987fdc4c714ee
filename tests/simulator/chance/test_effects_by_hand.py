"""Effects at, between and beyond their points; the limits of assignment; keyed numbers in plain Python."""

import math
from types import SimpleNamespace

import numpy as np
import pytest

from simulator.chance.keyed import SMALLEST, derived_key, purpose_of, uniform
from simulator.chance.quantities import SMALLEST_X, Effects, assign, contribution

INF = math.inf
WORD = 0xFFFFFFFF


def effects_of(*stated):
    """Return effects from (coefficient, reference, log axis, places, contributions); places as they are read."""
    places = [[math.log(x) if log else x for x in xs] for _, _, log, xs, _ in stated]
    lengths = [len(xs) for xs in places]
    return Effects(
        np.zeros(len(stated), np.int32),
        np.array([effect[0] for effect in stated], np.float64),
        np.array([effect[1] for effect in stated], np.float64),
        np.array(np.cumsum([0, *lengths])[:-1], np.int32),
        np.array(lengths, np.int32),
        np.array([effect[2] for effect in stated], np.int8),
        np.array([x for xs in places for x in xs], np.float64),
        np.array([y for effect in stated for y in effect[4]], np.float64),
        np.full(len(stated), np.nan),
    )


ALL = effects_of(
    (0.5, 2.0, 0, (), ()),
    (-3.0, 0.0, 0, (), ()),
    (0.0, 0.0, 0, (0, 1, 3), (0, 2, -2)),
    (0.0, 0.0, 1, (1, 4, 64), (0, 1, 4)),
    (0.0, 0.0, 0, (5,), (0.7,)),
    (0.0, 0.0, 1, (2,), (-0.7,)),
    (0.0, 0.0, 1, (SMALLEST_X, 1), (9, 0)),
)


@pytest.mark.parametrize(
    ("effect", "pairs"),
    [
        (0, ((2, 0), (4, 1), (0, -1), (-2, -2), (1e6, 499999))),
        (1, ((0, 0), (1, -3), (-1, 3), (0.5, -1.5))),
        (
            2,
            (
                (-9, 0),
                (0, 0),
                (0.5, 1),
                (0.75, 1.5),
                (1, 2),
                (1.5, 1),
                (2, 0),
                (2.5, -1),
                (3, -2),
                (3.1, -2),
                (INF, -2),
            ),
        ),
        (3, ((-1, 0), (0, 0), (0.5, 0), (1, 0), (2, 0.5), (4, 1), (8, 1.75), (16, 2.5), (32, 3.25), (64, 4), (1e9, 4))),
        (4, ((-1, 0.7), (5, 0.7), (6, 0.7))),
        (5, ((-1, -0.7), (2, -0.7), (6, -0.7))),
        (6, ((-1, 9), (0, 9), (SMALLEST_X, 9), (math.sqrt(SMALLEST_X), 4.5), (1, 0), (2, 0))),
    ],
)
def test_a_contribution_is_what_the_hand_finds(effect, pairs):
    """Straight lines, curves on a linear and on a logarithmic axis, single points."""
    for read, expected in pairs:
        assert contribution(effect, float(read), ALL) == pytest.approx(expected, rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("effect", [2, 3])
def test_a_curve_does_not_jump_at_its_points(effect):
    """Just before and just after a point the contribution is that of the point."""
    first, count = ALL.first[effect], ALL.length[effect]
    for at in range(first, first + count):
        place = math.exp(ALL.x[at]) if ALL.log_axis[effect] else ALL.x[at]
        for near in (place - 1e-9, place + 1e-9):
            assert contribution(effect, float(near), ALL) == pytest.approx(ALL.y[at], abs=1e-8)


LIMITS = SimpleNamespace(
    low=np.array([-5.0, 0.0, -INF, 2.0]),
    high=np.array([5.0, INF, 0.0, 2.0]),
    formulas=SimpleNamespace(half_life=np.array([24.0, 0.0, 1.0, 0.0])),
)


@pytest.mark.parametrize(
    ("attribute", "pairs"),
    [
        (0, ((-5.1, -5), (-5, -5), (0, 0), (5, 5), (5.1, 5), (INF, 5), (-INF, -5))),
        (1, ((-1, 0), (0, 0), (1e300, 1e300))),
        (2, ((1, 0), (0, 0), (-1e300, -1e300))),
        (3, ((1, 2), (2, 2), (3, 2))),
    ],
)
def test_an_assignment_stays_within_the_limits_of_its_attribute(attribute, pairs):
    """Both ends included, either end absent, both the same; its decay, if any, restarts; no other is touched."""
    for value, kept in pairs:
        values, touched = np.full(4, 99.0), np.full(4, 1.0)
        assign.py_func(attribute, float(value), 7.5, LIMITS, values, touched)
        since = 7.5 if LIMITS.formulas.half_life[attribute] > 0 else 1.0
        assert (values[attribute], touched[attribute]) == (kept, since)
        assert (np.delete(values, attribute) == 99.0).all()
        assert (np.delete(touched, attribute) == 1.0).all()


def philox(counter, key):
    """Return ten rounds of Philox-4x32 on Python's own integers, as the paper writes them."""
    a, b, c, d = counter
    left, right = key
    for _ in range(10):
        high, low = divmod(0xD2511F53 * a, 2**32)
        other_high, other_low = divmod(0xCD9E8D57 * c, 2**32)
        a, b, c, d = other_high ^ b ^ left, other_low, high ^ d ^ right, low
        left, right = (left + 0x9E3779B9) & WORD, (right + 0xBB67AE85) & WORD
    return a, b, c, d


@pytest.mark.parametrize(
    "draw",
    [
        (0, 0, 0, 0, 0), (1, 0, 0, 0, 0), (0, 1, 0, 0, 0), (0, 0, 1, 0, 0), (0, 0, 0, 1, 0), (0, 0, 0, 0, 1),
        (7, 3, -1, 2**32 - 1, 12), (20260101, 99, 2**63 - 1, 5, 0), (2**31, 2**31, -(2**63), 2**31, 2**31),
    ],
)  # fmt: skip
def test_a_keyed_number_is_that_of_plain_python(draw):
    """53 bits of the first two words."""
    seed, replication, case, purpose, visit = draw
    high, low, _, _ = philox((case & WORD, (case >> 32) & WORD, purpose, visit), (seed, replication))
    assert uniform(*draw) == max(((high << 32 | low) >> 11) / 2**53, SMALLEST)


def mixed(word):
    """Return the finaliser of SplitMix64 on Python's own integers."""
    word = ((word ^ (word >> 30)) * 0xBF58476D1CE4E5B9) % 2**64
    word = ((word ^ (word >> 27)) * 0x94D049BB133111EB) % 2**64
    return word ^ (word >> 31)


@pytest.mark.parametrize("names", [(0, 0, 0), (1, 2, 3), (-1, -1, -1), (2**63 - 1, 5, 2**40), (-(2**63), 0, 1)])
def test_a_derived_key_is_that_of_plain_python(names):
    """Three mixings, of parent, purpose and ordinal in turn, read as a signed number."""
    word = 0
    for name in names:
        word = mixed(((word ^ name % 2**64) + 0x9E3779B97F4A7C15) % 2**64)
    assert derived_key(*names) == (word - 2**64 if word >= 2**63 else word)


def test_the_first_answer_of_splitmix_is_the_published_one():
    """SplitMix64 seeded with 0 begins with this number, which guards the plain version here."""
    assert mixed(0x9E3779B97F4A7C15) == 0xE220A8397B1DCDAF


@pytest.mark.parametrize("text", ["", "a", "p/w/duration", "Größe"])
def test_a_purpose_is_a_word_of_its_own(text):
    """Stable within 32 bits, and another for another text."""
    assert 0 <= purpose_of(text) <= WORD
    assert purpose_of(text) == purpose_of(text)
    assert purpose_of(text) != purpose_of(text + " ")
