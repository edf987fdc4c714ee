"""The charts of a study on a screen."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import streamlit as st

from reports import charts
from workbench.jobs.results import Results
from workbench.parts.prose import literal
from workbench.study_results import ShownPicture

WIDTH: Final = 526
"""Pixels of a chart; as many stand in a row as the window has room for, and in a narrower one it shrinks."""
LEGEND_COLUMNS: Final = 2
"""As many as fit into a chart of this width."""

LABELS_APART: Final = 8
"""Pixels between two dates on an axis, of which one is left out where they would be closer."""
LEGEND_WIDTH: Final = 140
"""Pixels for a name in a legend."""


def main_pictures(results: Results) -> None:
    """Funnel, money, waiting by cause and utilisation."""
    base, others = results.base, results.others
    waiting = charts.waiting_by_scenario(base, others) if others else charts.waiting_by_team(base)
    # The tall ones first, so that no short one leaves a gap beside them.
    show([charts.funnel(base, others), charts.utilisation(base, others), waiting, charts.cash_curve(base)])


def more_pictures(results: Results) -> None:
    """What there is to see beside these."""
    base, others = results.base, results.others
    shown = [charts.queue_lengths(base), charts.strip(results.studies, "margin")]
    if others:
        shown = [
            charts.cash_gain(base, others),
            charts.waiting_by_team(base),
            charts.queue_compared(base, others),
            *shown,
        ]
    with st.expander("More charts"):
        show(shown)


def show(pictures: Iterable[charts.Picture | ShownPicture]) -> None:
    """Charts side by side."""
    with st.container(horizontal=True, gap="small"):
        for picture in pictures:
            _show(picture)


def _show(picture: charts.Picture | ShownPicture) -> None:
    """A chart, or the sentence that says why there is none."""
    with st.container(border=True, width=WIDTH, key=f"picture-{picture.name}"):
        drawn = None if isinstance(picture, ShownPicture) else picture.chart
        spec = picture.spec if isinstance(picture, ShownPicture) else drawn.to_dict() if drawn is not None else None
        if spec is None:
            st.markdown(f"**{literal(picture.title)}**")
            st.info(literal(picture.missing))
        else:
            _draw(spec, picture)


def _narrow_legends(spec: Any) -> None:
    """Set the names in a legend in so few columns that none is cut off."""
    inside = spec.values() if isinstance(spec, dict) else spec if isinstance(spec, list) else ()
    for part in inside:
        _narrow_legends(part)
    if isinstance(spec, dict) and isinstance(spec.get("legend"), dict):
        spec["legend"] = {**spec["legend"], "columns": LEGEND_COLUMNS, "labelLimit": LEGEND_WIDTH}


def _draw(spec: dict[str, Any], picture: charts.Picture | ShownPicture) -> None:
    """A chart whose words are set by the page, because those inside a drawing are cut off where it is narrow."""
    title = spec.pop("title", {})
    st.markdown(f"**{literal(picture.title)}**")
    if subtitle := title.get("subtitle"):
        st.caption(literal(subtitle if isinstance(subtitle, str) else " ".join(subtitle)))
    # Streamlit would squeeze title, legend and axes into the height that is meant for the bars.
    spec["autosize"] = {"type": "fit-x", "contains": "padding"}
    _narrow_legends(spec)
    spec["config"].setdefault("axis", {})["labelSeparation"] = LABELS_APART
    # A legend may begin left of the bars, above the names of the axis.
    spec["config"].setdefault("legend", {})["layout"] = {"top": {"anchor": "start", "bounds": "full"}}
    st.vega_lite_chart(spec=spec, theme=None, width="stretch", alt=picture.alt)
