"""How often forecasts of a shipped firm held: simulated truths, of each of which only the pipeline of a day is seen."""

from __future__ import annotations

from pathlib import Path

from benchmarks.markdown import machine, table
from simulator.experiment.forecast.backtest import Backtest, backtest
from simulator.experiment.plan import Plan
from simulator.schema.loading import load_scenario

FIRM = "baselines/pt_installation"
TRUTHS = 200
REPLICATIONS = 100
MONTHS = 6


def measure(
    firm: str | Path = FIRM, truths: int = TRUTHS, replications: int = REPLICATIONS, months: int = MONTHS
) -> Backtest:
    """Backtest a shipped firm."""
    return backtest(load_scenario(firm), Plan(replications=replications), months, truths)


def shown(found: Backtest) -> str:
    """The table of shares, with their standard errors."""
    rows = [
        (
            each.account, f"{each.nominal:.0%}",
            f"{each.total:.1%} ({each.total_error:.1%})", f"{each.monthly:.1%} ({each.monthly_error:.1%})",
        )
        for each in found.coverage
    ]  # fmt: skip
    return table(("account", "band", "sums of all months in it", "months in it"), rows)


def report() -> str:
    """Measure, and say it in Markdown."""
    how = f"`{FIRM}`, {TRUTHS} truths, {REPLICATIONS} futures of each, {MONTHS} months; standard errors in brackets."
    return f"{shown(measure())}\n\n*{how}* {machine()}"
