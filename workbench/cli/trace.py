"""`caudal trace`: everything that happens in one replication, as a table."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from simulator.engines.choice import Engine
from simulator.errors import StudyError
from workbench.cli.files import check_writable, write_whole
from workbench.cli.options import OUTPUT, engine_option, horizon_options, seed_option
from workbench.cli.progress import progress_line

if TYPE_CHECKING:
    import pandas as pd


@click.command()
@click.argument("scenario")
@click.option("--replication", type=int, default=0, show_default=True, help="Which one, counted from 0.")
@click.option("--output", type=OUTPUT, help="File ending in .csv or .parquet; CSV to standard output where not given.")
@seed_option
@engine_option
@horizon_options
def trace(scenario: str, replication: int, output: Path | None, seed: int, engine: Engine, **horizon: Any) -> None:
    """Write the event records of one replication, warm-up included.

    One row for each visit to a step (record = visit) and for each ledger entry (record = posting), in the order of
    time. Times stand as timestamps and, in the columns that end in _h, as hours since the start.
    """
    from simulator.engines.choice import engine_of
    from simulator.experiment.plan import MOST_REPLICATIONS, Plan
    from simulator.experiment.replications import compiled
    from simulator.schema.loading import load_scenario
    from workbench.cli.event_table import event_table

    if not 0 <= replication < MOST_REPLICATIONS:
        raise StudyError(f"the replication must lie between 0 and {MOST_REPLICATIONS - 1}, not {replication}")
    if output is not None and output.suffix not in {".csv", ".parquet"}:
        raise StudyError(f"'{output}' must end in .csv or .parquet, which says how it is written")
    check_writable([output])
    program = compiled(load_scenario(scenario), Plan(seed=seed, **horizon))
    with progress_line("parts of the trace", Plan(engine=engine), twins=False, closes=False) as progress:
        records = engine_of(engine)(program, seed, replication)
        progress(1, 2)
        rows = event_table(program, records)
    if output is None:
        click.echo(rows.to_csv(index=False), nl=False)
    else:
        write_whole(output, lambda path: _write(rows, path))
        click.echo(f"{len(rows)} rows written to {output}", err=True)


def _write(rows: pd.DataFrame, path: Path) -> None:
    if path.suffix == ".csv":
        rows.to_csv(path, index=False)
    else:
        rows.to_parquet(path, index=False)
