"""From the name of a scenario, or its file, to a scenario that has been checked from end to end."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from simulator.errors import ScenarioError
from simulator.schema.changes import document_of
from simulator.schema.checks import check
from simulator.schema.document import KEPT, Document
from simulator.schema.files import laid_below, read_files
from simulator.schema.overlay import Statements, laid_over, stated
from simulator.schema.paths import Finding, Key
from simulator.schema.repair import doubtful_processes, independent, repaired
from simulator.schema.scenario import Scenario
from simulator.schema.sentences import findings


@dataclass(frozen=True)
class Loaded:
    """A scenario that can be run, and where it comes from."""

    scenario: Scenario
    path: Path
    """The file that was asked for."""
    files: tuple[Path, ...]
    """That file, and those that it is based on or made of, the lowest last."""
    digest: str
    """SHA-256 of everything that the scenario says, its trace files included; the same on every machine."""
    statements: Statements = field(repr=False, compare=False)
    """What the files say together, over which changes can be laid."""

    @property
    def folder(self) -> Path:
        """Folder that the paths of trace files start from."""
        return self.path.parent

    @property
    def unsourced(self) -> Mapping[Key, str]:
        """Numbers that a file changes without a source of its own, with the name of its scenario."""
        return self.statements.unsourced


def load_scenario(name_or_path: str | Path) -> Loaded:
    """Read, merge and check a scenario file or a shipped scenario; raises ScenarioError with every problem found."""
    documents = read_files(name_or_path)
    statements = _with_traces(_laid(documents), documents)
    return _checked(statements, documents[0].path, tuple(document.path for document in documents))


def load_changed(base: Loaded, changes: Mapping[str, object]) -> Loaded:
    """A scenario with changes laid over it, checked as a file that states them would be.

    ``changes`` maps dotted paths to what stands there from now on, such as ``{"teams.sales.head_count": 3}`` or
    ``{"policies.answer_within": "20 min"}``. The base is not read again, so that this takes a fortieth of a second.
    Raises ScenarioError with every problem found.
    """
    if not changes:
        return base
    statements = laid_over(base.statements, document_of(base.statements, changes, base.path))
    return _checked(statements, base.path, base.files, base)


def load_with(base: Loaded, parts: Sequence[str]) -> Loaded:
    """A scenario with parts laid over it, such as a set of tools, as a file that names them would lay them.

    ``parts`` are shipped names, or paths relative to the file of the base. A part that the base is made of stays where
    it is. Raises ScenarioError with every problem found.
    """
    data = {"name": " + ".join([base.scenario.name, *parts]), "parts": list(parts)}
    document = Document(base.path, "parts", data, {(): 0}, ())
    below = {path.resolve() for path in base.files}
    new = [each for each in laid_below(document)[1:] if each.path.resolve() not in below]
    statements = base.statements
    for each in (*reversed(new), document):
        statements = laid_over(statements, each)
    statements = _with_traces(statements, (document, *new))
    return _checked(statements, base.path, (*(each.path for each in new), *base.files), base)


@lru_cache(KEPT)
def _laid(documents: tuple[Document, ...]) -> Statements:
    """What documents say together; scenarios that are compared share what they are based on."""
    upper, *below = documents
    return laid_over(_laid(tuple(below)), upper) if below else stated(upper)


def _checked(statements: Statements, path: Path, files: tuple[Path, ...], base: Loaded | None = None) -> Loaded:
    read = statements.data if base is None else _taken_over(statements.data, base.statements.data, base.scenario)
    scenario = _validated(statements, read, path.parent)
    return Loaded(scenario, path, files, _digest(scenario, path.parent), statements)


def _with_traces(statements: Statements, documents: Sequence[Document]) -> Statements:
    """Let the path of every trace start from the folder of the first document, not of the one that states it.

    The file of the open pipeline is found in the same way.
    """
    folders = {document.shown: document.path.parent for document in documents}

    def found(path: Key, block: object) -> dict[str, Any] | None:
        """The block with its file as seen from the first document, None where nothing changes."""
        if not isinstance(block, dict) or not isinstance(block.get("file"), str):
            return None
        # Those of a base that was loaded before are not among the documents: their paths are found already.
        folder, file = folders.get(statements.place((*path, "file")).file), block["file"]
        if not file or folder is None or folder == documents[0].path.parent:
            return None
        return {**block, "file": Path(os.path.relpath(folder / file, documents[0].path.parent)).as_posix()}

    stated_channels = statements.data.get("channels")
    channels: Mapping[str, Any] = stated_channels if isinstance(stated_channels, Mapping) else {}
    moved: dict[str, Any] = {}
    for name, channel in channels.items():
        trace = found(("channels", name, "trace"), channel.get("trace") if isinstance(channel, Mapping) else None)
        if trace is not None:
            moved[name] = {**channel, "trace": trace}
    changes = {"channels": {**channels, **moved}} if moved else {}
    pipeline = found(("pipeline",), statements.data.get("pipeline"))
    if pipeline is not None:
        changes["pipeline"] = pipeline
    return replace(statements, data={**statements.data, **changes}) if changes else statements


def _taken_over(data: Mapping[str, Any], below: Mapping[str, Any], base: Scenario) -> dict[str, Any]:
    """The data, with the blocks of the base in place of those that were laid over it unchanged.

    Reading all of them again takes a third of the time of a variant. A block is unchanged when it is the very object
    that the base was read from: merging copies only what it changes, and models are frozen.
    """
    taken = dict(data)
    for section, value in data.items():
        before, read = below.get(section), getattr(base, section, None)
        if value is before:
            taken[section] = read
        elif isinstance(value, Mapping) and isinstance(before, Mapping) and isinstance(read, dict):
            taken[section] = {name: read[name] if before.get(name) is each else each for name, each in value.items()}
    return taken


def _validated(statements: Statements, read: Mapping[str, Any], folder: Path) -> Scenario:
    """The scenario, checked; raises ScenarioError with every problem of file, merge, form and reference.

    ``read`` holds the statements, some of them as models already.
    """
    try:
        scenario = Scenario.model_validate(read)
    except ValidationError as error:
        found = findings(error, statements.data)
        found += _beyond(statements.data, found, folder)
    else:
        found = check(scenario, folder)
        if not found and not statements.problems:
            return scenario
    raise ScenarioError([*statements.problems, *map(statements.problem, found)])


def _beyond(data: Mapping[str, Any], malformed: list[Finding], folder: Path) -> list[Finding]:
    """What is wrong with a scenario beside its malformed statements."""
    scenario = repaired(data, malformed)
    if scenario is None:
        return []
    return independent(malformed, check(scenario, folder, doubtful_processes(malformed)))


def _digest(scenario: Scenario, folder: Path) -> str:
    content: dict[str, Any] = scenario.model_dump(
        mode="json", exclude={"based_on", "parts", "symptoms", "helped_by", "suits"}
    )
    for channel in content["channels"].values():
        if channel["trace"] is not None:
            # The content counts, not where it lies.
            channel["trace"]["file"] = ""
    if not content["horizon"]["exchange"]:
        # A scenario without one keeps the fingerprint that it had before there were rates and pipelines.
        del content["horizon"]["exchange"]
    if content["pipeline"] is None:
        del content["pipeline"]
    else:
        content["pipeline"]["file"] = ""
    digest = hashlib.sha256(json.dumps(content, ensure_ascii=True, separators=(",", ":")).encode())
    files = [channel.trace.file for channel in scenario.channels.values() if channel.trace is not None]
    if scenario.pipeline is not None and scenario.pipeline.file:
        files.append(scenario.pipeline.file)
    for name in files:
        with (folder / name).open("rb") as file:
            digest.update(hashlib.file_digest(file, "sha256").digest())
    return digest.hexdigest()
