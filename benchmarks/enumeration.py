"""Every set of a search simulated, and kept in a file meanwhile: an hour's work that may be stopped and resumed."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from simulator.experiment.search.evaluation import Trial, Trials
from simulator.experiment.search.space import Choice, Space
from simulator.schema.loading import Loaded

CHUNK = 64
"""Sets between two writes."""
CHECKED = 5
"""Sets of an earlier enumeration that are simulated again, or a few more."""


def keeping_place(loaded: Loaded, space: Space, *asked: object) -> Path:
    """A file of this machine for one enumeration alone: named after the scenario, the sets, and what is asked."""
    everything = space.laid(loaded, tuple(len(each.levels) - 1 for each in space.dimensions))
    stated = repr((loaded.digest, everything.digest, space, asked))
    return Path(tempfile.gettempdir(), f"caudal_enumeration_{hashlib.sha256(stated.encode()).hexdigest()[:16]}.jsonl")


def enumerated(trials: Trials, seed: int, replications: int, kept: Path | None = None) -> dict[Choice, Trial]:
    """Every choice with so many replications of a seed, all once before any is replicated again.

    What stands in the file ``kept`` is not simulated again, and what is simulated is added to it. It is begun anew
    where some of its choices, simulated again, come out otherwise: then the program has changed since.
    """
    if kept is not None and kept.exists():
        before = _read(kept)
        trials.remember(seed, before if _still(trials, seed, before) else {})
        kept.unlink()
        _write(kept, trials.known(seed))
    for made in range(1, replications + 1):
        known = trials.known(seed)
        missing = [each for each in trials.space.choices() if each not in known or _lacks(known[each], made)]
        for first in range(0, len(missing), CHUNK):
            chunk = missing[first : first + CHUNK]
            found = dict(zip(chunk, trials.tried(chunk, seed, made), strict=True))
            if kept is not None:
                _write(kept, found)
    return trials.known(seed)


def _still(trials: Trials, seed: int, before: Mapping[Choice, Trial]) -> bool:
    """Whether a few of what was simulated before comes out the same today, to the last bit."""
    few = [each for each in before if not before[each].refused][:: max(1, len(before) // CHECKED)]
    today = trials.tried(few, seed, 1)
    return all((found.kpis[:, :1] == before[each].kpis[:, :1]).all() for each, found in zip(few, today, strict=True))


def _lacks(trial: Trial, replications: int) -> bool:
    return not trial.refused and trial.kpis.shape[1] < replications


def _write(kept: Path, trials: Mapping[Choice, Trial]) -> None:
    """Add a line for each choice; of two lines for one the later holds."""
    with kept.open("a", encoding="utf-8") as file:
        for choice, trial in trials.items():
            row = [
                choice,
                trial.spending,
                trial.kpis.tolist(),
                trial.cash.tolist(),
                trial.refused,
                trial.history.tolist(),
            ]
            file.write(f"{json.dumps(row)}\n")


def _read(kept: Path) -> dict[Choice, Trial]:
    """What whole lines say: the last one is cut where the work was stopped while it was written."""
    whole = kept.read_text(encoding="utf-8").rpartition("\n")[0].splitlines()
    return {tuple(choice): Trial(spending, np.array(kpis), np.array(cash), refused, np.array(history))
            for choice, spending, kpis, cash, refused, history in map(json.loads, whole)}  # fmt: skip
