"""What the shipped tools cost and change.

``python tests/scenarios/tools_table.py`` prints the table of docs/tools.md from the files.
"""

from simulator.schema.loading import load_scenario
from simulator.schema.quantity import Quantity
from simulator.schema.shipped import shipped
from simulator.schema.steps import Work

HEAD = ("tool", "licence", "set-up", "until all use it", "automates: share, of which handed back to people")


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
    print(table())
