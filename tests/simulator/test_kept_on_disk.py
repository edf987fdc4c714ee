"""What is kept on disk from one command to the next."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from simulator import kept_on_disk as place
from simulator.chance import curves
from simulator.kept_on_disk import kept_on_disk


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder like that of compiled code."""
    compiled = tmp_path / "compiled-0"
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(compiled))
    return compiled


def counting(result):
    """A function that says how often it has been asked."""

    def work_out():
        work_out.asked += 1
        return result

    work_out.asked = 0
    return work_out


def test_what_was_worked_out_is_not_worked_out_again(folder):
    """By name and kind: another name or another version is another question."""
    found = {"x": [1, 0.1, 5e-324, -0.0, float("inf")], "y": "ção"}
    work_out = counting(found)
    assert [kept_on_disk("kind 1", "a", work_out) for _ in range(3)] == [found] * 3
    assert work_out.asked == 1
    assert (kept_on_disk("kind 1", "b", work_out), kept_on_disk("kind 2", "a", work_out)) == (found, found)
    assert work_out.asked == 3


@pytest.mark.parametrize("text", ["", '{"x": [1, 2', "\\udcff"])
def test_a_spoilt_file_is_worked_out_anew(folder, text):
    """And is whole again afterwards."""
    assert kept_on_disk("kind", "a", lambda: [1]) == [1]
    (file,) = (folder / "kind").iterdir()
    file.write_text(text, encoding="utf-8", errors="surrogatepass")
    assert kept_on_disk("kind", "a", lambda: [2]) == [2]
    assert kept_on_disk("kind", "a", lambda: [3]) == [2]


def test_where_nothing_can_be_written_it_is_worked_out_each_time(folder):
    """A file stands where the folder should be."""
    folder.mkdir()
    (folder / "kind").write_text("in the way", encoding="utf-8")
    work_out = counting([1])
    assert [kept_on_disk("kind", "a", work_out) for _ in range(2)] == [[1], [1]]
    assert work_out.asked == 2


def test_in_a_folder_that_a_user_has_named_nothing_is_kept(tmp_path, monkeypatch):
    """Nothing tells there by which sources it was worked out."""
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "mine"))
    work_out = counting([1])
    assert [kept_on_disk("kind", "a", work_out) for _ in range(2)] == [[1], [1]]
    assert work_out.asked == 2
    assert not (tmp_path / "mine").exists()


def test_only_so_many_files_are_written(folder, monkeypatch):
    """A search that asks for more fills no disk."""
    monkeypatch.setattr(place, "MOST", 3)
    for number in range(5):
        assert kept_on_disk("kind", str(number), lambda n=number: [n]) == [number]
    assert sorted(file.name for file in (folder / "kind").iterdir()) == ["0.json", "1.json", "2.json"]


@pytest.mark.parametrize(
    ("made", "parameters"),
    [("_gamma", (0.03,)), ("_gamma", (7.7,)), ("_beta", (0.1, 9.0)), ("_beta", (2.5, 3.5)), ("_poisson", (3.3,))],
)
def test_curves_are_the_same_to_the_last_bit(folder, made, parameters):
    """As they are made, as they are kept, and as they are read."""
    made = getattr(curves, made)
    first, again = (curves._kept(made, *parameters) for _ in range(2))
    assert len(list(folder.rglob("*.json"))) == 1
    for kept in (first, again):
        np.testing.assert_array_equal(kept.view(np.int64), made(*parameters).view(np.int64))


def test_every_shape_has_a_curve_of_its_own(folder):
    """Shapes that differ in the last bit, parameters that change places, and laws with the same parameters."""
    shapes = [("_gamma", (2.0,)), ("_gamma", (np.nextafter(2.0, 3.0),)), ("_poisson", (2.0,)), ("_beta", (2.0, 3.0))]
    for _ in range(2):
        for name, parameters in [*shapes, ("_beta", (3.0, 2.0))]:
            made = getattr(curves, name)
            np.testing.assert_array_equal(curves._kept(made, *parameters), made(*parameters))
    assert len(list(folder.rglob("*.json"))) == 5


PORTUGAL = """
import sys
from simulator.program.compiler import compile_scenario
from simulator.schema.loading import load_scenario
loaded = load_scenario("baselines/pt_installation")
program = compile_scenario(loaded.scenario, loaded.folder, loaded.digest)
print([name for name in ("holidays", "scipy.special") if name in sys.modules], program.tables.chances.points.sum())
"""


def test_a_second_command_imports_neither_holidays_nor_special_functions():
    """The shipped company works on Portuguese holidays and draws from curves; both were worked out by the first."""
    first, second = (
        subprocess.run([sys.executable, "-c", PORTUGAL], capture_output=True, text=True, check=True, timeout=120).stdout
        for _ in range(2)
    )
    assert second.startswith("[] ")
    assert second.split()[-1] == first.split()[-1]
