"""The report as one HTML file that needs nothing else: no network, no script, no font, no picture beside it."""

from __future__ import annotations

import importlib.resources
import os
import tempfile
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from reports import wording
from reports.charts import Picture
from reports.content import Content, content
from simulator.experiment.comparison import Comparison
from simulator.experiment.declared.outcome import Outcome
from simulator.experiment.study import Study
from simulator.experiment.trust import Checks
from simulator.schema.loading import Loaded
from simulator.schema.scenario import Scenario


def report_html(
    base: Study,
    others: Sequence[Study],
    comparison: Comparison | None,
    command: str,
    scenarios: Sequence[Loaded | Scenario] | None = None,
    outcome: Outcome | None = None,
    checks: Checks | None = None,
) -> str:
    """The report on a base alone or on what it was compared with; equal input gives an equal text.

    ``scenarios`` are those of the base and of the others, in this order, for the assumption register. Given as they
    were loaded, the register also knows which numbers a scenario changes without a source. With the ``outcome`` of a
    declared study come its checks, and sections on what it looked into; without one ``checks`` are those of the card.
    """
    return page_of(content(base, others, comparison, command, scenarios, outcome, checks))


def page_of(said: Content) -> str:
    """The report as a page."""
    words: dict[str, Any] = {field.name: getattr(said, field.name) for field in fields(Content)}
    words["pictures"] = [_drawn(picture) for picture in said.pictures]
    words["sections"] = [
        section._asdict() | {"pictures": [_drawn(picture) for picture in section.pictures]} for section in said.sections
    ]
    words["signs"] = wording.STANDING_SIGNS
    return _environment().get_template("report.html").render(words)


def write_report(
    path: Path,
    base: Study,
    others: Sequence[Study],
    comparison: Comparison | None,
    command: str,
    scenarios: Sequence[Loaded | Scenario] | None = None,
    outcome: Outcome | None = None,
    checks: Checks | None = None,
) -> Path:
    """Write the report whole or not at all; an error leaves what was there before."""
    page = report_html(base, others, comparison, command, scenarios, outcome, checks)
    text = page.encode("utf-8", "xmlcharrefreplace")
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".unfinished", dir=path.parent)
    unfinished = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(text)
        unfinished.chmod(0o644)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    return path


def pictures_html(title: str, pictures: Sequence[Picture]) -> str:
    """A page with nothing but pictures, which each need a name of their own."""
    drawn = [_drawn(picture) for picture in pictures]
    return _environment().get_template("pictures.html").render(title=title, pictures=drawn)


def _drawn(picture: Picture) -> dict[str, Any]:
    # Vega escapes the text that it draws; everything else in the drawing is its own.
    svg = Markup(picture.svg())  # noqa: S704
    return {"title": picture.title, "alt": picture.alt, "missing": picture.missing, "svg": svg}


def _environment() -> Environment:
    loader = FileSystemLoader(Path(str(importlib.resources.files("reports"))) / "templates")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
