"""A declared study that was carried out, as its results folder holds it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pandas as pd
import streamlit as st

from workbench.jobs.study_job import StudyJob
from workbench.parts.pictures import show
from workbench.parts.prose import literal
from workbench.parts.trust import trust_card
from workbench.study_results import REPORT, ShownSection, ShownStudy, ShownTable, results_folders, results_home

NOTHING = (
    "No study has been carried out yet: there are no results in the folder '{home}'. Ask for one above, or enter "
    "`caudal study first_study` in a terminal, in the folder in which the workbench was started. "
    "Results elsewhere are shown once CAUDAL_RESULTS names their folder."
)
PICKED: Final = "study"
_SHOWN: Final = "study whose results were brought into view"


def folder_picker(job: StudyJob | None) -> Path | None:
    """One of the results folders, the newest first, or that of a study that was just carried out; None without any."""
    found = results_folders()
    if not found:
        if job is None or not job.active:
            st.info(NOTHING.format(home=literal(str(results_home()))))
        return None
    made = job.folder.name if job is not None and job.folder is not None else ""
    if job is not None and made in found and st.session_state.get(_SHOWN) != job.id:
        st.session_state[_SHOWN], st.session_state[PICKED] = job.id, made
    name = st.selectbox("Study", list(found), key=PICKED, persist_state="session")
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
