"""Open cases of a scenario, from its own rows and from the CSV file that it names, and what is wrong with them."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from pydantic import ValidationError

from simulator.schema.names import did_you_mean
from simulator.schema.paths import MOST_FINDINGS, Finding, Place
from simulator.schema.pipeline import OpenCase
from simulator.schema.scenario import Scenario
from simulator.schema.units import parse_units
from simulator.schema.vocabulary import levels_of

LARGEST_FILE: Final = 200_000_000
"""Most bytes of a file of open cases."""
IDENTIFIER: Final = "id"
POSTED: Final = "posted."
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d")
_PLAIN: Final = ("process", "step", "age", "spent", "visits", "channel", "owners", "parent", "joined")
_NUMERIC: Final = {"number", "share", "duration", "money"}


class Row(NamedTuple):
    """An open case, and the line that it stands on; 0 for one of the scenario's own."""

    line: int
    identifier: str
    case: OpenCase


def open_cases(scenario: Scenario, folder: Path | None) -> dict[str, OpenCase]:
    """Every open case by its identifier, in the order in which they are stated: a checked scenario has no two alike."""
    rows, _ = _rows(scenario, folder)
    return {row.identifier: row.case for row in rows}


def pipeline_findings(scenario: Scenario, folder: Path) -> Iterator[Finding]:
    """A file of open cases that cannot be read, and cases that stand nowhere, twice, or with what does not exist."""
    if scenario.pipeline is None:
        return
    rows, malformed = _rows(scenario, folder)
    yield from malformed
    by_name: dict[str, OpenCase] = {}
    for row in rows:
        if row.identifier in by_name:
            yield _at(scenario, row, "id", f"the case '{row.identifier}' is stated twice: leave out one of the two")
        by_name.setdefault(row.identifier, row.case)
    owners = {owner: team for team in scenario.teams for owner in members_of(scenario, team)}
    for row in rows:
        for field, message in _wrong(scenario, row, by_name, owners):
            yield _at(scenario, row, field, message)


def members_of(scenario: Scenario, team: str) -> list[str]:
    """Everyone of a team by the name that the program knows, such as ``sales.ana`` or ``crews.crew 2``."""
    return [
        f"{team}.{name}" if member.head_count == 1 else f"{team}.{name} {number}"
        for name, member in scenario.teams[team].people().items()
        for number in range(1, member.head_count + 1)
    ]


def value_of(text: str, levels: Sequence[str], start: dt.date) -> float | None:
    """An attribute's value in base units, the place of a level, or hours from the start to a date; None for others."""
    if text in levels:
        return float(levels.index(text))
    if _DATE.match(text):
        try:
            moment = dt.datetime.fromisoformat(text)
        except ValueError:
            return None
        return (moment.replace(tzinfo=None) - dt.datetime.combine(start, dt.time())) / dt.timedelta(hours=1)
    parsed = parse_units(text)
    return parsed.value if parsed is not None and parsed.dimension in _NUMERIC else None


def _at(scenario: Scenario, row: Row, field: str, message: str) -> Finding:
    if not row.line:
        return Finding(("pipeline", "cases", row.identifier, *field.split(".")), message)
    file = scenario.pipeline.file if scenario.pipeline is not None else ""
    return Finding((field,), message, Place(file, row.line))


