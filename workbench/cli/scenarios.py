"""`caudal scenarios`, `caudal validate` and `caudal schema`: what can be run, and what a file may say."""

from __future__ import annotations

import json
from pathlib import Path

import click

from simulator.errors import Problem, ScenarioError
from workbench.cli.figures import table
from workbench.cli.files import STANDARD_OUTPUT, check_writable, write_json
from workbench.cli.options import json_option


@click.command()
@json_option
def scenarios(json_file: str | None) -> None:
    """List the scenarios that come with Caudal."""
    from simulator.schema.document import read_document
    from simulator.schema.shipped import shipped

    check_writable([json_file])
    rows = []
    for key, path in shipped().items():
        data = read_document(path, key).data
        description = " ".join(str(data.get("description") or "").split())
        rows.append({"scenario": key, "name": data.get("name", ""), "description": description, "file": str(path)})
    if json_file is not None:
        write_json(json_file, rows)
    if json_file != STANDARD_OUTPUT:
        click.echo(table(("scenario", "name"), [(row["scenario"], row["name"]) for row in rows]))


@click.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@json_option
def validate(files: tuple[str, ...], json_file: str | None) -> None:
    """Check scenario files and show every problem, each with file, line and mend."""
    from simulator.experiment.plan import Plan
    from simulator.experiment.replications import compiled
    from simulator.schema.loading import load_scenario

    check_writable([json_file])
    problems: list[Problem] = []
    for file in files:
        # Problems of all files are shown together, so each is taken up here and raised again below.
        try:
            compiled(load_scenario(file), Plan())
        except ScenarioError as error:
            problems += error.problems
        else:
            if json_file != STANDARD_OUTPUT:
                click.echo(f"{file}: fine")
    if json_file is not None:
        shown = [{"file": p.file, "line": p.line, "path": p.path, "message": p.message} for p in sorted(problems)]
        write_json(json_file, {"problems": shown})
    if problems:
        raise ScenarioError(problems)


@click.command()
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file.")
@click.option("--study", is_flag=True, help="Of study files, not of scenario files.")
def schema(output: Path | None, study: bool) -> None:
    """Print the JSON Schema of scenario files, with which editors complete and check them."""
    from simulator.experiment.declared.declaration import Declaration
    from simulator.schema.descriptions import Described
    from simulator.schema.json_schema import DIALECT, json_schema

    check_writable([output])
    declared = Declaration.model_json_schema(schema_generator=Described) if study else {}
    content = {"$schema": DIALECT, **declared} if study else json_schema()
    if output is None:
        click.echo(json.dumps(content, indent=2, ensure_ascii=False))
    else:
        write_json(str(output), content)
