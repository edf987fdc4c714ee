"""Cases that are under way when the run begins."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from simulator.engines.simpy_engine.case import Case
from simulator.engines.simpy_engine.run import Run
from simulator.program.layout import OpenCases


def open_pipeline(run: Run) -> Iterator[tuple[Case, int]]:
    """Create the open cases, each with the step at which its life goes on."""
    these = run.program.pipeline
    if these is None:
        return
    for row, (key, process, channel, above, step) in enumerate(
        zip(*(column.tolist() for column in (these.key, these.process, these.channel, these.parent, these.step)),
            strict=True)
    ):  # fmt: skip
        parent = run.recorder.cases[above] if above >= 0 else None
        case = run.create(key, process, channel, parent)
        case.born, case.spent = float(these.born[row]), float(these.spent[row])
        case.win_factor = float(these.win_factor[row])
        first = int(run.tables.processes[process]["first_step"])
        case.visits.update(
            {first + at: int(these.visits[row, at]) for at in np.flatnonzero(these.visits[row]).tolist()}
        )
        if these.joined[row] and parent is not None:
            case.joined = True
            parent.children += 1
        run.chance.remember(case, these.values[row], run.env.now)
        for team, member in enumerate(these.owners[row].tolist()):
            if member >= 0:
                run.teams[team].own(case, member)
        yield case, step


def note_postings(run: Run, these: OpenCases) -> None:
    """Write what the open cases have posted before, at the time of their birth."""
    rows = zip(these.posted_case.tolist(), these.posted_account.tolist(), these.posted_cents.tolist(), strict=True)
    for case, account, cents in rows:
        run.recorder.postings.append((float(these.born[case]), case, int(these.step[case]), account, cents))
