"""What a tornado of the shipped baseline costs: twenty numbers over their evidence, named or found by screening all."""

from __future__ import annotations

import sys
from typing import NamedTuple

from benchmarks.markdown import Goal, goals, grouped, machine, table
from benchmarks.timing import cost
from simulator.experiment.sensitivity.parameters import parameters_of
from simulator.schema.loading import load_scenario

BASELINE = "baselines/pt_installation"
PARAMETERS = 20
REPLICATIONS = 5
JOBS = 2
SECONDS = Goal(f"{PARAMETERS} numbers, named, seconds", "at most", 20)


class Spent(NamedTuple):
    """What one command took."""

    variants: int
    seconds: float
    """From its start to its end."""


def measure(
    replications: int = REPLICATIONS, parameters: int = PARAMETERS, *, screened: bool = True
) -> dict[str, Spent]:
    """A tornado of named numbers and, where ``screened``, of as many that it finds among all."""
    known = parameters_of(load_scenario(BASELINE))
    # Spread over the whole file, so that numbers of every kind are among them.
    named = list(known)[:: len(known) // parameters][:parameters]
    options = [f"--replications={replications}", f"--jobs={JOBS}"]
    found = {
        f"{len(named)} numbers, named": _spent(
            [*options, *(f"--parameter={path}" for path in named)], 2 * len(named) + 1
        )
    }
    if screened:
        what = f"the {parameters} most telling of all {len(known)} with a range"
        found[what] = _spent([*options, f"--most={parameters}"], 2 * len(known) + 2 * parameters + 2)
    return found


def _spent(options: list[str], variants: int) -> Spent:
    """Cost of the command in a process of its own, so that starting counts."""
    return Spent(variants, cost([sys.executable, "-m", "workbench.cli", "tornado", BASELINE, *options]).seconds)


def shown(found: dict[str, Spent]) -> str:
    """The table of seconds."""
    rows = [(what, grouped(each.variants), f"{each.seconds:.1f}") for what, each in found.items()]
    heads = ("tornado of the baseline", "variants", "seconds")
    return table(heads, rows)


def judged(found: dict[str, Spent]) -> str:
    """The tornado of named numbers, which comes first, against its goal."""
    return goals([(SECONDS, next(iter(found.values())).seconds)])


def report() -> str:
    """Measure, and say it in Markdown."""
    how = f"*{REPLICATIONS} replications of each variant (one where all are screened), {JOBS} workers.*"
    found = measure()
    return f"{shown(found)}\n\n{judged(found)}\n\n{how} {machine()}"
