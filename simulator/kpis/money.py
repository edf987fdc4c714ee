"""Money: the ledger, the costs that run with time, what customers owe, and what remains."""

from __future__ import annotations

from typing import Final, NamedTuple, get_args

import numpy as np

from simulator.kpis.journeys import Journeys
from simulator.kpis.ledger_scans import scan_leads, scan_ledger, scan_payables
from simulator.kpis.window import DAY, YEAR, Figures, Flags, Numbers, Window, quotient, window_of
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
    postings, edges = records.postings, window.edges.size
    accounts, costs, later = np.zeros((edges, len(ACCOUNTS))), np.zeros((edges, len(CENTRES))), np.zeros(edges)
    owed = np.empty(postings.time.size)
    owed_at_end, stocked = scan_ledger(
        postings.time, postings.step, postings.account, postings.cents, _COST, centre_of_step(program), _posts(program),
        RECEIVABLE, window.start, window.end, window.begins, accounts[1:], costs[1:], later[1:], owed,
    )  # fmt: skip
    leads, by_channel = _leads(program, journeys, window)
    running_costs = np.cumsum(costs, axis=0) + (_wages(program, present) + leads + _running(program))
    payable_mean, bought = _payables(program, records, window)
    return Ledger(
        np.cumsum(accounts, axis=0), running_costs, np.cumsum(later), by_channel,
        owed_at_end / 100, quotient(owed.sum(), window.hours), payable_mean, bought, stocked,
    )  # fmt: skip


@kept
def centre_of_step(program: Program) -> Numbers:
    """Cost centre of what each step posts."""
    return program.tables.steps["cost_centre"].astype(np.intp)


@kept
def _posts(program: Program) -> Flags:
    """Whether each step posts what the scenario says, rather than what work costs."""
    return np.asarray(program.tables.steps["kind"] == Kind.POST, np.bool_)


def _wages(program: Program, present: Floats) -> Floats:
    return (present * program.wages) @ _serves(program)


@kept
def _serves(program: Program) -> Floats:
    """1 for the cost centre of each member, shape (members, cost centres), else 0."""
    return np.asarray(centre_of_member(program)[:, None] == np.arange(len(CENTRES)), np.float64)


@kept
def centre_of_member(program: Program) -> Numbers:
    """Cost centre of each member's team."""
    centre = np.array([CENTRES.index(name) for name in program.names.team_centres], np.intp)
    return np.asarray(centre[program.tables.members["team"]], np.intp)


def _leads(program: Program, journeys: Journeys, window: Window) -> tuple[Floats, Floats]:
    """Running total of the price of leads by edge and cost centre, and the cost of each channel."""
    spent, number = np.zeros(window.edges.size), np.zeros(program.lead_costs.size)
    scan_leads(
        journeys.born, journeys.channel, program.lead_costs, window.start, window.end, window.begins, spent[1:], number
    )
    costs = np.zeros((window.edges.size, len(CENTRES)))
    costs[:, CENTRES.index("acquisition")] = np.cumsum(spent)
    by_channel: Floats = number * program.lead_costs
    for channel, fixed in _spent_on_channels(program):
        by_channel[channel] += fixed
    return costs, by_channel


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
    postings, owed = records.postings, np.empty(records.postings.time.size)
    if not _on_account(program).any():
        return 0.0, 0.0
    number, bought = scan_payables(
        postings.time, postings.step, postings.cents, _on_account(program), window.start, window.end, owed
    )
    return quotient(owed[:number].sum() / 100, window.hours), float(bought) / 100


def _cycle(program: Program, ledger: Ledger, dso: float, window: Window) -> Figures:
    """Days that cash is out: until customers pay, less those until the firm pays; NaN where goods lie in stock."""
    days = quotient(ledger.payable_mean, ledger.bought) * window.hours / DAY
    dpo = days if _on_account(program).any() else 0.0
    return {"dpo": dpo, "cash_conversion_cycle": np.nan if ledger.stocked else dso - dpo}


def cash_curve(ledger: Ledger) -> Floats:
    """Running totals over the window of booked, invoiced (net of credits), collected and cost, shape (edges, 4)."""
    account = dict(zip(ACCOUNTS, ledger.accounts.T, strict=True))
    curve = np.empty((ledger.costs.shape[0], 4))
    curve[:, 0], curve[:, 2], curve[:, 3] = account["booked"], account["collected"], ledger.costs.sum(axis=1)
    curve[:, 1] = account["invoiced"] - account["credited"]
    return curve


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
    dso = quotient(ledger.open_mean, invoiced) * window.hours / DAY
    return {
        "revenue_booked": account["booked"],
        "revenue_invoiced": invoiced,
        "cash_collected": account["collected"],
        "receivables_open": ledger.open_end,
        "written_off": written_off,
        "bad_debt_rate": quotient(written_off, invoiced),
        "dso": dso,
        **_cycle(program, ledger, dso, window),
        "cost_total": cost,
        "cost_{centre}": centres,
        "acquisition_cost_per_lead": quotient(acquisition, leads),
        "margin": margin,
        "margin_rate": quotient(margin, invoiced),
        "cost_of_finance": ledger.open_mean * program.cost_of_finance * window.hours / YEAR,
        "net_cash": float(net_cash_curve(program, ledger)[-1]),
    }


@kept
def _posts_payments(program: Program) -> bool:
    steps = program.tables.steps
    return bool(np.any((steps["kind"] == Kind.POST) & (steps["account"] == ACCOUNTS.index("paid"))))
