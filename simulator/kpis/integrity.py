"""Laws that the records of every run obey exactly, whatever the scenario: of cases, money, waiting and people."""

from __future__ import annotations

from typing import Final

import numpy as np

from simulator.kpis.laws import broken
from simulator.kpis.reconciliation import money_is_conserved, postings_come_from_visits
from simulator.kpis.window import Flags, filled
from simulator.program.layout import Kind
from simulator.program.program import Program
from simulator.records import TICKS, Floats, Integers, Records


def violations(program: Program, records: Records) -> list[str]:
    """Every law that the records break, a sentence each; empty when all is well."""
    return [sentence for law in _LAWS for sentence in law(program, records)]


def ticks(moments: Floats) -> Integers:
    """Moments as whole ticks."""
    whole: Integers = np.rint(moments * TICKS).astype(np.int64)
    return whole


def cases_end_once(program: Program, records: Records) -> list[str]:
    """A case ends in one outcome, at the step that says so, or is unfinished and stands at one step."""
    cases, visits, steps = records.cases, records.visits, program.tables.steps
    over, size = ~np.isnan(cases.ended), cases.root.size
    ends = np.flatnonzero((steps["kind"] == Kind.END)[visits.step])
    times = np.bincount(visits.case[ends], minlength=size)
    standing = np.bincount(visits.case[np.isnan(visits.finished)], minlength=size)
    last = np.full(size, -1)
    last[visits.case[ends]] = ends
    told = over & (last >= 0)
    moment, outcome = visits.finished[last[told]], steps["outcome"][visits.step[last[told]]]
    differs = np.zeros(size, np.bool_)
    differs[told] = (moment != cases.ended[told]) | (outcome != cases.outcome[told])
    return [
        *broken(over != (cases.outcome >= 0), "cases: one that ended has an outcome, an unfinished one has none"),
        *broken(times != over, "cases: one that ended came to one end step, an unfinished one to none"),
        *broken(standing != ~over, "cases: an unfinished one stands at one step, one that ended at none"),
        *broken(differs, "cases: moment and outcome are those of the end step"),
        *broken(
            over & ((cases.ended < cases.born) | (cases.ended > records.end)), "cases: born, ended, end of the run"
        ),
    ]


def visits_follow_each_other(program: Program, records: Records) -> list[str]:
    """A case is at one step at a time, and each visit names the step that followed."""
    del program
    visits = records.visits
    order = np.argsort(visits.case, kind="stable")
    before, after = order[:-1], order[1:]
    same = visits.case[before] == visits.case[after]
    before, after = before[same], after[same]
    overlaps = np.zeros(visits.case.size, np.bool_)
    overlaps[after] = ~(visits.entered[after] >= visits.finished[before])
    followed = np.full(visits.case.size, -1)
    followed[before] = visits.step[after]
    begun, left = np.where(np.isnan(visits.started), visits.entered, visits.started), filled(visits.finished, records)
    backwards = (visits.entered < 0) | (begun < visits.entered) | (left < begun) | (left > records.end)
    return [
        *broken(overlaps, "visits: a case leaves a step before it comes to the next"),
        *broken(followed != visits.next, "visits: the next step is that of the case's next visit"),
        *broken(backwards, "visits: entered, started, finished, end of the run"),
    ]


def open_cases_go_on(program: Program, records: Records) -> list[str]:
    """Every open case is there when the run begins, was born before, and goes on at the step at which it stood."""
    these, cases, visits = program.pipeline, records.cases, records.visits
    if these is None:
        return []
    size = these.key.size
    if not np.array_equal(cases.key[:size], these.key) or not np.array_equal(cases.born[:size], these.born):
        return ["open cases: each is one of the first cases of the run, with its key and its birth"]
    first = np.full(size, -1)
    rows = np.flatnonzero(visits.case < size)[::-1]
    first[visits.case[rows]] = rows
    elsewhere = (first < 0) | (visits.step[first] != these.step) | (visits.entered[first] != program.begins)
    early = cases.born[size:] < program.begins
    return [
        *broken(elsewhere, "open cases: each is at its step when the run begins"),
        *broken(early, "cases: none but the open ones was born before the run began"),
    ]


def _queued(program: Program, records: Records) -> Flags:
    """Visits that asked for a person: served by one, or left unserved."""
    visits = records.visits
    works = (program.tables.steps["kind"] == Kind.WORK)[visits.step]
    asked: Flags = works & ((visits.member >= 0) | np.isnan(visits.started))
    return asked


