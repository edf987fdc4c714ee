"""`caudal forecast`: bookings and cash of the coming months from the cases that are open today."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from simulator.errors import ScenarioError, StudyError
from workbench.cli.figures import figure, table
from workbench.cli.files import STANDARD_OUTPUT, check_writable, write_json, write_whole
from workbench.cli.options import (
    OUTPUT,
    cluster_option,
    engine_option,
    jobs_option,
    json_option,
    plan_of,
    seed_option,
)
from workbench.cli.pictures import write_pictures
from workbench.cli.progress import progress_line
from workbench.cli.trust import card_content, card_table, checked

if TYPE_CHECKING:
    from simulator.experiment.forecast.backtest import Backtest
    from simulator.experiment.forecast.forecast import Fan, Forecast
    from simulator.experiment.plan import Plan
    from simulator.experiment.trust import TrustLine
    from simulator.schema.loading import Loaded

POSTED: Final = ("revenue_booked", "cash_collected")
"""KPIs whose months are forecast."""
CARD: Final = 30
"""Replications of the scenario for its card, fewer than there are futures."""
LABELS: Final = {"booked": "Bookings", "collected": "Cash collected"}


@click.command()
@click.argument("scenario")
@click.option(
    "--pipeline", type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="CSV file of the cases that are open today, instead of those that the scenario states.",
)  # fmt: skip
@click.option(
    "--today", type=click.DateTime(["%Y-%m-%d"]),
    help="Day from which is forecast, such as 2026-03-01, instead of the end of the scenario's warm-up.",
)  # fmt: skip
@click.option("--months", type=int, default=6, show_default=True, help="Months that are looked ahead.")
@click.option("--replications", type=int, default=200, show_default=True, help="Futures that are simulated.")
@click.option("--backtest", "truths", type=int, help="Also forecast so many simulated pasts, and count what held.")
@click.option("--write-pipeline", type=OUTPUT, help="Write the open cases of the simulated past as such a CSV file.")
@click.option("--pictures", type=OUTPUT, help="Write the fans of bookings and cash to this HTML file.")
@seed_option
@jobs_option
@cluster_option
@engine_option
@json_option
def forecast(
    scenario: str, pipeline: Path | None, today: dt.datetime | None, months: int, truths: int | None,
    write_pipeline: Path | None, pictures: Path | None, json_file: str | None, **options: Any,
) -> None:  # fmt: skip
    """Forecast bookings and cash month by month from the open pipeline, with new leads coming in.

    What happens falls between 5 % and 95 % nine times in ten, if the scenario is right: prediction intervals, not
    confidence intervals of a mean. A scenario without a pipeline is forecast from that of a simulated past.
    """
    plan = plan_of(warm_up=None, length=None, **options)
    check_writable([json_file, write_pipeline, pictures])
    from simulator.experiment.forecast.backtest import backtest, check_truths
    from simulator.experiment.forecast.forecast import forecast as foretold

    if truths is not None:
        check_truths(truths)
    loaded = _loaded(scenario, pipeline)
    plan = replace(plan, warm_up=_warm_up(loaded, today))
    with progress_line("futures", plan) as progress:
        found = foretold(loaded, plan, months, progress)
    if write_pipeline is not None:
        from simulator.experiment.forecast.snapshot import write_cases

        write_whole(write_pipeline, lambda path: write_cases(found.cases, path))
    if pictures is not None:
        from reports.charts.forecast import fan_chart

        fans = [fan_chart(found, account) for account in found.fans]
        write_pictures(pictures, f"Forecast of {found.scenario}", fans)
    tested = None
    if truths is not None:
        with progress_line("replications", plan) as progress:
            tested = backtest(loaded, plan, months, truths, progress)
    card = _checked(loaded, plan)
    if json_file is not None:
        write_json(json_file, {"trust": card_content(card)} | forecast_content(scenario, found, tested))
    if json_file != STANDARD_OUTPUT:
        click.echo(f"\n{card_table(card)}")
        _show(found)
        if tested is not None:
            _show_backtest(tested)


def _checked(loaded: Loaded, plan: Plan) -> list[TrustLine]:
    """The card of the scenario over the year that it measures; how precise its means are says nothing of the bands."""
    card = checked([loaded], replace(plan, replications=min(plan.replications, CARD)), POSTED)
    words = "These are means of the year that the scenario measures, not the bands of the forecast."
    return [
        replace(line, found=f"{line.found} {words}", advice="") if line.topic == "Precision" else line for line in card
    ]


def _loaded(scenario: str, pipeline: Path | None) -> Loaded:
    from simulator.schema.loading import load_changed, load_scenario

    loaded = load_scenario(scenario)
    if pipeline is None:
        return loaded
    file = str(pipeline.resolve())
    try:
        # Removed first: rows that the scenario states would stay beside the file.
        return load_changed(load_changed(loaded, {"pipeline": None}), {"pipeline": {"file": file}})
    except ScenarioError as error:
        as_given = [replace(each, file=str(pipeline)) if each.file == file else each for each in error.problems]
        raise ScenarioError(as_given) from None


def _warm_up(loaded: Loaded, today: dt.datetime | None) -> float | None:
    """Hours from the start of the scenario to the day from which is forecast."""
    if today is None:
        return None
    start = loaded.scenario.horizon.start
    if today.date() < start:
        raise StudyError(f"the scenario begins on {start}: --today cannot be before")
    return (today - dt.datetime.combine(start, dt.time())) / dt.timedelta(hours=1)


def forecast_content(scenario: str, found: Forecast, tested: Backtest | None) -> dict[str, Any]:
    """A forecast as a JSON file holds it, with its backtest where there was one."""
    content: dict[str, Any] = {
        "scenario": scenario, "seed": found.plan.seed, "replications": found.plan.replications,
        "currency": found.currency, "today": found.today.isoformat(), "open_cases": len(found.cases),
        "simulated_pipeline": found.simulated, "accounts": {n: _account(fan, found) for n, fan in found.fans.items()},
    }  # fmt: skip
    if tested is not None:
        content["backtest"] = {
            "truths": tested.truths, "coverage": [each._asdict() for each in tested.coverage],
            "error_of_median": tested.error(tested.median).tolist(),
            "error_of_weighted_pipeline": tested.error(tested.weighted).tolist(),
        }  # fmt: skip
    return content


def _account(fan: Fan, found: Forecast) -> dict[str, Any]:
    from simulator.experiment.forecast.forecast import QUANTILES

    columns = zip(found.ends, fan.months.T.tolist(), strict=True)
    months = [{"to": end.isoformat(), "quantiles": values} for end, values in columns]
    total = fan.total.tolist()
    return {"probabilities": list(QUANTILES), "months": months, "total": total, "weighted_pipeline": fan.weighted}


def _show(found: Forecast) -> None:
    of = "of a simulated past, as the scenario states no pipeline" if found.simulated else "as stated"
    click.echo(f"\n{found.scenario} from {_day(found.today)}: {len(found.cases)} open cases, {of}")
    for account, fan in found.fans.items():
        rows = [(_day(end), *_figures(column, found)) for end, column in zip(found.ends, fan.months.T, strict=True)]
        rows.append(("altogether", *_figures(fan.total, found)))
        header = ("month to", "5 %", "25 %", "median", "75 %", "95 %")
        click.echo(f"\n{LABELS[account]}\n{table(header, rows, frozenset(range(1, 6)))}")
        if math.isfinite(fan.weighted):
            click.echo(f"Weighted pipeline, without new leads or dates: {figure(fan.weighted, found.currency)}")
    click.echo(
        f"\n{found.plan.replications} futures. Prediction intervals, not confidence intervals of a mean: "
        "what happens falls between 5 % and 95 % nine times in ten, if the scenario is right."
    )


def _figures(values: Any, found: Forecast) -> list[str]:
    return [figure(float(value), found.currency) for value in values]


def _day(moment: dt.datetime) -> str:
    return f"{moment.day} {moment:%b %Y}"


def _show_backtest(tested: Backtest) -> None:
    rows = [
        (LABELS[each.account], f"{100 * each.nominal:.0f} %", _share(each.total, each.total_error),
         _share(each.monthly, each.monthly_error))
        for each in tested.coverage
    ]  # fmt: skip
    click.echo(f"\nBacktest on {tested.truths} simulated truths: share that fell into the band, with standard error")
    click.echo(table(("", "band", "altogether", "single months"), rows, frozenset({1, 2, 3})))
    names = [LABELS[account] for account in dict.fromkeys(each.account for each in tested.coverage)]
    errors = zip(names, tested.error(tested.median), tested.error(tested.weighted), strict=True)
    for name, median, weighted in errors:
        click.echo(f"{name}: median wrong by {100 * median:.0f} %, weighted pipeline by {100 * weighted:.0f} %")


def _share(share: float, error: float) -> str:
    return f"{100 * share:.1f} % +- {100 * error:.1f}"
