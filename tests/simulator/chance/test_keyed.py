import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from simulator.chance import keyed

INT64 = st.integers(-(2**63), 2**63 - 1)
DRAWS = 200_000


def test_philox_gives_the_published_known_answers():
    """The three philox4x32-10 vectors of Random123's kat_vectors file."""
    full = 0xFFFFFFFF
    assert keyed.philox4x32(0, 0, 0, 0, 0, 0) == (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)
    assert keyed.philox4x32(full, full, full, full, full, full) == (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)
    assert keyed.philox4x32(
        0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344, 0xA4093822, 0x299F31D0
    ) == (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1)  # fmt: skip


def test_the_stream_never_changes_silently():
    """Pinned draws and keys; a change here changes every result that was ever published."""
    assert keyed.uniform(1, 2, 3, 4, 5).hex() == "0x1.49f6113d18a61p-1"
    assert keyed.uniform(20260101, 29, -(2**63), 2**32 - 1, 7).hex() == "0x1.45eb329158694p-1"
    assert keyed.derived_key(1, 2, 3) == -3426316478316322125
    assert keyed.derived_key(-1, 0, 2**62) == -7286300453834149241
    assert keyed.purpose_of("channel: trade fair") == 2914311781


def test_counter_and_key_are_laid_out_as_documented():
    """Case key low and high, purpose and visit are the counter, seed and replication the key, 53 bits the number."""
    low, high = 0x89ABCDEF, 0x01234567
    word_0, word_1, _, _ = keyed.philox4x32(low, high, 11, 13, 17, 19)
    number = keyed.uniform(17, 19, (high << 32) | low, 11, 13)
    assert number == ((word_0 << 21) | (word_1 >> 11)) / 2**53


@given(INT64, INT64, INT64, INT64, INT64)
def test_uniform_is_strictly_inside_the_unit_interval(seed, replication, key, purpose, visit):
    """Whatever the key, no quantile function ever sees 0 or 1."""
    assert 0.0 < keyed.uniform(seed, replication, key, purpose, visit) < 1.0


def test_the_extreme_blocks_stay_inside():
    """All bits clear and all bits set give the documented ends."""
    assert keyed._unit(0, 0) == keyed.SMALLEST == 2.0**-54
    assert keyed._unit(0xFFFFFFFF, 0xFFFFFFFF) == keyed.LARGEST < 1.0
    assert keyed._unit(0, 1 << 11) == 2.0**-53


@given(INT64, INT64, INT64, st.lists(INT64, max_size=40))
def test_uniform_numbers_of_many_purposes_are_those_of_each(seed, replication, key, purposes):
    """Worked out several at a time, however many there are: to the last bit the number of a first visit, 0."""
    numbers = np.zeros(len(purposes))
    keyed.first_uniforms(seed, replication, key, np.array(purposes, np.int64), numbers)
    assert numbers.tolist() == [keyed.uniform(seed, replication, key, purpose, 0) for purpose in purposes]


@given(INT64, INT64, INT64)
def test_python_integers_and_numpy_integers_are_the_same(key, purpose, visit):
    """Neither type makes another compiled variant, and both give the same number."""
    by_numpy = keyed.uniform(np.int64(1), np.int64(2), np.int64(key), np.int64(purpose), np.int64(visit))
    assert by_numpy == keyed.uniform(1, 2, key, purpose, visit)
    child = keyed.derived_key(np.int64(key), np.int64(purpose), np.int64(visit))
    assert child == keyed.derived_key(key, purpose, visit)
    assert len(keyed.uniform.made.signatures) == len(keyed.derived_key.made.signatures) == 1


def test_compiled_code_equals_plain_python():
    """The same source without the compiler gives the same bits (integers and exact divisions only)."""
    program = """
import numpy as np
from simulator.chance import keyed
with np.errstate(over="ignore"):
    for i in range(50):
        a = [np.int64(x) for x in (i, 3 * i, (i - 25) * 2**55 + i, 7 * i + 1, i % 5)]
        print(float(keyed.uniform(*a)).hex(), int(keyed.derived_key(*a[2:])))
"""
    plain, compiled = (
        subprocess.run(
            [sys.executable, "-c", program], env={"NUMBA_DISABLE_JIT": off}, capture_output=True, text=True, check=True
        ).stdout
        for off in ("1", "0")
    )
    assert plain == compiled
    assert plain.count("\n") == 50


def test_uniforms_is_uniform_for_each_key():
    """The vector form equals the scalar form, on writable and read-only arrays."""
    keys = np.array([0, -1, 5, 2**63 - 1])
    expected = [keyed.uniform(9, 8, int(key), 7, 6) for key in keys]
    assert keyed.uniforms(9, 8, keys, 7, 6).tolist() == expected
    keys.flags.writeable = False
    assert keyed.uniforms(9, 8, keys, 7, 6).tolist() == expected


