"""The comparison as a table that says in words what is better, worse or not distinguishable."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Final

import pandas as pd
import streamlit as st

from reports import wording
from reports.certainty import families_line
from reports.tables import marked
from simulator.experiment.comparison import Comparison, Contrast, Difference
from simulator.experiment.intervals import Estimate
from simulator.experiment.study import Study
from simulator.experiment.trust import Checks, spoilt
from workbench.parts.prose import literal

COLOURS: Final = {"better": ":blue[**{}**]", "worse": ":orange[**{}**]", "not distinguishable": ":gray[{}]"}
"""Blue and orange are told apart by people with any kind of colour blindness; the words stand alone all the same."""
NO_SIDE: Final = ":gray[neither better nor worse]"


def comparison_table(
    base: Study, others: Sequence[Study], comparison: Comparison, checks: Checks | None = None
) -> None:
    """Headline KPIs of the base and what each scenario changes in them, then all KPIs to unfold; marked if spoilt."""
    headlines = [name for name, kpi in base.catalogue.items() if kpi.headline]
    st.table(_matrix(base, comparison, headlines, spoilt([base, *others], checks)), border="horizontal")
    pairs = wording.plural(comparison.replications, "paired replication", "paired replications")
    st.caption(
        f"Differences are means over {pairs}, with 95 % intervals. A verdict is given "
        f"only where the difference stands out after adjustment (Holm). {families_line(base, comparison)}"
    )
    with st.expander("All figures of one scenario against the base"):
        names = [contrast.scenario for contrast in comparison.others]
        chosen = st.selectbox(
            "Scenario", range(len(names)), format_func=names.__getitem__, key="all_figures", persist_state="session"
        )
        place = chosen if chosen < len(names) else 0
        other, marks = others[place], spoilt([base, others[place]], checks)
        st.dataframe(_every(base, other, comparison.others[place], marks), hide_index=True, height=420)


def verdict_words(difference: Difference | Estimate | None) -> str:
    """A verdict with its sign, coloured; of a KPI without a better side, that it has none."""
    if not isinstance(difference, Difference):
        return NO_SIDE if difference is not None else wording.UNDEFINED
    sign = wording.VERDICT_SIGNS[difference.verdict]
    return COLOURS[difference.verdict].format(literal(f"{sign} {difference.verdict}"))


def _matrix(base: Study, comparison: Comparison, kpis: Iterable[str], marks: Collection[str]) -> pd.DataFrame:
    shown = [kpi for kpi in kpis if base.estimate(kpi).n]
    columns: dict[str, list[str]] = {literal(base.name): [wording.mean_of(base.estimate(kpi)) for kpi in shown]}
    for place, contrast in enumerate(comparison.others, start=1):
        title = literal(contrast.scenario)
        # Two scenarios may share a name, but not a column.
        columns[title if title not in columns else f"{title} ({place})"] = [change_cell(contrast, kpi) for kpi in shown]
    return pd.DataFrame(columns, index=[literal(marked(base.catalogue[kpi], marks)) for kpi in shown])


def change_cell(contrast: Contrast, kpi: str) -> str:
    """What a scenario changes in one KPI: verdict, difference and interval."""
    difference = _difference(contrast, kpi)
    if difference is None or not difference.n:
        return wording.UNDEFINED
    return f"{verdict_words(difference)}  \n{literal(_change(difference))}, {literal(_interval(difference))}"


def _every(base: Study, other: Study, contrast: Contrast, marks: Collection[str]) -> pd.DataFrame:
    rows = []
    for name, kpi in base.catalogue.items():
        difference = _difference(contrast, name)
        if difference is None or not difference.n:
            continue
        verdict = difference.verdict if isinstance(difference, Difference) else "neither better nor worse"
        rows.append({
            "KPI": marked(kpi, marks), "base": wording.mean_of(base.estimate(name)),
            "scenario": wording.mean_of(other.estimate(name)), "difference": _change(difference),
            "95 % interval": _interval(difference), "verdict": verdict,
            "adjusted p": wording.probability(difference.p_adjusted) if isinstance(difference, Difference) else "",
        })  # fmt: skip
    return pd.DataFrame(rows)


def _difference(contrast: Contrast, kpi: str) -> Difference | Estimate | None:
    return contrast.differences.get(kpi) or contrast.undirected.get(kpi)


def _change(difference: Difference | Estimate) -> str:
    value = difference.difference if isinstance(difference, Difference) else difference.mean
    return wording.change(value, difference.unit)


def _interval(difference: Difference | Estimate) -> str:
    value = difference.difference if isinstance(difference, Difference) else difference.mean
    return wording.span(difference.low, difference.high, difference.unit, value, sign=True)
