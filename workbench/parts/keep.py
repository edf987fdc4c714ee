"""Changes kept: as a scenario file that states only them, and on the screen that compares."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import streamlit as st
import yaml

from simulator.schema.changes import document_of
from simulator.schema.loading import Loaded
from simulator.schema.paths import shortened
from workbench.parts.levers import Lever
from workbench.parts.sliders import changes_of
from workbench.session import BASE, OTHERS, uploads

COMPARE: Final = Path(__file__).resolve().parents[1] / "screens" / "compare.py"
LONGEST_NAME: Final = 90


def keep(scenario: str, loaded: Loaded, offered: list[Lever]) -> None:
    """Take the changes home as a file, or into a comparison with what they change."""
    changes = changes_of(loaded.digest)
    if not changes:
        return
    text = overlay(scenario, loaded, changes, _name(changes, offered))
    with st.container(horizontal=True):
        st.download_button(
            "Download as YAML", text, "what_if.yaml", "application/yaml", icon=":material/download:",
            on_click="ignore", key="keep",
        )  # fmt: skip
        if st.button("Open in Compare", icon=":material/compare_arrows:", key="open"):
            file = _free_name()
            uploads().add({file: text.encode()})
            st.session_state[BASE], st.session_state[OTHERS] = scenario, [file]
            st.switch_page(COMPARE)


def overlay(based_on: str, loaded: Loaded, changes: dict[str, str], name: str) -> str:
    """The text of a scenario file that states the changes of another."""
    data = document_of(loaded.statements, {**changes, "name": ""}, loaded.path).data
    stated = {"caudal": 1, **data, "name": name, "based_on": based_on}
    order = {key: stated.pop(key) for key in ("caudal", "name", "based_on")}
    return yaml.safe_dump(order | stated, sort_keys=False, allow_unicode=True)


def _name(changes: dict[str, str], offered: list[Lever]) -> str:
    labels = {lever.path: lever.label for lever in offered}
    return shortened(
        "What if: " + "; ".join(f"{labels[path]} {value}" for path, value in changes.items()), LONGEST_NAME
    )


def _free_name() -> str:
    taken = uploads().names
    return next(name for number in range(1, len(taken) + 2) if (name := f"what_if_{number}.yaml") not in taken)
