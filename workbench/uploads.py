"""Scenario files that a user brought along, for as long as the session lasts."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Final

from simulator.errors import Problem, ScenarioError
from simulator.experiment.plan import Plan
from simulator.experiment.replications import compiled
from simulator.schema.document import Document, read_document
from simulator.schema.loading import Loaded, load_scenario
from simulator.schema.overlay import stated
from simulator.schema.paths import Finding, Key
from simulator.schema.shipped import shipped_part, shipped_path

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
                self._refuse_foreign(name)
                loaded = load_scenario(self.folder / name)
                compiled(loaded, Plan())
                self.loaded[name] = loaded
            except ScenarioError as error:
                self.problems[name] = tuple(self._without_folder(problem) for problem in error.problems)

    def _refuse_foreign(self, name: str) -> None:
        """Refuse, before it is opened, whatever was not uploaded and does not ship, if a file asks to read it.

        Whoever may upload could otherwise read any file of the machine on which the workbench runs. Raises
        ScenarioError with every place in the file, and in the uploaded files that it builds on.
        """
        problems: list[Problem] = []
        waiting, seen = [name], set[str]()
        while waiting:
            file = waiting.pop()
            if file in seen or file not in self.names:
                continue
            seen.add(file)
            document = read_document(self.folder / file, file)
            problems += [stated(document).problem(finding) for finding in _foreign(document)]
            waiting += _built_on(document).values()
        if problems:
            raise ScenarioError(problems)

    def _without_folder(self, problem: Problem) -> Problem:
        """The problem with file names as the user knows them."""
        here = f"{self.folder}/"
        return replace(problem, file=problem.file.replace(here, ""), message=problem.message.replace(here, ""))


def _foreign(document: Document) -> Iterator[Finding]:
    """Files that a document names and that lie neither beside it nor among those that ship."""
    built_on = _built_on(document)
    for path, name in {**built_on, **_read_by(document)}.items():
        ships = path in built_on and (shipped_path(name) or shipped_part(name))
        if not ships and (PurePosixPath(name).name != name or PureWindowsPath(name).name != name):
            alone = PureWindowsPath(PurePosixPath(name).name).name
            yield Finding(path, f"'{name}' does not lie beside this file: upload it, and name it alone, '{alone}'")


def _built_on(document: Document) -> dict[Key, str]:
    """Scenarios and parts that a document builds on, by their places."""
    parts = document.data.get("parts")
    named: dict[Key, object] = {("based_on",): document.data.get("based_on")}
    named |= {("parts", place): part for place, part in enumerate(parts if isinstance(parts, list) else ())}
    return {path: name for path, name in named.items() if isinstance(name, str) and name}


def _read_by(document: Document) -> dict[Key, str]:
    """Files of arrivals and of open cases that a document names, by their places."""
    channels = document.data.get("channels")
    blocks: dict[Key, object] = {("pipeline",): document.data.get("pipeline")}
    for name, channel in channels.items() if isinstance(channels, dict) else ():
        if isinstance(channel, dict):
            blocks["channels", name, "trace"] = channel.get("trace")
    files = {(*path, "file"): block.get("file") for path, block in blocks.items() if isinstance(block, dict)}
    return {path: name for path, name in files.items() if isinstance(name, str) and name}


def plain_name(name: str) -> str:
    """Last part of a file name, whatever system it comes from."""
    plain = PureWindowsPath(PurePosixPath(name).name).name
    if plain in {"", ".", ".."} or not plain.endswith((*SCENARIOS, *TRACES)):
        endings = ", ".join((*SCENARIOS, *TRACES))
        raise ScenarioError([Problem(plain or name, 0, "", f"a scenario or a trace ends in one of {endings}")])
    return plain
