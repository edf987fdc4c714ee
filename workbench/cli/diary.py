"""`caudal diary`: the same leads in two scenarios, and where their ways part."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from simulator.engines.choice import Engine
from workbench.cli.figures import figure, table
from workbench.cli.files import STANDARD_OUTPUT, check_writable, write_json
from workbench.cli.options import engine_option, horizon_options, json_option, seed_option
from workbench.cli.progress import progress_line

if TYPE_CHECKING:
    from simulator.experiment.diary.leads import Diary, Lead, Row, Runs
    from simulator.experiment.diary.sides import Event


@click.command()
@click.argument("base")
@click.argument("other")
@click.option("--replication", type=int, default=0, show_default=True, help="Which one, counted from 0.")
@click.option("--lead", "key", type=int, help="Key of a lead, to see all that happened to it in both scenarios.")
@seed_option
@engine_option
@horizon_options
@json_option
def diary(
    base: str, other: str, replication: int, key: int | None, seed: int, engine: Engine, json_file: str | None,
    **horizon: Any,
) -> None:  # fmt: skip
    """Follow the same leads through two scenarios: who orders in one and not in the other, and where they part.

    A lead has the same luck in both, so what differs is what the scenarios do to it: directly, or through others whom
    it waits for. With --lead everything that happened to one of them, side by side.
    """
    from simulator.experiment.diary.leads import Runs
    from simulator.experiment.plan import Plan
    from simulator.schema.loading import load_scenario

    check_writable([json_file])
    plan = Plan(seed=seed, engine=engine, **horizon)
    first, second = load_scenario(base), load_scenario(other)
    with progress_line("scenarios", plan) as progress:
        runs = Runs(first, second, plan, replication, progress)
    if key is None:
        found = runs.diary()
        content, shown = _content(found), diary_text(found, runs)
    else:
        lead, rows = runs.lead(key), runs.rows(key)
        content = lead.__dict__ | {"rows": [_row_content(row) for row in rows]}
        shown = lead_text(lead, rows, runs)
    if json_file is not None:
        write_json(json_file, {"base": base, "other": other, "replication": replication, "seed": seed} | content)
    if json_file != STANDARD_OUTPUT:
        click.echo(shown)


def diary_text(found: Diary, runs: Runs) -> str:
    """Totals by cause, and the leads that stand for many."""
    alone = f"{found.only_base} only in {found.base}, {found.only_other} only in {found.other}"
    lines = [
        f"{found.both} leads in both, {alone}.",
        _turned(f"Ordered in {found.other}, lost in {found.base}", found.gained),
        _turned(f"Ordered in {found.base}, lost in {found.other}", found.given_up),
    ]
    if found.ahead:
        lines.append(_turned(f"Ordered in {found.other}, still open in {found.base} at the end", found.ahead))
    if found.behind:
        lines.append(_turned(f"Ordered in {found.base}, still open in {found.other} at the end", found.behind))
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


def lead_text(lead: Lead, rows: Sequence[Row], runs: Runs) -> str:
    """Everything that happened to one lead, side by side."""
    cells = [
        ((row.base or row.other).step, *_cells(row.base, runs), *_cells(row.other, runs))  # type: ignore[union-attr]
        for row in rows  # a row has at least one side
    ]
    header = ("step", "base: came", "waited", "who", "other: came", "waited", "who")
    names = f"base: {runs.names[0]}, {lead.base}; other: {runs.names[1]}, {lead.other}"
    return f"Lead {lead.key}, {names}\n{lead.cause}\n\n{table(header, cells)}"


def _turned(what: str, causes: Mapping[str, int]) -> str:
    return "\n".join([f"\n{what}: {sum(causes.values())}", *(f"{n:>6}  {cause}" for cause, n in causes.items())])


def _cells(event: Event | None, runs: Runs) -> tuple[str, str, str]:
    if event is None:
        return "-", "", ""
    waited = ", ".join(f"{figure(hours, 'h')} {cause.replace('_', ' ')}" for cause, hours in event.waited.items())
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
