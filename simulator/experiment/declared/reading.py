"""A study file read and checked with everything that it names, before hours of work."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from pydantic import ValidationError

from simulator.errors import Problem, ScenarioError, StudyError
from simulator.experiment.declared.declaration import Declaration
from simulator.experiment.declared.declared import Declared
from simulator.experiment.declared.sense import senseless
from simulator.schema.document import Document, read_document
from simulator.schema.loading import Loaded, load_scenario
from simulator.schema.names import did_you_mean
from simulator.schema.overlay import stated
from simulator.schema.paths import Finding
from simulator.schema.quantity import fixed
from simulator.schema.sentences import findings
from simulator.schema.shape import Shape
from simulator.schema.shipped import shipped_studies, shipped_study

TOP = Shape(models=(Declaration,))


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
        found = list(senseless(declared))
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
    precision = declaration.precision
    if precision is not None and not 0 < fixed(precision.target) < 1:
        yield Finding(("precision", "target"), "must lie between 0 and 1, such as 5 %")
    if precision is not None and precision.most < (declaration.replications or 1):
        yield Finding(("precision", "most"), f"is less than the {declaration.replications} replications asked for")
