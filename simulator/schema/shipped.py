"""The scenarios that come with the product."""

from __future__ import annotations

import importlib.resources
from pathlib import Path


def scenarios_folder() -> Path:
    """Folder of the shipped scenarios: beside the ``simulator`` package, in an installation as in a checkout.

    It is not looked up as the package ``scenarios``: that would also find a user's own folder of this name.
    """
    return Path(str(importlib.resources.files("simulator"))).parent / "scenarios"


def shipped(folder: Path | None = None) -> dict[str, Path]:
    """Shipped scenario files by name: path below the folder, no suffix, such as ``baselines/pt_installation``."""
    root = folder or scenarios_folder()
    return {path.relative_to(root).with_suffix("").as_posix(): path for path in sorted(root.rglob("*.yaml"))}


def shipped_path(name: str, folder: Path | None = None) -> tuple[str, Path] | None:
    """Full name and file of a shipped scenario; the last part of the name is enough where it is unique."""
    names = shipped(folder)
    if name in names:
        return name, names[name]
    endings = [full for full in names if full.rpartition("/")[2] == name]
    return (endings[0], names[endings[0]]) if len(endings) == 1 else None
