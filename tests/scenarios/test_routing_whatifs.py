"""What campaigns and rules of routing do to the same leads of the same firm."""

import datetime as dt
from functools import cache
from typing import NamedTuple

import numpy as np
import pytest

from simulator.engines.compiled_engine import simulate
from simulator.experiment.plan import Plan
from simulator.experiment.replications import compiled, run
from simulator.experiment.study import Study
from simulator.kpis.window import window_of
from simulator.program.program import Program
from simulator.records import ACCOUNTS, TEAM_CAUSES, TICKS, Records
from simulator.schema.loading import load_changed, load_scenario
from tests.scenarios.published import BASELINE

PLAN = Plan(replications=3, jobs=1, engine="compiled")
CAMPAIGNS = ("email", "direct_mail", "webinars", "call_list")
RULES = (
    "routing_by_product",
    "routing_by_territory",
    "routing_blind",
    "routing_best_performer",
    "routing_weighted",
    "score_first",
)
SELLERS = ("sales.marta", "sales.joao", "sales.ines", "sales.tiago")


class Played(NamedTuple):
    """A scenario, what three replications of it measure, and the records of the first."""

    study: Study
    program: Program
    records: Records

    def visits(self, step):
        """Rows of the visits to a step, in the order of coming."""
        return np.flatnonzero(self.records.visits.step == self.program.names.steps.index(step))

    def attribute(self, name, rows):
        """Values of an attribute of the cases of some visits."""
        return self.records.cases.attributes[self.records.visits.case[rows], self.program.names.attributes.index(name)]

    def workers(self, step, product=None):
        """Names of those who worked at a step, one for each visit, for all products or for one."""
        rows = self.visits(step)
        rows = rows[self.records.visits.member[rows] >= 0]
        if product is not None:
            rows = rows[self.attribute("product", rows) == self.program.names.levels["product"].index(product)]
        return [self.program.names.members[member] for member in self.records.visits.member[rows]]

    def waited(self, step, *causes):
        """Hours that cases waited at a step for some causes, one for each visit."""
        hours = np.zeros(self.records.visits.step.size)
        ticks = self.records.waits.ticks[:, [TEAM_CAUSES.index(cause) for cause in causes]]
        hours[self.records.waits.visit] = ticks.sum(axis=1) / TICKS
        return hours[self.visits(step)]


@cache
def played(name, **changes):
    """A shipped scenario, with some of its numbers changed; two underscores stand for a dot."""
    loaded = load_scenario(name)
    if changes:
        loaded = load_changed(loaded, {place.replace("__", "."): value for place, value in changes.items()})
    program = compiled(loaded, PLAN)
    return Played(run(loaded, PLAN), program, simulate(program, PLAN.seed, 0))


def kpi(found, name):
    return found.study.samples[name]


@pytest.mark.parametrize("name", ["campaigns", *RULES])
def test_nobody_drowns_in_a_what_if(name):
    """No team is overloaded, and the channels of the base bring the same leads."""
    found, base = played(f"whatifs/{name}"), played(BASELINE)
    assert not [warning for warning in found.study.warnings if "overloaded" in warning]
    assert (kpi(found, "leads_website") == kpi(base, "leads_website")).all()


def test_campaigns_come_on_their_dates():
    """Each drop brings the leads that it states within its spread, and there are no others."""
    found = played("whatifs/campaigns")
    channels = load_scenario("whatifs/campaigns").scenario.channels
    cases = found.records.cases
    arrivals = cases.parent < 0
    for name in CAMPAIGNS:
        born = cases.born[arrivals & (cases.channel == found.program.names.channels.index(name))]
        for drop in channels[name].drops:
            first = dt.datetime.combine(drop.date, dt.time()) - found.program.start.replace(tzinfo=None)
            hours = first.total_seconds() / 3600
            assert ((born >= hours) & (born < hours + drop.spread.fixed)).sum() == drop.leads
        assert born.size == sum(drop.leads for drop in channels[name].drops)


