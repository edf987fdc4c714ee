"""Where compiled code is kept: beside its sources, else in the home, else in a folder that nobody else may write."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import simulator

WHERE = "import os, simulator; print(os.environ['NUMBA_CACHE_DIR'])"
pytestmark = pytest.mark.skipif(not hasattr(os, "getuid"), reason="Windows gives each user a temporary folder")


@pytest.fixture
def installed(tmp_path):
    """The package in a place that cannot be written, for a user whose home cannot be either."""
    (tmp_path / "simulator").mkdir()
    shutil.copy(simulator.__file__, tmp_path / "simulator")
    (tmp_path / "simulator" / "__pycache__").write_text("no folder, so that even root cannot write there")
    (tmp_path / "temporary").mkdir()

    def run(**environment):
        known = {name: value for name, value in os.environ.items() if name != "NUMBA_CACHE_DIR"}
        home = tmp_path / "simulator" / "__pycache__" / "home"
        told = {"HOME": str(home), "TMPDIR": str(tmp_path / "temporary"), "PYTHONPATH": str(tmp_path)}
        return subprocess.run(
            [sys.executable, "-c", WHERE], capture_output=True, text=True, check=False, cwd=tmp_path,
            env=known | told | environment,
        )  # fmt: skip

    return run


def test_without_a_home_it_is_kept_in_a_private_folder(installed, tmp_path):
    """One for the user, the same at each start, which nobody else may even read."""
    folder = tmp_path / "temporary" / f"caudal-{os.getuid()}"
    for _ in range(2):
        found = installed()
        assert Path(found.stdout.strip()).parent == folder, found.stderr
    assert folder.stat().st_mode & 0o777 == 0o700


def test_the_home_comes_first(installed, tmp_path):
    """Where it can be written, it outlasts a restart of the machine."""
    found = installed(HOME=str(tmp_path / "home"))
    assert Path(found.stdout.strip()).parent == tmp_path / "home" / ".cache" / "caudal"


def test_a_folder_that_was_asked_for_is_taken_where_it_can_be_written(installed, tmp_path):
    """Else the private one, since numba would fail."""
    own = tmp_path / "own"
    assert installed(NUMBA_CACHE_DIR=str(own)).stdout.strip() == str(own)
    never = tmp_path / "simulator" / "__pycache__" / "own"
    assert "caudal-" in installed(NUMBA_CACHE_DIR=str(never)).stdout


@pytest.mark.parametrize("how", ["open", "link"])
def test_a_folder_that_others_may_write_is_refused(installed, tmp_path, how):
    """They could put code there, which would be run; the sentence says what to do."""
    folder = tmp_path / "temporary" / f"caudal-{os.getuid()}"
    if how == "open":
        folder.mkdir()
        folder.chmod(0o777)
    else:
        (tmp_path / "elsewhere").mkdir()
        folder.symlink_to(tmp_path / "elsewhere")
    found = installed()
    assert found.returncode == 1
    assert "remove it, or let NUMBA_CACHE_DIR name a folder of your own" in found.stderr


def test_a_user_without_any_home_has_the_private_folder(installed, tmp_path):
    """As in a container under a number that no user has: a home is then the bare word for one."""
    found = installed(HOME="~")
    assert Path(found.stdout.strip()).parent == tmp_path / "temporary" / f"caudal-{os.getuid()}", found.stderr


def test_a_file_in_the_way_is_refused_in_a_sentence(installed, tmp_path):
    """Nothing of another is removed."""
    (tmp_path / "temporary" / f"caudal-{os.getuid()}").write_text("mine")
    found = installed()
    assert found.returncode == 1
    assert "remove it, or let NUMBA_CACHE_DIR name a folder of your own" in found.stderr
