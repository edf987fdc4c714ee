"""`caudal diary`: the same leads in two scenarios, and where their ways part."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

import click

from workbench.cli.figures import figure, interval, table
from workbench.cli.files import STANDARD_OUTPUT, check_writable, write_json
from workbench.cli.options import (
    cluster_option,
    engine_option,
    horizon_options,
    jobs_option,
    json_option,
    plan_of,
    seed_option,
)
from workbench.cli.progress import progress_line
from workbench.cli.trust import card_content, card_table, checked

if TYPE_CHECKING:
    from simulator.experiment.diary.leads import Diary, Lead, Row, Runs
    from simulator.experiment.diary.sides import Event
    from simulator.experiment.diary.totals import Totals
    from simulator.experiment.intervals import Estimate

CAUSES: Final = 8
"""Causes of each turn that are shown; the JSON holds all."""


@click.command()
@click.argument("base")
@click.argument("other")
@click.option(
    "--replication", type=int, default=0, show_default=True, help="From which the leads are told, counted from 0."
)
@click.option("--replications", type=int, default=8, show_default=True, help="Over which the totals are counted.")
@click.option("--lead", "key", type=int, help="Key of a lead, to see all that happened to it in both scenarios.")
@seed_option
@jobs_option
@cluster_option
@engine_option
@horizon_options
@json_option
def diary(base: str, other: str, replication: int, key: int | None, json_file: str | None, **options: Any) -> None:
    """Follow the same leads through two scenarios: who orders in one and not in the other, and where they part.

    A lead has the same luck in both, so what differs is what the scenarios do to it: directly, or through others whom
    it waits for. With --lead everything that happened to one of them, side by side.
    """
    check_writable([json_file])
    plan = plan_of(**options)
    from simulator.experiment.diary.leads import Runs
    from simulator.experiment.diary.totals import totals
    from simulator.schema.loading import load_scenario

    first, second = load_scenario(base), load_scenario(other)
    with progress_line("scenarios", plan) as progress:
        runs = Runs(first, second, plan, replication, progress)
    if key is None:
        with progress_line("replications of both", plan) as progress:
            counted = totals(first, second, plan, progress)
        card = checked([first, second], plan, ("orders",))
        found = runs.diary()
        content = {"trust": card_content(card), "totals": asdict(counted)} | _content(found)
        shown = f"\n{card_table(card)}\n\n{totals_text(counted, runs)}\n\n{diary_text(found, runs)}"
    else:
        lead, rows = runs.lead(key), runs.rows(key)
        content = lead.__dict__ | {"rows": [_row_content(row) for row in rows]}
        shown = lead_text(lead, rows, runs)
    if json_file is not None:
        write_json(json_file, {"base": base, "other": other, "replication": replication, "seed": plan.seed} | content)
    if json_file != STANDARD_OUTPUT:
        click.echo(shown)


def diary_text(found: Diary, runs: Runs) -> str:
    """How many leads one replication has in both scenarios, and those that stand for many."""
    alone = f"{found.only_base} only in {found.base}, {found.only_other} only in {found.other}"
    lines = [f"Replication {found.replication}: {found.both} leads in both, {alone}; {len(found.leads)} turned."]
    rows = [
        (
            str(lead.key), _date(runs, lead.born), lead.base, lead.other,
            figure(lead.other_booked - lead.base_booked, runs.currency, True), lead.cause,
            f"{lead.where}, {figure(lead.hours, 'h', True)}" if lead.where else "",
        )
        for lead in found.telling
    ]  # fmt: skip
    if rows:
        header = ("lead", "came", found.base, found.other, "booked", "parted at", "waited longer or shorter at")
        lines.append(f"\nLeads that stand for many\n\n{table(header, rows, frozenset({4}))}")
        lines.append("\nOne lead in full: --lead KEY. Of what differed until then, waits are named; rules are not.")
    return "\n".join(lines)


def totals_text(found: Totals, runs: Runs) -> str:
    """Who ordered in one scenario only, by the wait that differed most until they parted, a run on the mean."""
    base, other = runs.names
    turns = [
        (f"Ordered in {other}, lost in {base}", found.gained), (f"Ordered in {base}, lost in {other}", found.given_up),
        (f"Ordered in {other}, still open in {base} at the end", found.ahead),
        (f"Ordered in {base}, still open in {other} at the end", found.behind),
    ]  # fmt: skip
    rows = []
    for place, (what, turn) in enumerate(turns):
        if place < 2 or turn.causes:
            rows.append((what, *_leads(turn.total)))
            shown = list(turn.causes.items())[:CAUSES]
            rows += [(f"  {cause}", *_leads(each)) for cause, each in shown]
            if len(turn.causes) > CAUSES:
                rows.append((f"  and {len(turn.causes) - CAUSES} more causes, with --json", "", ""))
    net = f"{other} wins {figure(found.net.mean, found.net.unit, True)} a run ({_leads(found.net, sign=True)[1]})"
    header = ("leads turned, by where they parted and the wait that differed most", "a run", "95 % interval")
    return f"{found.replications} paired replications: {net}.\n\n{table(header, rows, frozenset({1}))}"


def _leads(each: Estimate, *, sign: bool = False) -> tuple[str, str]:
    return figure(each.mean, each.unit, sign), interval(each.low, each.high, each.unit, each.mean, sign)


def lead_text(lead: Lead, rows: Sequence[Row], runs: Runs) -> str:
    """Everything that happened to one lead, side by side."""
    cells = [
        ((row.base or row.other).step, *_cells(row.base, runs), *_cells(row.other, runs))  # type: ignore[union-attr]
        for row in rows  # a row has at least one side
    ]
    header = ("step", "base: came", "waited", "who", "other: came", "waited", "who")
    names = f"base: {runs.names[0]}, {lead.base}; other: {runs.names[1]}, {lead.other}"
    return f"Lead {lead.key}, {names}\n{lead.cause}\n\n{table(header, cells)}"


def _cells(event: Event | None, runs: Runs) -> tuple[str, str, str]:
    if event is None:
        return "-", "", ""
    from reports.wording import CAUSE_WORDS

    waited = ", ".join(f"{figure(hours, 'h')} {CAUSE_WORDS[cause]}" for cause, hours in event.waited.items())
    return _date(runs, event.time), waited, event.member


def _date(runs: Runs, hours: float) -> str:
    return f"{runs.start + dt.timedelta(hours=hours):%Y-%m-%d %H:%M}"


def _content(found: Diary) -> dict[str, Any]:
    """The diary as the JSON file holds it."""
    names = ("both", "only_base", "only_other", "gained", "given_up", "ahead", "behind")
    counts = {name: getattr(found, name) for name in names}
    leads, telling = ([lead.__dict__ for lead in each] for each in (found.leads, found.telling))
    return counts | {"leads": leads, "telling": telling}


def _row_content(row: Row) -> dict[str, Any]:
    return {side: event and event._asdict() for side, event in row._asdict().items()}
