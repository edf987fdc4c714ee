"""Work, waits and weeks, in compiled passes over visits and waits, in the order of the rows.

Functions read plain columns and write into arrays that they are given. Sums add up row by row, as those of
`numpy.bincount` do.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from simulator.chance.compiled import bare, inlined
from simulator.records import Floats, Indices, Integers

if TYPE_CHECKING:
    from simulator.kpis.window import Numbers


@inlined
def _until(moment: float, run_end: float) -> float:
    """A moment, the end of the run where it had not come by then."""
    return run_end if math.isnan(moment) else moment


@inlined
def week_at(moment: float, week: int, begins: Floats) -> int:
    """Week of a moment, looked for from another: most moments are in the week of the one before."""
    while begins[week] > moment:
        week -= 1
    while begins[week + 1] <= moment:
        week += 1
    return week


@inlined
def _add_moment(moment: float, week: int, team: int, start: float, number: Floats, sums: Floats) -> None:
    number[week, team] += 1.0
    sums[week, team] += moment - start


@bare
def scan_waits(
    visit: Indices, ticks: Integers, step: Indices, team_of: Numbers, entered: Floats, started: Floats,
    finished: Floats, start: float, end: float, run_end: float, begins: Floats,
    by_team: Integers, unserved: Floats, number: Floats, sums: Floats,
) -> None:  # fmt: skip
    """Add up waits for teams.

    Args:
        begins: Beginning of each week, -inf for the first, and inf.
        by_team: Ticks of waits that ended inside the window or lasted until the end of the run, by team and cause.
        unserved: Number of those after which no work began, by team.
        number: How many joined a queue, and how many left one, shape (2, weeks, teams); moments outside the window
            count at its nearest edge.
        sums: Hours since the start of the window at which they did; the same shape.
    """
    joining, leaving = 0, 0
    for wait in range(visit.size):
        row = visit[wait]
        team, served = team_of[step[row]], not math.isnan(started[row])
        over = started[row] if served else finished[row]
        if math.isnan(over) or start <= over < end:
            unserved[team] += not served
            for cause in range(ticks.shape[1]):
                by_team[team, cause] += ticks[wait, cause]
        joined, left = min(max(entered[row], start), end), min(max(_until(over, run_end), start), end)
        joining, leaving = week_at(joined, joining, begins), week_at(left, leaving, begins)
        _add_moment(joined, joining, team, start, number[0], sums[0])
        _add_moment(left, leaving, team, start, number[1], sums[1])


@bare
def scan_delays(
    step: Indices, delay_of: Numbers, entered: Floats, finished: Floats, start: float, end: float, run_end: float
) -> tuple[float, float, float]:
    """Hours of visits that ended inside the window or lasted until the end of the run, of each of three delays.

    Args:
        delay_of: Delay of each step, from 0 to 2; -1 for none.
    """
    first, second, third = 0.0, 0.0, 0.0
    for visit in range(step.size):
        delay, over = delay_of[step[visit]], finished[visit]
        hours = 0.0 if over < start or over >= end else _until(over, run_end) - entered[visit]
        # Of a nothing that is added no bit is seen, and it takes less time than to look which of them it is.
        first += hours if delay == 0 else 0.0
        second += hours if delay == 1 else 0.0
        third += hours if delay == 2 else 0.0
    return first, second, third


@inlined
def _last_open(moment: float, at: int, opens: Floats) -> int:
    """Row of the last shift that has opened by a moment, looked for from a row before it."""
    # Mostly one of the next two: added rather than branched upon, since which it is is hard to foretell.
    at += opens[at + 1] <= moment
    at += opens[at + 1] <= moment
    while opens[at + 1] <= moment:
        at += 1
    return at


@inlined
def _shift_at(moment: float, calendar: int, day: float, at_day: Numbers, opens: Floats) -> int:
    """Row of the shift of a calendar in which a moment lies, or of the last before it."""
    at: int = at_day[calendar, min(int(moment / day), at_day.shape[1] - 1)]
    return _last_open(moment, at, opens)


@inlined
def _hours_until(moment: float, at: int, opens: Floats, closes: Floats, worked: Floats) -> float:
    """Hours on shift from the start of the run to a moment in or after a shift and before the next."""
    hours: float = worked[at] + min(moment, closes[at]) - opens[at]
    return hours


@bare
def scan_moments(
    moments: Floats, calendars: Numbers, day: float, at_day: Numbers, opens: Floats, closes: Floats, worked: Floats,
    hours: Floats,
) -> None:  # fmt: skip
    """Write the hours on shift until each moment by each of the calendars, shape (moments, calendars).

    Args:
        day: Hours of a day.
        at_day: Row of the last shift that has opened when a day begins, shape (calendars, days).
    """
    for row in range(moments.size):
        for column in range(calendars.size):
            at = _shift_at(moments[row], calendars[column], day, at_day, opens)
            hours[row, column] = _hours_until(moments[row], at, opens, closes, worked)


@bare
def scan_worked(
    work: Numbers, member: Indices, started: Floats, finished: Floats, start: float, end: float, run_end: float,
    calendar_of: Numbers, day: float, at_day: Numbers, opens: Floats, closes: Floats, worked: Floats,
    visits: Numbers, hours: Floats,
) -> int:  # fmt: skip
    """Write visits on which someone worked inside the window, and the hours on shift in it that each took.

    Args:
        work: Visits to work steps.
        calendar_of: Calendar of each member.
        day: Hours of a day.
        at_day: Row of the last shift that has opened when a day begins, shape (calendars, days).

    Returns:
        Their number.
    """
    count = 0
    for visit in work:
        who, begun, over = member[visit], started[visit], _until(finished[visit], run_end)
        if who < 0 or not begun < end or over <= start:
            continue
        since, until = max(begun, start), min(over, end)
        at = _shift_at(since, calendar_of[who], day, at_day, opens)
        before = _hours_until(since, at, opens, closes, worked)
        at = _last_open(until, at, opens)
        visits[count], hours[count] = visit, _hours_until(until, at, opens, closes, worked) - before
        count += 1
    return count


@bare
def scan_work(
    work: Numbers, step: Indices, member: Indices, started: Floats, finished: Floats, following: Indices, start: float,
    end: float, team_of_step: Numbers, team_of_member: Numbers, wrong_to: Numbers, number: Floats,
) -> None:  # fmt: skip
    """Count visits to work steps inside the window by team.

    Args:
        wrong_to: Step to which work of each step goes back that is found wrong; -1 for none.
        number: Those that people began, gave up on unserved, finished, and finished wrong; shape (4, teams); written.
    """
    for visit in work:
        done, team = start <= finished[visit] < end, team_of_step[step[visit]]
        if team >= 0 and math.isnan(started[visit]) and done:
            number[1, team] += 1.0
        who = member[visit]
        if who < 0:
            continue
        if team >= 0 and start <= started[visit] < end:
            number[0, team] += 1.0
        if done:
            number[2, team_of_member[who]] += 1.0
            if wrong_to[step[visit]] >= 0 and following[visit] == wrong_to[step[visit]]:
                number[3, team_of_member[who]] += 1.0
