import re
from functools import cache

import numpy as np
import pytest

from simulator.engines.compiled_engine import simulate
from simulator.experiment.plan import Plan, with_horizon
from simulator.kpis.integrity import violations
from simulator.program.compiler import compile_scenario
from simulator.program.layout import Milestone
from simulator.schema.document import read_document
from simulator.schema.loading import load_changed, load_scenario, load_with
from simulator.schema.quantity import fixed
from simulator.schema.shipped import scenarios_folder, shipped
from simulator.schema.steps import Defect, Outcome, Wait, Work
from simulator.schema.walk import parts
from tests.scenarios.tools_table import effects, effects_table, table

BASELINE = "baselines/pt_installation"
KINDS = ("analytics_bi", "cms_web_shop", "crm", "e_invoicing", "erp", "marketing_automation", "quoting")
SMALL, MID = ([f"tools/{kind}_{size}" for kind in KINDS] for size in ("small", "mid"))
WEEK = 168.0
OLD = {"value": "1 h", "source": "own assumption", "grade": "D"}
"""Ramp of a tool that the firm has had for years."""


def program(loaded, warm_up, length):
    """Program over some weeks, of which the first are the warm-up."""
    plan = Plan(warm_up=warm_up * WEEK, length=length * WEEK)
    return compile_scenario(with_horizon(loaded.scenario, plan), loaded.folder, loaded.digest)


def history(loaded, base, weeks):
    """What has happened by then in the steps of the base: to whom, where, and when."""
    ours, baseline = program(loaded, weeks, 1), program(firm(base), weeks, 1)
    records = simulate(ours, 1, 0)
    visits = records.visits
    codes = {name: code for code, name in enumerate(baseline.names.steps)}
    step = np.array([codes.get(name, -1) for name in ours.names.steps])[visits.step]
    rows = (step >= 0) & (visits.finished < weeks * WEEK)
    found = np.stack([step, visits.entered, visits.started, visits.finished])[:, rows]
    keys = records.cases.key[visits.case[rows]]
    order = np.lexsort((*found[:2], keys))
    return [keys[order], found[:, order]]


@cache
def firm(name):
    """A scenario that a tool says it suits, read once."""
    return load_scenario(name)


def stated(loaded):
    """Everything that a scenario says, whatever the order of its names."""
    return loaded.scenario.model_dump(exclude={"name", "description", "parts"})


def visited(loaded, steps):
    """How many cases come to each of some steps in the half year in which the tool is live."""
    found = program(loaded, 26, 26)
    visits = simulate(found, 1, 0).visits
    live = visits.step[visits.entered >= 26 * WEEK]
    return [int((live == found.names.steps.index(name)).sum()) for name in steps]


def test_seven_tools_are_shipped_for_small_and_for_mid_size_firms():
    """And nothing else lies in the folder."""
    assert [name for name in shipped() if name.startswith("tools/")] == sorted(SMALL + MID)


@pytest.mark.parametrize("name", SMALL + MID)
def test_a_tool_says_what_it_costs_how_it_is_adopted_and_what_it_hands_back(name):
    """Licence, set-up, adoption (the same as the ramp that formulas read), and steps of which people keep a share."""
    kind = name.partition("/")[2].rpartition("_")[0]
    scenario = load_scenario(name).scenario
    tool = scenario.tools[kind]
    assert fixed(tool.licence) > 0
    assert fixed(tool.set_up) > 0
    assert fixed(tool.adoption) == fixed(scenario.policies[f"{kind}_ramp"]) > 0
    automated = [part.model for part in parts(scenario) if getattr(part.model, "tool", "") == kind]
    assert automated
    assert all(fixed(each.share) < 1 and fixed(each.exceptions) > 0 for each in automated)


@pytest.mark.parametrize(("small", "mid"), list(zip(SMALL, MID, strict=True)))
def test_a_mid_size_firm_pays_more_and_waits_longer(small, mid):
    """Licence, set-up and adoption."""
    kind = small.partition("/")[2].rpartition("_")[0]
    less, more = (load_scenario(name).scenario.tools[kind] for name in (small, mid))
    for figure in ("licence", "set_up", "adoption"):
        assert fixed(getattr(less, figure)) < fixed(getattr(more, figure))


@pytest.mark.parametrize("base", sorted({base for _, base in effects()}))
def test_sets_of_tools_are_the_same_in_whatever_order_they_are_laid(base):
    """No two tools state the same number, so that a set is a set in every firm; its steps too stand in one order."""
    names = [f"tools/{kind}_small" for kind, suited in effects() if suited == base]
    forth, back = load_with(firm(base), names), load_with(firm(base), names[::-1])
    assert stated(forth) == stated(back)
    assert set(forth.scenario.tools) == {name.partition("/")[2].rpartition("_")[0] for name in names}
    for name, process in forth.scenario.processes.items():
        assert list(process.steps) == list(back.scenario.processes[name].steps)


@pytest.mark.parametrize("name", MID)
def test_a_tool_takes_no_effect_away(name):
    """Lists of effects are replaced whole: what the baseline has in one, the tool repeats."""
    base = {part.path: part.model for part in parts(load_scenario(BASELINE).scenario)}
    stated = [
        part for part in parts(load_scenario(name).scenario) if isinstance(part.model, Work | Wait | Outcome | Defect)
    ]
    assert len(stated) > 100
    for part in stated:
        before = base.get(part.path)
        assert before is None or set(before.effects) <= set(part.model.effects), part.path


@pytest.mark.parametrize("base", [BASELINE, "baselines/ro_distributor"])
@pytest.mark.parametrize("name", SMALL)
def test_before_it_is_live_a_tool_changes_nothing(name, base):
    """Until the end of the warm-up every case of the firm does the same at the same time."""
    laid = load_with(firm(base), [name])
    for ours, theirs in zip(history(laid, base, 12), history(firm(base), base, 12), strict=True):
        assert np.array_equal(ours, theirs, equal_nan=True)


