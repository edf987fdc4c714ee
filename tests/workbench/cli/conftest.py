import os
import subprocess
import sys
from pathlib import Path

import pytest

from workbench.cli.main import exit_code

ROOT = Path(__file__).resolve().parents[3]
TOY = ROOT / "tests" / "simulator" / "experiment" / "toy_funnel.yaml"
SHORT = ("--replications", "3", "--jobs", "1", "--warm-up", "1 wk", "--length", "2 wk")


@pytest.fixture
def caudal(capsys):
    """Run a command line in this process: exit code, standard output, standard error."""

    def run(*arguments):
        code = exit_code([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        return code, out, err

    return run


@pytest.fixture
def started():
    """Start `caudal` as a process of its own, in a session of its own, that ends with the test."""
    processes = []

    def start(*arguments):
        environment = os.environ | {"PYTHONPATH": str(ROOT)}
        process = subprocess.Popen(
            [sys.executable, "-m", "workbench.cli", *map(str, arguments)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment,
            start_new_session=True,
        )
        processes.append(process)
        return process

    yield start
    for process in processes:
        process.kill()
        process.communicate()


@pytest.fixture
def variant(tmp_path):
    """A file like the toy scenario with one text replaced by another."""

    def changed(old, new, name="variant.yaml"):
        text = TOY.read_text(encoding="utf-8")
        assert old in text
        path = tmp_path / name
        path.write_text(text.replace(old, new), encoding="utf-8")
        return path

    return changed
