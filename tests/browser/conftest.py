"""The real workbench on a free port, and what its visitor brings along."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TINY = b"""
caudal: 1
name: Tiny firm
description: Three people, small enough to be simulated in a moment.
horizon: {start: 2026-01-05, warm_up: 20 d, length: 60 d, currency: EUR}
stages: {lead: Lead, offer: Offer, cash: Cash}
channels:
  web: {label: Website, process: sale, rate: 8 /d, cost_per_lead: 12 EUR}
teams:
  sales: {label: Sales, head_count: 2, cost: 25 EUR/h, cost_centre: acquisition}
processes:
  sale:
    steps:
      call: {label: First call, kind: work, stage: lead, team: sales, effort: 40 min, marks: [first_response]}
      fits: {kind: decide, outcomes: {fits: {probability: 40 %}, does_not: {to: lost}}}
      quote: {label: Write the quote, kind: work, stage: offer, team: sales, effort: 90 min, marks: [order]}
      book: {kind: post, account: invoiced, amount: 2 500 EUR, marks: [invoiced]}
      pays: {label: Customer pays, kind: wait, duration: {exponential: 5 d}}
      money: {kind: post, stage: cash, marks: [paid], account: collected, amount: 2 500 EUR}
      won: {kind: end, outcome: won, result: won}
      lost: {kind: end, outcome: lost, result: lost}
"""
MORE = b"caudal: 1\nname: Third seller\nbased_on: tiny.yaml\nteams: {sales: {head_count: 3}}\n"


class Server:
    """The workbench as a process."""

    def __init__(self, folder):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{port}"
        self.log = folder / "server.log"
        self.results = folder / "results"
        command = [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py"), "--server.headless", "true"]
        command += ["--server.port", str(port), "--server.fileWatcherType", "none"]
        with self.log.open("wb") as log:
            environment = {**os.environ, "PYTHONPATH": str(ROOT), "CAUDAL_RESULTS": str(self.results)}
            self.process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT)

    def wait(self, seconds=60):
        """Until it answers."""
        limit = time.monotonic() + seconds
        while True:
            try:
                with urllib.request.urlopen(f"{self.address}/_stcore/health", timeout=2) as answer:  # noqa: S310 - our own
                    assert answer.status == 200
                    return
            except OSError:
                assert self.process.poll() is None, self.log.read_text(encoding="utf-8")
                assert time.monotonic() < limit, "the workbench did not start"
                time.sleep(0.2)

    def workers(self):
        """Process numbers of the workers that the server has started."""
        listed = subprocess.run(
            ["ps", "-A", "-ww", "-o", "pid=,ppid=,args="], capture_output=True, text=True, check=True
        )
        rows = [(int(pid), int(parent), args) for pid, parent, args in map(_three, listed.stdout.splitlines())]
        origins = {pid for pid, parent, args in rows if parent == self.process.pid and "forkserver" in args}
        return [pid for pid, parent, args in rows if parent in origins or self._began(parent, args)]

    def _began(self, parent, args):
        """Whether a process is a worker begun anew, as where there is no fork server."""
        return parent == self.process.pid and "spawn_main" in args


def _three(line):
    """Process, parent and command of a line; a command may be empty."""
    pid, parent, *args = line.split(None, 2)
    return pid, parent, "".join(args)


@pytest.fixture(scope="module")
def server(tmp_path_factory, chromium_path):
    """The workbench, as `make app` starts it."""
    server = Server(tmp_path_factory.mktemp("workbench"))
    try:
        server.wait()
        yield server
    finally:
        server.process.terminate()
        server.process.wait(20)


@pytest.fixture
def visit(server, browser_page):
    """Opens a screen, and notes every request that leaves this machine."""
    abroad = []

    def note(request):
        if not request.url.startswith((server.address, server.address.replace("http", "ws"), "data:", "blob:")):
            abroad.append(request.url)

    browser_page.on("request", note)

    def go(screen=""):
        browser_page.goto(f"{server.address}/{screen}")
        browser_page.get_by_role("heading", level=1).wait_for()
        return browser_page

    yield go
    assert abroad == []


@pytest.fixture
def bring(visit):
    """Brings the toy firm and its what-if along, and opens the screen that compares."""

    def go():
        page = visit("your-scenario")
        files = [
            {"name": n, "mimeType": "text/yaml", "buffer": b} for n, b in (("tiny.yaml", TINY), ("more.yaml", MORE))
        ]
        page.locator("input[type=file]").set_input_files(files)
        page.get_by_text("can be picked").nth(1).wait_for()
        page.get_by_role("link", name="Compare").click()
        page.get_by_role("button", name="Run and compare").wait_for()
        page.get_by_text("40 replications, about").wait_for()
        return page

    return go
