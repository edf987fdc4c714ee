"""Definitions of the KPIs, from the catalogue."""

from __future__ import annotations

from typing import Final

import pandas as pd
import streamlit as st

from reports import wording
from simulator.kpis.declared import Declared
from simulator.kpis.formulas import DECLARED
from simulator.schema.names import in_words
from workbench.parts.prose import literal

GROUPS: Final = {
    "volume": "Volume", "conversion": "Conversion", "time": "Times", "waiting": "Waiting", "people": "People",
    "money": "Money", "customers": "Customers",
}  # fmt: skip
UNITS: Final = {"h": "hours", "d": "days", "money": "currency", "share": "share", "cases": "cases", "people": "people"}
BETTER: Final = {"higher": "▲ higher", "lower": "▼ lower", "neither": "neither"}


def definitions(wanted: str) -> None:
    """The KPIs in whose words the text occurs, by group."""
    found = [each for each in DECLARED if wanted.strip().lower() in _text(each)]
    if not found:
        st.info("No figure has this word. Try a shorter one, such as 'order' or 'cash'.")
        return
    for group, title in GROUPS.items():
        rows = [_row(each) for each in found if each.group == group]
        if rows:
            st.subheader(title)
            st.table(pd.DataFrame(rows).set_index("Figure"), border="horizontal")


def causes() -> None:
    """What an hour of waiting may be due to."""
    st.subheader("Causes of waiting")
    st.caption("Every hour that a case waits has exactly one of these causes, so that they add up to the whole wait.")
    rows = [{"Cause": in_words(name), "Meaning": words} for name, words in wording.CAUSE_WORDS.items()]
    st.table(pd.DataFrame(rows).set_index("Cause"), border="horizontal")


def _row(declared: Declared) -> dict[str, str]:
    return {
        "Figure": literal(declared.label.replace("{", "‹").replace("}", "›")),
        "Unit": UNITS.get(declared.unit, declared.unit),
        "Better": BETTER[declared.better],
        "How it is computed": literal(declared.formula),
    }


def _text(declared: Declared) -> str:
    return f"{declared.label} {declared.formula} {GROUPS[declared.group]}".lower()
