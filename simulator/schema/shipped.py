"""The scenarios that come with the product, and the parts that scenarios are made of."""

from __future__ import annotations

import importlib.resources
from functools import cache
from pathlib import Path
from typing import Final

LIBRARY: Final = "library/"
"""Where parts lie: files that no scenario is, and that scenarios name."""
STUDIES: Final = "studies/"
"""Where declared studies lie, which name scenarios."""


@cache
def scenarios_folder() -> Path:
    """Folder of the shipped scenarios: beside the ``simulator`` package, in an installation as in a checkout.

    It is not looked up as the package ``scenarios``: that would also find a user's own folder of this name.
    """
    return Path(str(importlib.resources.files("simulator"))).parent / "scenarios"


def shipped(folder: Path | None = None) -> dict[str, Path]:
    """Shipped scenario files by name: path below the folder, no suffix, such as ``baselines/pt_installation``."""
    return {name: path for name, path in _files(folder).items() if not name.startswith((LIBRARY, STUDIES))}


def shipped_parts(folder: Path | None = None) -> dict[str, Path]:
    """Shipped parts by name, such as ``library/selling``."""
    return {name: path for name, path in _files(folder).items() if name.startswith(LIBRARY)}


def shipped_studies(folder: Path | None = None) -> dict[str, Path]:
    """Shipped studies by name, such as ``studies/first_study``."""
    return {name: path for name, path in _files(folder).items() if name.startswith(STUDIES)}


def shipped_path(name: str, folder: Path | None = None) -> tuple[str, Path] | None:
    """Full name and file of a shipped scenario; the last part of the name is enough where it is unique."""
    return _named(name, shipped(folder))


def shipped_part(name: str, folder: Path | None = None) -> tuple[str, Path] | None:
    """Full name and file of a shipped part; ``selling`` is enough for ``library/selling``."""
    return _named(name, shipped_parts(folder))


def shipped_study(name: str, folder: Path | None = None) -> tuple[str, Path] | None:
    """Full name and file of a shipped study; ``first_study`` is enough for ``studies/first_study``."""
    return _named(name, shipped_studies(folder))


def _files(folder: Path | None) -> dict[str, Path]:
    return _below(folder) if folder is not None else _of_the_product(scenarios_folder())


def _below(root: Path) -> dict[str, Path]:
    return {path.relative_to(root).with_suffix("").as_posix(): path for path in sorted(root.rglob("*.yaml"))}


# Every part of a scenario is looked for among them, and they do not change while the product runs.
_of_the_product = cache(_below)


def _named(name: str, names: dict[str, Path]) -> tuple[str, Path] | None:
    if name in names:
        return name, names[name]
    endings = [full for full in names if full.rpartition("/")[2] == name]
    return (endings[0], names[endings[0]]) if len(endings) == 1 else None
