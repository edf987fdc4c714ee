"""`caudal tornado`: which assumptions a KPI hangs on, over the ranges that their evidence allows."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click
from click.core import ParameterSource

from workbench.cli.figures import figure, interval, p_value, table
from workbench.cli.files import STANDARD_OUTPUT, check_writable, write_json
from workbench.cli.indices import show_indices
from workbench.cli.interaction import show_interaction
from workbench.cli.options import (
    OUTPUT,
    cluster_option,
    engine_option,
    horizon_options,
    jobs_option,
    json_option,
    plan_of,
    seed_option,
)
from workbench.cli.pictures import write_pictures
from workbench.cli.progress import progress_line
from workbench.cli.trust import card_content, card_table

if TYPE_CHECKING:
    from simulator.experiment.plan import Plan
    from simulator.experiment.sensitivity.parameters import Parameter
    from simulator.experiment.sensitivity.tornado import Bar, Tornado
    from simulator.schema.loading import Loaded

MOST: Final = 20
"""Parameters that are shown where none are named."""
WIDTH: Final = 30
"""Characters of the bars."""


@click.command()
@click.argument("scenario")
@click.option(
    "--kpi", "kpis", multiple=True, default=("margin",), show_default=True, help="May be given several times."
)
@click.option(
    "--parameter", "wanted", multiple=True, metavar="PATH[=LOW..HIGH]",
    help="A number of the scenario, over the range of its evidence or from LOW to HIGH; may be given several times.",
)  # fmt: skip
@click.option(
    "--most", type=click.IntRange(1), default=MOST, show_default=True,
    help="Without --parameter: this many of those with a range, the most telling in one replication of all.",
)  # fmt: skip
@click.option(
    "--method", type=click.Choice(("one-at-a-time", "morris", "sobol")), default="one-at-a-time", show_default=True,
    help="One at a time; or all at once, by Morris screening or as shares of the variance (Sobol).",
)  # fmt: skip
@click.option(
    "--points", type=int,
    help="Trajectories of Morris (10 where not given), or points of Sobol (a power of two, 64 where not given).",
)  # fmt: skip
@click.option(
    "--interaction", metavar="PATH,PATH",
    help="Instead of bars a heat map of two numbers moved together, each PATH[=LOW..HIGH], with their interaction.",
)  # fmt: skip
@click.option(
    "--levels",
    type=click.IntRange(2, 50),
    default=5,
    show_default=True,
    help="With --interaction: values of each, fewer where a range has not as many whole numbers.",
)
@click.option("--pictures", type=OUTPUT, help="Write the tornado or the heat map to this HTML file.")
@click.option("--replications", type=int, default=5, show_default=True, help="Independent runs of each variant.")
@seed_option
@jobs_option
@cluster_option
@horizon_options
@engine_option
@json_option
def tornado(
    scenario: str, kpis: tuple[str, ...], wanted: tuple[str, ...], most: int, method: str, points: int | None,
    interaction: str | None, levels: int, pictures: Path | None, json_file: str | None, **options: Any,
) -> None:  # fmt: skip
    """Move assumptions over the range of their evidence and show how far a KPI swings.

    Differences are paired: each end meets the same luck as the scenario as it is. Morris and Sobol move all of them at
    once, in many more variants.
    """
    _refuse_unread(method, interaction, points, pictures, wanted)
    plan = plan_of(**options)
    check_writable([json_file, pictures])
    from simulator.experiment.checks import checked_tornado
    from simulator.schema.loading import load_scenario

    loaded = load_scenario(scenario)
    if interaction is not None:
        show_interaction(loaded, plan, kpis, interaction, levels, scenario, json_file, pictures)
        return
    parameters = _parameters(loaded, plan, kpis, wanted, most)
    if method != "one-at-a-time":
        show_indices(loaded, plan, kpis, parameters, method, points, scenario, json_file)
        return
    with progress_line("replications", plan) as progress:
        found, card = checked_tornado(loaded, plan, kpis, parameters, progress)
    if pictures is not None:
        from reports.charts import tornado as drawn

        named = [replace(drawn(each), name=f"tornado-{each.kpi.name}") for each in found]
        write_pictures(pictures, f"Tornado of {loaded.scenario.name}", named)
    if json_file is not None:
        tornados = [tornado_content(each) for each in found]
        write_json(
            json_file, {"trust": card_content(card), "scenario": scenario, "seed": plan.seed, "tornados": tornados}
        )
    if json_file != STANDARD_OUTPUT:
        click.echo(f"\n{card_table(card)}")
        for each in found:
            _show(each)


def _refuse_unread(
    method: str, interaction: str | None, points: int | None, pictures: Path | None, wanted: tuple[str, ...]
) -> None:
    """Refuse options that the design asked for would not read."""
    if interaction is not None and method != "one-at-a-time":
        raise click.UsageError(f"--interaction is a design of its own; leave out --method {method}")
    if interaction is not None and wanted:
        raise click.UsageError("--interaction names the two numbers itself; leave out --parameter")
    if points is not None and method == "one-at-a-time":
        raise click.UsageError("--points sizes a design of all at once; give --method morris or sobol, or leave it out")
    if pictures is not None and method != "one-at-a-time":
        raise click.UsageError(f"--pictures draws a tornado or a heat map; leave it out with --method {method}")
    for option, name, reads in (("--most", "most", not wanted and interaction is None),
                                ("--levels", "levels", interaction is not None)):  # fmt: skip
        if not reads and click.get_current_context().get_parameter_source(name) is ParameterSource.COMMANDLINE:
            instead = "with --interaction" if name == "levels" else "without --parameter and --interaction"
            raise click.UsageError(f"{option} is read {instead} only; leave it out")


def _parameters(
    loaded: Loaded, plan: Plan, kpis: tuple[str, ...], wanted: tuple[str, ...], most: int
) -> list[Parameter]:
    from simulator.experiment.sensitivity.parameters import chosen, parameters_of
    from simulator.experiment.sensitivity.tornado import most_telling

    known = parameters_of(loaded)
    if wanted:
        return chosen(loaded, wanted)
    if len(known) <= most:
        return list(known.values())
    with progress_line("variants screened", plan) as progress:
        return most_telling(loaded, plan, kpis, most, progress)


def tornado_content(found: Tornado) -> dict[str, Any]:
    """A tornado as the JSON file holds it."""
    return {
        "kpi": found.kpi.name,
        "replications": found.replications,
        "base": asdict(found.base),
        "bars": [_bar_content(bar) | {"high_is": found.verdict(bar)} for bar in found.bars],
        "left_out": found.left_out,
    }


def _bar_content(bar: Bar) -> dict[str, Any]:
    moved = bar.parameter
    stated = {"path": moved.path, "label": moved.label, "value": moved.text, "grade": moved.grade}
    ends = {"from": moved.written(moved.low), "to": moved.written(moved.high)}
    differences = {"low": asdict(bar.low), "high": asdict(bar.high), "swing": asdict(bar.swing)}
    return stated | ends | differences | {"p_adjusted": bar.p_adjusted}


def _show(found: Tornado) -> None:
    from reports.certainty import intervals_line

    unit, base = found.kpi.unit, found.base
    spread = interval(base.low, base.high, unit, base.mean)
    click.echo(f"\n{found.kpi.label} of {found.scenario}: {figure(base.mean, unit)} ({spread})\n")
    longest = max((max(abs(bar.low.mean), abs(bar.high.mean)) for bar in found.bars), default=0.0)
    rows = [
        (
            bar.parameter.label, bar.parameter.grade,
            f"{bar.parameter.written(bar.parameter.low)} .. {bar.parameter.written(bar.parameter.high)}",
            figure(bar.low.mean, unit, True), picture(bar, longest), figure(bar.high.mean, unit, True),
            interval(bar.swing.low, bar.swing.high, unit, bar.swing.mean, True), p_value(bar.p_adjusted),
            found.verdict(bar),
        )
        for bar in found.bars
    ]  # fmt: skip
    header = (
        "assumption",
        "grade",
        "range",
        "at low",
        "",
        "at high",
        "95 % interval, low to high",
        "adjusted p",
        "high is",
    )
    click.echo(table(header, rows, frozenset({3})))
    for path, why in found.left_out.items():
        click.echo(f"Left out: {path}: {why}")
    click.echo(
        f"\n{found.replications} paired replications; p-values adjusted over {found.tests} bars (Holm). "
        "In a bar - is the low end, + the high end; the last word compares the high end with the low one."
    )
    click.echo(intervals_line(found.replications))


def picture(bar: Bar, longest: float) -> str:
    """A bar around the base, drawn with the sign of the end that it belongs to."""
    half = WIDTH // 2
    cells = [" "] * half + ["|"] + [" "] * half
    for end, sign in sorted(((bar.low.mean, "-"), (bar.high.mean, "+")), key=lambda each: -abs(each[0])):
        length = round(half * abs(end) / longest) if longest else 0
        for step in range(1, length + 1):
            cells[half + (step if end > 0 else -step)] = sign
    return "".join(cells)
