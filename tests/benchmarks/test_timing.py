"""Rates, times and memory, measured on runs and commands whose cost is known."""

import subprocess
import sys
import time

import pytest

from benchmarks import timing
from benchmarks.timing import cost


def test_the_best_round_counts_and_runs_take_turns(monkeypatch):
    """Of a fast and a slow round the fast one is kept, and each round runs all before the next begins."""
    monkeypatch.setattr(timing, "LEAST", 0.0)
    order = []

    def first(seed):
        order.append(("first", seed))
        time.sleep(0.01 if seed == 0 else 0.2)
        return 1

    def second(seed):
        order.append(("second", seed))
        return 1

    best = timing.rates({"first": first, "second": second}, rounds=2)
    assert order == [("first", 0), ("second", 0), ("first", 1), ("second", 1)]
    assert 5.5 < best["first"] < 100


def test_a_short_run_is_repeated_within_its_round():
    """Of 20 leads in a hundredth of a second each time, as many come as a round takes: at most 2,000 a second."""
    times = []

    def short(seed):
        times.append(seed)
        time.sleep(0.01)
        return 20

    assert 200 < timing.rates({"short": short}, rounds=1)["short"] <= 2_000
    assert len(times) > 1


def test_a_command_costs_the_memory_of_all_its_processes():
    """Two that hold 60 MB each, one started by the other, count together, with their time; an earlier one does not."""
    hold = "import time; held = bytearray(b'x') * 60_000_000; time.sleep(0.6)"
    both = (
        f"import subprocess, sys; held = bytearray(b'x') * 60_000_000; subprocess.run([sys.executable, '-c', {hold!r}])"
    )
    with subprocess.Popen([sys.executable, "-c", hold.replace("60_", "300_").replace("0.6", "9")]) as earlier:
        measured = cost([sys.executable, "-c", both])
        earlier.kill()
    assert 120_000_000 < measured.peak < 400_000_000
    assert measured.seconds > 0.6


def test_a_command_that_fails_is_no_measurement():
    """A refused study must not pass for a fast one, and what it said comes with the error."""
    with pytest.raises(subprocess.CalledProcessError) as failed:
        cost([sys.executable, "-c", "raise SystemExit('no such scenario')"])
    assert failed.value.__notes__ == ["no such scenario\n"]
