"""Tickets, contacts and renewals of the Portuguese firm, told from its records."""

import datetime as dt
from typing import NamedTuple

import numpy as np
import pytest

from simulator.engines.choice import engine_of
from simulator.experiment.plan import Plan
from simulator.experiment.replications import compiled
from simulator.schema.loading import load_changed, load_scenario

pytestmark = pytest.mark.slow
BASELINE = "baselines/pt_installation"
PLAN = Plan(replications=4, jobs=1)
YEAR = 365 * 24.0


class Seen(NamedTuple):
    """One row for every visit to a step, over some replications."""

    entered: np.ndarray
    finished: np.ndarray
    next: np.ndarray
    """Name of the step that followed."""
    case: np.ndarray
    attributes: np.ndarray
    """As last set, by visit and slot."""
    born: np.ndarray


def lived(replications, **changes):
    """Program and records of some replications of the firm, changed as in ``load_changed``."""
    changes = {path.replace("__", "."): to for path, to in changes.items()}
    program = compiled(load_changed(load_scenario(BASELINE), changes), PLAN)
    return program, [engine_of("compiled")(program, 1, number) for number in range(replications)]


@pytest.fixture(scope="module")
def firm():
    """Program and records of four replications."""
    return lived(PLAN.replications)


def seen(firm, step):
    """Visits to a step of all replications."""
    program, runs = firm
    code, names = program.names.steps.index(step), np.array([*program.names.steps, ""])
    found = []
    for records in runs:
        visits, cases = records.visits, records.cases
        rows = visits.step == code
        of = visits.case[rows]
        found.append((visits.entered[rows], visits.finished[rows], names[visits.next[rows]], of,
                      cases.attributes[of], cases.born[of]))  # fmt: skip
    return Seen(*(np.concatenate(column) for column in zip(*found, strict=True)))


def attribute(firm, visits, name):
    """One attribute of the cases of some visits."""
    return visits.attributes[:, firm[0].names.attributes.index(name)]


def rate(chosen, among):
    """Share of the chosen among some, with its standard error."""
    assert among.sum() > 50
    share = chosen[among].mean()
    return share, np.sqrt(share * (1 - share) / among.sum())


def clearly_more(one, other):
    """Whether a share exceeds another by more than two standard errors."""
    return one[0] - other[0] > 2 * np.hypot(one[1], other[1])


def occasions_of(firm):
    """Occasions on which a system may fail: whether it does, its product, its age in years, how well it was fitted."""
    visits = seen(firm, "ticket.fails")
    age = attribute(firm, visits, "tenure") + (visits.entered - visits.born) / YEAR
    product = np.array(firm[0].names.levels["product"])[attribute(firm, visits, "product").astype(int)]
    return visits.next == "ticket.call", product, age, attribute(firm, visits, "install_quality")


@pytest.fixture(scope="module")
def occasions(firm):
    """Those of the firm as it is."""
    return occasions_of(firm)


def test_products_fail_as_their_rates_say(occasions):
    """Of the occasions in quiet years more become tickets with a heat pump than with ventilation or panels."""
    fails, product, age, _ = occasions
    quiet = (age > 2) & (age < 9)
    pump, air, sun = (rate(fails, quiet & (product == name)) for name in ("heat_pump", "ventilation", "solar"))
    assert clearly_more(pump, air)
    assert clearly_more(air, sun)


def test_faults_follow_a_bathtub(occasions):
    """Per occasion the first year is worse than the fourth to eighth, and so are systems over twelve years old."""
    aged = {"uniform": {"low": 12, "high": 16}, "source": "own assumption", "grade": "D"}
    wear, _, years, _ = occasions_of(lived(1, channels__customers_of_old__brings__tenure=aged))
    fails, _, age, _ = occasions
    new, quiet = (rate(fails, (age >= low) & (age < high)) for low, high in ((0, 0.7), (3, 8)))
    old = rate(wear, years > 12)
    assert clearly_more(new, quiet)
    assert clearly_more(old, quiet)


