"""`caudal quick`: what a few changes of a scenario are worth, as well as it can be told in a given time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from simulator.engines.choice import Engine
from simulator.experiment.plan import Plan
from workbench.cli.compare import comparison_content, contrast_table
from workbench.cli.files import STANDARD_OUTPUT, check_writable, write_json
from workbench.cli.options import Duration, engine_option, json_option, seed_option
from workbench.cli.progress import progress_line
from workbench.cli.run import show_warnings, study_content, study_table

if TYPE_CHECKING:
    from simulator.experiment.quick import QuickEstimate

SECONDS = 3600.0
"""In an hour."""


def _changes(_context: click.Context, parameter: click.Parameter, stated: tuple[str, ...]) -> dict[str, str]:
    """Paths and values of all ``--set path=value``."""
    changes: dict[str, str] = {}
    for each in stated:
        path, equals, value = each.partition("=")
        if not equals or not path.strip():
            raise click.BadParameter(f"'{each}' is no change: write path=value, such as teams.sales.head_count=3",
                                     param=parameter)  # fmt: skip
        if path.strip() in changes:
            raise click.BadParameter(f"'{path.strip()}' is set twice: keep one of them", param=parameter)
        changes[path.strip()] = value.strip()
    return changes


@click.command()
@click.argument("scenario")
@click.option(
    "--set", "changes", multiple=True, callback=_changes, metavar="PATH=VALUE",
    help="A change of the scenario, such as teams.sales.head_count=3; may be given several times.",
)  # fmt: skip
@click.option("--budget", type=Duration(), default="1 s", show_default=True, help="Time that it may take.")
@seed_option
@engine_option
@json_option
@click.option("--all", "every", is_flag=True, help="Show every KPI, not only the headlines.")
def quick(
    scenario: str, changes: dict[str, str], budget: float, seed: int, engine: Engine, json_file: str | None, every: bool
) -> None:
    """Estimate what changes of a scenario are worth, in as many paired replications as fit into the budget."""
    from simulator.experiment.quick import quick as estimate
    from simulator.schema.loading import load_scenario

    check_writable([json_file])
    base = load_scenario(scenario)
    against = base if changes else None
    with progress_line("replications", Plan(seed, engine=engine), twins=False, closes=False) as progress:
        found = estimate(
            base, changes, budget * SECONDS, against=against, seed=seed, engine=engine, progress=progress
        )  # fmt: skip
    if json_file is not None:
        write_json(json_file, quick_content(scenario, changes, found))
    if json_file != STANDARD_OUTPUT:
        _show(found, every)


def quick_content(scenario: str, changes: dict[str, str], found: QuickEstimate) -> dict[str, Any]:
    """An estimate as the JSON file holds it: the study with its changes and, where there are any, the differences."""
    content = study_content(scenario, found.study) | {"changes": changes, "seconds": found.seconds}
    if found.comparison is not None:
        content["differences"] = comparison_content(scenario, (scenario,), found.comparison)["others"][0]["differences"]
    return content


def _show(found: QuickEstimate, every: bool) -> None:
    if found.base is None or found.comparison is None:
        click.echo(f"{found.study.name}\n\n{study_table(found.study, every)}")
    else:
        click.echo(contrast_table(found.base, found.study, found.comparison.others[0], every))
    click.echo(f"\n{found.replications} replications in {found.seconds:.1f} s.")
    show_warnings(found.study)
