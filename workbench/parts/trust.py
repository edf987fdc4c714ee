"""The trust card on a screen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import pandas as pd
import streamlit as st

from reports import wording
from simulator.experiment.trust import Standing, TrustLine
from workbench.parts.prose import literal

COLOURS: Final[dict[Standing, str]] = {
    "fine": ":blue[**{}**]", "caution": ":orange[**{}**]", "spoils": ":red[**{}**]", "not checked": ":gray[{}]",
}  # fmt: skip
"""The sign and the word say the same without the colour."""


def trust_card(card: Sequence[TrustLine]) -> None:
    """Everything that the study was checked for: verdict, figure, and what to do."""
    st.subheader("How far to trust this")
    rows = [
        {
            "Verdict": COLOURS[line.standing].format(f"{wording.STANDING_SIGNS[line.standing]} {line.standing}"),
            "Found": literal(line.found),
            "What to do": literal(line.advice or wording.UNDEFINED),
        }
        for line in card
    ]
    st.table(pd.DataFrame(rows, index=[line.topic for line in card]), border="horizontal")
