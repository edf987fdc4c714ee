"""Scenario files in and out."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from workbench.parts.failures import show_problems, told
from workbench.parts.prose import literal
from workbench.session import offered, uploads
from workbench.shelf import UPLOADED, label
from workbench.uploads import SCENARIOS

_ROUND = "round of uploads"


def starting_point() -> None:
    """A shipped scenario as a file."""
    shelf = {key: title for key, title in offered().items() if title.shelf != UPLOADED}
    if not shelf:
        st.info("No scenario comes with this installation.")
        return
    key = st.selectbox(
        "Scenario", list(shelf), format_func=lambda each: label(shelf, each), key="start", persist_state="session"
    )
    title = shelf[key]
    st.caption(literal(title.description))
    if title.based_on:
        text = "It states only what it changes in '{base}', so it is short enough to begin with."
        st.caption(literal(text.format(base=label(shelf, title.based_on))))
    st.download_button(
        "Download as YAML", title.path.read_bytes(), title.path.name, "application/yaml", icon=":material/download:"
    )


def uploader() -> None:
    """Take files in; what is wrong with them is listed below."""
    # A new key empties the field, so that a file that was removed from the list is not taken in again.
    turn = st.session_state.setdefault(_ROUND, 0)
    files = st.file_uploader(
        "Scenario files, and the traces that they name", [*SCENARIOS, ".csv", ".gz"], accept_multiple_files=True,
        key=f"files-{turn}", max_upload_size=5,
    )  # fmt: skip
    if files:
        with told():
            uploads().add({file.name: file.getvalue() for file in files})
            st.session_state[_ROUND] += 1
            st.rerun()


def your_files() -> None:
    """What has been brought along, whether it can be run, and what is wrong with it."""
    mine = uploads()
    if not mine.names:
        return
    st.subheader("Your files")
    rows = [
        {"File": literal(name), "State": ":blue[✓ can be picked]", "Name": literal(loaded.scenario.name)}
        for name, loaded in mine.loaded.items()
    ]
    rows += [{"File": literal(name), "State": ":orange[✗ has problems]", "Name": ""} for name in mine.problems]
    seen = {*mine.loaded, *mine.problems}
    rows += [{"File": literal(name), "State": "trace", "Name": ""} for name in mine.names if name not in seen]
    st.table(pd.DataFrame(rows).set_index("File"), border="horizontal")
    if mine.loaded:
        st.caption("Next: run what can be picked under **Compare**, or move its numbers under **What if**.")
    for problems in mine.problems.values():
        show_problems(problems)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.selectbox("File to remove", mine.names, width=320)
        st.button("Remove", on_click=mine.remove, args=(name,))
