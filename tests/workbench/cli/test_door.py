"""The first moments of `caudal`, before there is any command."""

import os
import subprocess
import sys

import pytest

from tests.workbench.cli.conftest import ROOT


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        ("raise KeyboardInterrupt", 130, "caudal: interrupted\n"),
        ("exec('raise KeyboardInterrupt')", 130, "caudal: interrupted\n"),
        ("raise PermissionError('remove it')", 2, "caudal: remove it\n"),
    ],
)
def test_what_happens_while_commands_are_imported_is_a_sentence(tmp_path, error, code, said):
    """Ctrl-C, and no place for compiled code, in the midst of an import: no traceback."""
    (tmp_path / "click.py").write_text(error, encoding="utf-8")
    path = os.pathsep.join((str(tmp_path), str(ROOT)))
    done = subprocess.run(
        [sys.executable, "-m", "workbench.cli", "scenarios"], capture_output=True, text=True, check=False,
        env=os.environ | {"PYTHONPATH": path},
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (code, "", said)


def test_an_interrupt_while_a_class_is_made_ends_with_the_code_of_an_interrupt(tmp_path):
    """Data classes are made by ``exec``, after whose interruption Python would end by the signal, not by 130."""
    (tmp_path / "numpy.py").write_text("exec('raise KeyboardInterrupt')", encoding="utf-8")
    path = os.pathsep.join((str(tmp_path), str(ROOT)))
    done = subprocess.run(
        [sys.executable, "-m", "workbench.cli", "verify"], capture_output=True, text=True, check=False,
        env=os.environ | {"PYTHONPATH": path},
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr.strip()) == (130, "", "caudal: interrupted")
