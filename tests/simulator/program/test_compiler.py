"""From scenario to program: births, queue classes, costs and names."""

import itertools

import pytest

from simulator.chance.keyed import purpose_of
from simulator.program.compiler import attribute_names
from simulator.schema.vocabulary import levels_of
from tests.simulator.program.builders import distribution, program, scenario, step_of

WORK = {"kind": "work", "team": "crew", "effort": "1 h"}
# The value that each source would bring to the attribute.
VALUES = {"channel": 1.0, "product": 2.0, "segment": 3.0, "attribute": 4.0}


def births(*sources):
    """Program whose attribute x is stated by some sources only."""
    brings = {source: {"x": VALUES[source]} if source in sources else {} for source in VALUES}
    initial = {"initial": VALUES["attribute"]} if "attribute" in sources else {}
    return program(
        attributes={"x": initial},
        segments={"small": {"brings": brings["segment"]}, "large": {}},
        products={"box": {"brings": brings["product"]}, "crate": {}},
        channels={
            "web": {"process": "p", "interval": "1 h", "brings": brings["channel"]},
            "fair": {"process": "p", "interval": "1 h"},
        },
    )


SUBSETS = [subset for size in range(5) for subset in itertools.combinations(VALUES, size)]


@pytest.mark.parametrize("sources", SUBSETS, ids="-".join)
def test_a_birth_comes_from_the_first_that_states_it(sources):
    """Channel, product, segment, attribute; for every channel, segment and product, and none of the channels."""
    whole = births(*sources)
    table, slot = whole.tables.births, whole.names.attributes.index("x")
    assert table.shape == (3, 2, 2, 3)
    for channel, segment, product in itertools.product(range(3), range(2), range(2)):
        there = {"channel": channel == 0, "product": product == 0, "segment": segment == 0, "attribute": True}
        first = next((source for source in VALUES if source in sources and there[source]), None)
        quantity = table[channel, segment, product, slot]
        if first is None:
            assert quantity == -1
        else:
            assert VALUES[first] in distribution(whole, quantity)


def test_a_birth_has_one_purpose_whatever_its_source():
    """So a lead keeps its luck when the mix of the channel changes, and each source is there once."""
    whole = births(*VALUES)
    quantities = set(whole.tables.births[..., 2].ravel().tolist())
    assert len(quantities) == 4
    assert {whole.tables.chances.purpose[quantity] for quantity in quantities} == {purpose_of("birth/x")}


def test_segments_and_products_are_mixed_by_their_shares():
    """One to three, and evenly where nothing is said; a channel may bring its own mix."""
    own = {"segment": {"choice": {"small": 0.5, "large": 0.5}}}
    whole = program(
        segments={"small": {"share": 1}, "large": {"share": 3}},
        products={"box": {}, "crate": {}, "sack": {}, "tin": {}},
        channels={
            "web": {"process": "p", "interval": "1 h"},
            "fair": {"process": "p", "interval": "1 h", "brings": own},
        },
    )
    chances, table = whole.tables.chances, whole.tables.births
    web, fair, none = (table[channel, 0, 0, 0] for channel in range(3))
    assert chances.distribution[web] == chances.distribution[none] != chances.distribution[fair]
    assert 0.25 in chances.points
    assert {0.5, 0.75} <= set(chances.points.tolist())
    assert (whole.tables.segment, whole.tables.product) == (0, 1)


def test_without_segments_and_products_the_table_has_one_of_each():
    """And no attribute holds them."""
    tables = program(attributes={"x": {}}).tables
    assert tables.births.shape == (2, 1, 1, 1)
    assert (tables.births == -1).all()
    assert (tables.segment, tables.product) == (-1, -1)


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ({}, ("x", "size")), ({"segments": {"a": {}}}, ("segment", "x", "size")),
        ({"products": {"b": {}}}, ("product", "x", "size")),
        ({"products": {"b": {}}, "segments": {"a": {}}}, ("segment", "product", "x", "size")),
    ],
)  # fmt: skip
def test_segment_and_product_come_first(said, names):
    """Others may depend on them at birth; both are attributes with levels."""
    built = scenario(attributes={"x": {}, "size": {"levels": ["s", "m"]}}, **said)
    assert attribute_names(built) == names
    implied = {key: tuple(said[f"{key}s"]) for key in ("segment", "product") if f"{key}s" in said}
    assert levels_of(built) == implied | {"size": ("s", "m")}


