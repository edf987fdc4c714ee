"""`caudal verify`: the simulator against queueing theory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from simulator.engines.choice import Engine
from simulator.errors import StudyError
from simulator.experiment.plan import MOST_REPLICATIONS, Plan
from workbench.cli.figures import table
from workbench.cli.files import STANDARD_OUTPUT, check_writable, write_json
from workbench.cli.main import FAILED
from workbench.cli.options import engine_option, horizon_options, jobs_option, json_option, plan_of, seed_option
from workbench.cli.progress import progress_line

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
@click.option("--replication", type=int, default=0, show_default=True, help="Of --twin, counted from 0.")
@horizon_options
@click.pass_context
def verify(
    ctx: click.Context, seed: int, jobs: int | None, engine: Engine, json_file: str | None, twin: str | None,
    replication: int, warm_up: float | None, length: float | None,
) -> None:  # fmt: skip
    """Check the simulator against closed forms of queueing theory, or one engine against the other.

    Exit code 1 when a figure is off, or the records of the engines differ.
    """
    check_writable([json_file])
    if twin is not None:
        if engine != "auto":
            raise click.UsageError("--twin runs both engines: leave --engine out")
        plan = Plan(seed, warm_up=warm_up, length=length)
        ctx.exit(_compare_engines(twin, plan, replication, json_file))
    if replication or (warm_up, length) != (None, None):
        raise click.UsageError("--replication, --warm-up and --length go with --twin")
    plan = plan_of(seed, 1, jobs, None, None, engine)
    from simulator.experiment.verification import verify as check

    with progress_line("replications", plan, twins=False) as progress:
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


def _compare_engines(scenario: str, plan: Plan, replication: int, json_file: str | None) -> int:
    """Run both engines on one replication, tell the first difference, and return the exit code."""
    from simulator.experiment.twins import difference_of_twins
    from simulator.schema.loading import load_scenario

    if not 0 <= replication < MOST_REPLICATIONS:
        raise StudyError(f"the replication must lie between 0 and {MOST_REPLICATIONS - 1}, not {replication}")
    loaded = load_scenario(scenario)
    with progress_line("engines", plan, closes=False) as progress:
        difference = difference_of_twins(loaded, plan, replication, progress)
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
