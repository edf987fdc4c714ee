"""What the shipped tools cost and change.

``python tests/scenarios/tools_table.py`` prints the two tables of docs/tools.md from the files.
"""

from typing import Final

from simulator.schema.loading import load_scenario
from simulator.schema.quantity import Quantity
from simulator.schema.shipped import shipped
from simulator.schema.steps import Work

HEAD = ("tool", "licence", "set-up", "until all use it", "automates: share, of which handed back to people")

MAIN: Final = {
    "analytics_bi": ("churn_rate", "lower"),
    "cms_web_shop": ("score_precision", "higher"),
    "crm": ("misrouted", "lower"),
    "e_invoicing": ("utilisation_finance", "lower"),
    "erp": ("rework_crews", "lower"),
    "marketing_automation": ("score_precision", "higher"),
    "quoting": ("stage_time_opportunity_mean", "lower"),
}
"""The KPI that each tool moves first, and on which side."""
ELSEWHERE: Final = {
    ("analytics_bi", "baselines/b2c_home_improvement"): ("mql_rejection_rate", "lower"),
    ("analytics_bi", "baselines/ro_distributor"): ("mql_rejection_rate", "lower"),
    ("erp", "baselines/b2b_saas"): ("utilisation_finance", "lower"),
    ("erp", "baselines/ro_distributor"): ("dispute_rate", "lower"),
    ("cms_web_shop", "baselines/ro_distributor"): ("utilisation_sales_office", "lower"),
    ("quoting", "baselines/ro_distributor"): ("stage_time_sql_mean", "lower"),
}
"""Where a tool works at another place."""


def effects() -> dict[tuple[str, str], tuple[str, str]]:
    """KPI and side by kind of tool and scenario that it says it suits."""
    suits = {kind: load_scenario(f"tools/{kind}_small").scenario.suits for kind in MAIN}
    return {(kind, base): ELSEWHERE.get((kind, base), MAIN[kind]) for kind in MAIN for base in suits[kind]}


def effects_table() -> str:
    """One row for each kind of tool, a column for each scenario that one of them suits, as Markdown."""
    found = effects()
    bases = list(dict.fromkeys(base for _, base in found))
    head = ["tool", *(base.partition("/")[2] for base in bases)]
    rows = [[f"`{kind}`", *(_effect(found.get((kind, base))) for base in bases)] for kind in MAIN]
    return "\n".join(f"| {' | '.join(row)} |" for row in [head, ["---"] * len(head), *rows])


def _effect(effect: tuple[str, str] | None) -> str:
    return "-" if effect is None else f"`{effect[0]}` {effect[1]}"


def table() -> str:
    """One row for each tool and size of firm, as Markdown."""
    names = [name for name in shipped() if name.startswith("tools/")]
    rows = [HEAD, ("---",) * len(HEAD), *(_row(name) for name in names)]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def _row(name: str) -> tuple[str, ...]:
    scenario = load_scenario(name).scenario
    kind = name.partition("/")[2].rpartition("_")[0]
    tool = scenario.tools[kind]
    steps = [step for process in scenario.processes.values() for step in process.steps.values()]
    automated = [
        f"{step.label} {_text(step.automation.share)}, {_text(step.automation.exceptions)} to {step.team}"
        for step in steps
        if isinstance(step, Work) and step.automation is not None and step.automation.tool == kind
    ]
    licence = _text(tool.licence) + (" a seat" if tool.seats else "")
    return f"`{name}`", licence, _text(tool.set_up), _text(tool.adoption), "; ".join(automated)


def _text(quantity: Quantity | None) -> str:
    return quantity.text if quantity is not None else ""


if __name__ == "__main__":
    print(table(), effects_table(), sep="\n\n")
