"""`caudal`, also as `python -m workbench.cli`: what hears Ctrl-C while the commands are imported."""

import atexit
import os
import sys


def main() -> None:
    """Import the commands, run the one that is asked for, and end the process with its exit code, whoever calls."""
    codes: list[int] = []
    atexit.register(_end_at_once, codes)  # first to be registered, last to be called
    try:
        from workbench.cli.main import main as command
    except KeyboardInterrupt:
        _forget_interrupts()
        sys.stderr.write("caudal: interrupted\n")
        sys.exit(130)
    except PermissionError as error:  # of the library, which finds no place for compiled code
        sys.stderr.write(f"caudal: {error}\n")
        sys.exit(2)
    try:
        command()
    except SystemExit as ended:
        codes.append(int(ended.code or 0))
        raise
    finally:
        _forget_interrupts()


def _end_at_once(codes: list[int]) -> None:
    """Leave what was loaded to the system: to take it down object by object takes a tenth of a second."""
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except (AttributeError, OSError, ValueError):
        return  # Python says so when it ends
    for code in codes:  # none where an error that nobody foresaw is to be shown
        os._exit(code)


def _forget_interrupts() -> None:
    """Let the exit code stand: after Ctrl-C in the midst of an ``exec``, `python -m` would end by the signal itself."""
    exec("")  # noqa: S102 - Python forgets at the next one: data classes are made by it


if __name__ == "__main__":  # worker processes import this file again
    main()
