"""The first moments of `caudal`, before there is any command."""

import os
import subprocess
import sys

import pytest

from tests.workbench.cli.conftest import ROOT


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [("KeyboardInterrupt", 130, "caudal: interrupted\n"), ("PermissionError('remove it')", 2, "caudal: remove it\n")],
)
def test_what_happens_while_commands_are_imported_is_a_sentence(tmp_path, error, code, said):
    """Ctrl-C, and no place for compiled code, in the midst of an import: no traceback."""
    (tmp_path / "click.py").write_text(f"raise {error}", encoding="utf-8")
    path = os.pathsep.join((str(tmp_path), str(ROOT)))
    done = subprocess.run(
        [sys.executable, "-m", "workbench.cli", "scenarios"], capture_output=True, text=True, check=False,
        env=os.environ | {"PYTHONPATH": path},
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (code, "", said)
