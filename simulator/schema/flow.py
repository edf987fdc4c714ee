"""Whether every case finds its way from the first step of a process to an end."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final

from simulator.schema.names import nearest
from simulator.schema.paths import Finding
from simulator.schema.quantity import fixed
from simulator.schema.scenario import Process, Scenario
from simulator.schema.steps import Decide, End, Spawn, Step, Work

OFF: Final = ""
"""Where a case is that has run off the end of the list."""
Graph = Mapping[str, frozenset[str]]


def flow_findings(
    scenario: Scenario, doubtful: Collection[str] = (), standing: Collection[tuple[str, str]] = ()
) -> Iterator[Finding]:
    """Steps that are never reached, loops without a way out, and processes that nothing starts or that never stop.

    Processes that are in doubt are not looked at, nor what they may start. ``standing`` are processes and steps where
    open cases stand: they are reached, though nothing new may come there.
    """
    for name, process in scenario.processes.items():
        if name not in doubtful:
            yield from _process(name, process, [step for of, step in standing if of == name and step in process.steps])
    if not doubtful:
        yield from _never_started(scenario, {of for of, _ in standing if of in scenario.processes})
    yield from _endless_spawning(scenario)


def _process(name: str, process: Process, standing: Sequence[str]) -> Iterator[Finding]:
    graph = successors(process)
    here = ("processes", name, "steps")
    first = next(iter(process.steps))
    reached = reachable(graph, [first, *standing])
    for step in graph:
        if step not in reached:
            yield Finding(
                (*here, step), f"no case ever comes to '{step}': no step that is reached from '{first}' leads to it"
            )
        elif OFF in graph[step]:
            message = f"'{step}' is the last of the list and no end: say 'next:' or put a step of kind end behind it"
            yield Finding((*here, step), message)
    ways_out = _coming_from(
        graph, [step for step in graph if isinstance(process.steps[step], End) or OFF in graph[step]]
    )
    caught = [step for step in graph if step in reached and step not in ways_out]
    if caught:
        names = ", ".join(f"'{step}'" for step in caught[:8])
        yield Finding((*here, caught[0]), f"a loop with no way out: from {names} no case ever comes to an end")
    for step, body in process.steps.items():
        if isinstance(body, End) and body.next:
            yield Finding((*here, step, "next"), "nothing follows an end: remove 'next'")
        if isinstance(body, Decide):
            yield from _decision(name, step, body)


def successors(process: Process) -> Graph:
    """Steps that may follow each step; an unknown name counts as the nearest one, so that one slip is told once."""
    names = list(process.steps)
    known = {*names, OFF}
    graph: dict[str, frozenset[str]] = {}
    for index, (name, step) in enumerate(process.steps.items()):
        following = step.next or (names[index + 1] if index + 1 < len(names) else OFF)
        targets = _targets(name, step, following)
        graph[name] = frozenset(x if x in known else nearest(x, names) or name for x in targets)
    return graph


def _targets(name: str, step: Step, following: str) -> set[str]:
    match step:
        case End():
            return set()
        case Decide():
            return {outcome.to or following for outcome in step.outcomes.values()}
        case Work():
            aside = {side.to for side in (step.patience, step.balk) if side is not None}
            back = {step.defect.to or name} if step.defect is not None else set()
            return {following} | aside | back
        case _:
            return {following}


def reachable(graph: Graph, starts: Iterable[str], without: str | None = None) -> set[str]:
    """Everything that can be reached, the starts included, without passing one of them if that is asked for."""
    found: set[str] = set()
    ahead = [start for start in starts if start != without]
    while ahead:
        step = ahead.pop()
        if step not in found:
            found.add(step)
            ahead += [each for each in graph.get(step, ()) if each != without]
    return found


def _coming_from(graph: Graph, goals: Iterable[str]) -> set[str]:
    backwards: dict[str, set[str]] = {}
    for step, following in graph.items():
        for each in following:
            backwards.setdefault(each, set()).add(step)
    return reachable({step: frozenset(before) for step, before in backwards.items()}, goals)


def _decision(process: str, step: str, body: Decide) -> Iterator[Finding]:
    here = ("processes", process, "steps", step)
    outcomes = list(body.outcomes.items())
    for name, outcome in outcomes[:-1]:
        if not outcome.when and outcome.probability is None:
            message = f"'{name}' takes all that is left, so that no case comes to the outcomes behind it: put it last"
            yield Finding((*here, "outcomes", name), f"{message}, or give it 'when' or 'probability'")
    shares = [o.probability.fixed for _, o in outcomes if o.probability is not None and not o.when]
    total = sum(share for share in shares if share is not None)
    if total > 1 + 1e-9 and all(share is None or share <= 1 for share in shares):
        yield Finding((*here, "outcomes"), f"the probabilities add up to {100 * total:g} %: they must not exceed 100 %")
    last = outcomes[-1][1]
    rest_is_taken = not last.when and last.probability is None
    if not rest_is_taken and total < 1 - 1e-9:
        missing = "no outcome takes the cases that are left: add a last one without 'when' and 'probability'"
        yield Finding(
            (*here, "outcomes"),
            missing if None in shares or not shares else f"{missing}; now {100 * total:g} % are covered",
        )


def _spawned(process: Process) -> Iterator[tuple[str, Spawn]]:
    yield from ((name, step) for name, step in process.steps.items() if isinstance(step, Spawn))


def _never_started(scenario: Scenario, standing: Collection[str]) -> Iterator[Finding]:
    names = list(scenario.processes)
    graph = {
        name: frozenset(nearest(step.process, names) or OFF for _, step in _spawned(process))
        for name, process in scenario.processes.items()
    }
    starts = {nearest(channel.process, names) or OFF for channel in scenario.channels.values()} | {*standing}
    if OFF in starts.union(*graph.values()):
        # Something starts a process that does not exist: nobody knows which one was meant.
        return
    started = reachable(graph, starts)
    for name in names:
        if name not in started:
            yield Finding(
                ("processes", name), f"'{name}' is never started: no channel leads to it and no step spawns it"
            )


def _endless_spawning(scenario: Scenario) -> Iterator[Finding]:
    """Processes in which every case is certain to start another of its own kind, perhaps through other processes."""
    certain: dict[str, dict[str, str]] = {}
    for name, process in scenario.processes.items():
        graph = successors(process)
        first = next(iter(process.steps))
        ends = {step for step, body in process.steps.items() if isinstance(body, End)}
        for step, body in _spawned(process):
            count = 1.0 if body.count is None else fixed(body.count)
            if count >= 1 and ends and not ends & reachable(graph, [first], without=step):
                certain.setdefault(name, {})[body.process] = step
    graph = {name: frozenset(targets) for name, targets in certain.items()}
    for name, targets in certain.items():
        for target, step in targets.items():
            if name in reachable(graph, [target]):
                message = f"every case of '{name}' starts another one here, without end: put a decision before it"
                yield Finding(("processes", name, "steps", step), message)