def _left_queue(records: Records) -> Integers:
    visits = records.visits
    return ticks(filled(np.where(np.isnan(visits.started), visits.finished, visits.started), records))


def _told(records: Records) -> Integers:
    """Ticks that each visit is said to have waited for a team."""
    told = np.zeros(records.visits.case.size, np.int64)
    np.add.at(told, records.waits.visit, records.waits.ticks.sum(axis=1))
    return told


def waits_add_up(program: Program, records: Records) -> list[str]:
    """The causes of each wait add up to the whole of it, to the tick, and nobody waits without a cause."""
    waits, visits = records.waits, records.visits
    asked, whole = _queued(program, records), _left_queue(records) - ticks(visits.entered)
    explained = np.bincount(waits.visit, minlength=visits.case.size)
    return [
        *broken(waits.ticks.min(axis=1, initial=0) < 0, "waits: no cause is negative"),
        *broken(explained > 1, "visits: a wait is told once"),
        *broken((explained > 0) & ~asked, "visits: only who asks for a person waits for a team"),
        *broken(asked & (_told(records) != whole), "visits: the causes of a wait add up to the whole of it"),
    ]


def queues_obey_little(program: Program, records: Records) -> list[str]:
    """The time-integral of the number waiting for a team equals the sum of the waits, to the tick."""
    visits, waits = records.visits, records.waits
    team, asked = program.tables.steps["team"][visits.step], _queued(program, records)
    joined, left = ticks(visits.entered), _left_queue(records)
    found = []
    for number, name in enumerate(program.names.teams):
        rows = asked & (team == number)
        integral = _integral(joined[rows], left[rows])
        waited = waits.ticks[team[waits.visit] == number].sum()
        if integral != waited:
            told = f"its integral is {integral / TICKS} h, the sum of its waits {waited / TICKS} h"
            found.append(f"queue for {name}: {told}")
    return found


def _integral(joined: Integers, left: Integers) -> np.int64:
    """Sum of the number present times the ticks until the number changes next."""
    moments = np.concatenate([joined, left])
    change = np.repeat(np.array([1, -1]), joined.size)
    order = np.argsort(moments, kind="stable")
    present = np.cumsum(change[order])
    return np.int64((present[:-1] * np.diff(moments[order])).sum())


def members_do_one_thing(program: Program, records: Records) -> list[str]:
    """No member works on two visits at the same time."""
    del program
    visits = records.visits
    begun = np.flatnonzero((visits.member >= 0) & ~np.isnan(visits.started))
    until = filled(visits.finished, records)
    order = begun[np.lexsort((until[begun], visits.started[begun], visits.member[begun]))]
    before, after = order[:-1], order[1:]
    overlaps = np.zeros(visits.case.size, np.bool_)
    overlaps[after] = (visits.member[before] == visits.member[after]) & (visits.started[after] < until[before])
    return broken(overlaps, "visits: a member works on one at a time")


def nobody_starts_off_shift(program: Program, records: Records) -> list[str]:
    """Who starts is on the right team and on shift."""
    visits, tables = records.visits, program.tables
    rows = np.flatnonzero((visits.member >= 0) & ~np.isnan(visits.started))
    member, moment = visits.member[rows], visits.started[rows]
    calendar = tables.members["calendar"][member]
    absent, stranger = np.zeros((2, visits.case.size), np.bool_)
    stranger[rows] = tables.members["team"][member] != tables.steps["team"][visits.step[rows]]
    for number in np.unique(calendar):
        mine = calendar == number
        first, count = (int(tables.calendars[number][field]) for field in ("first", "count"))
        # A tick's grace: an opening may be reached by adding a delay, which rounds.
        shift = np.searchsorted(tables.opens[first : first + count], moment[mine] + 1 / TICKS, "right")
        closes = np.append(-np.inf, tables.closes[first : first + count])
        absent[rows[mine]] = moment[mine] >= closes[shift]
    return [
        *broken(absent, "visits: nobody starts off shift"),
        *broken(stranger, "visits: who works is on the team of the step"),
    ]


_LAWS: Final = (
    cases_end_once,
    visits_follow_each_other,
    open_cases_go_on,
    postings_come_from_visits,
    money_is_conserved,
    waits_add_up,
    queues_obey_little,
    members_do_one_thing,
    nobody_starts_off_shift,
)
