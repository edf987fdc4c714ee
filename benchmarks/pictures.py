"""The pictures of the README, taken from today's code: ``python -m benchmarks.pictures``, some minutes.

The workbench after *Run and compare* of the baseline with three what-ifs, and the report of the shipped study. Needs
Chromium or Chrome, as the browser tests do.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from playwright.sync_api import Page, sync_playwright

from workbench.parts.pickers import REPLICATIONS_AT_FIRST

ROOT: Final = Path(__file__).parents[1]
IMAGES: Final = ROOT / "docs" / "images"
BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
KEPT: Final = 3
"""What-ifs that are compared with the baseline."""
MINUTES: Final = 60_000
"""Milliseconds of one."""


def main() -> None:
    """Take both pictures and put them where the README shows them."""
    browser = os.environ.get("CAUDAL_BROWSER") or next(filter(None, map(shutil.which, BROWSERS)), None)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright, workbench() as address:
        chromium = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox", "--disable-gpu"])
        compared(chromium.new_page(viewport={"width": 1280, "height": 1840}), address)
        study = Path(folder) / "study"
        subprocess.run([*caudal(), "study", "first_study", "--output", str(study)], check=True, cwd=folder)
        page = chromium.new_page(viewport={"width": 816, "height": 1160})
        page.goto((study / "report.html").as_uri())
        page.screenshot(path=IMAGES / "report.png")


def compared(page: Page, address: str) -> None:
    """The baseline and its first what-ifs, with their results."""
    page.set_default_timeout(5 * MINUTES)
    page.goto(address)
    run = page.get_by_role("button", name="Run and compare")
    run.wait_for()
    removers = page.get_by_test_id("stMultiSelect").get_by_role("button", name="Remove ")
    while removers.count() > KEPT:
        removers.last.click()
        page.wait_for_timeout(3_000)  # the first click may but bring the name into view
    page.get_by_text(f"{(KEPT + 1) * REPLICATIONS_AT_FIRST} replications, about").wait_for()
    run.click()
    page.get_by_role("button", name="Report (HTML)").wait_for()
    page.get_by_text("What changes against the base").wait_for()
    page.mouse.move(0, 0)
    page.wait_for_timeout(2_000)
    page.screenshot(path=IMAGES / "workbench.png")


@contextmanager
def workbench() -> Iterator[str]:
    """The workbench on a free port, and its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = ["--server.headless", "true", "--server.port", str(port), "--server.fileWatcherType", "none"]
    command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py"), *options]
    server = subprocess.Popen(command, cwd=ROOT)
    try:
        while socket.socket().connect_ex(("127.0.0.1", port)):
            time.sleep(0.5)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(20)


def caudal() -> list[str]:
    """The command line, by the interpreter that runs this."""
    return [sys.executable, "-m", "workbench.cli"]


if __name__ == "__main__":
    main()