def _stream(varied: str, offset: int = 0) -> np.ndarray:
    """Draws along one argument, the others held."""
    place = ("seed", "replication", "case_key", "purpose", "visit").index(varied)
    arguments = [1, 1, 1, 1, 1]
    numbers = np.empty(DRAWS)
    for ordinal in range(DRAWS):
        arguments[place] = ordinal + offset
        numbers[ordinal] = keyed.uniform(*arguments)
    return numbers


@pytest.mark.parametrize("varied", ["seed", "replication", "case_key", "purpose", "visit"])
def test_draws_along_each_argument_are_uniform_and_independent(varied):
    """Kolmogorov-Smirnov, every one of the 53 bits, and neighbours: by lag and by a chi-square of pairs."""
    numbers = _stream(varied)
    assert stats.kstest(numbers, "uniform").pvalue > 1e-4
    bits = (numbers * 2.0**53).astype(np.uint64)
    ones = np.array([np.count_nonzero((bits >> np.uint64(b)) & np.uint64(1)) for b in range(53)])
    assert stats.chi2.sf(((ones - DRAWS / 2) ** 2 / (DRAWS / 4)).sum(), 53) > 1e-4
    for lag in (1, 2, 3, 256):
        assert abs(np.corrcoef(numbers[:-lag], numbers[lag:])[0, 1]) < 4.5 / np.sqrt(DRAWS)
    cells = np.histogram2d(numbers[:-1:2], numbers[1::2], bins=32, range=[[0, 1], [0, 1]])[0]
    assert stats.chisquare(cells.ravel()).pvalue > 1e-4


@pytest.mark.parametrize("neighbour", ["seed", "replication", "purpose", "visit"])
def test_the_same_cases_draw_independently_under_a_neighbouring_purpose(neighbour):
    """Over the same case keys, two neighbouring seeds, replications, purposes or visits share nothing."""
    keys = np.arange(DRAWS, dtype=np.int64)
    base = {"seed": 1, "replication": 1, "purpose": 1, "visit": 1}
    other = base | {neighbour: 2}
    x, y = (keyed.uniforms(a["seed"], a["replication"], keys, a["purpose"], a["visit"]) for a in (base, other))
    cells = np.histogram2d(x, y, bins=32, range=[[0, 1], [0, 1]])[0]
    assert stats.chisquare(cells.ravel()).pvalue > 1e-4
    assert abs(np.corrcoef(x, y)[0, 1]) < 4.5 / np.sqrt(DRAWS)


def test_derived_keys_do_not_collide_in_a_family():
    """A hundred parents with a hundred children for each of twenty purposes make 200 000 different keys."""
    keys = {keyed.derived_key(p, q, o) for p in range(100) for q in range(20) for o in range(100)}
    assert len(keys) == 200_000


@pytest.mark.parametrize("place", [0, 1, 2])
def test_one_changed_bit_changes_half_the_derived_key(place):
    """Each output bit flips with probability one half when any input bit flips (avalanche)."""
    flips = np.zeros((64, 64))
    trials = 256
    for trial in range(trials):
        arguments = [trial, 3 * trial + 1, trial]
        before = keyed.derived_key(*arguments)
        for bit in range(64):
            changed = arguments.copy()
            changed[place] = int(np.array(changed[place], np.uint64) ^ np.uint64(1 << bit))
            changed[place] -= 2**64 if changed[place] >= 2**63 else 0
            difference = (before ^ keyed.derived_key(*changed)) & (2**64 - 1)
            flips[bit] += [(difference >> b) & 1 for b in range(64)]
    share = flips / trials
    assert abs(share.mean() - 0.5) < 0.005
    assert share.min() > 0.5 - 6 * 0.5 / np.sqrt(trials)
    assert share.max() < 0.5 + 6 * 0.5 / np.sqrt(trials)


def test_derived_key_tells_its_arguments_apart():
    """Parent, purpose and ordinal cannot be swapped."""
    assert len({keyed.derived_key(*p) for p in [(1, 2, 3), (1, 3, 2), (2, 1, 3), (2, 3, 1), (3, 1, 2), (3, 2, 1)]}) == 6


def test_purposes_are_stable_32_bit_numbers():
    """Names give the same number everywhere, spread over 32 bits."""
    numbers = [keyed.purpose_of(f"step {i}") for i in range(2000)]
    assert len(set(numbers)) == 2000
    assert all(0 <= number < 2**32 for number in numbers)
    assert stats.kstest(np.array(numbers) / 2**32, "uniform").pvalue > 1e-4
    assert keyed.purpose_of("orçamento") != keyed.purpose_of("orcamento")
