"""The process maps of docs/process_maps.md, drawn from the files of the baselines and the single processes.

``python tests/scenarios/process_maps.py`` writes the page anew.
"""

from collections.abc import Iterator
from pathlib import Path

from simulator.schema.flow import successors
from simulator.schema.loading import Loaded, load_scenario
from simulator.schema.names import in_words
from simulator.schema.shipped import shipped
from simulator.schema.steps import Step

PAGE = Path(__file__).resolve().parents[2] / "docs" / "process_maps.md"
SCENARIOS = [name for name in sorted(shipped()) if name.startswith(("baselines/", "processes/"))]
FIRST = "baselines/pt_installation"
HEAD = """# Process maps

Every process of every firm and of every process on its own, part by part, drawn from the files by
`python tests/scenarios/process_maps.py`; the workbench draws those of any scenario. Boxes are work of a team, hexagons
waiting, diamonds decisions, slanted boxes entries in the books or changes of an attribute, double boxes start other
processes; dashed boxes belong to another part. A map that was drawn above is named and not drawn again. What the steps
mean and expect: [model.md](model.md).
"""
BRACKETS = {
    "work": ("[", "]"), "wait": ("{{", "}}"), "decide": ("{", "}"), "set": ("[/", "/]"), "post": ("[/", "/]"),
    "spawn": ("[[", "]]"), "join": ("[[", "]]"), "end": ("([", "])"),
}  # fmt: skip


def page() -> str:
    """All maps as Markdown, the Portuguese firm's first."""
    sections = [HEAD]
    above: dict[str, str] = {}
    for scenario in sorted(SCENARIOS, key=lambda name: name != FIRST):
        loaded = load_scenario(scenario)
        sections.append(f"## {loaded.scenario.name} (`{scenario}`)\n")
        for name, process in loaded.scenario.processes.items():
            sections += [f"### {process.label} (`{name}`)\n", *_maps(loaded, name, scenario, above)]
    return "\n".join(sections)


def _maps(loaded: Loaded, process: str, scenario: str, above: dict[str, str]) -> Iterator[str]:
    """One section for each part of a process; ``above`` says in which scenario a map was first drawn."""
    for file, steps in _by_file(loaded, process).items():
        part = file.removeprefix("scenarios/").removesuffix(".yaml")
        drawn = "\n".join(_drawn(loaded, process, steps))
        before = above.setdefault(f"{part}\n{drawn}", scenario)
        same = f"As in `{before}`." if before != scenario else f"```mermaid\n{drawn}\n```"
        yield f"#### `{part}`\n\n{same}\n"


def _by_file(loaded: Loaded, process: str) -> dict[str, list[str]]:
    """Steps by the file that had the last word on them."""
    files: dict[str, list[str]] = {}
    for step in loaded.scenario.processes[process].steps:
        file = loaded.statements.place(("processes", process, "steps", step)).file
        files.setdefault(file, []).append(step)
    return files


def _drawn(loaded: Loaded, process: str, steps: list[str]) -> Iterator[str]:
    body = loaded.scenario.processes[process]
    graph = successors(body)
    ways = [(step, to) for step in steps for to in sorted(graph[step], key=list(body.steps).index)]
    elsewhere = {to: None for _, to in ways if to not in steps}
    yield "flowchart TD"
    yield from (f"  {step}_{_box(loaded, body.steps[step], step)}" for step in [*steps, *elsewhere])
    yield from (f"  {step}_ --> {to}_" for step, to in ways)
    yield from (f"  style {step}_ stroke-dasharray: 4 3" for step in elsewhere)


def _box(loaded: Loaded, step: Step, name: str) -> str:
    words = step.label or in_words(name)
    if step.kind == "work":
        words += f"<br/>{loaded.scenario.teams[step.team].label}"
    left, right = BRACKETS[step.kind]
    return f'{left}"{words.replace(chr(34), "#quot;")}"{right}'


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
