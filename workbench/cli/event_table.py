"""The records of one replication as one flat table: a row for each visit to a step and for each ledger posting."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from simulator.kpis.queues import hours_of_visits
from simulator.program.program import Program
from simulator.records import ACCOUNTS, CAUSES, Records


def event_table(program: Program, records: Records) -> pd.DataFrame:
    """Visits and postings in the order of time; a posting's time stands in ``entered``, and what it lacks is empty.

    ``case`` numbers the cases of this replication, ``key`` is the same for the same case in every scenario.
    """
    rows = pd.concat([_visits(program, records), _postings(program, records)], ignore_index=True)
    rows = rows.sort_values("entered_h", kind="stable", ignore_index=True)
    start = pd.Timestamp(program.start)
    place = list(rows.columns).index("entered_h")
    for offset, moment in enumerate(("entered", "started", "finished")):
        times = start + pd.to_timedelta(rows[f"{moment}_h"], unit="h")
        rows.insert(place + offset, moment, times.dt.round("ms"))
    return rows


def _visits(program: Program, records: Records) -> pd.DataFrame:
    visits, names = records.visits, program.names
    team = program.tables.steps["team"][visits.step]
    columns = {
        "record": "visit",
        **_case(program, records, visits.case),
        "step": _named(names.steps, visits.step),
        "team": _named(names.teams, team),
        "member": _named(names.members, visits.member),
        "entered_h": visits.entered,
        "started_h": visits.started,
        "finished_h": visits.finished,
        **{f"wait_{cause}_h": hours for cause, hours in zip(CAUSES, hours_of_visits(program, records).T, strict=True)},
        "next": _named(names.steps, visits.next),
    }
    return pd.DataFrame(columns)


def _postings(program: Program, records: Records) -> pd.DataFrame:
    postings = records.postings
    columns = {
        "record": "posting",
        **_case(program, records, postings.case),
        "step": _named(program.names.steps, postings.step),
        "entered_h": postings.time,
        "account": _named(ACCOUNTS, postings.account),
        "amount": postings.cents / 100,
    }
    return pd.DataFrame(columns)


def _case(program: Program, records: Records, case: NDArray[Any]) -> dict[str, Any]:
    cases, names = records.cases, program.names
    return {
        "case": case,
        "key": cases.key[case],
        "journey": cases.root[case],
        "channel": _named(names.channels, cases.channel[case]),
        "process": _named(names.processes, cases.process[case]),
    }


def _named(names: tuple[str, ...], codes: NDArray[Any]) -> NDArray[Any]:
    """Name of each code, None for a negative one."""
    return np.array([*names, None], dtype=object)[np.where(codes < 0, len(names), codes)]
