"""Asking for a study: questions that are ticked, a study that ships, or a study file that a visitor brought."""

from __future__ import annotations

from typing import Final

import streamlit as st

from simulator.experiment.plan import Plan
from simulator.experiment.replications import compiled
from simulator.kpis.catalogue import Kpi, catalogue
from simulator.schema.loading import Loaded
from simulator.schema.shipped import shipped_studies
from workbench.jobs.study_job import StudyJob
from workbench.parts.pickers import MOST_OTHERS, READING, load
from workbench.session import begin_study, offered, uploads
from workbench.shelf import first_base, label, what_ifs
from workbench.study_files import Questions, StudyFolder, declaration

ASK, SHIPPED, FILE = "Ask questions", "Take one that ships", "Bring a study file"
DECIDES: Final = ("margin", "orders")
"""KPIs that a study decides by unless others are chosen."""
AT_FIRST: Final = 3
"""What-ifs that are proposed."""
CHECKING: Final = "Checking the study and all that it names…"


def new_study(*, busy: bool) -> None:
    """A form for a study, and the button that carries it out."""
    kind = st.segmented_control(
        "How", [ASK, SHIPPED, FILE], default=ASK, key="study_kind", label_visibility="collapsed"
    )
    if kind == SHIPPED:
        key = st.selectbox("Study that ships", list(shipped_studies()), key="study_shipped")
        text, name = shipped_studies()[key].read_bytes(), key.rpartition("/")[2]
    elif kind == FILE:
        brought = st.file_uploader("Study file (YAML)", ["yaml", "yml"], key="study_file")
        st.caption("It names scenarios that ship, or files that you brought under *Your scenario*.")
        text, name = (brought.getvalue(), brought.name.rpartition(".")[0]) if brought else (b"", "")
    else:
        declared, name = _questions()
        text = declared.encode()
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button(
            "Carry it out", type="primary", icon=":material/play_arrow:", disabled=busy or not text, key="carry"
        ):
            with st.spinner(CHECKING):
                _begin(text, name)
            st.rerun()
        if text:
            st.download_button(
                "Study file (YAML)", text, "study.yaml", "application/yaml", icon=":material/download:",
                on_click="ignore", key="study_text",
                help="The same study from a terminal: caudal study study.yaml.",
            )  # fmt: skip
        st.caption("It takes minutes, in the background; other screens can be used meanwhile.")


def _begin(text: bytes, name: str) -> None:
    folder = StudyFolder(uploads())
    begin_study(StudyJob(folder.read(text, name), name, (folder,)))


def _questions() -> tuple[str, str]:
    """The text of a study that asks what was ticked, and its name; no text where something is missing."""
    shelf = offered()
    left, right = st.columns([2, 3])
    keys = list(shelf)
    base = left.selectbox(
        "Base", keys, keys.index(first_base(shelf)), format_func=lambda each: label(shelf, each), key="study_base",
        help="The scenario that every question is about.",
    )  # fmt: skip
    others = right.multiselect(
        "Compared with", [key for key in shelf if key != base], what_ifs(shelf, base)[:AT_FIRST],
        format_func=lambda each: label(shelf, each), max_selections=MOST_OTHERS, key=f"study_others of {base}",
        placeholder="Choose what-ifs", help="Leave it empty to ask about the base alone.",
    )  # fmt: skip
    with st.spinner(READING):
        scenarios = {key: load(shelf[key]) for key in (base, *others)}
    name = left.text_input("Name", f"Study of {shelf[base].name}", max_chars=90, key=f"study_name of {base}")
    kpis = _deciding(right, scenarios[base])
    replications = left.number_input("Replications", 8, 1000, 30, key="study_replications")
    with right:
        asked = _asked(scenarios[base], compared=bool(others))
    if not (kpis and name.strip()):
        st.caption("A study needs a name, and at least one figure to decide by.")
        return "", name
    return declaration(name.strip(), scenarios, tuple(kpis), int(replications), asked), name


def _deciding(place: st.delta_generator.DeltaGenerator, base: Loaded) -> list[str]:
    known: dict[str, Kpi] = {
        name: kpi for name, kpi in catalogue(compiled(base, Plan())).items() if kpi.better != "neither"
    }
    first = sorted(known, key=lambda name: not known[name].headline)
    return place.multiselect(
        "Decided by", first, [name for name in DECIDES if name in known], key=f"study_kpis of {base.digest}",
        format_func=lambda name: known[name].label,
        help="Fixed before any figure is known; verdicts are adjusted over these alone. The first is what the "
        "questions below are asked about.",
    )  # fmt: skip


def _asked(base: Loaded, *, compared: bool) -> Questions:
    st.caption("What else is asked")
    hangs_on = st.checkbox("Which assumptions does it hang on?", value=True, key="study_hangs_on")
    clogs = st.checkbox("Where does it clog, what is relief worth, and what binds next?", key="study_clogs")
    portfolio = st.checkbox("Which tools are best under a budget?", key="study_portfolio")
    budget, busiest, dso = 0.0, None, None
    if portfolio:
        currency = base.scenario.horizon.currency
        columns = st.columns(3)
        budget = columns[0].number_input(f"Budget of the first year, {currency}", 0.0, 1e9, 60_000.0, 5_000.0, "%.0f")
        busiest = columns[1].number_input(
            "Teams at work at most, %", 1.0, 100.0, None, 5.0, "%.0f", placeholder="no limit"
        )
        dso = columns[2].number_input(
            "Days sales outstanding at most", 1.0, 365.0, None, 5.0, "%.0f", placeholder="no limit"
        )
    diary = compared and st.checkbox("Which leads are won and lost, and where do their ways part?", key="study_diary")
    foretell = st.checkbox("What will the open pipeline bring, month by month?", key="study_foretell")
    months = st.number_input("Months", 1, 24, 6, key="study_months") if foretell else 0
    limit = None if busiest is None else busiest / 100
    return Questions(hangs_on, clogs, portfolio, budget, limit, dso, int(months), diary)
