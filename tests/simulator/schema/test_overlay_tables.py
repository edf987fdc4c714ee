"""Merging of every section, one row each, and chains of three files."""

import pytest

from simulator.errors import ScenarioError
from simulator.schema.loading import load_scenario

SECTIONS = (
    "policies: {limit: 3, other: 4}\nsegments: {a: {share: 30 %}, b: {share: 70 %}}\n"
    "products: {p: {share: 1}}\nstages: {lead: Lead, deal: Deal}\ntools: {robot: {seats: sales}}\n"
    "sources: {crm: {title: Our CRM}}\neffects: {x: {reads: age, points: {1: 10 %, 2: 20 %}}}\nteams:\n"
)


@pytest.fixture
def chain(write, minimal):
    """The scenario of a file on a file on the small scenario."""

    def loaded(middle, top, base=minimal):
        write("base.yaml", base)
        write("middle.yaml", f"name: Middle\nbased_on: base.yaml\n{middle}")
        return load_scenario(write("top.yaml", f"name: Top\nbased_on: middle.yaml\n{top}")).scenario

    return loaded


@pytest.fixture
def changed(chain, minimal):
    """The scenario of one change of the small scenario, or of the small one with more sections."""
    return lambda text: chain("", text, minimal.replace("teams:\n", SECTIONS, 1))


def follow(model, path):
    """What stands at a path."""
    for key in path.split("."):
        model = model[key] if isinstance(model, dict) else getattr(model, key)
    return model


@pytest.mark.parametrize(
    ("change", "path", "value", "kept"),
    [
        ("horizon: {warm_up: 1 d}", "horizon.warm_up.fixed", 24, "horizon.length.fixed=8736.0"),
        ("horizon: {length: 2 wk}", "horizon.length.fixed", 336, "horizon.currency=EUR"),
        ("horizon: {holidays: RO}", "horizon.holidays", "RO", "horizon.time_zone=Europe/Lisbon"),
        ("horizon: {time_zone: UTC}", "horizon.time_zone", "UTC", "horizon.holidays=PT"),
        ("attributes: {interest: {initial: 0.7}}", "attributes.interest.initial.fixed", 0.7, "name=Top"),
        ("attributes: {age_group: {initial: 2}}", "attributes.age_group.initial.fixed", 2, "name=Top"),
        ("channels: {web: {rate: 1 /d}}", "channels.web.rate.text", "1 /d", "channels.web.process=sales"),
        ("channels: {web: {growth: 5 %}}", "channels.web.growth.fixed", 0.05, "channels.web.rate.text=2 000 /year"),
        ("channels: {web: {label: Web}}", "channels.web.label", "Web", "channels.web.source=our CRM"),
        ("teams: {sales: {head_count: 7}}", "teams.sales.head_count", 7, "teams.sales.cost.text=20 EUR/h"),
        ("teams: {sales: {cost: 9 EUR/h}}", "teams.sales.cost.fixed", 9, "teams.sales.head_count=2"),
        ("policies: {limit: 5}", "policies.limit.fixed", 5, "policies.other.fixed=4.0"),
        ("segments: {a: {share: 50 %}}", "segments.a.share.fixed", 0.5, "segments.b.share.fixed=0.7"),
        ("products: {p: {share: 50 %}}", "products.p.share.text", "50 %", "segments.b.share.fixed=0.7"),
        ("stages: {lead: New, deal: Won}", "stages.lead", "New", "stages.deal=Won"),
        ("effects: {x: {axis: log}}", "effects.x.axis", "log", "effects.x.reads=age"),
        ("effects: {x: {reads: interest}}", "effects.x.reads", "interest", "effects.x.points.1=10 %"),
    ],
)
def test_each_section_merges_down_to_one_field(changed, change, path, value, kept):
    """The field of the change is new and its neighbour is that of the base."""
    scenario = changed(f"{change}\n")
    assert follow(scenario, path) == pytest.approx(value)
    where, _, what = kept.partition("=")
    assert str(follow(scenario, where)) == what


@pytest.mark.parametrize(
    ("change", "section", "names"),
    [
        ("policies: {limit: null}", "policies", ["other"]),
        ("policies: {more: 1}", "policies", ["limit", "other", "more"]),
        ("segments: {a: null}", "segments", ["b"]),
        ("segments: {c: {}}", "segments", ["a", "b", "c"]),
        ("products: {p: null}", "products", []),
        ("products: null", "products", []),
        ("tools: {robot: null}", "tools", []),
        ("effects: {x: null}", "effects", []),
        ("policies: null", "policies", []),
        ("stages: {won: Won}", "stages", ["won"]),
        ("stages: null", "stages", []),
        ("attributes: {interest: null}", "attributes", []),
    ],
)
def test_null_removes_an_entry_or_a_section(changed, change, section, names):
    """What stays keeps its order, and what is added comes last."""
    assert list(getattr(changed(f"{change}\n"), section)) == names


