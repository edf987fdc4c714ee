"""Keyed random numbers: every draw is a pure function of (seed, replication, case key, purpose, visit).

The generator is Philox-4x32-10 of Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC11
(2011), a counter-based generator without state. So a draw does not depend on which draws were made before it.
"""

from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from simulator.chance.compiled import KEYS, bare, compiled, inlined

Word = np.uint64

# Numba turns uint64 with a plain int into float64, hence typed constants.
_WORD = np.uint64(0xFFFFFFFF)
_HALF = np.uint64(32)
_MULTIPLIER_0 = np.uint64(0xD2511F53)
_MULTIPLIER_1 = np.uint64(0xCD9E8D57)
_WEYL_0 = np.uint64(0x9E3779B9)
_WEYL_1 = np.uint64(0xBB67AE85)
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_STAFFORD_1 = np.uint64(0xBF58476D1CE4E5B9)
_STAFFORD_2 = np.uint64(0x94D049BB133111EB)
_SHIFT_27 = np.uint64(27)
_SHIFT_30 = np.uint64(30)
_SHIFT_31 = np.uint64(31)
_SHIFT_11 = np.uint64(11)
_SHIFT_21 = np.uint64(21)

SMALLEST = 2.0**-54
"""The smallest uniform number."""
LARGEST = 1.0 - 2.0**-53
"""The largest uniform number."""


@compiled("UniTuple(uint64, 4)(uint64, uint64, uint64, uint64, uint64, uint64)", inline=True)
def philox4x32(c0: Word, c1: Word, c2: Word, c3: Word, k0: Word, k1: Word) -> tuple[Word, Word, Word, Word]:
    """Encrypt a counter of four 32-bit words under a key of two with ten rounds of Philox; return four 32-bit words.

    Words are held in uint64, because the rounds need 32 x 32 -> 64 bit products. Arguments must be below 2**32.
    """
    for _ in range(10):
        product_0 = _MULTIPLIER_0 * c0
        product_1 = _MULTIPLIER_1 * c2
        c0, c1, c2, c3 = (
            (product_1 >> _HALF) ^ c1 ^ k0,
            product_1 & _WORD,
            (product_0 >> _HALF) ^ c3 ^ k1,
            product_0 & _WORD,
        )
        k0 = (k0 + _WEYL_0) & _WORD
        k1 = (k1 + _WEYL_1) & _WORD
    return c0, c1, c2, c3


@inlined
def _block(seed: int, replication: int, case_key: int, purpose: int, visit: int) -> tuple[Word, Word, Word, Word]:
    """Return the 128 random bits of one draw as four 32-bit words."""
    return philox4x32(
        np.uint64(case_key & 0xFFFFFFFF),
        np.uint64((case_key >> 32) & 0xFFFFFFFF),
        np.uint64(purpose & 0xFFFFFFFF),
        np.uint64(visit & 0xFFFFFFFF),
        np.uint64(seed & 0xFFFFFFFF),
        np.uint64(replication & 0xFFFFFFFF),
    )


@inlined
def _unit(high: Word, low: Word) -> float:
    """Turn two 32-bit words into a float64 of 53 random bits strictly inside (0, 1)."""
    bits = (high << _SHIFT_21) | (low >> _SHIFT_11)
    # A half step added to every number would round the largest one up to 1.0; only zero is moved.
    return max(float(bits) * 2.0**-53, SMALLEST)


@compiled("float64(int64, int64, int64, int64, int64)", inline=True)
def uniform(seed: int, replication: int, case_key: int, purpose: int, visit: int) -> float:
    """Return the uniform number of one draw, float64 strictly inside (0, 1), with 53 random bits.

    All arguments are int64. `case_key` counts with all its 64 bits, the others with their low 32 bits.
    """
    word_0, word_1, _, _ = _block(seed, replication, case_key, purpose, visit)
    return _unit(word_0, word_1)


@bare
def first_uniforms(
    seed: int, replication: int, key: int, purposes: NDArray[np.int64], numbers: NDArray[np.float64]
) -> None:
    """Write `uniform` of a case's first visits for each purpose: int64[n] -> float64[n].

    One loop that calls nothing, so that the processor works on several purposes at a time.
    """
    for position in range(purposes.size):
        numbers[position] = uniform(seed, replication, key, purposes[position], 0)


@compiled(f"float64[::1](int64, int64, {KEYS}, int64, int64)", makes_arrays=True)
def uniforms(seed: int, replication: int, keys: NDArray[np.int64], purpose: int, visit: int) -> NDArray[np.float64]:
    """Return `uniform` for each key: int64[n] -> float64[n]."""
    numbers = np.empty(keys.size, np.float64)
    for position in range(keys.size):
        numbers[position] = uniform(seed, replication, keys[position], purpose, visit)
    return numbers


@bare
def _mixed(word: Word) -> Word:
    """Mix 64 bits one to one (variant 13 of Stafford, the finaliser of SplitMix64: Steele, Lea and Flood, 2014)."""
    word = (word ^ (word >> _SHIFT_30)) * _STAFFORD_1
    word = (word ^ (word >> _SHIFT_27)) * _STAFFORD_2
    return word ^ (word >> _SHIFT_31)


@compiled("int64(int64, int64, int64)")
def derived_key(key: int, purpose: int, ordinal: int) -> int:
    """Return the 64-bit key of a child case or arrival from its parent's key, its purpose and its ordinal (all int64).

    It knows no seed, so the same lead has the same key in every run. With two arguments fixed it is one to one in the
    third: siblings never collide. Otherwise n keys hold a collision with probability of about n**2 / 2**65: 3e-8 for
    a million cases. Two cases that collide would share their luck; nothing else would break.
    """
    word = _mixed(np.uint64(key) + _GOLDEN)
    word = _mixed((word ^ np.uint64(purpose)) + _GOLDEN)
    word = _mixed((word ^ np.uint64(ordinal)) + _GOLDEN)
    return np.int64(word)  # type: ignore[return-value]  # numba's int64 is an int in Python


def purpose_of(text: str) -> int:
    """Return a stable 32-bit number for a name (the first four bytes of its BLAKE2b digest, little end first)."""
    return int.from_bytes(blake2b(text.encode(), digest_size=4).digest(), "little")
