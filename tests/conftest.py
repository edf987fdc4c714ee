"""What all tests share: a real browser where one is found, and the rule that a test says what it shows."""

import os
import shutil
import sys
from pathlib import Path

import pytest

NAMES_OF_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
FLAGS = (
    "--no-sandbox",  # continuous integration runs as root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",  # containers give little shared memory
)
NO_BROWSER = (
    "no browser found: browser tests need Chromium or Chrome on the PATH, or its path in CAUDAL_BROWSER "
    "(Debian: apt-get install chromium)"
)


def find_browser():
    """Path of a Chromium or Chrome, or None; CAUDAL_BROWSER, when set, is the only one looked for."""
    chosen = os.environ.get("CAUDAL_BROWSER")
    for name in (chosen,) if chosen else NAMES_OF_BROWSERS:
        if found := shutil.which(name):
            return Path(found)
    return None


@pytest.fixture(scope="session")
def chromium_path():
    """Path of the browser; without one the test is skipped, or fails where CAUDAL_REQUIRE_BROWSER=1."""
    found = find_browser()
    if found is None:
        if os.environ.get("CAUDAL_REQUIRE_BROWSER") == "1":
            pytest.fail(f"CAUDAL_REQUIRE_BROWSER=1, but {NO_BROWSER}", pytrace=False)
        pytest.skip(NO_BROWSER)
    return found


@pytest.fixture(scope="session")
def browser(chromium_path):
    """One headless browser for all browser tests of this process."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium_path, headless=True, args=list(FLAGS))
        yield running
        running.close()


@pytest.fixture
def browser_page(browser):
    """An empty page in a context of its own: no cookies, downloads accepted."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB", accept_downloads=True)
    page = context.new_page()
    page.set_default_timeout(30_000)
    yield page
    context.close()


@pytest.fixture(autouse=True)
def own_main_module():
    """Give __main__ back after each test: AppTest puts its script there, and spawned workers would run it again."""
    main = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = main


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Mark every test that uses the browser, before markers are used to select."""
    for item in items:
        if "chromium_path" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)


def pytest_generate_tests(metafunc):
    """Refuse a test that does not say in a sentence what it shows."""
    if not (metafunc.function.__doc__ or "").strip():
        where = f"{Path(metafunc.module.__file__).name}::{metafunc.function.__name__}"
        raise pytest.Collector.CollectError(f"{where} has no docstring: say in one sentence what the test shows.")


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter):
    """Repeat in the last lines why browser tests were skipped."""
    skipped = [
        report
        for report in terminalreporter.stats.get("skipped", ())
        if isinstance(report.longrepr, tuple) and NO_BROWSER in report.longrepr[2]
    ]
    if skipped:
        terminalreporter.section("browser tests did not run", yellow=True, bold=True)
        terminalreporter.write_line(f"{len(skipped)} skipped, {NO_BROWSER}", yellow=True)
