"""Tables of what a study asks beside its comparison: relief, portfolios and forecasts."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Final

from reports import wording
from reports.certainty import PlainTable
from reports.charts.frontier import named
from simulator.experiment.bottlenecks.bottlenecks import Bottlenecks
from simulator.experiment.bottlenecks.ladder import Ladder, Rung
from simulator.experiment.forecast.backtest import Backtest
from simulator.experiment.forecast.forecast import QUANTILES, Forecast
from simulator.experiment.intervals import Estimate
from simulator.experiment.investment import Investment
from simulator.experiment.search.result import Portfolio, SearchResult
from simulator.kpis.catalogue import Kpi
from simulator.kpis.declared import Better

LOST: Final[dict[Better, str]] = {"higher": "lost", "lower": "added"}
"""What a wait does to a KPI, by which side of it is better."""
MOVED: Final = 3
"""Figures that are named as moved by a rung."""
_ACCOUNTS = {"booked": "Bookings", "collected": "Cash collected"}


def relief_table(found: Bottlenecks) -> PlainTable:
    """What each lever is worth, the best first."""
    rows = tuple(
        (each.lever.label, each.lever.change, wording.change(each.value.mean, found.kpi.unit),
         wording.span(each.value.low, each.value.high, found.kpi.unit, each.value.mean, sign=True),
         wording.figure(each.cost, found.currency) if each.cost else wording.UNDEFINED,
         wording.probability(each.p_adjusted), each.worth)
        for each in found.values
    )  # fmt: skip
    caption = (
        f"What relief is worth in {found.kpi.label} over the measured time: {found.replications} paired replications, "
        f"p adjusted over the list (Holm); worths do not add up"
    )
    header = ("What", "Relief", "Worth", "95 % interval", "Its cost", "Adjusted", "Verdict")
    return PlainTable(caption, header, rows)


def ladder_table(found: Ladder) -> PlainTable:
    """Each rung with what it is worth on top of those before it, and what it moved most surely."""
    unit = found.kpi.unit
    rows = tuple(
        (str(number), f"{rung.relief.lever.label}: {rung.relief.lever.change}",
         wording.change(rung.relief.value.mean, unit),
         wording.span(rung.relief.value.low, rung.relief.value.high, unit, rung.relief.value.mean, sign=True),
         rung.relief.worth, wording.mean_of(rung.reached), _moved(rung))
        for number, rung in enumerate(found.rungs, start=1)
    )  # fmt: skip
    caption = f"The ladder: each rung on top of those before it, told with luck that chose nothing; then {found.ended}"
    header = ("Rung", "Relief", "Worth", "95 % interval", "Verdict", f"{found.kpi.label} reached", "What moved")
    return PlainTable(caption, header, rows)


def _moved(rung: Rung) -> str:
    told = [
        f"{each.kpi.label} {wording.figure(each.before, each.kpi.unit)} to {wording.figure(each.after, each.kpi.unit)}"
        for each in rung.moved[:MOVED]
    ]
    return "; ".join(told) or wording.UNDEFINED


def prices_table(found: Bottlenecks) -> PlainTable:
    """What waiting for each team lost."""
    word = LOST[found.kpi.better]
    rows = tuple(
        (each.label, wording.figure(each.hours, "h"), *_estimated(lost_in(found.kpi, each.lost)),
         wording.change(each.orders.mean, "orders"), wording.figure(each.cash_late, found.currency))
        for each in found.prices
    )  # fmt: skip
    caption = f"What waiting for each team {word}: the difference that hands enough would make, unpaid"
    header = (
        "Team",
        "Hours of waiting",
        f"{found.kpi.label} {word}",
        "95 % interval",
        "Orders lost",
        "Cost of late cash",
    )
    return PlainTable(caption, header, rows)


def causes_table(found: Bottlenecks) -> PlainTable:
    """What waiting lost by cause."""
    rows = tuple(
        (wording.CAUSE_WORDS[each.cause], wording.figure(each.hours, "h"), *_estimated(lost_in(found.kpi, each.lost)),
         *_estimated(each.orders), wording.figure(each.cash_late, found.currency))
        for each in found.causes
    )  # fmt: skip
    word = LOST[found.kpi.better]
    caption = (
        f"What waiting {word}, by cause: of waits for a team its part of what hands enough gain, by the hours that "
        "they leave out; of others ten times what a tenth less of them gains"
    )
    header = (
        "Cause", "Hours of waiting", f"{found.kpi.label} {word}", "95 % interval", "Orders lost", "95 % interval",
        "Cost of late cash",
    )  # fmt: skip
    return PlainTable(caption, header, rows)


def lost_in(kpi: Kpi, each: Estimate | None) -> Estimate | None:
    """What waiting lost in a KPI, or added to one of which less is better, from the difference without it."""
    if each is None or kpi.better != "lower":
        return each
    return replace(each, mean=0.0 - each.mean, low=0.0 - each.high, high=0.0 - each.low)


def _estimated(each: Estimate | None) -> tuple[str, str]:
    if each is None:
        return wording.UNDEFINED, wording.UNDEFINED
    return wording.change(each.mean, each.unit), wording.span(each.low, each.high, each.unit, each.mean, sign=True)


def portfolios_table(found: SearchResult) -> PlainTable:
    """What was measured with fresh replications, the best first."""
    rows = tuple(_portfolio(each, found) for each in found.candidates)
    held = "; ".join(found.constraints) or "no constraint"
    budget = "no budget" if found.budget is None else f"a budget of {wording.figure(found.budget, found.currency)}"
    caption = f"Portfolios under {budget} and {held}, by replications that chose none of them; {_ranking(found)}"
    header = ("Choice", "First-year spending", found.kpi.label, "Gain", "95 % interval", "Replications", "Limits")
    return PlainTable(caption, header, rows)


def _ranking(found: SearchResult) -> str:
    """How surely the first is the best."""
    if len(found.candidates) == 1:
        return "no other choice was found to be allowed"
    if not found.selected.indifference > 0:
        return "what lies between the first and the others is identical in every fresh replication"
    close = wording.figure(found.selected.indifference, found.kpi.unit)
    if not found.settled:
        return f"{len(found.selected.remaining)} of these could not be told apart within {close}"
    return (
        f"with {wording.share(found.selected.confidence)} confidence none of these is more than {close} better than "
        "the first (Kim and Nelson)"
    )


def limits_table(found: SearchResult) -> PlainTable:
    """What the best portfolio must keep to, and does."""
    rows = tuple(
        (each.constraint.kpi, f"{each.constraint.sense} {wording.figure(each.constraint.limit, each.value.unit)}",
         wording.mean_of(each.value), wording.interval_of(each.value), each.kept)
        for each in found.best.limits
    )  # fmt: skip
    caption = f"Limits of {named(found.best)}: not certain where the interval is on both sides"
    return PlainTable(caption, ("KPI", "Limit", "Mean", "95 % interval", "Verdict"), rows)


def synergies_table(found: SearchResult) -> PlainTable:
    """What the levels of the best portfolio are worth to each other."""
    unit = found.kpi.unit
    rows = tuple(
        (f"{each.one} and {each.other}",
         *(wording.change(worth.mean, unit) for worth in (each.one_alone, each.other_alone, each.both, each.synergy)),
         wording.span(each.synergy.low, each.synergy.high, unit, each.synergy.mean, sign=True),
         wording.probability(each.p_adjusted))
        for each in found.interactions
    )  # fmt: skip
    caption = "What the levels that are worth most are worth to each other: both, less each alone; p adjusted (Holm)"
    return PlainTable(
        caption, ("Pair", "The one alone", "The other alone", "Both", "Synergy", "95 % interval", "Adjusted"), rows
    )


def investment_table(found: SearchResult, invested: Investment) -> PlainTable:
    """Whether what the best portfolio costs comes back, and when."""
    currency, back = found.currency, invested.payback
    value, gain = invested.net_present_value, invested.return_on_investment
    rows = [
        (f"Net present value at {wording.share(invested.discount)} a year", wording.change(value.mean, currency),
         wording.span(value.low, value.high, currency, value.mean, sign=True)),
    ]  # fmt: skip
    if back is not None:
        rows.append(("Payback", _back(back.months), f"from {_back(back.low)} to {_back(back.high)}"))
    if gain is not None:
        told = wording.figure(gain.mean, "share"), wording.span(gain.low, gain.high, "share", gain.mean)
        rows.append(("Return on first-year spending", *told))
    caption = (
        f"{named(found.best)} against the base over {wording.plural(invested.months, 'month', 'months')}, for "
        f"{wording.figure(invested.spending, currency)} in the first year"
    )
    return PlainTable(caption, ("Figure", "Mean", "95 % interval"), tuple(rows))


def _back(months: float) -> str:
    if math.isnan(months):
        return wording.UNDEFINED
    if months == 0:
        return "at once"
    return wording.figure(months, "months") if math.isfinite(months) else "not within that time"


def _portfolio(each: Portfolio, found: SearchResult) -> tuple[str, ...]:
    unit, gain = found.kpi.unit, each.gain
    return (
        named(each), wording.figure(each.spending, found.currency), wording.mean_of(each.result),
        wording.change(gain.mean, unit), wording.span(gain.low, gain.high, unit, gain.mean, sign=True),
        wording.count(each.gain.n), each.kept if each.limits else wording.UNDEFINED,
    )  # fmt: skip


def backtest_table(tested: Backtest) -> PlainTable:
    """How often what came fell into the bands, by account and band."""
    rows = tuple(
        (_ACCOUNTS.get(each.account, each.account), wording.share(each.nominal), wording.share(each.total),
         wording.share(each.total_error), wording.share(each.monthly), wording.share(each.monthly_error))
        for each in tested.coverage
    )  # fmt: skip
    caption = (
        f"The same forecast of {wording.count(tested.truths)} simulated pasts, each with {tested.replications} futures:"
        " the share of what came that fell into each band"
    )
    header = ("Account", "Band", "Altogether", "Standard error", "Single months", "Standard error of these")
    return PlainTable(caption, header, rows)


def fans_table(found: Forecast) -> PlainTable:
    """Quantiles of what each account may see altogether."""
    rows = tuple(
        (_ACCOUNTS.get(account, account), *(wording.figure(float(value), found.currency) for value in fan.total),
         wording.figure(fan.weighted, found.currency))
        for account, fan in found.fans.items()
    )  # fmt: skip
    caption = f"Altogether until {wording.day(found.ends[-1])}: quantiles over {found.plan.replications} futures"
    header = ("Account", *(f"{100 * quantile:.0f} %" for quantile in QUANTILES), "Weighted pipeline")
    return PlainTable(caption, header, rows)
