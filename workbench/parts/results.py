"""What a study found: how far to trust it, the verdict, figures, charts, findings, and files to take away."""

from __future__ import annotations

from typing import Final

import streamlit as st

from reports import wording
from reports.changes import verdict_line
from reports.finding import Finding, Kind
from reports.findings import findings
from simulator.experiment.study import Study
from simulator.experiment.trust import spoilt
from simulator.experiment.trust import trust_card as card_of
from workbench.jobs.job import Job
from workbench.jobs.request import Request
from workbench.jobs.results import Results
from workbench.kpi_table import kpi_csv
from workbench.parts.cards import cards
from workbench.parts.comparison_table import comparison_table
from workbench.parts.pictures import main_pictures, more_pictures
from workbench.parts.prose import literal
from workbench.parts.trust import trust_card

KINDS: Final[dict[Kind, str]] = {
    "change": "What changes for sure", "state": "How the base does", "unclear": "What this study could not tell",
}  # fmt: skip


def show_results(job: Job, request: Request | None) -> None:
    """The results of a job; marked where they do not belong to what is chosen now."""
    results = job.results
    if results is None:
        return
    st.divider()
    if request is not None and request != job.request:
        st.info(
            "These results belong to an earlier choice. Run again to see those of the present one.",
            icon=":material/history:",
        )
    told = findings(results.base, results.others, results.comparison)
    _heading(results)
    trust_card(card_of(results.studies, checks=results.checks))
    _warnings(told)
    st.markdown(f"**{literal(verdict_line(results.base, results.comparison))}**")
    _downloads(job, results)
    st.subheader("Figures")
    chosen = _chosen(results)
    cards(chosen, spoilt([chosen], results.checks))
    if results.comparison is not None:
        st.subheader("What changes against the base")
        comparison_table(results.base, results.others, results.comparison, results.checks)
    _findings(told)
    st.subheader("Charts")
    main_pictures(results)
    more_pictures(results)


def _heading(results: Results) -> None:
    base = results.base
    st.header(literal(base.name))
    others = wording.listed([study.name for study in results.others])
    if others:
        compared = "compared with {others}"
        st.markdown(literal(compared.format(others=others)))
    text = "{replications} of {length} each, measured after a warm-up of {warm_up}; seed {seed}."
    words = text.format(
        replications=wording.plural(base.replications, "replication", "replications"),
        length=wording.duration(base.length), warm_up=wording.duration(base.warm_up), seed=base.plan.seed,
    )  # fmt: skip
    st.caption(literal(words))


def _downloads(job: Job, results: Results) -> None:
    with st.container(horizontal=True):
        if results.comparison is not None:
            waiting = "Report is being written…" if job.state == "writing" else "Report (HTML)"
            st.download_button(
                waiting, results.report or "", "caudal-report.html", "text/html", icon=":material/description:",
                disabled=not results.report, on_click="ignore", key="report",
            )  # fmt: skip
        st.download_button(
            "KPIs (CSV)",
            kpi_csv(results),
            "caudal-kpis.csv",
            "text/csv",
            icon=":material/table:",
            on_click="ignore",
            key="kpis",
        )


def _warnings(told: tuple[Finding, ...]) -> None:
    """What weakens the figures, in full: the card above says it in short."""
    lines = [_sentence(finding) for finding in told if finding.kind == "warning"]
    if lines:
        with st.expander(f"{wording.plural(len(lines), 'warning', 'warnings')} in full", icon=":material/warning:"):
            st.markdown("\n".join(lines))


def _findings(told: tuple[Finding, ...]) -> None:
    """What the figures say, in sentences."""
    st.subheader("What the figures say")
    for kind, title in KINDS.items():
        lines = [_sentence(finding) for finding in told if finding.kind == kind]
        if lines:
            with st.expander(title, expanded=kind != "unclear"):
                st.markdown("\n".join(lines))


def _sentence(finding: Finding) -> str:
    return f"- **{literal(finding.topic)}:** {literal(finding.sentence)}"


def _chosen(results: Results) -> Study:
    names = [study.name for study in results.studies]
    if len(names) == 1:
        return results.base
    place = st.segmented_control(
        "Scenario", range(len(names)), format_func=lambda each: literal(names[each]), default=0, required=True,
        key="cards_of", label_visibility="collapsed",
    )  # fmt: skip
    return results.studies[place if place < len(names) else 0]