@pytest.mark.parametrize("name", CAMPAIGNS)
def test_a_campaign_has_a_price_and_a_return(name):
    """Cost per lead is the year's budget over its leads, return what its leads ordered over the budget."""
    found = played("whatifs/campaigns")
    window = window_of(found.program)
    drops = [
        drop for drop in load_scenario("whatifs/campaigns").scenario.channels[name].drops if drop.date.year == 2026
    ]
    budget = sum(drop.cost.fixed for drop in drops)
    assert kpi(found, f"cost_per_lead_{name}") == pytest.approx(budget / sum(drop.leads for drop in drops))
    posted = found.records.postings
    booked = (posted.account == ACCOUNTS.index("booked")) & window.holds(posted.time)
    cases = found.records.cases
    its = cases.channel[cases.root[posted.case]] == found.program.names.channels.index(name)
    assert kpi(found, f"channel_return_{name}")[0] == pytest.approx(posted.cents[booked & its].sum() / 100 / budget)


def test_the_dates_of_a_channel_share_its_spend_and_its_leads():
    """Each webinar costs what its file says for each who came, and together they book what their channel's leads do."""
    found = played("whatifs/campaigns")
    drops = [d for d in load_scenario("whatifs/campaigns").scenario.channels["webinars"].drops if d.date.year == 2026]
    names = [f"webinars_{drop.date:%Y_%m_%d}" for drop in drops]
    for name, drop in zip(names, drops, strict=True):
        assert kpi(found, f"campaign_cost_per_lead_{name}") == pytest.approx(drop.cost.fixed / drop.leads)
    returned = sum(kpi(found, f"campaign_return_{name}") * d.cost.fixed for name, d in zip(names, drops, strict=True))
    booked = kpi(found, "channel_return_webinars") * sum(drop.cost.fixed for drop in drops)
    # Those of the year before book in this one too.
    assert (returned > 0).all()
    assert (returned <= booked + 0.01).all()


def test_campaigns_bring_orders_and_keep_callers_busy():
    """Together they return more than they cost, and the callers have more to do in every replication."""
    found, base = played("whatifs/campaigns"), played(BASELINE)
    figures = "cost_per_lead", "leads", "channel_return"
    cost, leads, times = (np.array([kpi(found, f"{figure}_{name}") for name in CAMPAIGNS]) for figure in figures)
    assert (cost * leads * times).sum() > (cost * leads).sum()
    assert (kpi(found, "utilisation_sdr") > kpi(base, "utilisation_sdr") + 0.05).all()


def test_cold_calls_are_made_attempt_by_attempt():
    """Those never reached were dialled as often as the policy says, and whoever asks was talked to."""
    found = played("whatifs/campaigns")
    names, cases = found.program.names, found.records.cases
    dials = np.bincount(found.records.visits.case[found.visits("outreach.picks_up")], minlength=cases.root.size)
    given_up = cases.outcome == names.outcomes.index("not_reached")
    assert dials.max() == 5
    assert (dials[given_up] == 5).all()
    talked = set(found.records.visits.case[found.visits("outreach.interested")])
    asked = set(cases.parent[(cases.process == names.processes.index("lead")) & (cases.parent >= 0)]) & set(
        found.records.visits.case[found.visits("outreach.asks")]
    )
    assert asked
    assert asked <= talked


def test_fewer_attempts_reach_fewer():
    """With two attempts in place of five, fewer names are reached, against the same list."""
    five, two = played("whatifs/campaigns"), played("whatifs/campaigns", policies__most_dials=2)
    assert len(two.visits("outreach.pitch")) < 0.8 * len(five.visits("outreach.pitch"))


def test_a_blind_rule_deals_in_turn_and_makes_leads_wait_for_the_absent():
    """One call to each caller in turn; leads then wait for someone who is away or busy while a colleague is free."""
    found, base = played("whatifs/routing_blind"), played(BASELINE)
    rows = found.visits("lead.first_call")
    member = found.records.visits.member[rows]
    dealt = np.unique(member[member >= 0])
    turns = dealt[np.arange(rows.size) % 2]
    assert dealt.size == 2
    assert (member[member >= 0] == turns[member >= 0]).all()
    causes = ("off_shift", "ownership")
    assert found.waited("lead.first_call", *causes).mean() > base.waited("lead.first_call", *causes).mean()
    assert base.waited("lead.first_call", "ownership").sum() == 0
    for name in ("first_response_mean", "first_response_p90", "sla_missed", "waiting_sales", "queue_sales"):
        assert (kpi(found, name) > kpi(base, name)).all(), name
    meeting = [each.waited("lead.discovery", *TEAM_CAUSES).mean() for each in (found, base)]
    assert meeting[0] > 1.15 * meeting[1], "whoever is dealt a meeting may be away"


