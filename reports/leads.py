"""Tables of a diary: who was won and lost, the leads that stand for many, and what happened to some of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Final

from reports import wording
from reports.certainty import PlainTable
from simulator.experiment.diary.leads import Lead
from simulator.experiment.diary.sides import Event
from simulator.experiment.diary.told import Story, Told
from simulator.experiment.diary.totals import Turn
from simulator.experiment.intervals import Estimate

CAUSES: Final = 6
"""Causes of each turn that are shown."""


def tables_of(found: Told) -> tuple[PlainTable, ...]:
    """What is told of one pair of scenarios."""
    telling = (telling_table(found),) if found.leads else ()
    return (totals_table(found), *telling, *(story_table(found, each) for each in found.stories))


def totals_table(found: Told) -> PlainTable:
    """Leads won in one scenario only, by the step at which their ways part and the wait before it."""
    counted, base, other = found.totals, found.base, found.other
    turns = [
        (f"Ordered with “{other}”, lost with “{base}”", counted.gained),
        (f"Ordered with “{base}”, lost with “{other}”", counted.given_up),
        (f"Ordered with “{other}”, still open with “{base}” at the end", counted.ahead),
        (f"Ordered with “{base}”, still open with “{other}” at the end", counted.behind),
    ]  # fmt: skip
    rows = tuple(row for what, turn in turns for row in _turn(what, turn))
    net = wording.change(counted.net.mean, counted.net.unit)
    span = wording.span(counted.net.low, counted.net.high, counted.net.unit, counted.net.mean, sign=True)
    caption = (
        f"The same leads with “{other}” and with “{base}”: {net} won on balance ({span}), mean of "
        f"{counted.replications} paired replications"
    )
    return PlainTable(
        caption, ("Leads turned, by where they parted and the wait that differed most", "A run", "95 % interval"), rows
    )


def _turn(what: str, turn: Turn) -> Iterator[tuple[str, str, str]]:
    yield what, *_leads(turn.total)
    for cause, each in list(turn.causes.items())[:CAUSES]:
        yield f"– {cause}", *_leads(each)
    if len(turn.causes) > CAUSES:
        yield f"– and {len(turn.causes) - CAUSES} more", wording.UNDEFINED, wording.UNDEFINED


def _leads(each: Estimate) -> tuple[str, str]:
    return wording.mean_of(each), wording.interval_of(each)


def telling_table(found: Told) -> PlainTable:
    """Leads that stand for many."""
    rows = tuple(
        (_named(lead), _moment(found, lead.born), lead.base, lead.other,
         wording.change(lead.other_booked - lead.base_booked, found.currency), lead.cause,
         f"{lead.where}: {wording.change(lead.hours, 'h')}" if lead.where else wording.UNDEFINED)
        for lead in found.leads
    )  # fmt: skip
    caption = "Leads of the first replication that stand for many: the largest of each cause"
    header = ("Lead", "Came", found.base, found.other, "Booked", "Parted at", "Waited longer or shorter at")
    return PlainTable(caption, header, rows)


def story_table(found: Told, story: Story) -> PlainTable:
    """Everything that happened to one lead, side by side."""
    rows = tuple(
        (next(each.step for each in row if each is not None), *_side(row.base, found), *_side(row.other, found))
        for row in story.rows
    )
    caption = (
        f"Lead {_named(story.lead)}: {story.lead.base} with “{found.base}”, {story.lead.other} with “{found.other}”; "
        f"parted at {story.lead.cause}"
    )
    header = (
        "Step", f"{found.base}: came", "Waited", "Who", f"{found.other}: came", "Waited", "Who",
    )  # fmt: skip
    return PlainTable(caption, header, rows)


def _side(event: Event | None, found: Told) -> tuple[str, str, str]:
    if event is None:
        return wording.UNDEFINED, "", ""
    waited = ", ".join(
        f"{wording.figure(hours, 'h')} {wording.CAUSE_WORDS[cause]}" for cause, hours in event.waited.items()
    )
    return _moment(found, event.time), waited, event.member


def _moment(found: Told, hours: float) -> str:
    return f"{found.start + dt.timedelta(hours=hours):%Y-%m-%d %H:%M}"


def _named(lead: Lead) -> str:
    return str(lead.key)
