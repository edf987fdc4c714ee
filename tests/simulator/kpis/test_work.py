"""Visits to work steps, whoever worked there."""

import dataclasses

from simulator.kpis.window import window_of
from simulator.kpis.work import work_done, work_of

MONDAY = 168


def test_visits_to_work_steps(diary):
    """A call that Ann made and one that nobody has begun are work; what passes between them is none."""
    case = diary.case(0)
    diary.visit(case, "deal.call", MONDAY, MONDAY + 9, MONDAY + 10, "sales.ann")
    diary.passing(case, "deal.think", MONDAY + 10)
    diary.visit(case, "deal.call", MONDAY + 11, None, None)
    assert work_of(diary.program, diary.records()).tolist() == [0, 2]


def test_work_is_counted_by_team(diary):
    """Ann begins two calls inside the window and finishes one, which is found wrong; one caller gives up there, and
    what was done before the window, or by a tool, counts nowhere.
    """
    case, thinks = diary.case(0), diary.program.names.steps.index("deal.think")
    steps = diary.program.tables.steps.copy()
    steps["defect"][diary.program.names.steps.index("deal.call")] = 0
    steps["defect_to"][diary.program.names.steps.index("deal.call")] = thinks
    program = dataclasses.replace(diary.program, tables=diary.program.tables._replace(steps=steps))
    diary.visit(case, "deal.call", 100, 101, 102, "sales.ann")
    diary.visit(case, "deal.call", MONDAY, MONDAY + 9, MONDAY + 10, "sales.ann")
    diary.visit(case, "deal.call", MONDAY + 11, MONDAY + 12, None, "sales.ann")
    diary.visit(case, "deal.call", MONDAY + 11, None, MONDAY + 12)
    diary.passing(case, "deal.call", MONDAY + 13)
    diary.visit(case, "deal.call", 503, None, None)
    records = diary.records()
    records.visits.next[1] = thinks
    work = work_done(program, records, work_of(program, records), window_of(program))
    assert {name: number.tolist() for name, number in work._asdict().items()} == {
        "begun": [2, 0], "lost": [1, 0], "finished": [1, 0], "wrong": [1, 0],
    }  # fmt: skip
