import math
import pickle
import subprocess
import sys

import numpy as np
import pytest

from simulator.chance.distributions import DistributionTable, sample
from simulator.chance.sampling import COLUMNS


@pytest.fixture
def table():
    """An empty table."""
    return DistributionTable()


def test_rows_are_numbered_from_zero_and_repeats_are_recognised(table):
    """The same distribution is stored once, however it was said."""
    assert table.add("gamma", {"mean": 6, "cv": 0.5}) == 0
    assert table.add("fixed", {"value": 1}) == 1
    assert table.add("erlang", {"mean": 6, "stages": 4}) == 0
    assert table.add("fixed", {"value": 2}) == 2
    assert len(table) == 3
    assert [table.form(row) for row in range(3)] == ["gamma", "fixed", "fixed"]


def test_one_curve_serves_all_scales(table):
    """Two gammas of one shape share their points, and so do two PERTs of one proportion."""
    table.add("gamma", {"mean": 6, "cv": 0.5})
    size = table.points.size
    table.add("gamma", {"mean": 7, "cv": 0.5})
    assert table.points.size == size
    assert len(table) == 2


def test_arrays_are_flat_and_read_only(table):
    """Both engines may share them without fear."""
    row = table.add("poisson", {"mean": 3})
    assert table.rows.dtype == table.points.dtype == np.float64
    assert table.rows.shape == (1, COLUMNS)
    assert table.points.ndim == 1
    for array in (table.rows, table.points):
        with pytest.raises(ValueError, match="read-only"):
            array[row] = 0.0
    assert table.rows is table.rows


def test_an_empty_table_has_arrays_of_the_right_shape(table):
    """A program without chance is still a program."""
    assert table.rows.shape == (0, COLUMNS)
    assert table.points.shape == (1,)


def test_adding_later_leaves_earlier_rows_as_they_were(table):
    """Arrays taken before an addition stay valid, and old rows mean the same in the new ones."""
    row = table.add("beta", {"a": 2, "b": 3})
    rows, points = table.rows, table.points
    before = sample(0.3, row, rows, points)
    table.add("gamma", {"mean": 6, "cv": 0.5})
    assert sample(0.3, row, rows, points) == sample(0.3, row, table.rows, table.points) == before
    assert table.rows.shape[0] == 2


def test_a_table_travels_to_other_processes(table):
    """Pickling keeps rows, points and moments."""
    table.add("mix", {"parts": [(1, "fixed", {"value": 0}), (2, "exponential", {"mean": 2})]})
    copy = pickle.loads(pickle.dumps(table))  # noqa: S301 - our own bytes
    np.testing.assert_array_equal(copy.rows, table.rows)
    np.testing.assert_array_equal(copy.points, table.points)
    assert copy.mean(2) == table.mean(2)


def test_the_parts_of_a_mix_are_rows_before_it(table):
    """A mix refers to rows; a mix of one part is that part."""
    assert table.add("mix", {"parts": [(1, "fixed", {"value": 0}), (1, "fixed", {"value": 9})]}) == 2
    assert [table.form(row) for row in range(3)] == ["mix", "mix", "mix"]
    assert table.add("mix", {"parts": [(3, "fixed", {"value": 9}), (0, "fixed", {"value": 7})]}) == 1


@pytest.mark.parametrize(
    ("form", "parameters"),
    [
        ("fixed", {"value": 3, "min": 4}),
        ("uniform", {"low": 0, "high": 1, "min": 2, "max": 3}),
        ("normal", {"mean": 0, "sd": 1, "min": 8, "max": 9}),
        ("exponential", {"mean": 1, "max": 0}),
        ("gamma", {"mean": 1, "cv": 1.5, "min": 1e9}),
        ("poisson", {"mean": 1, "min": 1.2, "max": 1.8}),
        ("geometric", {"mean": 1, "min": 200}),
        ("choice", {"values": [1, 2], "weights": [1, 0], "min": 2}),
        ("empirical", {"values": [1, 2], "min": 3}),
        ("mix", {"parts": [(1, "fixed", {"value": 3}), (1, "exponential", {"mean": 1})], "max": -1}),
    ],
)
def test_truncation_that_leaves_nothing_is_refused(table, form, parameters):
    """The sentence names both bounds and the mend, and nothing is stored."""
    least, most = parameters.get("min", -math.inf), parameters.get("max", math.inf)
    with pytest.raises(ValueError) as caught:
        table.add(form, parameters)
    assert str(caught.value) == (
        f"{form}: min ({least:g}) and max ({most:g}) leave no probability between them; widen them."
    )
    assert len(table) == 0


def test_a_part_that_its_own_bounds_empty_is_refused(table):
    """A part of a mix without any probability of its own is a mistake, even where other parts remain."""
    parts = [(1, "fixed", {"value": 3, "min": 4}), (1, "fixed", {"value": 1})]
    with pytest.raises(ValueError, match=r"^fixed: min \(4\) and max \(inf\) leave no probability"):
        table.add("mix", {"parts": parts})


def test_a_part_that_the_bounds_of_the_mix_empty_is_left_out(table):
    """Truncating a mix may well exclude whole parts."""
    row = table.add("mix", {"parts": [(1, "fixed", {"value": 3}), (1, "fixed", {"value": 1})], "max": 2})
    assert table.mean(row) == 1.0
    assert table.form(row) == "mix"


def test_truncation_beyond_the_support_changes_nothing(table):
    """A minimum of zero on a duration that is never negative costs nothing."""
    plain = table.add("lognormal", {"median": 2, "p90": 9})
    assert table.add("lognormal", {"median": 2, "p90": 9, "min": 0}) == plain
    assert table.add("poisson", {"mean": 4}) == table.add("poisson", {"mean": 4, "min": 0})
    assert table.add("geometric", {"mean": 4}) == table.add("geometric", {"mean": 4, "min": 0})


def test_a_truncated_geometric_with_a_huge_mean_is_refused(table):
    """Its table would need millions of numbers."""
    with pytest.raises(
        ValueError, match=r"^geometric: mean \(100000\) is too large to be truncated; use exponential\.$"
    ):
        table.add("geometric", {"mean": 1e5, "min": 1})


def test_a_mistake_stores_nothing(table):
    """After a refused addition the table is as before."""
    with pytest.raises(ValueError, match="sd"):
        table.add("normal", {"mean": 1, "sd": -1})
    assert len(table) == 0


def test_scipy_is_loaded_only_when_a_form_needs_it(tmp_path):
    """Building tables without gamma, beta or Poisson stays light, and so does it with those that have been made."""
    program = """
import os, sys
from simulator.chance.distributions import DistributionTable
os.environ["NUMBA_CACHE_DIR"] = sys.argv[1]  # where curves are kept
table = DistributionTable()
table.add("lognormal", {"median": 2, "p90": 9, "max": 20})
print("scipy.special" in sys.modules, "scipy.stats" in sys.modules)
table.add("gamma", {"mean": 2, "cv": 0.5})
print("scipy.special" in sys.modules, "scipy.stats" in sys.modules)
"""
    command = [sys.executable, "-c", program, str(tmp_path / "compiled-0")]
    first, second = (
        subprocess.run(command, capture_output=True, text=True, check=True).stdout.split() for _ in range(2)
    )
    assert first == ["False", "False", "True", "False"]
    assert second == ["False", "False", "False", "False"]