@pytest.mark.slow
@pytest.mark.parametrize("tools", [SMALL, MID], ids=["small", "mid"])
def test_all_seven_together_obey_all_laws(tools):
    """Half a year with every tool leaves records that break no law."""
    found = program(load_with(load_scenario(BASELINE), tools), 26, 26)
    assert violations(found, simulate(found, 1, 0)) == []


@pytest.mark.parametrize(
    ("tool", "other", "steps"),
    [
        ("e_invoicing", "erp", ("invoice.type_data", "invoice.order_data")),
        ("erp", "crm", ("lead.type_quote", "lead.quote_data")),
        ("erp", "quoting", ("lead.type_quote", "lead.quote_data")),
        ("cms_web_shop", "erp", ("shop_order.type_basket", "shop_order.stock_data")),
        ("analytics_bi", "erp", ("report.collect_figures", "report.figures_of_finance")),
    ],
)
def test_without_the_other_tool_data_are_typed_again(tool, other, steps):
    """Alone, people type in what two tools would have passed on; where the other has long been in use, nobody does."""
    alone = load_with(load_scenario(BASELINE), [f"tools/{tool}_small"])
    both = load_with(load_scenario(BASELINE), [f"tools/{tool}_small", f"tools/{other}_small"])
    typed, passed = visited(alone, steps)
    assert 0 < typed <= passed
    typed, passed = visited(load_changed(both, {f"policies.{other}_ramp": OLD}), steps)
    assert typed == 0 < passed


def test_marketing_automation_without_a_crm_loses_more_than_half_of_its_effect_on_the_score():
    """The error of the score of leads that come once all is adopted: a fifth less with a CRM, a twelfth without."""
    base = load_scenario(BASELINE)
    automation, crm = "tools/marketing_automation_small", "tools/crm_small"
    before, alone, both = map(errors, (base, load_with(base, [automation]), load_with(base, [automation, crm])))
    for left, after in ((1 - 0.2 * 0.4, alone), (1 - 0.2, both)):
        same = sorted(before.keys() & after.keys())
        assert len(same) > 500
        assert [after[key] for key in same] == pytest.approx([left * before[key] for key in same])


def errors(loaded):
    """Error of the score by the key of the lead, for leads that were scored once all is adopted and not sent back."""
    found = program(loaded, 4, 40)
    records = simulate(found, 1, 0)
    cases, refused = records.cases, found.tables.steps["marks"] & Milestone.SALES_REJECTED > 0
    error, score = (cases.attributes[:, found.names.attributes.index(name)] for name in ("score_error", "score"))
    chosen = (cases.born > 30 * WEEK) & (score != 0) & (cases.process == found.names.processes.index("lead"))
    chosen[records.visits.case[refused[records.visits.step]]] = False
    return dict(zip(cases.key[chosen].tolist(), error[chosen].tolist(), strict=True))


def test_the_page_on_tools_shows_what_the_files_say():
    """The table of costs and shares is the one that the files give today."""
    page = (scenarios_folder().parent / "docs" / "tools.md").read_text(encoding="utf-8")
    assert table() in page
    assert effects_table() in page


@pytest.mark.parametrize("name", SMALL + MID)
def test_a_tool_fits_every_scenario_that_it_says_it_suits(name):
    """It loads there, priced in the firm's currency, automates a step of it and takes no effect of the firm away."""
    kind = name.partition("/")[2].rpartition("_")[0]
    for base in map(firm, load_scenario(name).scenario.suits):
        scenario = load_with(base, [name]).scenario
        tool = scenario.tools[kind]
        assert {tool.licence.currency, tool.set_up.currency} == {base.scenario.horizon.currency}
        before = {part.path: part.model for part in parts(base.scenario)}
        for part in parts(scenario):
            lost = set(getattr(before.get(part.path), "effects", ())) - set(getattr(part.model, "effects", ()))
            assert not lost, (base.scenario.name, part.path)
        automated = [part.path for part in parts(scenario) if getattr(part.model, "tool", "") == kind]
        assert automated or kind == "cms_web_shop", base.scenario.name  # Its forms ask, which takes nobody's time.


@pytest.mark.parametrize("name", SMALL + MID)
def test_every_step_that_a_tool_names_is_in_a_scenario_that_it_suits(name):
    """What falls away in one firm is there in another: a slip of the pen would fall away everywhere."""
    own = read_document(scenarios_folder() / f"{name}.yaml", name).data["processes"]
    laid = [load_with(firm(base), [name]).scenario for base in load_scenario(name).scenario.suits]
    there = {
        (process, step, outcome)
        for scenario in laid
        for process, body in scenario.processes.items()
        for step, model in body.steps.items()
        for outcome in ("", *getattr(model, "outcomes", {}))
    }
    named = {
        (process, step, outcome)
        for process, body in own.items()
        for step, model in body["steps"].items()
        for outcome in ("", *model.get("outcomes", {}))
    }
    assert named <= there, named - there


@pytest.mark.parametrize("name", SMALL + MID)
def test_every_policy_that_a_tool_states_is_read_somewhere(name):
    """What a file sets and no formula reads would be a promise that nothing keeps."""
    own = read_document(scenarios_folder() / f"{name}.yaml", name).data.get("policies", {})
    suits = load_scenario(name).scenario.suits
    said = str([load_with(firm(base), [name]).scenario.model_dump(exclude={"policies": set(own)}) for base in suits])
    assert [policy for policy in own if not re.search(rf"\b{policy}\b", said)] == []
