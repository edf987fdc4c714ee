"""Everything that can go wrong through the user's input, said in sentences."""

from __future__ import annotations

from dataclasses import dataclass


class CaudalError(Exception):
    """Root of the errors that a user can mend: the message says what is wrong and what to do."""


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong in a scenario file: where it stands and how to mend it."""

    file: str
    """File name as the user gave it."""
    line: int
    """Line in that file, counted from 1; 0 when no line can be named."""
    path: str
    """Place inside the scenario, such as ``teams.sales.head_count``."""
    message: str
    """A sentence: what is wrong and, where it can be said, the mend."""

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.path}: {self.message}" if self.path else f"{place}: {self.message}"


class ScenarioError(CaudalError):
    """A scenario cannot be used; carries every problem found, not only the first."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))


class StudyError(CaudalError):
    """A run or a comparison was asked for that makes no sense."""


class Cancelled(CaudalError):
    """The user stopped the study before it was done."""
