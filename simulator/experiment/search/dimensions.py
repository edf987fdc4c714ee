"""What a search may choose as people ask for it: tools by name, head-counts and policies by path and range."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np

from simulator.errors import ScenarioError, StudyError
from simulator.experiment.plan import Plan
from simulator.experiment.search.space import Dimension, Level, Space
from simulator.experiment.search.staffing import head_count
from simulator.experiment.sensitivity.parameters import chosen
from simulator.schema.loading import Loaded, load_with
from simulator.schema.shipped import shipped

TOOLS: Final = "tools/"
SMALL: Final = "_small"
STEPS: Final = 5
"""Evenly spaced levels of a policy whose number need not be whole."""
MOST_LEVELS: Final = 100
"""Of a whole number."""


def space_of(
    loaded: Loaded, tools: Sequence[str] = (), teams: Sequence[str] = (), policies: Sequence[str] = (),
    plan: Plan | None = None,
) -> Space:  # fmt: skip
    """The space of tools by name, head-counts and policies as ``PATH=LOW..HIGH``.

    Where nothing is named it is all small tools that fit the scenario. ``plan`` is for the warm-up that it may state.
    Raises StudyError for a name or path that is not there, for a tool that does not fit, and where there is nothing to
    choose.
    """
    named = tools or (() if teams or policies else [name for name in small_tools() if _fits(loaded, name)])
    return Space((
        *(tool(loaded, text) for text in named),
        *(head_count(loaded, text, plan) for text in teams),
        *(policy(loaded, text) for text in policies),
    ))  # fmt: skip


def small_tools() -> list[str]:
    """The shipped tools for small firms."""
    return [name for name in shipped() if name.startswith(TOOLS) and name.endswith(SMALL)]


def _fits(loaded: Loaded, name: str) -> bool:
    try:
        load_with(loaded, [name])
    except ScenarioError:
        return False
    return True


def tool(loaded: Loaded, text: str) -> Dimension:
    """A tool or another what-if that is taken or left; several with commas between them exclude each other."""
    names = [_full(each.strip()) for each in text.split(",")]
    for name in names:
        try:
            load_with(loaded, [name])
        except ScenarioError as error:
            raise StudyError(f"'{name}' cannot be laid over {loaded.scenario.name}:\n{error}") from error
    shown = [name.rpartition("/")[2].removesuffix(".yaml") for name in names]
    levels = [Level("yes" if len(names) == 1 else short, (name,)) for short, name in zip(shown, names, strict=True)]
    return Dimension(" or ".join(shown), (Level("no"), *levels))


def policy(loaded: Loaded, text: str) -> Dimension:
    """A number of the scenario over a range, such as ``policies.threshold=40..60``: whole numbers one by one.

    Other numbers have ``STEPS`` evenly spaced levels. What the scenario says is among the levels in either case.
    """
    if "=" not in text:
        raise StudyError(f"'{text}' has no range: write PATH=LOW..HIGH")
    (moved,) = chosen(loaded, [text])
    if moved.whole and moved.high - moved.low >= MOST_LEVELS:
        raise StudyError(f"'{text}' has more than {MOST_LEVELS} levels: name a narrower range")
    values = np.arange(moved.low, moved.high + 1) if moved.whole else np.linspace(moved.low, moved.high, STEPS)
    levels = {each: Level(moved.written(each), (), moved.changes(each)) for each in values.tolist()}
    same = next((each for each in levels if np.isclose(each, moved.value, rtol=1e-9, atol=0.0)), moved.value)
    levels[same] = Level(moved.text)
    order = sorted(levels)
    return Dimension(moved.path, tuple(levels[each] for each in order), order.index(same))


def _full(name: str) -> str:
    """A shipped name in full, or the path of a file from anywhere."""
    if Path(name).is_file():
        return str(Path(name).resolve())
    known = [full for full in shipped() if name in {full, full.rpartition("/")[2]}]
    return known[0] if len(known) == 1 else name
