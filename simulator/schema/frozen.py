"""The frozen models that every part of a scenario file is read into."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Grade = Literal["A", "B", "C", "D"]


class Frozen(BaseModel):
    """A part of a scenario: unchangeable, and refusing keys that it does not know."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        allow_inf_nan=False,
        defer_build=True,  # few parts are ever read by themselves: the whole builds its own reader of each
    )


class Evidenced(Frozen):
    """A part of a scenario that says where its numbers come from, for all those in it that say no other."""

    label: str = ""
    """Name for people; the key is used where none is given."""
    source: str = ""
    """Key of ``sources``, or a sentence: where the numbers were seen."""
    grade: Grade | None = None
    """A peer-reviewed, official or large audit; B trade survey, large vendor data; C vendor blog; D own assumption."""
    range: tuple[str | float, str | float] | None = None
    """Lowest and highest value that the evidence allows, written as the value is."""
    note: str = ""
    """A remark for the assumption register."""


NAME = r"^[a-z][a-z0-9_]*$"
"""Names of steps, teams, attributes...: lower case letters, digits and underscores, so that formulas can use them."""

Name = str
Label = Field(default="", description="Name for people; the key is used where none is given.")