def _wrong(
    scenario: Scenario, row: Row, known: Mapping[str, OpenCase], owners: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    """Field and sentence for everything that a case names and that does not exist."""
    case = row.case
    if case.process in scenario.processes:
        steps = scenario.processes[case.process].steps
        if case.step not in steps:
            yield "step", f"'{case.process}' has no step '{case.step}'{did_you_mean(case.step, steps, 'steps')}"
    if row.line:
        yield from _unknown_names(scenario, case)
        for step in case.visits:
            if step and step not in steps:
                yield "visits", f"'{case.process}' has no step '{step}'{did_you_mean(step, steps, 'steps')}"
    if case.spent > case.age:
        yield "spent", "it cannot have been at its step for longer than it is old: mend 'spent' or 'age'"
    yield from _family(row, known)
    yield from _owners(case, owners)
    known_levels = levels_of(scenario)
    for name, text in case.values.items():
        levels = known_levels.get(name, ())
        if value_of(text, levels, scenario.horizon.start) is None:
            hint = did_you_mean(text, levels, "levels") if levels else ": expected a number"
            yield f"values.{name}", f"cannot read '{text}'{hint}"


def _unknown_names(scenario: Scenario, case: OpenCase) -> Iterator[tuple[str, str]]:
    """What is said of rows of the scenario's own wherever a name stands."""
    if case.process not in scenario.processes:
        hint = did_you_mean(case.process, scenario.processes, "processes")
        yield "process", f"there is no process '{case.process}'{hint}"
    if case.channel and case.channel not in scenario.channels:
        hint = did_you_mean(case.channel, scenario.channels, "channels")
        yield "channel", f"there is no channel '{case.channel}'{hint}"
    attributes = {*scenario.attributes, *(("segment",) if scenario.segments else ())}
    attributes |= {"product"} if scenario.products else set()
    for name in case.values:
        if name not in attributes:
            hint = did_you_mean(name, [*_PLAIN, *attributes], "columns")
            yield name, f"there is no attribute '{name}'{hint}"


def _family(row: Row, known: Mapping[str, OpenCase]) -> Iterator[tuple[str, str]]:
    above, seen = row.case.parent, {row.identifier}
    if above and above not in known:
        yield "parent", f"there is no open case '{above}': leave out the parent of a case whose parent is over"
        return
    while above:
        if above in seen:
            yield "parent", f"the case '{row.identifier}' descends from itself"
            return
        seen.add(above)
        above = known[above].parent if above in known else ""


def _owners(case: OpenCase, owners: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    teams: set[str] = set()
    for owner in case.owners:
        if owner not in owners:
            yield "owners", f"there is nobody '{owner}'{did_you_mean(owner, owners, 'people')}"
        elif owners[owner] in teams:
            yield "owners", f"two of the team '{owners[owner]}' own it: one of each team at most can"
        teams.add(owners.get(owner, owner))


def _rows(scenario: Scenario, folder: Path | None) -> tuple[list[Row], list[Finding]]:
    """All open cases that are well formed, and what is wrong with the others."""
    pipeline = scenario.pipeline
    if pipeline is None:
        return [], []
    own = [Row(0, identifier, case) for identifier, case in pipeline.cases.items()]
    if not pipeline.file:
        return own, []
    path = Path(pipeline.file) if folder is None else folder / pipeline.file
    try:
        lines = _lines(path)
    except FileNotFoundError:
        return own, [Finding(("pipeline", "file"), f"there is no file '{pipeline.file}' beside the scenario")]
    except (OSError, EOFError, ValueError, csv.Error) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "it is no CSV file in UTF-8"
        return own, [Finding((), f"cannot be read: {reason}", Place(pipeline.file, 0))]
    rows, found = _read(lines, pipeline.file)
    return own + rows, found


def _lines(path: Path) -> list[tuple[int, list[str]]]:
    """Filled lines of a CSV file with their numbers."""
    with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as file:
        content = file.read(LARGEST_FILE + 1)
    if len(content) > LARGEST_FILE:
        raise ValueError("too large")
    reader = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
    return [(reader.line_num, cells) for cells in reader if any(cell.strip() for cell in cells)]


def _read(lines: list[tuple[int, list[str]]], file: str) -> tuple[list[Row], list[Finding]]:
    header = [cell.strip() for cell in lines[0][1]] if lines else []
    lacking = [name for name in (IDENTIFIER, "process", "step", "age") if name not in header]
    if lacking or len(set(header)) < len(header):
        what = f"there is no column '{lacking[0]}'" if lacking else "a column is named twice"
        sentence = f"{what}: the first line names {IDENTIFIER}, {', '.join(_PLAIN)}..."
        return [], [Finding((), sentence, Place(file, 1))]
    rows: list[Row] = []
    found: list[Finding] = []
    for line, cells in lines[1:]:
        place = Place(file, line)
        if len(cells) != len(header):
            sentence = f"{len(cells)} cells, where the first line has {len(header)}"
            found.append(Finding((), sentence, place))
            continue
        stated = {name: cell.strip() for name, cell in zip(header, cells, strict=True) if cell.strip()}
        try:
            if IDENTIFIER not in stated:
                found.append(Finding((IDENTIFIER,), "is missing: a case needs an identifier of its own", place))
            identifier = stated.pop(IDENTIFIER, "")
            rows.append(Row(line, identifier, OpenCase.model_validate(_fields(stated))))
        except ValidationError as error:
            found += [Finding((column,), sentence, place) for column, sentence in _sentences(error)]
        if len(found) > MOST_FINDINGS:
            break
    return rows, found


def _fields(stated: Mapping[str, str]) -> dict[str, object]:
    """Cells of a line as the fields of a case: what is neither a field nor posted is an attribute."""
    fields: dict[str, object] = {name: cell for name, cell in stated.items() if name in _PLAIN}
    if "owners" in fields:
        fields["owners"] = [owner.strip() for owner in stated["owners"].split(";") if owner.strip()]
    posted = {name.removeprefix(POSTED): cell for name, cell in stated.items() if name.startswith(POSTED)}
    values = {n: cell for n, cell in stated.items() if n not in _PLAIN and not n.startswith(POSTED)}
    return fields | {"posted": posted, "values": values}


def _sentences(error: ValidationError) -> Iterator[tuple[str, str]]:
    """Column and sentence for everything that makes a line no case."""
    for detail in error.errors(include_url=False):
        where = ".".join(str(part) for part in detail["loc"] if part != "[key]")
        reason = detail.get("ctx", {}).get("error")
        message = "is missing" if detail["type"] == "missing" else f"{detail['msg'][:1].lower()}{detail['msg'][1:]}"
        yield where, str(reason or message)
