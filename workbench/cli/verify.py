"""`caudal verify`: the simulator against queueing theory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from simulator.engines.choice import Engine
from simulator.experiment.plan import Plan
from workbench.cli.figures import table
from workbench.cli.files import STANDARD_OUTPUT, check_writable, write_json
from workbench.cli.main import FAILED
from workbench.cli.options import engine_option, jobs_option, json_option, plan_of, seed_option
from workbench.cli.progress import progress_line, ready

if TYPE_CHECKING:
    from simulator.experiment.verification import Check


@click.command()
@seed_option
@jobs_option
@engine_option
@json_option
@click.option(
    "--twin", metavar="SCENARIO", help="Instead, run both engines on this scenario and compare their records."
)
@click.pass_context
def verify(
    ctx: click.Context, seed: int, jobs: int | None, engine: Engine, json_file: str | None, twin: str | None
) -> None:
    """Check the simulator against closed forms of queueing theory, or one engine against the other.

    Exit code 1 when a figure is off, or the records of the engines differ.
    """
    check_writable([json_file])
    if twin is not None:
        if engine != "auto":
            raise click.UsageError("--twin runs both engines: leave --engine out")
        ctx.exit(_compare_engines(twin, seed, json_file))
    plan = plan_of(seed, 1, jobs, None, None, engine)
    from simulator.experiment.verification import verify as check

    with progress_line("replications", plan) as progress:
        checks = check(seed=seed, jobs=jobs, progress=progress, engine=engine)
    failed = sum(not c.passed for c in checks)
    if json_file is not None:
        write_json(json_file, {"checks": [_content(c) for c in checks], "failed": failed})
    if json_file != STANDARD_OUTPUT:
        header = ("case", "figure", "expected", "simulated", "99.9 % interval", "verdict")
        click.echo(table(header, [_row(c) for c in checks], frozenset({2, 3})))
        click.echo(f"\n{len(checks) - failed} of {len(checks)} figures agree with theory.")
    if failed:
        ctx.exit(FAILED)


def _compare_engines(scenario: str, seed: int, json_file: str | None) -> int:
    """Run both engines on one replication, tell the first difference, and return the exit code."""
    from simulator.experiment.twins import difference_of_twins
    from simulator.schema.loading import load_scenario

    plan, loaded = Plan(seed=seed), load_scenario(scenario)
    ready("compiled")
    difference = difference_of_twins(loaded, plan, 0)
    if json_file is not None:
        write_json(json_file, {"scenario": scenario, "identical": not difference, "difference": difference})
    if json_file != STANDARD_OUTPUT:
        same = f"Both engines leave the same records of {scenario}, to the last bit."
        click.echo(f"The engines differ: {difference}" if difference else same)
    return FAILED if difference else 0


def _row(check: Check) -> tuple[str, ...]:
    numbers = f"{check.expected:.4f}", f"{check.simulated:.4f}"
    return check.case, check.quantity, *numbers, f"{check.low:.4f} to {check.high:.4f}", check.verdict


def _content(check: Check) -> dict[str, Any]:
    fields = ("case", "scenario", "quantity", "expected", "simulated", "low", "high", "verdict")
    return {field: getattr(check, field) for field in fields}
