"""Money: the ledger, the costs that run with time, what customers owe, and what remains."""

from __future__ import annotations

from typing import Final, NamedTuple, get_args

import numpy as np

from simulator.kpis.journeys import Journeys
from simulator.kpis.window import DAY, YEAR, Figures, Numbers, Window, counted, ratio, window_of
from simulator.program.kept import kept
from simulator.program.layout import Kind
from simulator.program.program import Program, Running
from simulator.records import ACCOUNTS, Floats, Integers, Records
from simulator.schema.people import CostCentre

CENTRES: Final[tuple[str, ...]] = get_args(CostCentre)
"""Cost centres, in the order of their codes."""
_OWED = {"invoiced": 1, "credited": -1, "collected": -1, "written_off": -1}
RECEIVABLE: Final = np.array([_OWED.get(name, 0) for name in ACCOUNTS])
"""How a posting to each account moves what customers owe."""
_COST: Final = ACCOUNTS.index("cost")


class Ledger(NamedTuple):
    """Money from the start of the window to each of its edges, in currency units."""

    accounts: Floats
    """Array of shape (edges, accounts)."""
    costs: Floats
    """Costs of every kind, array of shape (edges, cost centres)."""
    settled_later: Floats
    """Posted costs by edge that the scenario pays with postings of their own."""
    channels: Floats
    """Cost of each channel over the window: leads bought, fixed costs and events."""
    open_end: float
    """What customers owe at the end of the run."""
    open_mean: float
    """The same, averaged over the window."""
    payable_mean: float
    """What was bought on account and is not paid yet, averaged over the window."""
    bought: float
    """What was bought on account inside the window."""
    stocked: bool
    """Whether goods were taken into stock, which takes their cost back until they are sold."""


def ledger_of(program: Program, records: Records, journeys: Journeys, present: Floats, window: Window) -> Ledger:
    """Add up the ledger; ``present`` holds the hours on shift by edge and member."""
    postings = records.postings
    inside = window.rows(postings.time)
    week, account = window.week(postings.time[inside]), postings.account[inside].astype(np.intp)
    amount, step = postings.cents[inside] / 100, postings.step[inside]
    accounts = _running_total(week * len(ACCOUNTS) + account, len(ACCOUNTS), amount, window)
    cost = account == _COST
    centre = program.tables.steps["cost_centre"][step[cost]].astype(np.intp)
    costs = _running_total(week[cost] * len(CENTRES) + centre, len(CENTRES), amount[cost], window)
    costs += _wages(program, present) + _leads(program, journeys, window) + _running(program)
    by_hand = cost & (program.tables.steps["kind"][step] == Kind.POST)
    settled_later = _running_total(week[by_hand], 1, amount[by_hand], window)[:, 0]
    by_channel = _channels(program, journeys, window)
    owed, owing = _receivables(records, window), _payables(program, records, window)
    stocked = bool(np.any((postings.account == _COST) & (postings.cents < 0)))
    return Ledger(accounts, costs, settled_later, by_channel, *owed, *owing, stocked)


def _running_total(cell: np.ndarray, columns: int, amount: Floats, window: Window) -> Floats:
    weekly = counted(cell, window.weeks * columns, amount).reshape(window.weeks, columns)
    return np.concatenate([np.zeros((1, columns)), np.cumsum(weekly, axis=0)])


def _wages(program: Program, present: Floats) -> Floats:
    serves = centre_of_member(program)[:, None] == np.arange(len(CENTRES))
    return np.asarray((present * program.wages) @ serves, np.float64)


@kept
def centre_of_member(program: Program) -> Numbers:
    """Cost centre of each member's team."""
    centre = np.array([CENTRES.index(name) for name in program.names.team_centres], np.intp)
    return np.asarray(centre[program.tables.members["team"]], np.intp)


def _leads(program: Program, journeys: Journeys, window: Window) -> Floats:
    new = np.flatnonzero(window.holds(journeys.born) & (program.lead_costs != 0).take(journeys.channel))
    costs = np.zeros((window.edges.size, len(CENTRES)))
    prices = program.lead_costs[journeys.channel[new]]
    costs[:, CENTRES.index("acquisition")] = _running_total(window.week(journeys.born[new]), 1, prices, window)[:, 0]
    return costs


def _channels(program: Program, journeys: Journeys, window: Window) -> Floats:
    leads = counted(journeys.channel[window.rows(journeys.born)], len(program.names.channels))
    costs: Floats = leads * program.lead_costs
    for channel, spent in _spent_on_channels(program):
        costs[channel] += spent
    return costs


@kept
def _spent_on_channels(program: Program) -> list[tuple[int, float]]:
    """Channel and amount of each cost that channels have, whatever leads they bring."""
    names, window = program.names.channels, window_of(program)
    return [(names.index(each.name), float(_cost_until(each, window)[-1])) for each in program.channel_costs]


@kept
def _running(program: Program) -> Floats:
    """Costs that run with time or fall due once, by edge and cost centre."""
    window = window_of(program)
    costs = np.zeros((window.edges.size, len(CENTRES)))
    for running in program.channel_costs + program.other_costs:
        costs[:, CENTRES.index(running.centre)] += _cost_until(running, window)
    return costs