def test_bad_fitting_shows_in_the_first_years(occasions):
    """Badly fitted systems fail more at first, and after six years no longer."""
    fails, _, age, quality = occasions
    bad, good = quality < 0.75, quality > 0.85
    assert clearly_more(rate(fails, (age < 2.5) & bad), rate(fails, (age < 2.5) & good))
    later = [rate(fails, (age > 6) & which) for which in (bad, good)]
    assert not clearly_more(*later)


def test_festive_greetings_go_out_before_the_feasts(firm):
    """At nine, a week before Easter, which moves, and ten days before Christmas."""
    start = firm[0].start
    expected = {
        "contact.easter": {dt.date(2025, 4, 13), dt.date(2026, 3, 29), dt.date(2027, 3, 21)},
        "contact.christmas": {dt.date(2024, 12, 15), dt.date(2025, 12, 15), dt.date(2026, 12, 15)},
    }
    for step, days in expected.items():
        moments = seen(firm, step).finished
        moments = moments[~np.isnan(moments)]
        assert {(start + dt.timedelta(hours=hour)).date() for hour in moments} <= days
        assert set(moments % 24) == {9.0}
        assert len(set(moments)) >= 2


def test_a_birthday_is_the_same_day_every_year(firm):
    """Greetings of one customer come a year apart, in the order of the years; customers differ from each other."""
    visits = seen(firm, "contact.own_day")
    own = attribute(firm, visits, "occasion") == firm[0].names.levels["occasion"].index("born_on")
    waited = visits.finished[own] - visits.entered[own]
    over = ~np.isnan(waited)
    np.testing.assert_allclose(waited[over], attribute(firm, visits, "birthday")[own][over], atol=1e-6)
    days = waited[over] / 24
    assert (days.min(), days.max()) == pytest.approx((0, 365), abs=5)


def test_contacts_are_forgotten_when_support_is_busy():
    """Three technicians find the time for nearly all that they think of; two leave more than one in ten for ever."""
    shares = []
    for people in (3, 2):
        found = lived(1, teams__support__head_count=people)
        shares.append((seen(found, "contact.contact").next == "contact.forgotten").mean())
    assert shares[0] < 0.1 < shares[1]


@pytest.mark.parametrize("name", ["baselines/b2b_saas", "baselines/self_serve_saas"])
def test_urgent_questions_go_first_and_late_answers_are_escalated(name):
    """Who cannot work waits less; whoever has waited for the service level is answered as overdue, and not before."""
    program = compiled(load_scenario(name), Plan(replications=1, jobs=1))
    firm = program, [engine_of("compiled")(program, 1, 0)]
    answers = seen(firm, "ticket.answer")
    urgent = attribute(firm, answers, "urgent") == 1
    left = answers.finished - answers.entered
    assert np.nanmean(left[urgent]) < 0.8 * np.nanmean(left[~urgent])
    overdue = answers.next == "ticket.kept_waiting"
    assert 0 < overdue.mean() < 0.2
    np.testing.assert_allclose(left[overdue], 64, atol=1e-6)


def test_customers_who_were_onboarded_badly_ask_more():
    """In their first year, once they are live: of the occasions to ask more become tickets where it took longer."""
    name = "baselines/b2b_saas"
    program = compiled(load_scenario(name), PLAN)
    firm = program, [engine_of("compiled")(program, 1, number) for number in range(PLAN.replications)]
    visits = seen(firm, "ticket.asks")
    asks = visits.next == "ticket.opened"
    days, first_year = attribute(firm, visits, "time_to_value") / 24, attribute(firm, visits, "tenure") < 1
    quick, slow = (rate(asks, first_year & (days > low) & (days < high)) for low, high in ((0, 35), (60, 300)))
    assert clearly_more(slow, quick)
