"""What compiling functions loads, and what it leaves as it was."""

import subprocess
import sys

import numpy as np
from numba import njit

import simulator.chance.compiled  # noqa: F401 - what it does to Numba comes first


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