def test_seeing_absence_takes_the_delay_back():
    """The same round robin, told who is away, answers sooner in every replication."""
    blind = played("whatifs/routing_blind")
    step = "processes__lead__steps__first_call__routing__sees_absence"
    seeing = played("whatifs/routing_blind", **{step: True})
    assert (kpi(seeing, "first_response_mean") < kpi(blind, "first_response_mean")).all()


def test_the_best_performer_gets_most_and_the_load_lies_unevenly():
    """Meetings rise with the win factor, and the Gini of the sellers' load rises in every replication."""
    found, base = played("whatifs/routing_best_performer"), played(BASELINE)
    meetings = [found.workers("lead.discovery").count(name) for name in SELLERS]
    assert meetings == sorted(meetings, reverse=True)
    assert meetings[0] > 2 * meetings[-1]
    risen = kpi(found, "load_gini_sales") - kpi(base, "load_gini_sales")
    assert (risen > 0).all()
    assert risen.mean() > 0.03
    assert (kpi(found, "waiting_sales") > kpi(base, "waiting_sales")).all()


def test_weights_deal_meetings_in_proportion():
    """Weights of three, three, two and two give that share of the meetings, and a load less even than fair shares."""
    found, base = played("whatifs/routing_weighted"), played(BASELINE)
    workers = found.workers("lead.discovery")
    shares = [workers.count(name) / len(workers) for name in SELLERS]
    assert shares == pytest.approx([0.3, 0.3, 0.2, 0.2], abs=4 * np.sqrt(0.25 / len(workers)))
    assert (kpi(found, "load_gini_sales") > kpi(base, "load_gini_sales")).all()


@pytest.mark.parametrize(
    ("step", "product", "who"),
    [
        ("lead.discovery", "heat_pump", {"sales.marta", "sales.joao"}),
        ("lead.negotiate", "heat_pump", {"sales.marta", "sales.joao"}),
        ("lead.discovery", "ventilation", {"sales.ines", "sales.tiago"}),
        ("lead.discovery", "solar", set(SELLERS)),
        ("lead.survey", "heat_pump", {"engineering.luis", "engineering.sara"}),
        ("lead.quote", "ventilation", {"engineering.pedro"}),
        ("lead.quote", "solar", {"engineering.sara", "engineering.pedro"}),
    ],
)
def test_specialists_work_on_their_products_alone(step, product, who):
    """Whoever knows the product does the work, anyone where nobody does, and in the base everyone does everything."""
    assert set(played("whatifs/routing_by_product").workers(step, product)) == who
    assert len(set(played(BASELINE).workers(step, product))) > 2


def test_knowledge_wins_orders_and_the_split_alone_costs_time():
    """Without the knowledge the same split wins fewer orders, and engineers wait for work that they may not take."""
    coefficient = {"effects__knows_product__coefficient": 0}
    found, split, base = (
        played("whatifs/routing_by_product"),
        played("whatifs/routing_by_product", **coefficient),
        played(BASELINE),
    )
    assert kpi(found, "orders").mean() > kpi(split, "orders").mean()
    assert (kpi(split, "load_gini_engineering") > kpi(base, "load_gini_engineering")).all()
    assert kpi(split, "waiting_engineering").mean() > kpi(base, "waiting_engineering").mean()


def test_high_scores_are_called_first_and_no_hand_is_gained():
    """The best third waits less than before, the last third more, and the callers are as busy as they were."""
    found, base = played("whatifs/score_first"), played(BASELINE)
    (best, last), (best_before, last_before) = _waits_by_score(found), _waits_by_score(base)
    assert best < 0.8 * best_before
    assert last > 1.1 * last_before
    assert kpi(found, "utilisation_sdr") == pytest.approx(kpi(base, "utilisation_sdr"), rel=0.03)
    assert (kpi(found, "sla_missed") > kpi(base, "sla_missed")).all()


def _waits_by_score(found):
    """Mean hours until the first call began, or was given up, of the best and the last third of the scores."""
    rows = found.visits("lead.first_call")
    score, waited = found.attribute("score", rows), found.waited("lead.first_call", *TEAM_CAUSES)
    low, high = np.quantile(score, [1 / 3, 2 / 3])
    return waited[score >= high].mean(), waited[score < low].mean()
