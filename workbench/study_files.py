"""Study files that the workbench writes or is given, and the results folders that they get."""

from __future__ import annotations

import re
import shutil
import tempfile
import unicodedata
import weakref
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import yaml

from simulator.errors import ScenarioError
from simulator.experiment.bottlenecks.worth import NET
from simulator.experiment.declared.declared import Declared
from simulator.experiment.declared.reading import read_study
from simulator.schema.document import Document, read_document
from simulator.schema.loading import Loaded
from simulator.schema.overlay import stated
from simulator.schema.paths import Finding, Key
from simulator.schema.shipped import shipped_path
from workbench.study_results import results_home
from workbench.uploads import SCENARIOS, Uploads

LONGEST: Final = 60
"""Letters of a folder's name."""
LEVERS: Final = 12
"""Assumptions and reliefs that are measured: enough to see what matters, within minutes."""
RUNGS: Final = 3


@dataclass(frozen=True)
class Questions:
    """What is asked beside the comparison."""

    hangs_on: bool = False
    """Which assumptions the first KPI hangs on."""
    clogs: bool = False
    """What relief of each team, delay and policy is worth, and what binds next."""
    portfolio: bool = False
    """Which tools are best under a budget."""
    budget: float = 0.0
    """In the currency of the base."""
    busiest: float | None = None
    """Most that a team may be at work, as a share of its hours on shift; None for no limit."""
    dso: float | None = None
    """Most days of sales outstanding; None for no limit."""
    months: int = 0
    """How far the open pipeline is foretold; 0 for not at all."""
    diary: bool = False
    """Which leads are won and lost, and where their ways part."""


class StudyFolder:
    """A folder that holds a study file beside the scenarios that a visitor brought, for as long as it is needed."""

    def __init__(self, uploads: Uploads) -> None:
        self.path = Path(tempfile.mkdtemp(prefix="caudal-study-"))
        weakref.finalize(self, shutil.rmtree, self.path, ignore_errors=True)
        self._scenarios = frozenset(uploads.loaded)
        for name in uploads.names:
            if name in self._scenarios or not name.endswith(SCENARIOS):
                shutil.copyfile(uploads.folder / name, self.path / name)

    def read(self, text: bytes, name: str) -> Declared:
        """The study of a text; raises ScenarioError with every problem, each under the file's own name."""
        file = self.path / f"{folder_name(name)}.yaml"
        while file.exists():  # a scenario that is called the same stays what it is
            file = file.with_stem(f"{file.stem}-study")
        file.write_bytes(text)
        try:
            self._refuse_foreign(read_document(file, file.name))
            return read_study(file)
        except ScenarioError as error:
            here = f"{self.path}/"
            raise ScenarioError([
                replace(each, file=each.file.replace(here, ""), message=each.message.replace(here, ""))
                for each in error.problems
            ]) from None  # fmt: skip

    def _refuse_foreign(self, document: Document) -> None:
        """Refuse, before it is opened, whatever neither ships nor was uploaded, as ``Uploads`` does."""
        found = [
            stated(document).problem(Finding(place, f"'{name}' neither ships nor is a scenario that you brought"))
            for place, name in _named(document)
            if name not in self._scenarios and shipped_path(name) is None
        ]
        if found:
            raise ScenarioError(found)


def _named(document: Document) -> Iterator[tuple[Key, str]]:
    """Scenarios that a study file names, each with its place."""
    search = document.data.get("search")
    tools = search.get("tools") if isinstance(search, dict) else ()
    for place, names in ((("scenarios",), document.data.get("scenarios")), (("search", "tools"), tools)):
        for index, text in enumerate(names if isinstance(names, list | tuple) else ()):
            for name in text.split(",") if isinstance(text, str) else ():
                yield (*place, index), name.strip()


def declaration(
    name: str, scenarios: Mapping[str, Loaded], kpis: tuple[str, ...], replications: int, asked: Questions
) -> str:
    """The text of a study file that asks for this; scenarios by key, the base first."""
    horizon = next(iter(scenarios.values())).scenario.horizon
    warm_up = horizon.warm_up.fixed or 0.0
    said: dict[str, Any] = {"caudal": 1, "study": name, "scenarios": list(scenarios), "kpis": list(kpis)}
    said |= {"mode": "steady_state", "warm_up": f"{warm_up / 24:g} d"} if warm_up else {"mode": "terminating"}
    said["replications"] = replications
    if asked.hangs_on:
        said["sensitivity"] = [{"kpi": kpis[0], "most": LEVERS}]
    if asked.clogs:
        # A ladder climbs by money that holds what a relief costs.
        money = next((kpi for kpi in kpis if kpi in NET), None)
        said["bottlenecks"] = {"most": LEVERS} | ({} if money is None else {"kpi": money, "rungs": RUNGS})
    if asked.portfolio:
        limits = [f"utilisation_* <= {asked.busiest:.0%}"] if asked.busiest is not None else []
        limits += [f"dso <= {asked.dso:g} d"] if asked.dso is not None else []
        said["search"] = {"budget": f"{asked.budget:.2f} {horizon.currency}", "constraints": limits}
    if asked.months:
        said["forecast"] = {"months": asked.months}
    if asked.diary:
        said["diary"] = {}
    return yaml.safe_dump(said, sort_keys=False, allow_unicode=True)


def folder_name(name: str) -> str:
    """A name for people as that of a file: letters without accents, figures and dashes."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST].strip("-") or "study"


def free_folder(name: str) -> Path:
    """A results folder of this name that does not exist yet."""
    plain = folder_name(name)
    number, folder = 1, results_home() / plain
    while folder.exists():
        number += 1
        folder = results_home() / f"{plain}-{number}"
    return folder
