"""Options that several commands share, and what they are read into."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

from simulator.engines.choice import ENGINES, Engine
from simulator.experiment import fork_server
from simulator.experiment.plan import Plan
from simulator.schema.units import parse_units
from workbench.cli.progress import say_if_cold

F = TypeVar("F", bound=Callable[..., object])


class Duration(click.ParamType):
    """A time as people write it, such as ``90 d``, in hours."""

    name = "duration"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Hours of a text; a number alone has no unit and is refused."""
        if isinstance(value, float):
            return value
        parsed = parse_units(str(value))
        if parsed is None or (parsed.dimension != "duration" and parsed.value != 0):
            self.fail(f"cannot read '{value}': write a time with its unit, such as '90 d', '6 mo' or '1 y'", param, ctx)
        return parsed.value


class Share(click.ParamType):
    """A share as people write it, such as ``5 %``."""

    name = "share"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The share as a number."""
        parsed = parse_units(str(value))
        if parsed is None or parsed.dimension not in {"share", "number"}:
            self.fail(f"cannot read '{value}': write a share, such as 5% or 0.05", param, ctx)
        return parsed.value


OUTPUT = click.Path(dir_okay=False, path_type=Path)
"""A file to write; whether it can be written is checked by ``files.check_writable``, before the work."""


def horizon_options(command: F) -> F:
    """Warm-up and length instead of what the scenario says."""
    for option in (
        click.option(
            "--length", type=Duration(), help="Time that is measured, such as '1 y', instead of the scenario's."
        ),
        click.option(
            "--warm-up", type=Duration(), help="Time left out before, such as '90 d', instead of the scenario's."
        ),
    ):
        command = option(command)
    return command


def seed_option(command: F) -> F:
    """The seed."""
    return click.option("--seed", type=int, default=1, show_default=True, help="Same seed, same result.")(command)


def jobs_option(command: F) -> F:
    """The number of worker processes."""
    text = "Worker processes; one for each processor where not given. The result does not depend on it."
    return click.option("--jobs", type=int, help=text)(command)


def cluster_option(command: F) -> F:
    """The cluster that works instead of this machine."""
    text = "Run on the workers of the Dask scheduler at this address, such as tcp://10.0.0.5:8786, not on this machine."
    return click.option("--cluster", metavar="ADDRESS", help=text)(command)


def json_option(command: F) -> F:
    """Where the result goes as JSON."""
    text = "Write the result as JSON to this file, or to standard output with -."
    return click.option("--json", "json_file", type=click.Path(dir_okay=False, allow_dash=True), help=text)(command)


def study_options(command: F) -> F:
    """Everything that a study is planned with, and the JSON file."""
    replications = click.option(
        "--replications", type=int, default=30, show_default=True, help="Independent runs of each scenario."
    )
    return replications(seed_option(jobs_option(cluster_option(horizon_options(engine_option(json_option(command)))))))


def engine_option(command: F) -> F:
    """Which engine runs."""
    text = "Engine; both leave the same records, auto takes the faster."
    return click.option("--engine", type=click.Choice(ENGINES), default="auto", show_default=True, help=text)(command)


def plan_of(
    seed: int,
    replications: int,
    jobs: int | None,
    warm_up: float | None,
    length: float | None,
    engine: Engine,
    cluster: str | None = None,
) -> Plan:
    """The plan that the options state, whose workers begin to get ready: a command asks for it before all imports."""
    plan = Plan(seed, replications, jobs, warm_up, length, engine, cluster)
    if cluster is None:
        say_if_cold()
    fork_server.begin(plan)
    return plan
