"""What compiling functions loads, and what it leaves as it was."""

import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from numba import njit

from simulator.chance.compiled import Late, bare, compiled, inlined, interpreted
from simulator.chance.formulas import of_two
from simulator.chance.keyed import uniform


def told(script):
    """What a fresh process prints."""
    return subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.split()


LAYING_OUT = """
import sys
from simulator.experiment import checks
from simulator.experiment.plan import Plan
from simulator.experiment.replications import compiled
from simulator.kpis.catalogue import catalogue
from simulator.schema.loading import load_scenario
program = compiled(load_scenario("baselines/pt_installation"), Plan(warm_up=0.0, length=336.0))
print(len(catalogue(program)) > 100, "numba" in sys.modules)
from simulator.engines.choice import engine_of
engine_of("simpy")(program, 0, 0)
print("numba" in sys.modules)
"""


def test_a_scenario_becomes_a_program_without_numba():
    """Only who runs it waits until Numba has been imported, which takes longer than to lay out the program."""
    assert told(LAYING_OUT) == ["True", "False", "True"]


def test_a_function_calls_others_whether_they_have_been_called_before_or_not():
    """What has not been called yet is made when what calls it is compiled."""
    fresh = compiled("float64(float64)")(square)

    def of_both(x):
        return fresh(x) + uniform(1, 2, 3, 4, 5)

    assert bare(of_both)(3.0) == 9.0 + uniform(1, 2, 3, 4, 5)


def test_threads_that_call_first_together_share_what_one_makes():
    """Each would compile it for itself otherwise."""
    made = []
    together = threading.Barrier(4)

    def make():
        made.append(1)
        time.sleep(0.05)
        return square

    late = Late(make)

    def call(x):
        together.wait()
        return late(x)

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(call, range(4))) == [0, 1, 4, 9]
    assert made == [1]


FIRST_OF_ALL = """
from threading import Barrier, Thread
from simulator.chance.keyed import uniform
together = Barrier(4)

def first():
    together.wait()
    uniform(1, 2, 3, 4, 5)

threads = [Thread(target=first) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
from numba.np import linalg
print(linalg.ensure_blas.__module__)
"""


def test_threads_that_import_numba_together_leave_it_as_it_was():
    """Whoever estimates in a notebook goes on to multiply matrices in functions of his own."""
    assert told(FIRST_OF_ALL) == ["numba.np.linalg"]


def test_a_compiled_function_keeps_what_it_says_and_the_function_that_python_runs():
    """For documentation and for who works out a few numbers without Numba."""
    late = bare(square)
    assert (late.__name__, late.__doc__) == ("square", "The square of a number.")
    assert interpreted(late) is square
    assert interpreted(of_two)(4, 1.5, 2.0) == of_two(4, 1.5, 2.0) == 3.5


def test_the_compiled_engine_loads_no_linear_algebra():
    """A command does not wait for SciPy's linear algebra, of which nothing that is compiled here makes use."""
    run = "from simulator.engines import warm; warm.run_small()"
    assert told(f"import sys; {run}; print('numba' in sys.modules, 'scipy.linalg' in sys.modules)") == ["True", "False"]


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
    assert way(square).made.targetoptions["forceinline"] is copied
