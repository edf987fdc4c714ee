"""The manifest: everything that is needed to make the same figures again."""

from __future__ import annotations

import importlib.metadata
import platform
from collections.abc import Sequence
from typing import Final, NamedTuple

from reports import wording
from simulator.experiment.study import Study

PACKAGES: Final = ("caudal", "numpy", "simpy", "numba")
"""Packages on which figures depend."""


class Line(NamedTuple):
    """One entry of the manifest."""

    label: str
    value: str


def manifest(base: Study, others: Sequence[Study], command: str) -> tuple[Line, ...]:
    """Scenarios with their digests, seed, replications, measured time, versions, and the command to repeat it all."""
    scenarios = [Line(f"Scenario: {study.name}", f"{study.key}, SHA-256 {study.digest}") for study in (base, *others)]
    return (
        Line("Command to repeat it", command),
        *scenarios,
        Line("Seed", str(base.plan.seed)),
        Line("Replications", wording.count(base.replications)),
        Line("Start of each run", wording.day(base.start)),
        Line("Warm-up, which no figure counts", f"{wording.count(base.warm_up / 24)}{wording.SPACE}d"),
        Line("Measured time", f"{wording.count(base.length / 24)}{wording.SPACE}d"),
        *(Line(f"Version of {name}", version) for name, version in versions().items()),
    )


def versions() -> dict[str, str]:
    """Version of Python and of each package that figures depend on."""
    return {"python": platform.python_version(), **{name: _version(name) for name in PACKAGES}}


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "not installed as a package"
