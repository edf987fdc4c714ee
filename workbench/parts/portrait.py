"""What one scenario says: its process, its people, where its leads come from, and how well that is known."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import pandas as pd
import streamlit as st

from reports import wording
from simulator.schema.loading import Loaded
from simulator.schema.names import in_words
from simulator.schema.people import Discipline, Member, Team
from simulator.schema.quantity import Quantity
from simulator.schema.register import Assumption, assumptions
from workbench.parts.prose import literal
from workbench.process_map import LEGEND, process_map, process_names

NOT_STATED: Final = ""
QUEUES: Final[dict[Discipline, str]] = {
    "fifo": "first come, first served", "lifo": "last come, first served", "priority": "highest priority first",
    "due": "earliest due date first",
}  # fmt: skip
"""Which waiting case comes first."""
GRADES: Final = ("A", "B", "C", "D", "")
EVIDENCE: Final = (
    "Evidence of grade A is peer-reviewed, official or a large audit; B a trade survey or large vendor data; C a "
    "vendor blog; D an assumption of our own. Choose grades to see only these."
)
WIDTHS: Final = {
    "Grade": st.column_config.TextColumn(width="small"),
    "Source": st.column_config.TextColumn(width="large"),
}


def summary(loaded: Loaded) -> None:
    """Its description and its size."""
    scenario = loaded.scenario
    st.write(literal(" ".join(scenario.description.split())))
    horizon = scenario.horizon
    text = "Starts on {start}; {length} are measured after a warm-up of {warm_up}. Money is in {currency}."
    words = text.format(
        start=horizon.start.isoformat(),
        length=horizon.length.text,
        warm_up=horizon.warm_up.text,
        currency=horizon.currency,
    )
    st.caption(literal(words))


def process(loaded: Loaded) -> None:
    """The steps of one process as a graph."""
    scenario = loaded.scenario
    names = process_names(scenario)
    chosen = next(iter(names))
    if len(names) > 1:
        picked = st.segmented_control(
            "Process",
            list(names),
            format_func=lambda each: literal(names[each]),
            default=chosen,
            required=True,
            key=f"process-{loaded.digest}",
        )
        chosen = picked or chosen
    st.caption(LEGEND)
    st.graphviz_chart(process_map(scenario, chosen), width="content", alt=names[chosen])


def teams(loaded: Loaded) -> None:
    """Who there is, when, and what they cost."""
    scenario = loaded.scenario
    rows = [
        _member_row(key, team, name, member)
        for key, team in scenario.teams.items()
        for name, member in team.people().items()
    ]
    _table(rows, "The scenario has no teams.")


def channels(loaded: Loaded) -> None:
    """Where leads come from."""
    scenario = loaded.scenario
    rows = [
        {
            "Channel": channel.label or in_words(key),
            "Leads": _text(channel.rate or channel.interval) or ("as in a file of real times" if channel.trace else ""),
            "Drops": wording.plural(len(channel.drops), "event", "events") if channel.drops else NOT_STATED,
            "Cost per lead": _text(channel.cost_per_lead),
            "Fixed cost": _text(channel.fixed_cost),
            "Goes into": process_names(scenario)[channel.process],
            "Grade": channel.grade or NOT_STATED,
        }
        for key, channel in scenario.channels.items()
    ]
    _table(rows, "The scenario has no channels.")


def register(loaded: Loaded) -> None:
    """Every number with its source, its range and its grade of evidence."""
    rows = assumptions(loaded.scenario, loaded.unsourced)
    grades = [grade for grade in GRADES if any(row.grade == grade for row in rows)]
    if not rows:
        st.info("The scenario states no numbers.")
        return
    st.caption(EVIDENCE)
    counts = {grade: sum(row.grade == grade for row in rows) for grade in grades}
    text = "{grade} ({count})"
    chosen = st.pills(
        "Grades", grades, selection_mode="multi", key=f"grades-{loaded.digest}", label_visibility="collapsed",
        format_func=lambda grade: text.format(grade=grade or "none", count=counts[grade]),
    )  # fmt: skip
    shown = [_assumption_row(row) for row in rows if not chosen or row.grade in chosen]
    st.dataframe(pd.DataFrame(shown), hide_index=True, height=560, column_config=WIDTHS)


def _assumption_row(row: Assumption) -> dict[str, str]:
    return {
        "Part": in_words(row.path.partition(".")[0]), "Number": row.label, "Value": row.text,
        "Range": " to ".join(row.range) if row.range else "", "Grade": row.grade, "Source": row.source,
        "Note": row.note,
    }  # fmt: skip


def _member_row(key: str, team: Team, name: str, member: Member) -> dict[str, str]:
    alone = len(team.people()) == 1
    return {
        "Team": (team.label or in_words(key))
        if alone
        else f"{team.label or in_words(key)}: {member.label or in_words(name)}",
        "People": str(member.head_count),
        "Shifts": str(team.inherited(member, "shifts") or ""),
        "Cost": _text(team.inherited(member, "cost")),
        "Availability": _text(team.inherited(member, "availability")),
        "Open cases": str(team.inherited(member, "open_cases") or NOT_STATED),
        "Queue": QUEUES[team.discipline],
        "Cost centre": team.cost_centre,
    }


def _text(value: Quantity | int | str | None) -> str:
    if value is None:
        return NOT_STATED
    return value.text if isinstance(value, Quantity) else str(value)


def _table(rows: Iterable[dict[str, str]], nothing: str) -> None:
    """Rows as a table, without the columns in which no row says anything."""
    frame = pd.DataFrame(list(rows))
    if frame.empty:
        st.info(nothing)
        return
    said = frame.loc[:, [bool((frame[column] != NOT_STATED).any()) for column in frame.columns]]
    st.table(said.map(literal).set_index(said.columns[0]), border="horizontal")
