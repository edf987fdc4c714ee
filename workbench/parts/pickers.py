"""Choosing scenarios, and how they are run."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import streamlit as st

from simulator.engines.choice import Engine
from simulator.experiment.plan import Plan
from simulator.schema.loading import Loaded, load_scenario
from workbench.jobs.request import Chosen, Request
from workbench.parts.prose import literal
from workbench.session import BASE, ENGINE, LENGTH, OTHERS, REPLICATIONS, SEED, WARM_UP, offered, uploads
from workbench.shelf import UPLOADED, Title, first_base, label, last_change, what_ifs

MOST_OTHERS = 6
REPLICATIONS_AT_FIRST = 20
MOST_REPLICATIONS = 1000
READING: Final = "Reading the scenarios…"
ENGINE_WORDS: Final[dict[Engine, str]] = {
    "auto": "auto: the fastest", "compiled": "compiled", "simpy": "SimPy: slow, to check by",
}  # fmt: skip


def scenario_picker(caption: str, key: str) -> Loaded | None:
    """One scenario; None when there is none to pick."""
    shelf = offered()
    if not shelf:
        return None
    _settle(key, shelf, next(iter(shelf)))
    chosen = st.selectbox(
        caption, list(shelf), format_func=lambda each: label(shelf, each), key=key, persist_state="session"
    )
    with st.spinner(READING):
        return load(shelf[chosen])


def study_picker() -> Request | None:
    """Base, scenarios to compare it with, and how they are run; None when there is nothing to run."""
    shelf = offered()
    if not shelf:
        return None
    _settle(BASE, shelf, first_base(shelf))
    if OTHERS not in st.session_state:
        _propose()
    st.session_state[OTHERS] = [key for key in st.session_state[OTHERS] if key in shelf]
    left, right = st.columns([2, 3])
    with left:
        base = st.selectbox(
            "Base", list(shelf), format_func=lambda each: label(shelf, each), key=BASE, on_change=_propose,
            persist_state="session", help="The scenario that the others are measured against.",
        )  # fmt: skip
        st.caption(literal(shelf[base].description))
    with right:
        others = st.multiselect(
            "Compared with", [key for key in shelf if key != base], format_func=lambda each: label(shelf, each),
            key=OTHERS, max_selections=MOST_OTHERS, persist_state="session", placeholder="Choose what-ifs",
            help="Leave it empty to run the base alone.",
        )  # fmt: skip
        for key in others:
            st.caption(f"**{literal(label(shelf, key))}** {literal(shelf[key].description)}")
    with st.spinner(READING):
        chosen, *rest = (Chosen(key, load(shelf[key])) for key in (base, *others))
    return Request(chosen, tuple(rest), _plan(chosen.loaded), (uploads(),))


def load(title: Title) -> Loaded:
    """The scenario of a title; shipped ones are read anew only when a file of theirs has changed."""
    if title.shelf == UPLOADED:
        return uploads().loaded[title.key]
    return _load(title.key, last_change())


@lru_cache(64)
def _load(key: str, _changed: int) -> Loaded:
    return load_scenario(key)


def _plan(base: Loaded) -> Plan:
    horizon = base.scenario.horizon
    st.session_state.setdefault(REPLICATIONS, REPLICATIONS_AT_FIRST)
    st.session_state.setdefault(SEED, 1)
    with st.expander("How it is run"):
        columns = st.columns(4)
        replications = columns[0].number_input(
            "Replications", 1, MOST_REPLICATIONS, key=REPLICATIONS, persist_state="session",
            help="Independent runs of each scenario: more of them make the intervals narrower.",
        )  # fmt: skip
        seed = columns[1].number_input(
            "Seed", 0, 2**31, key=SEED, persist_state="session", help="The same seed gives the same result."
        )
        stated = "as stated: {days} d"
        warm_up = columns[2].number_input(
            "Warm-up, days", 0.0, 3652.5, None, 1.0, "%g", key=WARM_UP, persist_state="session",
            placeholder=stated.format(days=_days(horizon.warm_up.fixed)),
            help="Time at the start that no figure counts. Empty: what each scenario states.",
        )  # fmt: skip
        length = columns[3].number_input(
            "Length, days", 1.0, 3652.5, None, 1.0, "%g", key=LENGTH, persist_state="session",
            placeholder=stated.format(days=_days(horizon.length.fixed)),
            help="Time that is measured. Empty: what each scenario states.",
        )  # fmt: skip
        engine = st.selectbox(
            "Engine", list(ENGINE_WORDS), format_func=ENGINE_WORDS.__getitem__, key=ENGINE, persist_state="session",
            width=260,
            help="Both leave the same records to the last bit, so it changes how long a study takes, not its result.",
        )  # fmt: skip
    hours = [None if days is None else float(days) * 24 for days in (warm_up, length)]
    return Plan(seed=int(seed), replications=int(replications), warm_up=hours[0], length=hours[1], engine=engine)


def _days(hours: float | None) -> str:
    return f"{(hours or 0) / 24:g}"


def _settle(key: str, shelf: dict[str, Title], otherwise: str) -> None:
    """Keep a choice that still exists."""
    if st.session_state.get(key) not in shelf:
        st.session_state[key] = otherwise


def _propose() -> None:
    """Choose the what-ifs of the base."""
    st.session_state[OTHERS] = what_ifs(offered(), st.session_state[BASE])[:MOST_OTHERS]