@pytest.mark.parametrize(
    ("change", "path", "words"),
    [
        ("channels: {wbe: null}", "channels.wbe", "did you mean 'web'?"),
        ("policies: {limits: null}", "policies.limits", "did you mean 'limit'?"),
        ("segments: {zzz: null}", "segments.zzz", "valid names: a, b"),
        ("tools: {robt: null}", "tools.robt", "did you mean 'robot'?"),
        ("processes: {sals: null}", "processes.sals", "did you mean 'sales'?"),
        ("processes: {sales: {steps: {cal: null}}}", "processes.sales.steps.cal", "did you mean 'call'?"),
        ("effects: {y: null}", "effects.y", "there is no 'y' to remove; valid names: x"),
    ],
)
def test_what_is_not_there_cannot_be_removed(changed, change, path, words):
    """One problem, at the place of the change, with the name that was meant."""
    with pytest.raises(ScenarioError) as caught:
        changed(f"{change}\n")
    (problem,) = caught.value.problems
    assert (problem.file, problem.line, problem.path) == ("top.yaml", 3, path)
    assert words in problem.message


@pytest.mark.parametrize(
    ("middle", "top", "heads", "cost"),
    [
        ("", "", 2, 20),
        ("teams: {sales: {head_count: 3}}", "", 3, 20),
        ("teams: {sales: {head_count: 3}}", "teams: {sales: {cost: 9 EUR/h}}", 3, 9),
        ("teams: {sales: {head_count: 3}}", "teams: {sales: {head_count: 4}}", 4, 20),
        ("teams: {sales: {cost: null}}", "", 2, None),
        ("teams: {sales: {cost: null}}", "teams: {sales: {cost: 8 EUR/h}}", 2, 8),
        ("teams: {sales: {cost: 8 EUR/h}}", "teams: {sales: {cost: null}}", 2, None),
    ],
)
def test_the_uppermost_of_three_files_that_says_it_counts(chain, middle, top, heads, cost):
    """A field that the top does not state is the middle's, and otherwise the base's."""
    team = chain(f"{middle}\n", f"{top}\n").teams["sales"]
    assert (team.head_count, team.cost and team.cost.fixed) == (heads, cost)


STEP = "processes: {{sales: {{steps: {{{}}}}}}}\n"


@pytest.mark.parametrize(
    ("middle", "top", "order"),
    [
        ("a: {kind: wait, duration: 1 d, after: call}", "a: {duration: 2 d}", "call a decision won lost"),
        (
            "a: {kind: wait, duration: 1 d, after: call}",
            "b: {kind: wait, duration: 1 d, after: a}",
            "call a b decision won lost",
        ),
        (
            "a: {kind: wait, duration: 1 d, after: call}",
            "b: {kind: wait, duration: 1 d, after: call}",
            "call b a decision won lost",
        ),
        ("a: {kind: wait, duration: 1 d, after: call}", "a: null", "call decision won lost"),
        ("won: {after: lost}", "lost: {after: won}", "call decision won lost"),
    ],
)
def test_steps_of_three_files_stand_in_order(chain, middle, top, order):
    """A step of the middle is a place like any other for the top."""
    assert " ".join(chain(STEP.format(middle), STEP.format(top)).processes["sales"].steps) == order


def test_a_kind_changed_in_the_middle_is_what_the_top_changes(chain):
    """A field of the new kind merges, and nothing of the old kind is left."""
    step = (
        chain(STEP.format("call: {kind: wait, duration: 2 d}"), STEP.format("call: {duration: 3 d}"))
        .processes["sales"]
        .steps["call"]
    )
    assert (step.kind, step.duration.fixed, hasattr(step, "team")) == ("wait", 72, False)


@pytest.mark.parametrize(
    ("effort", "form", "names"),
    [
        ("5 min", "fixed", {"value"}),
        ("{value: 5 min}", "fixed", {"value"}),
        ("{lognormal: {mean: 20 min, cv: 1}}", "lognormal", {"mean", "cv"}),
        ("{gamma: {mean: 20 min, cv: 1}}", "gamma", {"mean", "cv"}),
        ("{uniform: {low: 1 min, high: 2 min}}", "uniform", {"low", "high"}),
        ("{formula: 1 h, exponential: 1 h}", "exponential", {"mean"}),
    ],
)
def test_an_effort_is_replaced_whole(changed, effort, form, names):
    """No parameter of the base's distribution lingers."""
    found = changed(STEP.format(f"call: {{effort: {effort}}}")).processes["sales"].steps["call"].effort
    assert (found.form, found.parameters.keys()) == (form, names)
