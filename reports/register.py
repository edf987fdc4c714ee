"""The assumption register as a document shows it: all of the base, and what each scenario changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final, NamedTuple

from reports import wording
from simulator.schema.loading import Loaded
from simulator.schema.register import Assumption, assumptions
from simulator.schema.scenario import Scenario

GRADES: Final = {
    "A": "peer-reviewed, official or large audit",
    "B": "trade survey or large vendor data set",
    "C": "vendor blog or aggregator: a range, not a fact",
    "D": "our own assumption",
    "": "no evidence stated",
}


class Register(NamedTuple):
    """Assumptions of one scenario."""

    scenario: str
    description: str
    rows: tuple[Assumption, ...]
    removed: tuple[Assumption, ...] = ()
    """Of the base, and no longer in this scenario."""

    @property
    def grades(self) -> tuple[tuple[str, str, int], ...]:
        """Grade, what it stands for, and how many numbers have it."""
        counts = Counter(row.grade for row in self.rows)
        return tuple((grade, words, counts[grade]) for grade, words in GRADES.items() if counts[grade] or grade == "D")

    @property
    def summary(self) -> str:
        """How many numbers there are and how good their evidence is."""
        counts = [f"{number} {f'of grade {g}' if g else 'without evidence'}" for g, _, number in self.grades if number]
        numbers = wording.plural(len(self.rows), "number", "numbers")
        return f"{numbers}: {wording.listed(counts)}" if counts else "no numbers"


def registers(scenarios: Sequence[Loaded | Scenario]) -> tuple[Register, ...]:
    """The whole register of the first scenario, and for each other one what it adds, changes and removes."""
    known = [_rows(each) for each in scenarios]
    models = [each.scenario if isinstance(each, Loaded) else each for each in scenarios]
    if not known:
        return ()
    base = {row.path: row for row in known[0]}
    found = [Register(models[0].name, models[0].description, tuple(known[0]))]
    for model, rows in zip(models[1:], known[1:], strict=True):
        changed = tuple(row for row in rows if row.path not in base or base[row.path].text != row.text)
        kept = {row.path for row in rows}
        removed = tuple(row for path, row in base.items() if path not in kept)
        found.append(Register(model.name, model.description, changed, removed))
    return tuple(found)


def _rows(each: Loaded | Scenario) -> list[Assumption]:
    return assumptions(each.scenario, each.unsourced) if isinstance(each, Loaded) else assumptions(each)
