"""Names of scenario files: in words for people, and the nearest valid one for one that is unknown."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Final

ABBREVIATIONS: Final = {each.lower(): each for each in (
    "B2B", "B2C", "BI", "CAC", "CEI", "CMS", "CPQ", "CRM", "DPO", "DSO", "ERP", "KPI", "MQL",
    "NPV", "ROI", "SDR", "SDRs", "SQL", "VAT",
)}  # fmt: skip
"""Words of names that people write in capitals."""
MOST_LISTED = 8
SHORT = 5
MOST_COMPARED = 700
"""Comparing takes time: time zones are 600, and a file with more names than this has no reader for hints."""


def in_words(name: str, *, begins: bool = True) -> str:
    """A name of a scenario file in words, such as MQL threshold; with a capital where it ``begins`` a sentence."""
    first, *others = [ABBREVIATIONS.get(word, word) for word in name.replace("_", " ").strip().lower().split()] or [""]
    return " ".join([first[:1].upper() + first[1:] if begins else first, *others])


def no_kpi(name: str, known: Iterable[str]) -> str:
    """The sentence that refuses the name of a KPI."""
    near = did_you_mean(name, known, listed=False) or "; 'caudal run SCENARIO --all' shows the KPIs that there are"
    return f"there is no KPI '{name}'{near}"


def did_you_mean(name: str, valid: Iterable[str], what: str = "names", *, listed: bool = True) -> str:
    """The end of a sentence: the nearest valid name, otherwise the valid ones if they are few, otherwise nothing."""
    known = list(valid)
    near = nearest(name, known)
    if near is not None:
        return f"; did you mean '{near}'?"
    if not listed:
        return ""
    if not known:
        return f"; there are no {what} here"
    return f"; valid {what}: {', '.join(known)}" if len(known) <= MOST_LISTED else ""


def nearest(name: str, valid: Iterable[str]) -> str | None:
    """The valid name that looks most like this one, None when none is near or they are too many to compare."""
    known = [*valid]
    if name in known:
        return name
    if len(known) > MOST_COMPARED:
        return None
    # Two letters swapped weigh more in a short name.
    cutoff = 0.6 if len(name) <= SHORT else 0.7
    matches = difflib.get_close_matches(name.lower()[:100], [each.lower() for each in known], n=1, cutoff=cutoff)
    return next((each for each in known if matches and each.lower() == matches[0]), None)
