import os
import subprocess
import sys
from pathlib import Path

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
    """The command runs with rare collections."""
    script = (
        "import gc, sys; from workbench.cli import main; sys.argv = ['caudal', 'scenarios'];"
        "main.exit_code = lambda _: print(gc.get_threshold()[0] >= 1_000_000); main.main()"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["True"]


ENDING = """
import atexit, sys
from workbench.cli import __main__, main

class Kept:
    def __del__(self):
        print("taken down")

kept = Kept()

def exit_code(arguments):
    atexit.register(print, "tidied up")
    return int(arguments[0])

main.exit_code = exit_code
{entry}.main()
"""


def ended(argument, entry="__main__", **where):
    """The process after the script, which keeps what it prints until it is flushed."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    command = [sys.executable, "-c", ENDING.replace("{entry}", entry), argument]
    return subprocess.run(command, text=True, check=False, env=kept, stderr=subprocess.PIPE, **where)


@pytest.mark.parametrize("code", [0, 1, 130])
def test_what_was_loaded_is_left_to_the_system(code):
    """At the end what asked for it is called and all is written; objects are not taken down one by one."""
    done = ended(str(code), stdout=subprocess.PIPE)
    assert (done.returncode, done.stdout, done.stderr) == (code, "tidied up\n", "")


def test_who_calls_the_commands_goes_on_and_ends_by_itself():
    """Only the program's own entry ends the process at once: objects are taken down where a script calls another."""
    done = ended("0", entry="main", stdout=subprocess.PIPE)
    assert done.stdout == "tidied up\ntaken down\n"


def test_an_error_that_nobody_foresaw_is_shown():
    """A traceback, and Python's own exit code."""
    done = ended("none", stdout=subprocess.PIPE)
    assert done.returncode == 1
    assert "ValueError" in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_what_cannot_be_written_at_the_end_is_told():
    """Python says so, with an exit code that is not 0."""
    with Path("/dev/full").open("w") as full:
        done = ended("0", stdout=full)
    assert done.returncode != 0
    assert "No space left" in done.stderr


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


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no disk that is always full")
@pytest.mark.parametrize("arguments", [["--help"], ["scenarios"], ["scenarios", "--json", "-"]])
def test_output_that_cannot_be_written_is_told(arguments):
    """A full disk is a sentence and exit code 2, whether it is noticed while printing or when all is printed."""
    with Path("/dev/full").open("w") as full:
        command = [sys.executable, "-m", "workbench.cli", *arguments]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stderr) == (2, "caudal: the output cannot be written: No space left on device\n")


@pytest.mark.parametrize("arguments", [["--help"], ["scenarios"]])
def test_a_reader_that_leaves_is_no_mistake(arguments):
    """As with `| head`: nothing is said, and the exit code is 0."""
    command = [sys.executable, "-m", "workbench.cli", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        running.stdout.close()
        said = running.stderr.read()
    assert (running.returncode, said) == (0, "")
