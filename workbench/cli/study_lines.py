"""What the blocks of a declared study found, in a line each; the results folder holds the rest."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from workbench.cli.figures import figure, interval, p_value
from workbench.cli.forecast import LABELS

if TYPE_CHECKING:
    from simulator.experiment.declared.outcome import Indices, Outcome
    from simulator.experiment.forecast.forecast import Forecast
    from simulator.experiment.sensitivity.tornado import Tornado


def told_in_short(outcome: Outcome) -> Iterator[str]:
    """Of each tornado, Morris screening, Sobol design and forecast what tells most, and where the rest is."""
    yield from (f"{_tornado(each)} All bars: report.html." for each in outcome.tornados)
    yield from (
        f"{_indices(each, outcome.base.catalogue[each.kpi].label)} All assumptions: report.html."
        for each in outcome.indices
    )
    if outcome.forecast is not None:
        yield f"{_forecast(outcome.forecast)} Month by month: report.html."


def _tornado(found: Tornado) -> str:
    if not found.bars:
        return f"{found.kpi.label} hangs on none of the assumptions that were moved."
    bar, unit = found.bars[0], found.kpi.unit
    spread = interval(bar.swing.low, bar.swing.high, unit, bar.swing.mean, True)
    return (
        f"{found.kpi.label} hangs most on {bar.parameter.label}: {figure(bar.swing.mean, unit, True)} from "
        f"{bar.parameter.written(bar.parameter.low)} to {bar.parameter.written(bar.parameter.high)} ({spread}; "
        f"adjusted p {p_value(bar.p_adjusted)}), of {len(found.bars)} moved one at a time."
    )


def _indices(found: Indices, label: str) -> str:
    if found.method == "morris":
        ranked = [(each.absolute, each.parameter.label) for each in found.effects]
        words = "a mean absolute effect of {}"
    else:
        ranked = [(each.total, each.parameter.label) for each in found.shares]
        words = "{} of the variance, interactions included"
    told, most = max(ranked, key=lambda each: each[0].mean)
    spread = interval(told.low, told.high, told.unit, told.mean)
    return (
        f"{label} over all ranges at once hangs most on {most}: "
        f"{words.format(figure(told.mean, told.unit))} ({spread}; {found.method.capitalize()})."
    )


def _forecast(found: Forecast) -> str:
    accounts = [
        f"{LABELS[account]} {interval(float(fan.total[0]), float(fan.total[-1]), found.currency, float(fan.total[2]))}"
        for account, fan in found.fans.items()
    ]
    return (
        f"Until {found.ends[-1].day} {found.ends[-1]:%b %Y}, nine times in ten if the scenario is right: "
        f"{'; '.join(accounts)}."
    )
