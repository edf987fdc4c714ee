"""Studies made by hand, small enough that each figure in a document can be traced to a line here."""

import datetime as dt
from types import SimpleNamespace

import numpy as np
import pytest

from simulator.experiment.comparison import compare
from simulator.experiment.plan import Plan
from simulator.experiment.study import Study
from simulator.kpis.catalogue import catalogue
from simulator.kpis.measures import Pictures
from simulator.program.layout import Kind
from simulator.program.program import Names

TEAMS = {"sdr": "Inside sales", "reps": "Sales reps", "fitters": "Fitters"}
STAGES = {"lead": "Lead", "contact": "Contacted", "offer": "Offer sent", "order": "Order", "paid": "Paid"}
CHANNELS = {"web": "Web site", "fair": "Trade fairs"}
WEEKS = 52
DAYS = 364.0
# Means of the KPIs of the hand-made company; those not named here are undefined.
KPIS = {
    "leads": 6000.0, "leads_web": 5000.0, "leads_fair": 1000.0, "orders": 300.0, "conversion_order": 0.05,
    "reached_lead": 6000.0, "reached_contact": 4200.0, "reached_offer": 900.0, "reached_order": 300.0,
    "reached_paid": 290.0,
    "conversion_contact_from_previous": 0.70, "conversion_offer_from_previous": 900 / 4200,
    "conversion_order_from_previous": 1 / 3, "conversion_paid_from_previous": 290 / 300,
    "unfinished": 0.04, "unfinished_cases": 300.0,
    "first_response_mean": 30.0, "first_response_median": 21.0, "first_response_p90": 60.0,
    "first_response_within_1h": 0.08, "never_contacted": 0.28,
    "lead_to_order_median": 60.0, "lead_to_cash_median": 130.0, "lead_to_cash_mean": 140.0, "lead_to_cash_p90": 170.0,
    "order_to_cash_mean": 70.0, "invoice_to_cash_mean": 50.0,
    "waiting_total": 900.0, "waiting_for_teams": 60.0,
    "waiting_off_shift": 20.0, "waiting_contention": 34.0, "waiting_ownership": 6.0, "waiting_customer": 800.0,
    "waiting_schedule": 40.0, "waiting_policy": 0.0,
    "waiting_sdr": 22.0, "waiting_reps": 8.0, "waiting_fitters": 30.0,
    "queue_sdr": 14.0, "queue_reps": 2.0, "queue_fitters": 5.0,
    "utilisation_sdr": 0.91, "utilisation_reps": 0.62, "utilisation_fitters": 0.41, "utilisation_busiest": 0.91,
    "revenue_booked": 3_000_000.0, "revenue_invoiced": 2_900_000.0, "cash_collected": 2_500_000.0,
    "receivables_open": 400_000.0, "dso": 52.0, "written_off": 30_000.0, "bad_debt_rate": 0.0103,
    "cost_total": 2_600_000.0, "cost_acquisition": 500_000.0, "cost_per_lead": 83.0, "cac": 1_666.0,
    "margin": 270_000.0, "margin_rate": 0.093, "net_cash": -100_000.0,
    "cei": 0.82, "nrr": 1.01, "ltv_cac": 3.2, "cac_payback": 14.0, "satisfaction": 7.4, "customers": 410.0,
}  # fmt: skip
ENDS = np.array(
    [(Kind.END, 0, 0, 0), (Kind.END, 1, 0, 0)], [("kind", int), ("outcome", int), ("process", int), ("marks", int)]
)
WAITING = [[60_000.0, 190_000.0, 0.0, 0.0, 0.0], [30_000.0, 5_000.0, 36_000.0, 0.0, 0.0], [30_000.0, 9_000.0, 0, 0, 0]]


def _names(teams, stages, channels):
    empty = ()
    return Names(
        attributes=empty, levels={}, processes=("deal",), steps=("deal.won", "deal.lost"), step_labels=("Won", "Lost"),
        stages=tuple(stages), stage_labels=tuple(stages.values()),
        teams=tuple(teams), team_labels=tuple(teams.values()), team_centres=("acquisition",) * len(teams),
        members=empty,
        channels=tuple(channels), channel_labels=tuple(channels.values()), segments=empty, segment_labels=empty,
        outcomes=("won", "lost"), outcome_results=("won", "lost"),
    )  # fmt: skip


