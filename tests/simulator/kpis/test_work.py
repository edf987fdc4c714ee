"""Visits to work steps, whoever worked there."""

import numpy as np

from simulator.kpis.work import work_of

MONDAY = 168


def test_visits_to_work_steps_with_what_became_of_them(diary):
    """A call that Ann made and one that nobody has begun are work; what passes between them is none."""
    case = diary.case(0)
    diary.visit(case, "deal.call", MONDAY, MONDAY + 9, MONDAY + 10, "sales.ann")
    diary.passing(case, "deal.think", MONDAY + 10)
    diary.visit(case, "deal.call", MONDAY + 11, None, None)
    work = work_of(diary.program, diary.records())
    steps = diary.program.names.steps
    assert work.visit.tolist() == [0, 2]
    assert [steps[step] for step in work.step] == ["deal.call", "deal.call"]
    assert work.member.tolist() == [diary.program.names.members.index("sales.ann"), -1]
    assert np.array_equal(work.started, [MONDAY + 9, np.nan], equal_nan=True)
    assert np.array_equal(work.finished, [MONDAY + 10, np.nan], equal_nan=True)
