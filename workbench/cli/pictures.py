"""Pictures of a command as one HTML file that needs nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.cli.files import write_whole

if TYPE_CHECKING:
    from reports.charts import Picture


def write_pictures(path: Path, title: str, pictures: Sequence[Picture]) -> None:
    """Write the page whole or not at all."""
    from reports.html import pictures_html

    text = pictures_html(title, pictures).encode("utf-8", "xmlcharrefreplace")
    write_whole(path, lambda unfinished: unfinished.write_bytes(text))
