"""Headline figures as cards, each with its interval."""

from __future__ import annotations

from collections.abc import Collection

import streamlit as st

from reports import wording
from reports.tables import marked
from simulator.experiment.study import Study
from workbench.parts.prose import literal

WIDTH = 266
"""Pixels of a card; as many stand in a row as the window has room for."""


def cards(study: Study, spoilt: Collection[str] = ()) -> None:
    """The headline KPIs of one scenario, those that are spoilt marked in words."""
    shown = [name for name, kpi in study.catalogue.items() if kpi.headline and study.estimate(name).n]
    if not shown:
        st.info("Nothing happened in the measured time, so there are no figures. A longer run may have some.")
        return
    with st.container(horizontal=True, gap="small"):
        for name in shown:
            kpi, estimate = study.catalogue[name], study.estimate(name)
            with st.container(border=True, width=WIDTH, height="stretch", gap="small"):
                # The label of a metric is cut off where it is long; a caption wraps.
                st.caption(literal(marked(kpi, spoilt)), help=literal(kpi.formula))
                st.metric(
                    literal(kpi.label), wording.mean_of(estimate), wording.interval_of(estimate), delta_color="off",
                    delta_arrow="off", label_visibility="collapsed",
                )  # fmt: skip
    st.caption("Means over the replications; beneath them the interval that holds the true mean with 95 % confidence.")
