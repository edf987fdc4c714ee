"""What must be equal on two machines for their results to be equal to the last bit."""

from __future__ import annotations

import hashlib
import platform
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import numpy as np

import simulator
from simulator.chance.distributions import DistributionTable, samples

_COMPUTING: Final = ("numpy", "numba", "scipy")
_NUMBERS: Final = 4096
_SAMPLED: Final[dict[str, dict[str, Any]]] = {
    "normal": {"mean": 0.0, "sd": 1.0},
    "lognormal": {"median": 1.0, "sigma": 0.7},
    "exponential": {"mean": 3.0},
    "weibull": {"shape": 1.7, "scale": 2.0},
    "gamma": {"shape": 2.3, "scale": 1.1},
    "beta": {"a": 1.3, "b": 2.9},
}
"""Distributions that together take logarithms, exponentials, powers and square roots, and the tables of SciPy."""


@cache
def software() -> str:
    """Digest of the code, versions of Python and of what computes, and digest of what the machine computes."""
    digest = hashlib.blake2b(digest_size=8)
    root = Path(simulator.__file__).parent
    for source in sorted(root.rglob("*.py")):
        digest.update(source.relative_to(root).as_posix().encode())
        digest.update(source.read_bytes().replace(b"\r\n", b"\n"))
    libraries = (f"{name} {version(name)}" for name in _COMPUTING)
    code = f"code {digest.hexdigest()}"
    return ", ".join((code, f"Python {platform.python_version()}", *libraries, f"arithmetic {arithmetic()}"))


def arithmetic() -> str:
    """Digest of sampled values: libraries of mathematics and processors differ in the last bit of exp, log or pow."""
    digest = hashlib.blake2b(digest_size=8)
    table = DistributionTable()
    rows = [table.add(form, parameters) for form, parameters in _SAMPLED.items()]
    numbers = np.arange(0.5, _NUMBERS) / _NUMBERS
    for row in rows:
        digest.update(samples(numbers, row, table.rows, table.points).tobytes())
    return digest.hexdigest()
