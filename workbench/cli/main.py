"""`caudal`: the commands, and the one place where errors become messages and exit codes."""

from __future__ import annotations

import gc
import importlib
import os
import sys
from collections.abc import Sequence
from typing import Final

import click

from simulator.errors import Cancelled, CaudalError
from simulator.frames import in_one_piece
from workbench.cli.interrupts import remembered

FINE: Final = 0
FAILED: Final = 1
"""A check did not hold: only ``caudal verify`` ends so."""
MISTAKE: Final = 2
INTERRUPTED: Final = 130
SHORT_OF_MEMORY: Final = (
    "there is not enough memory: a run keeps all of its cases until it has been measured, so bring fewer leads, see to "
    "it that steps do not spawn ever more cases, state a shorter --length, or try fewer --jobs"
)
BETWEEN_COLLECTIONS: Final = 1_000_000
"""New objects between two collections of garbage: more than imports and scenarios make, some hundred megabytes."""

COMMANDS: Final = {
    "scenarios": ("workbench.cli.scenarios", "List the scenarios that come with Caudal."),
    "validate": ("workbench.cli.scenarios", "Check scenario files and show every problem."),
    "run": ("workbench.cli.run", "Replicate a scenario and show its KPIs with intervals."),
    "compare": ("workbench.cli.compare", "Compare scenarios with a base: better, worse or not distinguishable."),
    "quick": ("workbench.cli.quick", "Estimate in about a second what a few changes are worth."),
    "tornado": ("workbench.cli.tornado", "Show which assumptions a KPI hangs on, over the range of their evidence."),
    "bottlenecks": ("workbench.cli.bottlenecks", "Say where the funnel clogs, what relief is worth, what binds next."),
    "search": ("workbench.cli.search", "Find the best set of tools, staffing and policies under a budget."),
    "forecast": ("workbench.cli.forecast", "Foretell bookings and cash month by month from the open pipeline."),
    "warm-up": ("workbench.cli.warm_up", "Show how long runs take to settle, so that what comes before is left out."),
    "study": ("workbench.cli.study", "Carry out a study that a file declares, and write its results and report."),
    "diary": ("workbench.cli.diary", "Follow the same leads through two scenarios, and say where they part."),
    "trace": ("workbench.cli.trace", "Write everything that happens in one replication as a table."),
    "schema": ("workbench.cli.scenarios", "Print the JSON Schema of scenario files, for editors."),
    "verify": ("workbench.cli.verify", "Check the simulator against queueing theory."),
    "app": ("workbench.cli.app", "Open the workbench in a browser."),
}


class LateGroup(click.Group):
    """Commands that are imported when they are called, so that `caudal --help` answers at once.

    The context of the methods is click's; the commands do not depend on it.
    """

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Names in the order in which a user needs them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command of a name, imported now."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(importlib.import_module(COMMANDS[cmd_name][0]), cmd_name.replace("-", "_"))
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """List the commands without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


@click.group(cls=LateGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="caudal", prog_name="caudal")
def caudal() -> None:
    """Simulate a lead-to-cash funnel, change it, and see what each change is worth.

    A SCENARIO is the name of a shipped scenario or the path of a file. Exit codes: 0 fine, 1 a verification failed,
    2 a mistake in what was asked, 130 interrupted.
    """


def exit_code(arguments: Sequence[str]) -> int:
    """Carry out a command line, and say how it ended."""
    try:
        with remembered():
            code = caudal.main(list(arguments), prog_name="caudal", standalone_mode=False)
        if sys.stdout:  # a process may have none
            sys.stdout.flush()  # here, where it is told what fails
        return code if isinstance(code, int) else FINE
    except (Cancelled, click.Abort, KeyboardInterrupt):
        click.echo("caudal: interrupted", err=True)
        return INTERRUPTED
    except CaudalError as error:
        click.echo(f"caudal: {error}", err=True)
        return MISTAKE
    except click.ClickException as error:
        error.show()
        return MISTAKE
    except MemoryError:
        click.echo(f"caudal: {SHORT_OF_MEMORY}", err=True)
        return MISTAKE
    except BrokenPipeError:
        # The reader of the output, such as `head`, has left; flushing at exit would complain once more.
        _forget_output()
        return FINE
    except SystemExit:  # no command ends so, but click does where that reader leaves while it prints
        return FINE
    except OSError as error:
        if error.filename is not None:
            raise
        _forget_output()
        click.echo(f"caudal: the output cannot be written: {error.strerror}", err=True)
        return MISTAKE


def _forget_output() -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def main() -> None:
    """Run `caudal` with the arguments of the process."""
    # Imports and scenarios make objects that stay: to look through them again and again would find no garbage, and take
    # a fifth of a short command.
    gc.set_threshold(BETWEEN_COLLECTIONS)
    # Threads for matrices take a tenth of a second to begin, wait in circles while workers begin, and find none large.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    sys.exit(in_one_piece(lambda: exit_code(sys.argv[1:])))