def _pictures(kpis, names, factor, weeks):
    def known(name):
        return kpis.get(name, np.nan)

    week = np.arange(weeks + 1) / weeks
    totals = [known("revenue_booked"), known("revenue_invoiced"), known("cash_collected"), known("cost_total")]
    empty = np.isnan(totals).all()
    cash = np.zeros((weeks + 1, 4)) if empty else np.outer(week, np.nan_to_num(totals))
    size = len(names.teams)
    waiting = np.zeros((size, 5))
    if known("waiting_for_teams") > 0:
        waiting[: min(size, 3)] = np.array(WAITING)[:size] * factor
    queue = np.zeros((weeks, size))
    for index, team in enumerate(names.teams):
        queue[:, index] = np.nan_to_num(known(f"queue_{team}")) * (1 + 0.3 * np.sin(np.arange(weeks) / 8))
    return Pictures(
        funnel=np.array([known(f"reached_{stage}") for stage in names.stages]),
        cash=cash,
        waiting=waiting,
        delays=np.nan_to_num([6000 * known(f"waiting_{cause}") for cause in ("customer", "schedule", "policy")]),
        utilisation=np.array([known(f"utilisation_{team}") for team in names.teams]),
        queue=queue,
        outcomes=np.array([300.0, 5500.0]),
    )


class _Sketch(SimpleNamespace):
    """What little of a program a catalogue reads; the same only as itself, as programs are."""

    __hash__ = object.__hash__


@pytest.fixture(scope="session")
def study():
    """Make a study of the hand-made company; keywords change means of KPIs, ``None`` leaves them undefined."""

    def build(
        name="Today", replications=20, *, teams=TEAMS, stages=STAGES, channels=CHANNELS, kpis=KPIS, factor=1.0,
        noise=0.02, own_noise=0.002, seed=1, warnings=(), weeks=WEEKS, **changes,
    ):  # fmt: skip
        means = {kpi: value for kpi, value in {**kpis, **changes}.items() if value is not None}
        names = _names(teams, stages, channels)
        program = _Sketch(
            names=names, currency="EUR", demand=(SimpleNamespace(drops=()),) * len(channels), warm_up=0.0,
            end=DAYS * 24.0, targets=np.zeros(0),
            tables=SimpleNamespace(members=np.zeros(0), steps=ENDS, channel_process=np.zeros(len(channels), int)),
        )  # fmt: skip
        kinds = catalogue(program)
        assert set(changes) <= set(kinds), "a test changes a KPI that the company does not have"
        # Common luck for all scenarios, and a little of each one's own, as with common random numbers.
        luck = np.random.default_rng(seed).normal(size=replications)
        own = np.random.default_rng([seed, sum(map(ord, name))])
        samples = {
            kpi: means.get(kpi, np.nan) * (1 + noise * luck + own_noise * own.normal(size=replications))
            for kpi in kinds
        }
        return Study(
            name=name, key=f"{name}.yaml", digest="0123456789abcdef" * 4, plan=Plan(seed=7, replications=replications),
            currency="EUR", start=dt.datetime(2025, 1, 1), warm_up=180 * 24.0, end=180 * 24.0 + DAYS * 24.0,
            names=names, catalogue=kinds, samples=samples, pictures=_pictures(means, names, factor, weeks),
            missed=warnings,
        )  # fmt: skip

    return build


@pytest.fixture(scope="session")
def base(study):
    """The company as it is."""
    return study()


@pytest.fixture(scope="session")
def faster(study):
    """A scenario that answers sooner, sells more and costs more."""
    return study(
        "Two more people in inside sales", factor=0.5, first_response_median=4.0, waiting_sdr=6.0, utilisation_sdr=0.72,
        utilisation_busiest=0.72, queue_sdr=4.0, orders=330.0, conversion_order=0.055, reached_order=330.0,
        revenue_booked=3_300_000.0, revenue_invoiced=3_190_000.0, cash_collected=2_740_000.0, cost_total=2_860_000.0,
        margin=300_000.0, cac=1_740.0, waiting_contention=12.0, waiting_for_teams=38.0,
    )  # fmt: skip


@pytest.fixture(scope="session")
def comparison(base, faster):
    """The faster company against the one of today."""
    return compare(base, [faster])


@pytest.fixture(scope="session")
def silent(study):
    """A year in which no lead came."""
    nothing = dict.fromkeys(KPIS) | {"leads": 0.0, "orders": 0.0, "cost_total": 0.0}
    return study("Nobody calls", kpis={}, **{kpi: v for kpi, v in nothing.items() if v is not None})


@pytest.fixture(scope="session")
def exact(study):
    """Make a study in which every replication gives the same figures, so that means are the numbers of this file."""

    def build(name="Today", replications=20, **changes):
        return study(name, replications, noise=0.0, own_noise=0.0, **changes)

    return build


@pytest.fixture(scope="session")
def five(study):
    """Five scenarios, so that with the base there are six, each a little further from it than the one before."""
    return [
        study(
            f"Option {i}", factor=1 - 0.1 * i, margin=270_000.0 + 20_000 * i, utilisation_sdr=0.91 - 0.1 * i,
            reached_order=300.0 + 10 * i, queue_sdr=14.0 - 2 * i, cash_collected=2_500_000.0 + 100_000 * i,
            waiting_customer=800.0 - 50 * i,
        )
        for i in range(1, 6)
    ]  # fmt: skip
