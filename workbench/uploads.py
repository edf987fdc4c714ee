"""Scenario files that a user brought along, for as long as the session lasts."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from dataclasses import replace
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Final

from simulator.errors import Problem, ScenarioError
from simulator.experiment.plan import Plan
from simulator.experiment.replications import compiled
from simulator.schema.loading import Loaded, load_scenario

SCENARIOS: Final = (".yaml", ".yml")
TRACES: Final = (".csv", ".csv.gz")
MOST: Final = 50
"""Files of one session."""


class Uploads:
    """A folder of uploaded files, each checked; one may be based on another, and traces lie beside them."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="caudal-uploads-"))
        self.loaded: dict[str, Loaded] = {}
        """Scenarios that can be run, by file name."""
        self.problems: dict[str, tuple[Problem, ...]] = {}
        """What is wrong with the others."""
        weakref.finalize(self, shutil.rmtree, self.folder, ignore_errors=True)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all files, traces included."""
        return tuple(sorted(path.name for path in self.folder.iterdir()))

    def add(self, files: dict[str, bytes]) -> None:
        """Take files in, those of a known name in the place of the old one, and check every scenario again."""
        for name, content in files.items():
            plain = plain_name(name)
            if plain not in self.names and len(self.names) >= MOST:
                full = f"there is no room for more than {MOST} files: remove some first"
                raise ScenarioError([Problem(plain, 0, "", full)])
            (self.folder / plain).write_bytes(content)
        self._check()

    def remove(self, name: str) -> None:
        """Forget a file."""
        (self.folder / plain_name(name)).unlink(missing_ok=True)
        self._check()

    def _check(self) -> None:
        self.loaded, self.problems = {}, {}
        for name in self.names:
            if not name.endswith(SCENARIOS):
                continue
            try:
                loaded = load_scenario(self.folder / name)
                compiled(loaded, Plan())
                self.loaded[name] = loaded
            except ScenarioError as error:
                self.problems[name] = tuple(self._without_folder(problem) for problem in error.problems)

    def _without_folder(self, problem: Problem) -> Problem:
        """The problem with file names as the user knows them."""
        here = f"{self.folder}/"
        return replace(problem, file=problem.file.replace(here, ""), message=problem.message.replace(here, ""))


def plain_name(name: str) -> str:
    """Last part of a file name, whatever system it comes from."""
    plain = PureWindowsPath(PurePosixPath(name).name).name
    if plain in {"", ".", ".."} or not plain.endswith((*SCENARIOS, *TRACES)):
        endings = ", ".join((*SCENARIOS, *TRACES))
        raise ScenarioError([Problem(plain or name, 0, "", f"a scenario or a trace ends in one of {endings}")])
    return plain
