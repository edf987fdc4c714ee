"""The rules that tests/conftest.py imposes, tried on toy tests in a pytest of their own."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest

CONFTEST = Path(__file__).resolve().parents[1] / "conftest.py"
pytestmark = pytest.mark.slow


@pytest.fixture
def toy(tmp_path):
    """Run pytest on the text of a toy test, with conftest.py beside it and no browser on the PATH."""
    shutil.copy(CONFTEST, tmp_path)
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers = browser: real browser\n", encoding="utf-8")

    def run(text, *options, **variables):
        (tmp_path / "test_toy.py").write_text(dedent(text), encoding="utf-8")
        environment = {name: os.environ[name] for name in ("SYSTEMROOT",) if name in os.environ}
        environment |= {"PATH": str(tmp_path), **variables}
        command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *options, str(tmp_path)]
        finished = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        return finished.returncode, finished.stdout.strip().splitlines()

    return run


BROWSER_TEST = 'def test_page(browser_page):\n    """A page opens."""\n'


def test_a_test_without_a_sentence_is_not_collected(toy):
    """A test function without docstring stops the run with its name."""
    code, lines = toy("def test_silent():\n    assert True\n")
    assert code == pytest.ExitCode.INTERRUPTED
    assert any("test_toy.py::test_silent has no docstring" in line for line in lines)


def test_without_a_browser_the_last_lines_say_why_tests_were_skipped(toy):
    """The reason stands just above pytest's own closing line."""
    code, lines = toy(BROWSER_TEST)
    assert code == pytest.ExitCode.OK
    assert "1 skipped, no browser found" in lines[-2]
    assert "1 skipped" in lines[-1]


def test_the_reason_also_comes_through_from_worker_processes(toy):
    """Skips that happened in the workers of `make test` are told as well."""
    code, lines = toy(BROWSER_TEST, "-n", "1")
    assert code == pytest.ExitCode.OK
    assert "1 skipped, no browser found" in lines[-2]


def test_a_required_browser_that_is_missing_is_a_failure(toy):
    """With CAUDAL_REQUIRE_BROWSER=1 nothing is skipped in silence."""
    code, lines = toy(BROWSER_TEST, CAUDAL_REQUIRE_BROWSER="1")
    assert code == pytest.ExitCode.TESTS_FAILED
    assert any("CAUDAL_REQUIRE_BROWSER=1, but no browser found" in line for line in lines)


def test_browser_tests_are_marked_by_the_fixture_they_use(toy):
    """Leaving out browser tests needs no marker written by hand."""
    code, lines = toy(BROWSER_TEST, "-m", "not browser")
    assert code == pytest.ExitCode.NO_TESTS_COLLECTED
    assert "1 deselected" in lines[-1]


def test_worker_processes_start_after_a_screen_was_tested(toy):
    """AppTest leaves its script as the main module, which spawned workers would run instead of their task."""
    code, lines = toy(
        """
        from concurrent.futures import ProcessPoolExecutor
        from multiprocessing import get_context

        from streamlit.testing.v1 import AppTest

        def test_screen():
            'A screen that fails wherever it is run.'
            assert AppTest.from_string("undefined").run().exception

        def test_pool():
            'Workers start.'
            with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
                assert pool.submit(abs, -1).result(timeout=60) == 1
        """
    )
    assert code == pytest.ExitCode.OK, lines


def test_a_real_browser_draws_a_page(browser_page):
    """The browser that the fixtures find runs scripts and lays out what they draw."""
    browser_page.set_content("<svg width=40 height=40><rect width=30 height=20 /></svg>")
    browser_page.evaluate("document.querySelector('rect').setAttribute('width', 35)")
    assert browser_page.locator("rect").bounding_box()["width"] == 35
