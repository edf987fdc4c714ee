"""`caudal bottlenecks`: where a funnel clogs, what relief is worth, and what binds next."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

import click

from workbench.cli.figures import figure, interval, p_value, table
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
    from simulator.experiment.bottlenecks.bottlenecks import Bottlenecks
    from simulator.experiment.bottlenecks.ladder import Ladder
    from simulator.experiment.bottlenecks.worth import Value
    from simulator.experiment.intervals import Estimate

KINDS: Final = ("person", "speed", "delay", "effort", "policy")
SHOWN: Final = 10
"""Steps where cases wait for a team, and as many that wait by themselves, that are shown; the JSON holds all."""
MOVED: Final = 3
"""Figures that are shown as moved by a rung; the JSON holds all."""


@click.command()
@click.argument("scenario")
@click.option("--kpi", default="margin", show_default=True, help="What a relief should raise, or lower.")
@click.option(
    "--kind", "kinds", multiple=True, type=click.Choice(KINDS),
    help="Relieve only these, on the ladder too, which otherwise adds people alone; may be given several times.",
)  # fmt: skip
@click.option(
    "--most", type=click.IntRange(1), default=10, show_default=True,
    help="Measure this many efforts and policies, those that relieve most in two replications; all else in any case.",
)  # fmt: skip
@click.option(
    "--rungs", type=click.IntRange(0), default=5, show_default=True,
    help="Longest ladder; 0 for none. It needs --kpi margin or net_cash, and is left out for others.",
)  # fmt: skip
@click.option("--replications", type=int, default=20, show_default=True, help="Independent runs of each variant.")
@seed_option
@jobs_option
@cluster_option
@horizon_options
@engine_option
@json_option
def bottlenecks(
    scenario: str, kpi: str, kinds: tuple[Any, ...], most: int, rungs: int, json_file: str | None, **options: Any
) -> None:
    """Say what one more person, 10 % more speed or one day less is worth at each team, delay and policy.

    Then a ladder: the best relief is applied, everything is measured again, and so on until nothing surely pays for
    itself. And what waiting for each team lost. Differences are paired: each variant meets the same luck.
    """
    plan = plan_of(**options)
    check_writable([json_file])
    from simulator.experiment.bottlenecks.bottlenecks import bottlenecks as found_of
    from simulator.experiment.bottlenecks.ladder import PRICED, ladder
    from simulator.experiment.bottlenecks.worth import NET
    from simulator.schema.loading import load_scenario

    loaded = load_scenario(scenario)
    with progress_line("replications", plan) as progress:
        found = found_of(loaded, plan, kpi, progress, kinds=kinds or KINDS, most=most)
    climbed = None
    if rungs and kpi in NET:
        with progress_line("replications of the ladder", plan) as progress:
            climbed = ladder(loaded, plan, kpi, progress, rungs=rungs, kinds=kinds or PRICED, most=most)
    card = checked([loaded], plan, (kpi,))
    if json_file is not None:
        content = {"trust": card_content(card), "scenario": scenario, "seed": plan.seed, "bottlenecks": asdict(found)}
        write_json(json_file, content | {"ladder": climbed and asdict(climbed)})
    if json_file != STANDARD_OUTPUT:
        click.echo(f"\n{card_table(card)}")
        _show(found)
        if climbed is not None:
            _show_ladder(climbed)


def _show(found: Bottlenecks) -> None:
    unit, base = found.kpi.unit, found.base
    spread = interval(base.low, base.high, unit, base.mean)
    click.echo(f"\n{found.kpi.label} of {found.scenario}: {figure(base.mean, unit)} ({spread})\n")
    header = ("what", "relief", "worth", "95 % interval", "its cost", "adjusted p", "verdict")
    click.echo(table(header, [_row(each, found) for each in found.values], frozenset({2, 4})))
    for lever, why in found.left_out.items():
        click.echo(f"Left out: {lever}: {why}")
    click.echo(_basis(found))
    _show_prices(found)
    _show_causes(found)
    _show_waits(found)


def _row(each: Value, found: Bottlenecks) -> tuple[str, ...]:
    value, unit = each.value, found.kpi.unit
    return (
        each.lever.label, each.lever.change, figure(value.mean, unit, True),
        interval(value.low, value.high, unit, value.mean, True),
        figure(each.cost, found.currency) if each.cost else "-", p_value(each.p_adjusted), each.worth,
    )  # fmt: skip


def _basis(found: Bottlenecks) -> str:
    from simulator.experiment.bottlenecks.ladder import UNPRICED
    from simulator.experiment.bottlenecks.worth import NET

    screened = (
        f" (of {found.levers} changes every person, speed and delay, and the efforts and policies that relieved most "
        f"in {found.screening} others)"
        if found.screening
        else ""
    )
    deducted = (
        "The worth of a person is what remains after the cost; that of any other change is the most that it may cost. "
        if found.kpi.name in NET
        else f"{found.kpi.label} {UNPRICED}: there is no ladder, and no word on what pays. "
    )
    return (
        f"\n{found.replications} paired replications over {figure(found.hours, 'h')}{screened}; p-values adjusted "
        f"over the list (Holm). {deducted}Worths do not add up."
    )


def _show_prices(found: Bottlenecks) -> None:
    from reports.inquiries import LOST, lost_in

    word = LOST[found.kpi.better]
    click.echo(f"\nWhat waiting for each team {word}: the difference that hands enough would make\n")
    rows = [
        (
            each.label, figure(each.hours, "h"), *_estimated(lost_in(found.kpi, each.lost)), p_value(each.p_adjusted),
            *_estimated(lost_in(found.kpi, each.an_hour), sign=False),
            figure(each.orders.mean, "orders", True), figure(each.cash_late, found.currency),
        )
        for each in found.prices
    ]  # fmt: skip
    header = ("team", "waiting", word, "95 % interval", "adjusted p", "an hour", "95 % interval", "leads gone cold",
              "cash late")  # fmt: skip
    click.echo(table(header, rows, frozenset({1, 2, 5, 7, 8})))


def _show_causes(found: Bottlenecks) -> None:
    from reports.inquiries import LOST, lost_in
    from reports.wording import CAUSE_WORDS

    word = LOST[found.kpi.better]
    click.echo(
        f"\nWhat waiting {word}, by cause: of waits for a team its part of what hands enough gain, by the hours that "
        "they leave out; of others ten times what a tenth less of them gains\n"
    )
    rows = [
        (
            CAUSE_WORDS[each.cause], figure(each.hours, "h"), figure(each.avoided, "h"),
            *_estimated(lost_in(found.kpi, each.lost)), *_estimated(each.orders),
            figure(each.cash_late, found.currency),
        )
        for each in found.causes
    ]  # fmt: skip
    header = ("cause", "waiting", "hands leave out", word, "95 % interval", "leads gone cold", "95 % interval",
              "cash late")  # fmt: skip
    click.echo(table(header, rows, frozenset({1, 2, 3, 5, 7})))


def _estimated(each: Estimate | None, *, sign: bool = True) -> tuple[str, str]:
    if each is None:
        return "-", "-"
    return figure(each.mean, each.unit, sign), interval(each.low, each.high, each.unit, each.mean, sign)


def _show_waits(found: Bottlenecks) -> None:
    from reports.wording import CAUSE_WORDS

    click.echo("\nWhere the hours of waiting are, by cause\n")
    rows = []
    for_teams, others = ([each for each in found.waits if bool(each.team) is team] for team in (True, False))
    for each in (*for_teams[:SHOWN], *others[:SHOWN]):
        causes = sorted(each.hours.items(), key=lambda cause: -cause[1])
        words = ", ".join(f"{CAUSE_WORDS[cause]} {figure(hours / each.total, 'share')}" for cause, hours in causes)
        rows.append(
            (each.label, each.team or "-", figure(each.total, "h"), figure(each.total_late, found.currency), words)
        )
    click.echo(table(("step", "team", "waiting", "cash late", "causes"), rows, frozenset({2, 3})))


def _show_ladder(found: Ladder) -> None:
    unit = found.kpi.unit
    click.echo("\nLadder: the best relief applied, everything measured again; told with luck that chose nothing\n")
    rows = []
    for number, rung in enumerate(found.rungs, start=1):
        value = rung.relief.value
        moved = "; ".join(
            f"{each.kpi.label} {figure(each.before, each.kpi.unit)} to {figure(each.after, each.kpi.unit)}"
            for each in rung.moved[:MOVED]
        )
        relief = f"{rung.relief.lever.label}: {rung.relief.lever.change}"
        spread = interval(value.low, value.high, unit, value.mean, True)
        reached = figure(rung.reached.mean, unit)
        worth = figure(value.mean, unit, True)
        rows.append((str(number), relief, worth, spread, rung.relief.worth, reached, moved or "-"))
    if rows:
        header = ("rung", "relief", "worth", "95 % interval", "verdict", "reached", "what moved most surely")
        click.echo(table(header, rows))
    gain = interval(found.gain.low, found.gain.high, unit, found.gain.mean, True)
    ended = f"Then {found.ended}" if rows else f"No rung: {found.ended}"
    if found.refused:
        best = found.refused[0]
        spread = interval(best.value.low, best.value.high, unit, best.value.mean, True)
        ended += f": the best that is left, {best.lever.label} ({best.lever.change}), is worth "
        ended += f"{figure(best.value.mean, unit, True)} ({spread}; {best.worth})"
    click.echo(f"{ended}. In all {figure(found.gain.mean, unit, True)} ({gain}).")
