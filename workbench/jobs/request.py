"""What a background job is asked for."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, field, replace

from simulator.experiment.plan import Plan
from simulator.schema.loading import Loaded


@dataclass(frozen=True)
class Chosen:
    """A scenario that was picked, and what it is called where it was picked."""

    key: str
    """Shipped name, or the file name of an upload."""
    loaded: Loaded


@dataclass(frozen=True)
class Request:
    """A study of one scenario or a comparison of several."""

    base: Chosen
    others: tuple[Chosen, ...]
    plan: Plan
    keeps: tuple[object, ...] = field(default=(), repr=False, compare=False)
    """What must live as long as the job: the folder of uploaded files, from which traces are read."""

    @property
    def scenarios(self) -> tuple[Chosen, ...]:
        """The base, then the others."""
        return (self.base, *self.others)

    @property
    def replications(self) -> int:
        """Replications of all scenarios together."""
        return self.plan.replications * len(self.scenarios)

    def extends(self, other: Request) -> bool:
        """Whether this asks for more replications of what the other asked for: same scenarios, seed and times."""
        mine, theirs = ([chosen.loaded.digest for chosen in each.scenarios] for each in (self, other))
        alike = replace(self.plan, replications=other.plan.replications, jobs=other.plan.jobs, engine=other.plan.engine)
        return mine == theirs and alike == other.plan and other.plan.replications < self.plan.replications

    @property
    def command(self) -> str:
        """Command line that repeats the study."""
        return shlex.join(["caudal", *self._arguments()])

    def _arguments(self) -> list[str]:
        plan = self.plan
        verb = "compare" if self.others else "run"
        words = [verb, *(chosen.key for chosen in self.scenarios)]
        words += ["--replications", str(plan.replications), "--seed", str(plan.seed)]
        for option, hours in (("--warm-up", plan.warm_up), ("--length", plan.length)):
            if hours is not None:
                words += [option, _stated(hours)]
        if plan.engine != "auto":
            words += ["--engine", plan.engine]
        return words


def _stated(hours: float) -> str:
    """A time in days where these are short, otherwise in hours to the last digit: the command repeats the study."""
    days = f"{hours / 24:g}"
    return f"{days} d" if float(days) * 24 == hours else f"{hours!r} h"
