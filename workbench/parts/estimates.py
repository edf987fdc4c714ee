"""Estimates that get better while one looks at them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Final

import pandas as pd
import streamlit as st

from reports import wording
from simulator.engines.warm import is_cold, run_small, warm_up
from simulator.experiment.quick import QuickEstimate, quick_estimates
from simulator.schema.loading import Loaded
from workbench.parts.comparison_table import change_cell
from workbench.parts.prose import literal

SECONDS: Final = (1, 5, 20)
"""Times that an estimate may take."""
TO_BE_SURE: Final = (
    "A first look: verdicts are given only where a difference stands out after adjustment for its family (Holm), and "
    "few replications show only large ones. Take more time, or compare the two in a study."
)


def estimates(loaded: Loaded, changes: Mapping[str, str]) -> None:
    """Headline figures of the scenario, or what the changes do to them, drawn anew whenever they are known better."""
    _ready()
    chosen = st.segmented_control(
        "Time for an estimate", SECONDS, default=SECONDS[0], required=True, format_func="{} s".format,
        key="budget", persist_state="session", help="More time makes the intervals narrower.",
    )  # fmt: skip
    place = st.empty()
    against = loaded if changes else None
    for estimate in quick_estimates(loaded, changes, float(chosen or SECONDS[0]), against=against):
        with place.container():
            _show(estimate)


def _ready() -> None:
    """Compile the engine where that has never been done, and say so; load it, so that the first look has its time."""
    if is_cold():
        with st.spinner("Compiling the engine, which takes one or two minutes, once for each version…"):
            warm_up()
    _load()


@cache
def _load() -> None:
    run_small()


def _show(estimate: QuickEstimate) -> None:
    study, comparison = estimate.study, estimate.comparison
    base = estimate.base or study
    shown = [name for name, kpi in base.catalogue.items() if kpi.headline and base.estimate(name).n]
    columns = {"As it is": [wording.mean_of(base.estimate(name)) for name in shown]}
    if comparison is None:
        columns["95 % interval"] = [wording.interval_of(base.estimate(name)) for name in shown]
    else:
        columns["With the changes"] = [wording.mean_of(study.estimate(name)) for name in shown]
        columns["Difference"] = [change_cell(comparison.others[0], name) for name in shown]
    labels = [literal(base.catalogue[name].label) for name in shown]
    st.table(pd.DataFrame(columns, index=labels), border="horizontal")
    text = "{replications} in {seconds:.1f} s. " + (TO_BE_SURE if comparison else "")
    count = wording.plural(estimate.replications, "replication", "replications")
    st.caption(text.format(replications=count, seconds=estimate.seconds))
    # One element always: of a place that is drawn anew, Streamlit leaves standing what is not drawn over.
    st.caption("  \n".join(f":material/warning: {literal(warning)}" for warning in study.warnings))
