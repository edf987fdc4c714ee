"""The results folder of a declared study: figures and pictures as JSON, report, replications, and the study file."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, ValidationError

from reports.charts import pictures
from reports.content import Content, content
from reports.html import page_of
from simulator.errors import StudyError
from simulator.experiment.declared.made import save_made
from simulator.experiment.declared.outcome import Outcome
from simulator.experiment.trust import TrustLine
from workbench.cli.files import defined

RESULTS: Final = "study.json"
REPORT: Final = "report.html"
DECLARED: Final = "study.yaml"
MADE: Final = "replications.npz"
"""What the study can be extended from."""
HOME: Final = "CAUDAL_RESULTS"
"""Variable that names the folder in which results folders lie; ``results`` in the working folder without it."""


class Shown(BaseModel):
    """A part of a results file."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class ShownPicture(Shown):
    """A chart as its Vega-Lite specification, or why there is none."""

    name: str
    title: str
    alt: str
    spec: dict[str, Any] | None
    missing: str = ""


class ShownTable(Shown):
    """A table of words; its first column names the rows."""

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class ShownSection(Shown):
    """One question, and what was found."""

    title: str
    note: str
    pictures: tuple[ShownPicture, ...]
    tables: tuple[ShownTable, ...]


class ShownStudy(Shown):
    """What a screen shows of a results folder: all of it was computed and worded when the study was run."""

    study: str
    description: str
    title: str
    verdict: str
    trust: tuple[TrustLine, ...]
    sections: tuple[ShownSection, ...]


def results_home() -> Path:
    """Where results folders lie."""
    return Path(os.environ.get(HOME) or "results")


def results_folders() -> dict[str, Path]:
    """Folders with results by name, the newest first."""
    home = results_home()
    found = [path.parent for path in home.glob(f"*/{RESULTS}")] if home.is_dir() else []
    return {path.name: path for path in sorted(found, key=lambda each: -(each / RESULTS).stat().st_mtime)}


def read_results(folder: Path) -> ShownStudy:
    """What a results folder holds; raises StudyError where it is none."""
    try:
        return ShownStudy.model_validate_json((folder / RESULTS).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, ValidationError) as error:
        raise StudyError(f"'{folder}' holds no results of a study: run `caudal study` again") from error


def check_folder(folder: Path, *, replace: bool, extend: bool = False) -> None:
    """Refuse, before hours of work, a folder that results could not be put into, or that has none to extend."""
    if extend and not (folder / MADE).is_file():
        raise StudyError(f"'{folder}' holds no replications that could be extended: leave out --extend")
    if folder.exists() and not (folder / RESULTS).is_file() and (not folder.is_dir() or any(folder.iterdir())):
        raise StudyError(f"'{folder}' is in the way, and holds no results: name another with --output")
    if (folder / RESULTS).is_file() and not replace and not extend:
        raise StudyError(
            f"'{folder}' holds results already: say --extend to go on from their replications, --replace to begin "
            "anew, or name another with --output"
        )
    above = next(each for each in folder.resolve().parents if each.exists())
    if not above.is_dir() or not os.access(above, os.W_OK):
        raise StudyError(f"'{folder}' cannot be written: permission is missing in '{above}'")


def write_results(folder: Path, outcome: Outcome, figures: Mapping[str, Any], command: str) -> None:
    """Write the folder whole or not at all: it is filled beside its place, and then takes it."""
    base, *others = outcome.studies
    said = content(base, others, outcome.comparison, command, outcome.declared.scenarios, outcome)
    report = page_of(said)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        unfinished = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
        try:
            shown = {**figures, **_shown(outcome, said)}
            text = json.dumps(defined(shown), indent=1, ensure_ascii=False, allow_nan=False)
            (unfinished / RESULTS).write_text(text + "\n", encoding="utf-8")
            (unfinished / REPORT).write_bytes(report.encode("utf-8", "xmlcharrefreplace"))
            shutil.copyfile(outcome.declared.path, unfinished / DECLARED)
            save_made(unfinished / MADE, outcome.studies)
            unfinished.chmod(0o755)
            _take_place(unfinished, folder)
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
    except OSError as error:
        raise StudyError(f"'{folder}' cannot be written: {error.strerror or error}") from error


def _take_place(unfinished: Path, folder: Path) -> None:
    """Put the finished folder where an older one may be, which goes only once the new one stands."""
    old = unfinished.with_name(f"{unfinished.name}.old")
    if folder.exists():
        folder.rename(old)
    try:
        unfinished.rename(folder)
    except OSError:
        if old.exists():
            old.rename(folder)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _shown(outcome: Outcome, said: Content) -> dict[str, Any]:
    base, *others = outcome.studies
    declaration = outcome.declared.declaration
    compared = [
        {"caption": "Difference from the base, with its 95 % interval and verdict", "rows": _matrix(said),
         "header": ["KPI", base.name, *said.matrix.columns]}
    ] if said.matrix is not None else []  # fmt: skip
    every = pictures(base, others, outcome.comparison)
    sections = [
        {"title": "What each scenario changes", "note": said.families, "pictures": [],
         "tables": [*compared, *(table._asdict() for table in said.certainty)]},
        *({**section._asdict(), "pictures": [_picture(each) for each in section.pictures],
           "tables": [table._asdict() for table in section.tables]} for section in said.sections),
        {"title": "Charts", "note": "", "pictures": [_picture(each) for each in every], "tables": []},
    ]  # fmt: skip
    return {
        "study": declaration.study, "description": declaration.description, "title": said.title,
        "verdict": said.verdict, "sections": sections,
    }  # fmt: skip


def _matrix(said: Content) -> list[list[str]]:
    assert said.matrix is not None  # noqa: S101 - asked before
    return [
        [row.label, row.value, *(f"{cell.verdict}: {cell.change} ({cell.interval})" for cell in row.cells)]
        for row in said.matrix.rows
    ]


def _picture(picture: Any) -> dict[str, Any]:
    spec = None if picture.chart is None else picture.chart.to_dict()
    return {"name": picture.name, "title": picture.title, "alt": picture.alt, "spec": spec, "missing": picture.missing}
