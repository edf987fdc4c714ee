"""What compiling functions loads, and what it leaves as it was."""

import subprocess
import sys

import numpy as np
import pytest
from numba import njit

from simulator.chance.compiled import bare, inlined  # what importing this does to Numba comes first


def test_the_compiled_engine_loads_no_linear_algebra():
    """A command does not wait for SciPy's linear algebra, of which nothing that is compiled here makes use."""
    asked = "import sys, simulator.engines.compiled_engine; print('scipy.linalg' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert told.stdout == "False\n"


def test_others_in_the_process_multiply_matrices():
    """A host of the library that lets Numba multiply matrices finds BLAS as ever."""
    product = njit(lambda left, right: left @ right)
    left, right = np.arange(6.0).reshape(2, 3), np.arange(12.0).reshape(3, 4)
    assert np.array_equal(product(left, right), left @ right)


def square(x):
    """The square of a number."""
    return x * x


@pytest.mark.parametrize(("way", "copied"), [(bare, False), (inlined, True)])
def test_a_function_says_whether_it_is_copied_into_its_callers(way, copied):
    """Numba would ask the caller where nothing is said, and copy all that an inlined function calls."""
    assert way(square).targetoptions["forceinline"] is copied