def _cost_until(running: Running, window: Window) -> Floats:
    due = window.start <= running.start < window.end
    hours = np.maximum(window.edges - max(running.start, window.start), 0.0)
    fallen = due & (window.edges > running.start)
    return np.asarray(running.per_hour * hours + running.once * fallen, np.float64)


def _receivables(records: Records, window: Window) -> tuple[float, float]:
    """What customers owe at the end, and on the average over the window."""
    owed = RECEIVABLE[records.postings.account] * records.postings.cents
    since = np.maximum(window.end - np.maximum(records.postings.time, window.start), 0.0)
    return float(owed.sum()) / 100, float(ratio((owed / 100 * since).sum(), window.hours))


@kept
def _on_account(program: Program) -> Integers:
    """1 for steps that post what is bought on account, -1 for those that pay for it, by step.

    That is bought on account whose process posts payments too; other costs are paid at once.
    """
    steps, process = program.tables.steps, np.array([name.partition(".")[0] for name in program.names.steps])
    posts = steps["kind"] == Kind.POST
    cost, paid = (posts & (steps["account"] == ACCOUNTS.index(name)) for name in ("cost", "paid"))
    cost, paid = cost & np.isin(process, process[paid]), paid & np.isin(process, process[cost])
    return np.asarray(cost.astype(np.int64) - paid, np.int64)


def _payables(program: Program, records: Records, window: Window) -> tuple[float, float]:
    """What was bought on account and is not paid yet, averaged over the window, and all bought so inside it."""
    postings = records.postings
    if not np.any(_on_account(program)):
        return 0.0, 0.0
    sign = _on_account(program)[postings.step]
    cents = sign * postings.cents
    since = np.maximum(window.end - np.maximum(postings.time, window.start), 0.0)
    bought = cents[(sign > 0) & window.holds(postings.time)].sum()
    # What is paid at once is owed for no time: moment by moment in whole cents, nothing is left of it. Postings come in
    # the order of time, and what ascends is sorted stably in one pass.
    order = np.argsort(since[::-1], kind="stable")
    moments = since[::-1].take(order)
    begins = np.flatnonzero(np.diff(moments, prepend=-1.0) > 0)
    owed = np.add.reduceat(cents[::-1].take(order), begins) if begins.size else np.zeros(0, np.int64)
    return float(ratio((owed * moments.take(begins)).sum() / 100, window.hours)), float(bought) / 100


def _cycle(program: Program, ledger: Ledger, dso: float, window: Window) -> Figures:
    """Days that cash is out: until customers pay, less those until the firm pays; NaN where goods lie in stock."""
    days = float(ratio(ledger.payable_mean, ledger.bought)) * window.hours / DAY
    dpo = days if np.any(_on_account(program)) else 0.0
    return {"dpo": dpo, "cash_conversion_cycle": np.nan if ledger.stocked else dso - dpo}


def cash_curve(ledger: Ledger) -> Floats:
    """Running totals over the window of booked, invoiced (net of credits), collected and cost, shape (edges, 4)."""
    account = dict(zip(ACCOUNTS, ledger.accounts.T, strict=True))
    invoiced = account["invoiced"] - account["credited"]
    return np.stack([account["booked"], invoiced, account["collected"], ledger.costs.sum(axis=1)], axis=1)


def net_cash_curve(program: Program, ledger: Ledger) -> Floats:
    """Running total over the window of cash collected less payments and costs, at each of its edges.

    Where the scenario posts payments, costs of post steps are left out, since the payments settle them.
    """
    account = dict(zip(ACCOUNTS, ledger.accounts.T, strict=True))
    later = ledger.settled_later if _posts_payments(program) else 0.0
    return np.asarray(account["collected"] - account["paid"] - (ledger.costs.sum(axis=1) - later), np.float64)


def money(program: Program, ledger: Ledger, leads: float, window: Window) -> Figures:
    """Revenue, cash, receivables, costs and margin of the window."""
    account = dict(zip(ACCOUNTS, map(float, ledger.accounts[-1]), strict=True))
    centres = ledger.costs[-1]
    cost, acquisition = float(centres.sum()), float(centres[CENTRES.index("acquisition")])
    invoiced, written_off = account["invoiced"] - account["credited"], account["written_off"]
    margin = invoiced - written_off - cost
    dso = float(ratio(ledger.open_mean, invoiced)) * window.hours / DAY
    return {
        "revenue_booked": account["booked"],
        "revenue_invoiced": invoiced,
        "cash_collected": account["collected"],
        "receivables_open": ledger.open_end,
        "written_off": written_off,
        "bad_debt_rate": float(ratio(written_off, invoiced)),
        "dso": dso,
        **_cycle(program, ledger, dso, window),
        "cost_total": cost,
        "cost_{centre}": centres,
        "acquisition_cost_per_lead": float(ratio(acquisition, leads)),
        "margin": margin,
        "margin_rate": float(ratio(margin, invoiced)),
        "cost_of_finance": ledger.open_mean * program.cost_of_finance * window.hours / YEAR,
        "net_cash": float(net_cash_curve(program, ledger)[-1]),
    }


@kept
def _posts_payments(program: Program) -> bool:
    steps = program.tables.steps
    return bool(np.any((steps["kind"] == Kind.POST) & (steps["account"] == ACCOUNTS.index("paid"))))
