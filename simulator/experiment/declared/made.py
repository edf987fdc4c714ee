"""Replications that a study leaves beside its figures, so that it can be extended without making them again."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from simulator.errors import StudyError
from simulator.experiment.plan import Plan
from simulator.experiment.replications import Tally, _Means, compiled
from simulator.experiment.software import software
from simulator.experiment.study import Study
from simulator.kpis.measures import Pictures
from simulator.program.program import Program
from simulator.records import Floats
from simulator.schema.loading import Loaded

_STATED: Final = "stated"
"""Entry that says, as JSON, what the replications are of."""


def save_made(path: Path, studies: Sequence[Study]) -> None:
    """Write samples, growth of queues and mean pictures of studies of one plan, as arrays without objects."""
    arrays: dict[str, Any] = {_STATED: json.dumps([_stated(study) for study in studies])}
    for place, study in enumerate(studies):
        arrays[f"{place}/samples"] = np.array(list(study.samples.values()))
        arrays[f"{place}/growth"] = study.growth
        arrays |= {f"{place}/{name}": each for name, each in zip(Pictures._fields, study.pictures, strict=True)}
    with path.open("wb") as file:
        np.savez_compressed(file, **arrays)


def check_seed(path: Path, seed: int) -> None:
    """Refuse, before any work, replications of another seed; whatever else is wrong ``read_made`` says."""
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            made = {each["seed"] for each in json.loads(str(arrays[_STATED]))}
    except (OSError, EOFError, ValueError, KeyError, TypeError, zipfile.BadZipFile):
        return
    if made and seed not in made:
        raise StudyError(
            f"'{path.parent}' holds replications of seed {min(made)}, not {seed}: leave out --seed, or give --replace "
            "to begin anew"
        )


def read_made(path: Path, scenarios: Sequence[Loaded], plan: Plan, most: int) -> list[Study | None]:
    """The studies that were written, None for each scenario that was not among them or has changed since.

    Raises StudyError where no scenario is the same, and where seed, warm-up, end or software are not: what another
    version would have made differently cannot stand beside what this one makes. No more than ``most`` replications can
    be gone on from, since the pictures are those of all of them.
    """
    programs = [compiled(loaded, plan) for loaded in scenarios]
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            stated = json.loads(str(arrays[_STATED]))
            places = _places(path, stated, programs, plan)
            found = [
                None if program.digest not in places else _study(arrays, places[program.digest], program, loaded, plan)
                for program, loaded in zip(programs, scenarios, strict=True)
            ]
            made = len(arrays[f"{min(places.values())}/growth"])
    except (OSError, EOFError, ValueError, KeyError, TypeError, IndexError, zipfile.BadZipFile) as error:
        raise StudyError(
            f"'{path}' holds no replications that could be extended: give --replace to begin anew"
        ) from error
    if made > most:
        raise StudyError(
            f"'{path.parent}' holds {made} replications, more than the {most} that are asked for: "
            "ask for more, or give --replace to begin anew"
        )
    return found


def _stated(study: Study) -> dict[str, Any]:
    return {
        "digest": study.digest, "seed": study.plan.seed, "warm_up": study.warm_up, "end": study.end,
        "software": software(),
    }  # fmt: skip


def _places(path: Path, stated: Sequence[dict[str, Any]], programs: Sequence[Program], plan: Plan) -> dict[str, int]:
    """Where the scenarios that are the same stand in the file, by digest; all are of one seed and one time."""
    asked = {(plan.seed, program.warm_up, program.end) for program in programs}
    made = {(each["seed"], each["warm_up"], each["end"]) for each in stated}
    wanted = {program.digest for program in programs}
    places = {each["digest"]: place for place, each in enumerate(stated) if each["digest"] in wanted}
    if made != asked or not places:
        raise StudyError(
            f"'{path.parent}' holds replications of other scenarios, or of another seed, warm-up or length: give "
            "--replace to begin anew"
        )
    if any(each["software"] != software() for each in stated):
        raise StudyError(
            f"'{path.parent}' was made by another version of Caudal or on another kind of machine: give --replace to "
            "begin anew"
        )
    return places


def _study(arrays: Any, place: int, program: Program, loaded: Loaded, plan: Plan) -> Study:
    """One study as it was when it was written."""
    samples: Floats = arrays[f"{place}/samples"]
    tally = Tally(program, samples.shape[1])
    for kpi, sample in zip(tally.samples, samples, strict=True):
        tally.samples[kpi][:] = sample
    tally.growth[:] = arrays[f"{place}/growth"]
    pictures = Pictures(*(arrays[f"{place}/{name}"] for name in Pictures._fields))
    tally.means = _Means(pictures)
    tally.means.add(pictures)
    return tally.study(loaded, replace(plan, replications=samples.shape[1]))
