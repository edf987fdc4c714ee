"""`caudal app`: the workbench in a browser."""

from __future__ import annotations

import importlib.util
import subprocess
import sys

import click

from simulator.errors import StudyError


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), help="Port on this machine; Streamlit's choice where not given.")
@click.pass_context
def app(ctx: click.Context, port: int | None) -> None:
    """Open the workbench in a browser; Ctrl-C closes it."""
    door = importlib.util.find_spec("app")
    if door is None or door.origin is None:
        raise StudyError("the workbench is not installed here: app.py is missing beside the packages")
    command = [sys.executable, "-m", "streamlit", "run", door.origin]
    if port is not None:
        command += ["--server.port", str(port)]
    # Ctrl-C reaches both: Streamlit ends by itself, and this process waits for it and ends as interrupted.
    ctx.exit(subprocess.run(command, check=False).returncode)  # noqa: S603 - our own command
