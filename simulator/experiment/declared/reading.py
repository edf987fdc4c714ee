"""A study file read and checked with everything that it names, before hours of work."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from simulator.errors import Problem, ScenarioError, StudyError
from simulator.experiment.declared.declaration import Declaration, Search
from simulator.experiment.plan import Plan
from simulator.experiment.replications import compiled
from simulator.experiment.search.dimensions import space_of
from simulator.experiment.search.goal import constraints_of
from simulator.experiment.search.space import Space
from simulator.experiment.sensitivity.parameters import Parameter, chosen
from simulator.kpis.catalogue import Kpi, catalogue
from simulator.schema.document import Document, read_document
from simulator.schema.loading import Loaded, load_scenario
from simulator.schema.names import did_you_mean
from simulator.schema.overlay import stated
from simulator.schema.paths import Finding, Key
from simulator.schema.quantity import fixed
from simulator.schema.sentences import findings
from simulator.schema.shape import Shape
from simulator.schema.shipped import shipped_studies, shipped_study

TOP = Shape(models=(Declaration,))


@dataclass(frozen=True)
class Declared:
    """A study that can be run."""

    declaration: Declaration
    path: Path
    scenarios: tuple[Loaded, ...]
    """The base, then what is compared with it."""

    @property
    def base(self) -> Loaded:
        """The scenario that the others are compared with, and whose assumptions are moved."""
        return self.scenarios[0]

    def kpi(self, named: str) -> str:
        """A KPI that a block names, or the first of the study."""
        return named or self.declaration.kpis[0]

    def parameters(self, wanted: Sequence[str]) -> list[Parameter]:
        """The numbers of the base that are to be moved."""
        return chosen(self.base, wanted)

    def space(self, asked: Search) -> Space:
        """What a search may choose from."""
        return space_of(self.base, asked.tools, asked.teams, asked.policies)


def read_study(name_or_path: str | Path) -> Declared:
    """Read a study file, or a shipped study by name, with its scenarios; raises ScenarioError with every problem."""
    known = None if Path(name_or_path).is_file() else shipped_study(str(name_or_path))
    path = Path(name_or_path) if known is None else known[1]
    if known is None and not path.exists() and path.suffix not in {".yaml", ".yml"}:
        near = did_you_mean(str(name_or_path), shipped_studies(), "shipped studies")
        raise StudyError(f"'{name_or_path}': there is neither a file nor a shipped study of this name{near}")
    document = read_document(path, str(name_or_path))
    try:
        declaration = Declaration.model_validate(document.data)
    except ValidationError as error:
        raise _refused(document, findings(error, document.data, TOP)) from None
    problems, scenarios = _loaded(document, declaration)
    found = list(_contradictions(declaration))
    if not problems and not found:
        declared = Declared(declaration, path, scenarios)
        found = list(_unknown(declared))
        if not found and not document.problems:
            return declared
    raise _refused(document, found, problems)


def _refused(document: Document, found: Sequence[Finding], problems: Sequence[Problem] = ()) -> ScenarioError:
    statements = stated(document)
    return ScenarioError([*document.problems, *problems, *map(statements.problem, found)])


def _loaded(document: Document, declaration: Declaration) -> tuple[list[Problem], tuple[Loaded, ...]]:
    """The scenarios, and what is wrong with them, each problem at its own place."""
    problems: list[Problem] = []
    loaded: list[Loaded] = []
    for index, name in enumerate(declaration.scenarios):
        beside = document.path.parent / name
        try:
            loaded.append(load_scenario(beside if beside.is_file() else name))
        except ScenarioError as error:
            here = ("scenarios", index)
            problems += [
                stated(document).problem(Finding(here, f"'{name}': {each.message}")) if not each.line else each
                for each in error.problems
            ]
    return problems, tuple(loaded)


def _contradictions(declaration: Declaration) -> Iterator[Finding]:
    """What the form allows and makes no sense."""
    for index, name in enumerate(declaration.scenarios):
        if name in declaration.scenarios[:index]:
            yield Finding(("scenarios", index), f"'{name}' is named twice; keep one")
    if declaration.mode == "steady_state" and declaration.warm_up is None:
        yield Finding(
            ("mode",), "a steady state needs a warm-up: say 'warm_up: mser5', or a time such as 'warm_up: 180 d'"
        )
    if declaration.mode == "terminating" and declaration.warm_up is not None:
        message = "a terminating study counts from the start: leave it out, or say 'mode: steady_state'"
        yield Finding(("warm_up",), message)
    if declaration.length is not None and fixed(declaration.length) <= 0:
        yield Finding(("length",), f"must be a positive time, not '{declaration.length.text}'")
    precision = declaration.precision
    if precision is not None and not 0 < fixed(precision.target) < 1:
        yield Finding(("precision", "target"), "must lie between 0 and 1, such as 5 %")
    if precision is not None and precision.most < (declaration.replications or 1):
        yield Finding(("precision", "most"), f"is less than the {declaration.replications} replications asked for")


def _unknown(declared: Declared) -> Iterator[Finding]:
    """KPIs and parameters that the base does not have."""
    known = catalogue(compiled(declared.base, Plan()))
    declaration = declared.declaration
    for index, kpi in enumerate(declaration.kpis):
        yield from _kpi(("kpis", index), kpi, known)
        if kpi in known and known[kpi].better == "neither" and len(declared.scenarios) > 1:
            message = f"of {kpi} neither more nor less is better: it is reported anyway, and cannot be decided by"
            yield Finding(("kpis", index), message)
    for index, kpi in enumerate(declaration.precision.kpis if declaration.precision else ()):
        yield from _kpi(("precision", "kpis", index), kpi, known)
    for index, sensitivity in enumerate(declaration.sensitivity):
        yield from _kpi(("sensitivity", index, "kpi"), sensitivity.kpi, known)
        for place, wanted in enumerate(sensitivity.parameters):
            yield from _parameter(("sensitivity", index, "parameters", place), wanted, declared)
    for index, pair in enumerate(declaration.interactions):
        yield from _kpi(("interactions", index, "kpi"), pair.kpi, known)
        yield from _parameter(("interactions", index, "rows"), pair.rows, declared)
        yield from _parameter(("interactions", index, "columns"), pair.columns, declared)
    if declaration.bottlenecks is not None:
        yield from _kpi(("bottlenecks", "kpi"), declaration.bottlenecks.kpi, known)
    if declaration.search is not None:
        yield from _search(declaration.search, declared, known)


def _search(asked: Search, declared: Declared, known: dict[str, Kpi]) -> Iterator[Finding]:
    yield from _kpi(("search", "kpi"), asked.kpi, known)
    currency = declared.base.scenario.horizon.currency
    if asked.budget is not None and asked.budget.currency not in {"", currency}:
        yield Finding(("search", "budget"), f"is in {asked.budget.currency}, the base is in {currency}")
    for index, text in enumerate(asked.constraints):
        try:
            constraints_of(text, known, currency)
        except StudyError as error:
            yield Finding(("search", "constraints", index), str(error))
    try:
        declared.space(asked)
    except (StudyError, ScenarioError) as error:
        yield Finding(("search",), str(error))


def _kpi(path: Key, kpi: str, known: dict[str, Kpi]) -> Iterator[Finding]:
    if kpi and kpi not in known:
        yield Finding(path, f"there is no KPI '{kpi}'{did_you_mean(kpi, known, listed=False)}")


def _parameter(path: Key, wanted: str, declared: Declared) -> Iterator[Finding]:
    try:
        declared.parameters([wanted])
    except StudyError as error:
        yield Finding(path, str(error))
