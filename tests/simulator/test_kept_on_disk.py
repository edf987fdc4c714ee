"""What is kept on disk from one command to the next."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import version

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


@pytest.mark.parametrize("text", ["", '{"x": [1, 2', "\\udcff", "null", "[9]", "0123456789abcdef\n[9]"])
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


def test_only_so_many_files_stand_there(folder, monkeypatch):
    """A search that asks for more fills no disk, and those that come after it are kept again."""
    monkeypatch.setattr(place, "MOST", 3)
    for number in range(5):
        assert kept_on_disk("kind", str(number), lambda n=number: [n]) == [number]
    assert sorted(file.name for file in (folder / "kind").iterdir()) == ["3.kept", "4.kept"]


def test_a_file_that_cannot_be_finished_leaves_nothing(folder, monkeypatch):
    """A full disk, or Ctrl-C between writing and naming it."""
    monkeypatch.setattr(place.Path, "replace", lambda *_: (_ for _ in ()).throw(OSError("full")))
    assert kept_on_disk("kind", "a", lambda: [1]) == [1]
    assert list((folder / "kind").iterdir()) == []


def test_nobody_reads_half_a_file(folder, monkeypatch):
    """What is being written has another name until it is whole."""
    seen, write = [], place.Path.write_text

    def watched(path, text, **how):
        write(path, text[:2], **how)
        seen.extend(file.suffix for file in (folder / "kind").iterdir())
        return write(path, text, **how)

    monkeypatch.setattr(place.Path, "write_text", watched)
    assert kept_on_disk("kind", "a", lambda: [1, 2, 3]) == [1, 2, 3]
    assert seen != [".kept"]
    assert [file.name for file in (folder / "kind").iterdir()] == ["a.kept"]


@pytest.mark.parametrize(
    ("made", "parameters"),
    [("_gamma", (0.03,)), ("_gamma", (7.7,)), ("_beta", (0.1, 9.0)), ("_beta", (2.5, 3.5)), ("_poisson", (3.3,))],
)
def test_curves_are_the_same_to_the_last_bit(folder, made, parameters):
    """As they are made, as they are kept, and as they are read."""
    made = getattr(curves, made)
    first, again = (curves._kept(made, *parameters) for _ in range(2))
    assert len(list(folder.rglob("*.kept"))) == 1
    for kept in (first, again):
        np.testing.assert_array_equal(kept.view(np.int64), made(*parameters).view(np.int64))


def test_every_shape_has_a_curve_of_its_own(folder):
    """Shapes that differ in the last bit, parameters that change places, and laws with the same parameters."""
    shapes = [("_gamma", (2.0,)), ("_gamma", (np.nextafter(2.0, 3.0),)), ("_poisson", (2.0,)), ("_beta", (2.0, 3.0))]
    for _ in range(2):
        for name, parameters in [*shapes, ("_beta", (3.0, 2.0))]:
            made = getattr(curves, name)
            np.testing.assert_array_equal(curves._kept(made, *parameters), made(*parameters))
    assert len(list(folder.rglob("*.kept"))) == 5


def test_machines_that_round_otherwise_keep_curves_of_their_own(monkeypatch):
    """They may share a folder: a last bit of NumPy's or of the C library's functions makes another kind."""
    computed_by = curves._computed_by.__wrapped__
    here = computed_by()
    assert computed_by() == here
    for library, name in ((curves.np, "exp"), (curves.np, "log"), (curves.math, "lgamma")):
        function = getattr(library, name)
        with monkeypatch.context() as other:
            other.setattr(library, name, lambda x, f=function: np.nextafter(f(x), np.inf))
            assert computed_by() != here


PORTUGAL = """
import os, sys
from simulator.program.compiler import compile_scenario
from simulator.schema.loading import load_scenario
os.environ["NUMBA_CACHE_DIR"] = sys.argv[1]
loaded = load_scenario("baselines/pt_installation")
program = compile_scenario(loaded.scenario, loaded.folder, loaded.digest)
print([name for name in ("holidays", "scipy.special") if name in sys.modules], program.tables.chances.points.sum())
"""


def test_a_second_command_imports_neither_holidays_nor_special_functions(tmp_path):
    """The shipped company works on Portuguese holidays and draws from curves; both were worked out by the first."""
    command = [sys.executable, "-c", PORTUGAL, str(tmp_path / "compiled-0")]
    first, second = (
        subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout for _ in range(2)
    )
    assert first.startswith("['holidays', 'scipy.special'] ")
    kinds = sorted(each.name for each in (tmp_path / "compiled-0").iterdir())
    assert kinds == [curves._computed_by(), f"holidays {version('holidays')}"]
    assert f"numpy {np.__version__} scipy {version('scipy')} " in kinds[0]
    assert second.startswith("[] ")
    assert second.split()[-1] == first.split()[-1]
