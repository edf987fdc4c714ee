"""What an investment brings, in sentences of the terminal."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from workbench.cli.figures import figure, interval

if TYPE_CHECKING:
    from simulator.experiment.investment import Investment


def investment_words(invested: Investment, currency: str) -> str:
    """Payback, net present value and return in sentences."""
    value = invested.net_present_value
    months = f"over {invested.months} months"
    first = (
        f"The best against today {months}: net present value at {invested.discount:.1%} a year "
        f"{figure(value.mean, currency, True)} ({interval(value.low, value.high, currency, value.mean, True)})"
    )
    gain = invested.return_on_investment
    second = ""
    if gain is not None:
        second = f"; return on first-year spending {gain.mean:.0%} ({gain.low:.0%} to {gain.high:.0%})"
    elif invested.spending > 0:
        second = f"; no return on first-year spending, since {invested.months} months are not a year"
    back = invested.payback
    third = "nothing is spent that has to come back"
    if back is not None:
        third = f"payback: {_months(back.months)} ({_months(back.low)} to {_months(back.high)})"
    return f"{first}{second}; {third}."


def _months(months: float) -> str:
    if math.isnan(months):
        return "unknown"
    if months == 0:
        return "at once"
    return f"{months:.1f} months" if math.isfinite(months) else "not within that time"
