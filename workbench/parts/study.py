"""A declared study that was carried out by `caudal study`, as its results folder holds it."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import streamlit as st

from workbench.parts.pictures import show
from workbench.parts.prose import literal
from workbench.parts.trust import trust_card
from workbench.study_results import REPORT, ShownSection, ShownStudy, ShownTable, results_folders, results_home

NOTHING = (
    "No study has been carried out yet: there are no results in the folder '{home}'. To see one, enter "
    "`caudal study first_study` in a terminal, in the folder in which the workbench was started: it takes minutes. "
    "Results elsewhere are shown once CAUDAL_RESULTS names their folder."
)


def folder_picker() -> Path | None:
    """One of the results folders, the newest first; None where there is none."""
    found = results_folders()
    if not found:
        st.info(NOTHING.format(home=literal(str(results_home()))))
        return None
    name = st.selectbox("Study", list(found), key="study", persist_state="session")
    return found.get(name)


def study(shown: ShownStudy, folder: Path) -> None:
    """How far to trust it, the verdict, then every section."""
    st.header(literal(shown.study))
    if shown.description:
        st.markdown(literal(shown.description))
    trust_card(shown.trust)
    st.markdown(f"**{literal(shown.verdict)}**")
    report = folder / REPORT
    if report.is_file():
        st.download_button(
            "Report (HTML)", report.read_bytes(), "caudal-report.html", "text/html", icon=":material/description:",
            on_click="ignore", key="study_report",
        )  # fmt: skip
    for section in shown.sections:
        _section(section)


def _section(section: ShownSection) -> None:
    if not section.pictures and not section.tables:
        return
    st.subheader(literal(section.title))
    if section.note:
        st.caption(literal(section.note))
    for table in section.tables:
        _table(table)
    show(section.pictures)


def _table(table: ShownTable) -> None:
    st.caption(literal(table.caption))
    rows = [[literal(cell) for cell in row] for row in table.rows]
    # Two scenarios may share a name, but not a column: a blank of no width tells them apart.
    columns = [literal(name) + "\u200b" * table.header[:i].count(name) for i, name in enumerate(table.header)]
    frame = pd.DataFrame(rows, columns=columns)
    st.table(frame.set_index(frame.columns[0]), border="horizontal")