TEAMS = {
    "crew": {"head_count": 2},
    "desk": {
        "members": {"ann": {"skills": {"size": ["small"]}}, "bob": {"skills": {"size": ["mid", "large"]}}, "eve": {}}
    },
}
SIZES = {"size": {"levels": ["small", "mid", "large"]}}


def queues(*steps, teams=None):
    """Program of some work steps named s0, s1 and so on."""
    return program({f"s{i}": WORK | step for i, step in enumerate(steps)}, teams=teams or TEAMS, attributes=SIZES)


def serving(whole):
    """Who serves each queue class, by name."""
    return [[whole.names.members[m] for m, flag in enumerate(row) if flag] for row in whole.tables.serves]


def test_a_plain_step_is_served_by_its_whole_team_and_nobody_else():
    """One class for all plain steps of a team, in the order of the teams."""
    whole = queues({"team": "desk"}, {}, {"team": "desk"})
    assert [step_of(whole, f"s{i}")["queue_class"] for i in range(3)] == [1, 0, 1]
    assert serving(whole) == [["crew.staff 1", "crew.staff 2"], ["desk.ann", "desk.bob", "desk.eve"]]
    assert whole.tables.teams["first_class"].tolist() == [0, 1]
    assert whole.tables.teams["classes"].tolist() == [1, 1]


def test_a_matched_step_has_a_class_for_each_level():
    """Served by those with the skill; who names no skill has all."""
    whole = queues({"team": "desk", "routing": {"match": "size"}})
    assert serving(whole) == [["desk.ann", "desk.eve"], ["desk.bob", "desk.eve"], ["desk.bob", "desk.eve"]]
    assert (step_of(whole, "s0")["queue_class"], step_of(whole, "s0")["match"]) == (0, 0)
    assert whole.tables.teams["classes"].tolist() == [0, 3]


@pytest.mark.parametrize(("fallback", "large"), [("anyone", ["desk.ann", "desk.bob"]), ("wait", [])])
def test_a_level_that_nobody_has_falls_back(fallback, large):
    """To everyone or, where the case is to wait, to nobody."""
    members = {"ann": {"skills": {"size": ["small"]}}, "bob": {"skills": {"size": ["small", "mid"]}}}
    desk = {"crew": {"head_count": 1}, "desk": {"members": members}}
    whole = queues({"team": "desk", "routing": {"match": "size", "fallback": fallback}}, teams=desk)
    assert serving(whole) == [["desk.ann", "desk.bob"], ["desk.bob"], large]


def test_what_makes_a_class_of_its_own():
    """Team, matching, fallback and taking ownership do; the rule does not, nor which ownership is taken."""
    routing, match = {"rule": "random"}, {"match": "size"}
    whole = queues(
        {}, {"routing": routing}, {"ownership": "take"}, {"ownership": "release"}, {"team": "desk"},
        {"routing": match}, {"routing": match | {"fallback": "anyone"}}, {"routing": match | routing},
        {"routing": {"fallback": "anyone"}},
    )  # fmt: skip
    classes = [step_of(whole, f"s{i}")["queue_class"] for i in range(9)]
    assert classes == [0, 0, 1, 1, 8, 2, 5, 2, 0]
    assert whole.tables.class_takes.tolist() == [0, 1, 0, 0, 0, 0, 0, 0, 0]
    assert whole.tables.teams["first_class"].tolist() == [0, 8]
    assert whole.tables.teams["classes"].tolist() == [8, 1]


TOOLS = {
    "crm": {"licence": "10 EUR/h", "seats": "desk", "set_up": "900 EUR", "start": "2024-01-04"},
    "bot": {"licence": "3 EUR/h", "cost_centre": "service"},
    "late": {"set_up": "50 EUR", "start": "2023-12-31"},
    "empty": {"licence": "7 EUR/h", "seats": "nobody"},
}


def test_tools_cost_their_seats_and_their_set_up():
    """From their start or, without one, from the end of the warm-up; a team of nobody needs no licence."""
    whole = program(
        tools=TOOLS,
        teams=TEAMS | {"nobody": {"head_count": 0}},
        attributes=SIZES,
        horizon={"warm_up": "2 d"},
        overheads={"rent": {"cost": "5 EUR/h", "cost_centre": "delivery"}},
    )
    found = {c.name: (c.centre, c.per_hour, c.once, c.start) for c in whole.other_costs}
    assert found == {
        "rent": ("delivery", 5.0, 0.0, 0.0),
        "crm": ("administration", 30.0, 900.0, 72.0),
        "bot": ("service", 3.0, 0.0, 48.0),
        "late": ("administration", 0.0, 50.0, -24.0),
        "empty": ("administration", 0.0, 0.0, 48.0),
    }


