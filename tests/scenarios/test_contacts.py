"""Greetings and check-ups where nobody has a contract of service: households and subscribers, by hand and by a tool."""

from functools import cache

import numpy as np
import pytest

from simulator.engines.choice import engine_of
from simulator.experiment.plan import Plan
from simulator.experiment.replications import compiled, run
from simulator.schema.loading import load_changed, load_scenario

pytestmark = pytest.mark.slow
HOUSEHOLDS, CONTRACTS, CARDS = (
    "baselines/b2c_home_improvement", "baselines/b2b_saas", "baselines/self_serve_saas",
)  # fmt: skip
PLAN = Plan(replications=2, jobs=1)
YEAR = 365 * 24.0


@cache
def lived(name):
    """Program and records of one replication."""
    program = compiled(load_scenario(name), PLAN)
    return program, engine_of("compiled")(program, 1, 0)


@cache
def samples(name, place="", value=None):
    """KPIs of a firm, with one change, by replication."""
    base = load_scenario(name)
    return run(load_changed(base, {place: value}) if place else base, PLAN).samples


def cases_of(name, process):
    """Rows of the cases of a process."""
    program, records = lived(name)
    return np.flatnonzero(records.cases.process == program.names.processes.index(process))


def attribute(name, rows, what):
    """An attribute of some cases, as last set."""
    program, records = lived(name)
    return records.cases.attributes[rows, program.names.attributes.index(what)]


def begun(name, occasion):
    """How many contacts about an occasion each case began."""
    program, records = lived(name)
    rows = cases_of(name, "contact")
    ours = attribute(name, rows, "occasion") == program.names.levels["occasion"].index(occasion)
    return np.bincount(records.cases.parent[rows[ours]], minlength=records.cases.root.size)


def steps_of(name, step):
    """Cases of the visits to a step."""
    program, records = lived(name)
    return records.visits.case[records.visits.step == program.names.steps.index(step)]


@pytest.mark.parametrize("name", [CONTRACTS, CARDS])
def test_a_subscriber_is_greeted_once_in_each_year_as_a_customer(name):
    """New subscribers: one greeting, one birthday for each year begun, an anniversary for each but the first."""
    records = lived(name)[1]
    rows = cases_of(name, "subscription")
    rows = rows[(attribute(name, rows, "customer_of_old") == 0) & np.isnan(records.cases.ended[rows])]
    age = (records.end - records.cases.born[rows]) / YEAR
    clear = np.abs(age - np.rint(age)) > 22 / 365  # The next year begins once the review of the last has been held.
    rows, years = rows[clear], np.floor(age[clear]) + 1
    assert {1, 2} <= set(years)
    for occasion, expected in (("christmas", years), ("born_on", years), ("anniversary", years - 1)):
        np.testing.assert_array_equal(begun(name, occasion)[rows], expected)


def test_a_customer_of_old_is_greeted_from_the_first_day():
    """Those who have been customers for years begin with the greetings of one year, not with all that they missed."""
    name = CONTRACTS
    rows = cases_of(name, "subscription")
    rows = rows[attribute(name, rows, "customer_of_old") == 1]
    assert attribute(name, rows, "tenure").max() > 8
    assert begun(name, "christmas")[rows].max() <= 3
    assert (begun(name, "anniversary")[rows] >= 1).all()


def test_account_managers_greet_by_hand_and_forget():
    """About 55 % are thought of; who greets is an account manager, who also calls once a year to ask how it works."""
    program, records = lived(CONTRACTS)
    remembered = records.visits.next[records.visits.step == program.names.steps.index("contact.remembered")]
    thought_of = (remembered == program.names.steps.index("contact.call_or_write")).mean()
    assert thought_of == pytest.approx(0.55, abs=4 * np.sqrt(0.25 / remembered.size))
    for step in ("contact.contact", "contact.check_up_call"):
        members = records.visits.member[records.visits.step == program.names.steps.index(step)]
        names = {program.names.members[member].partition(".")[0] for member in members[members >= 0]}
        assert names == {"account_managers"}
    np.testing.assert_array_equal(begun(CONTRACTS, "check_up"), begun(CONTRACTS, "born_on"))


def test_a_mailing_tool_takes_nobodys_time():
    """At the firm with cards no one works on a contact, and one in twenty is lost."""
    program = lived(CARDS)[0]
    assert "contact.contact" not in program.names.steps
    reached = steps_of(CARDS, "contact.counted").size / steps_of(CARDS, "contact.remembered").size
    assert reached == pytest.approx(0.95, abs=0.02)


def test_households_get_cards_and_a_call_for_three_years():
    """One card and one birthday for each year on the list; the list ends after the years stated, and not before."""
    program, records = lived(HOUSEHOLDS)
    rows = cases_of(HOUSEHOLDS, "aftercare")
    years = np.floor((records.end - records.cases.born[rows]) / YEAR) + 1
    cards = begun(HOUSEHOLDS, "christmas")[rows]
    assert (cards <= years).all()
    assert (cards[years == 1] == 1).all()
    assert (cards == 2).sum() > 20
    again = steps_of(HOUSEHOLDS, "aftercare.next_year").size
    assert again == (steps_of(HOUSEHOLDS, "aftercare.at_christmas").size - rows.size)
    short = compiled(load_changed(load_scenario(HOUSEHOLDS), {"policies.years_looked_after": 1}), PLAN)
    once = engine_of("compiled")(short, 1, 0)
    cards = (once.visits.step == short.names.steps.index("aftercare.at_christmas")).sum()
    assert cards == (once.cases.process == short.names.processes.index("aftercare")).sum()
    assert program.names.steps.index("aftercare.off_the_list") > 0


@pytest.mark.parametrize("name", [CONTRACTS, CARDS, HOUSEHOLDS])
@pytest.mark.parametrize(
    ("place", "value", "goes"),
    [
        ("policies.contacts_remembered", "0 %", -1),
        ("policies.contact_lift", 0.06, 1),
        ("policies.contacts_welcome", 0, -1),
    ],
)
def test_contacts_please_and_too_many_tire(name, place, value, goes):
    """Nobody who is forgotten is pleased; a greater lift shows; where none is welcome each contact is a nuisance."""
    change = samples(name, place, value)["satisfaction"].mean() - samples(name)["satisfaction"].mean()
    assert goes * change > 0


@pytest.mark.parametrize("name", [CONTRACTS, CARDS])
def test_a_contact_is_felt_once(name):
    """No more is felt in a year than was heard, and a check-up every month pleases less than one a year."""
    rows = cases_of(name, "subscription")
    felt, heard = attribute(name, rows, "contacts_felt"), attribute(name, rows, "contacts")
    assert (felt <= heard).all()
    assert heard.max() >= 2
    assert (samples(name, "policies.check_ups", 12)["satisfaction"] < samples(name)["satisfaction"]).all()
