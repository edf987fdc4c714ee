"""The consultant's job: one command that compares a baseline with its what-ifs, from its start to its end."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from benchmarks.firm import SCENARIOS, write_study
from benchmarks.markdown import Goal, goals, grouped, machine, table
from benchmarks.timing import Cost, cost

REPLICATIONS = 30
JOBS = 2
ROUNDS = 3
"""Of each job, of which the fastest counts, since other work on the machine only slows."""
IN_A_ROUND = {6_000: 4}
"""Times that a job of so many leads a year is done in each round, once where none is said: a short one would often lie
as a whole in a slow spell of the machine."""
YEAR_ALONE = ("--warm-up", "0 d")
WITH_WARM_UP = ()
"""The baseline's own 65 weeks, simulated but not measured."""


class Job(NamedTuple):
    """What is asked for."""

    leads: int
    """A year."""
    options: tuple[str, ...]


JOBS_ASKED = (Job(6_000, YEAR_ALONE), Job(6_000, WITH_WARM_UP), Job(50_000, YEAR_ALONE), Job(50_000, WITH_WARM_UP))


SECONDS = {
    JOBS_ASKED[0]: Goal("6 000 leads a year, the year alone, seconds", "at most", 4),
    JOBS_ASKED[2]: Goal("50 000 leads a year, the year alone, seconds", "at most", 30),
}
GIGABYTES = {JOBS_ASKED[2]: Goal("50 000 leads a year, the year alone, GB", "at most", 1.5)}


def comparing(files: list[Path], replications: int, *options: str) -> list[str]:
    """The command line that compares scenarios, to be run in a fresh process, so that starting counts."""
    command = [sys.executable, "-m", "workbench.cli", "compare", *map(str, files)]
    return [*command, "--replications", str(replications), *options]


def compare(files: list[Path], replications: int, *options: str) -> Cost:
    """What the comparison costs."""
    return cost(comparing(files, replications, *options))


def measure(
    asked: tuple[Job, ...] = JOBS_ASKED, replications: int = REPLICATIONS, rounds: int = ROUNDS
) -> dict[Job, Cost]:
    """What each job costs: the seconds of the fastest round, and the most memory of any."""
    costs: dict[Job, list[Cost]] = {job: [] for job in asked}
    turns = [job for job in asked for _ in range(IN_A_ROUND.get(job.leads, 1))]
    for job in turns * rounds:  # in turns, so that a slow spell of the machine hits each alike
        with tempfile.TemporaryDirectory() as folder:
            files = write_study(Path(folder), job.leads)
            costs[job].append(compare(files, replications, "--jobs", str(JOBS), *job.options))
    return {job: Cost(min(c.seconds for c in each), max(c.peak for c in each)) for job, each in costs.items()}


def shown(costs: dict[Job, Cost]) -> str:
    """The table of seconds and memory, of jobs with the usual number of replications."""
    rows = [
        (f"{grouped(job.leads)} leads a year, {_window(job)}", f"{cost.seconds:.1f}", f"{cost.peak / 2**30:.2f}")
        for job, cost in costs.items()
    ]
    what = f"{len(SCENARIOS)} scenarios, {REPLICATIONS} replications each, {JOBS} workers"
    return table((what, "seconds", "peak memory in GiB"), rows)


def judged(costs: dict[Job, Cost]) -> str:
    """The jobs of one year against their goals."""
    seconds = [(goal, costs[job].seconds) for job, goal in SECONDS.items()]
    return goals([*seconds, *((goal, costs[job].peak / 1e9) for job, goal in GIGABYTES.items())])


def _window(job: Job) -> str:
    return "the year alone" if job.options == YEAR_ALONE else "65 weeks before it too"


def report() -> str:
    """Measure, and say it in Markdown."""
    costs = measure()
    return f"{shown(costs)}\n\n{judged(costs)}\n\n{machine()}"