def test_channels_cost_by_the_hour_by_the_event_and_by_the_lead():
    """Drops without a cost are none."""
    drops = [{"date": "2024-01-03", "leads": 9, "cost": "400 EUR"}, {"date": "2024-01-04", "leads": 9}]
    whole = program(
        channels={
            "web": {"process": "p", "interval": "1 h", "fixed_cost": "730.5 EUR/month", "cost_per_lead": "12.5 EUR"},
            "fair": {"process": "p", "drops": drops},
        }
    )
    found = [(c.name, c.centre, c.per_hour, c.once, c.start) for c in whole.channel_costs]
    assert found == [("web", "acquisition", pytest.approx(1.0), 0.0, 0.0), ("fair", "acquisition", 0.0, 400.0, 48.0)]
    assert whole.lead_costs.tolist() == [12.5, 0.0]


def test_names_are_those_of_the_file_and_labels_are_spoken():
    """A label where there is one, otherwise the name with a capital and no underscores."""
    whole = program(
        {"first_call": WORK | {"stage": "new_lead"}, "bill": WORK | {"label": "Invoice it"}},
        stages={"new_lead": "", "won": "Customer"},
        teams={
            "crew": {"head_count": 1, "label": "The crew", "cost_centre": "delivery"},
            "back_office": {"head_count": 0},
        },
        channels={
            "web_form": {"process": "p", "interval": "1 h"},
            "q": {"process": "p", "interval": "1 h", "label": "Q!"},
        },
        segments={"small_firms": {}, "big": {"label": "Large"}},
        attributes={"size": {"levels": ["a", "b"]}},
    )
    names = whole.names
    assert (names.processes, names.steps) == (("p",), ("p.first_call", "p.bill", "p.done"))
    assert names.step_labels == ("First call", "Invoice it", "Done")
    assert (names.stages, names.stage_labels) == (("new_lead", "won"), ("New lead", "Customer"))
    assert (names.teams, names.team_labels) == (("crew", "back_office"), ("The crew", "Back office"))
    assert (names.team_centres, names.members) == (("delivery", "administration"), ("crew.staff",))
    assert (names.channels, names.channel_labels) == (("web_form", "q"), ("Web form", "Q!"))
    assert (names.segments, names.segment_labels) == (("small_firms", "big"), ("Small firms", "Large"))
    assert (names.attributes, names.levels["size"]) == (("segment", "size"), ("a", "b"))
    assert (names.outcomes, names.outcome_results) == (("done",), ("neutral",))


def test_the_horizon_is_in_hours():
    """Warm-up, end behind warm-up and length, start at midnight; the cost of finance is a yearly share."""
    whole = program(horizon={"warm_up": "4 wk", "length": "1 y", "currency": "RON"}, cost_of_finance="8 %")
    assert (whole.warm_up, whole.end) == (672.0, 672.0 + 8766.0)
    assert (whole.start.isoformat(), whole.currency, whole.cost_of_finance) == ("2024-01-01T00:00:00", "RON", 0.08)
    assert (whole.name, whole.digest) == ("Toy", "")


def test_the_business_clock_is_the_calendar_of_the_office():
    """Its hours without public holidays; a team with the same calendar shares it."""
    wait = {"kind": "wait", "duration": "2 h", "clock": "business"}
    whole = program({"it": wait}, horizon={"holidays": "PT", "business_hours": "Mon-Wed 10:00-12:00", "length": "3 d"})
    tables = whole.tables
    first, count = tables.calendars[step_of(whole, "it")["clock"]]
    assert tables.opens[first : first + count].tolist() == [34.0, 58.0]
    assert tables.closes[first : first + count].tolist() == [36.0, 60.0]
    assert tables.worked[first : first + count].tolist() == [0.0, 2.0]


def test_channels_name_their_process():
    """By its place in the file."""
    body = {"steps": {"out": {"kind": "end", "outcome": "done"}}}
    channels = {name: {"process": process, "interval": "1 h"} for name, process in (("a", "q"), ("b", "p"), ("c", "r"))}
    assert program(processes={"q": body, "r": body}, channels=channels).tables.channel_process.tolist() == [1, 0, 2]


def test_a_program_knows_the_attribute_of_a_role():
    """By its slot, which segments shift; none where no attribute has the role."""
    later = program(attributes={"x": {}, "mood": {"role": "satisfaction"}}, segments={"small": {}})
    assert later.names.attributes[later.satisfaction] == "mood"
    assert program(attributes={"x": {}}).satisfaction == -1
