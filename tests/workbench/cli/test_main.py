import subprocess
import sys

import click
import pytest

from simulator.errors import Cancelled, StudyError
from workbench.cli.main import COMMANDS, exit_code
from workbench.cli.main import caudal as group


def test_help_lists_every_command(caudal):
    """The help names all commands in the order of use, each with its sentence."""
    code, out, _ = caudal("--help")
    assert code == 0
    assert out.split("Commands:")[1].split()[0] == "scenarios"
    assert all(f"  {name} " in out for name in COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_helps(caudal, name):
    """Each command explains itself, in the words of the list or more."""
    code, out, _ = caudal(name, "--help")
    assert code == 0
    assert out.startswith(f"Usage: caudal {name}")


def test_help_is_quick_because_nothing_heavy_is_imported():
    """Neither numerics nor screens are loaded to print the help."""
    script = (
        "import sys; from workbench.cli.main import exit_code; exit_code(['--help']);"
        "print(sorted({'numpy', 'numba', 'pandas', 'scipy', 'streamlit', 'altair'} & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_what_stays_is_not_looked_through_for_garbage():
    """The command runs with rare collections, and nothing that it leaves is gone through as the process ends."""
    script = (
        "import atexit, gc, sys; from workbench.cli.main import main; sys.argv = ['caudal', 'scenarios'];"
        "atexit.register(lambda: print(gc.get_threshold()[0] >= 1_000_000, gc.get_freeze_count() > 10_000)); main()"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "True True"


@pytest.mark.parametrize(("stated", "threads"), [(None, "1"), ("2", "2")])
def test_matrices_have_one_thread_where_nobody_asks_for_more(monkeypatch, stated, threads):
    """That is settled before NumPy is there, whose library of matrices reads it once."""
    monkeypatch.delenv("OPENBLAS_NUM_THREADS", raising=False)
    if stated is not None:
        monkeypatch.setenv("OPENBLAS_NUM_THREADS", stated)
    script = (
        "import os, sys; from workbench.cli import main; sys.argv = ['caudal', 'scenarios'];"
        "main.exit_code = lambda _: print('numpy' in sys.modules, os.environ['OPENBLAS_NUM_THREADS']); main.main()"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", threads]


@pytest.mark.parametrize(
    ("raised", "code"),
    [
        (StudyError("a sentence"), 2),
        (Cancelled("stopped"), 130),
        (KeyboardInterrupt(), 130),
        (click.Abort(), 130),
        (click.UsageError("a sentence"), 2),
    ],
)
def test_errors_become_exit_codes_in_one_place(monkeypatch, capsys, raised, code):
    """A mistake is 2 with its sentence, an interruption 130."""

    def fail(*_args, **_kwargs):
        raise raised

    monkeypatch.setattr(group, "main", fail)
    assert exit_code([]) == code
    assert ("a sentence" if code == 2 else "interrupted") in capsys.readouterr().err


def test_a_defect_of_ours_is_not_hidden(monkeypatch):
    """What is not the user's mistake keeps its traceback."""
    monkeypatch.setattr(group, "main", lambda *_args, **_kwargs: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        exit_code([])


def test_an_unknown_command_is_a_mistake(caudal):
    """A word that is no command ends with 2 and names it."""
    code, _, err = caudal("simulate")
    assert code == 2
    assert "simulate" in err


@pytest.mark.slow
def test_a_reader_that_leaves_early_is_no_error(started):
    """`caudal schema | head -1` ends quietly."""
    process = started("schema")
    process.stdout.readline()
    process.stdout.close()
    process.wait(timeout=60)
    assert process.returncode == 0
    assert process.stderr.read() == ""


@pytest.mark.slow
def test_python_m_is_the_same_command(started):
    """`python -m workbench.cli scenarios` lists the shipped scenarios."""
    out, _ = started("scenarios").communicate(timeout=60)
    assert "theory/m_m_1" in out
