"""`caudal`, also as `python -m workbench.cli`: what hears Ctrl-C while the commands are imported."""

import sys


def main() -> None:
    """Import the commands and run the one that is asked for."""
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
    finally:
        _forget_interrupts()


def _forget_interrupts() -> None:
    """Let the exit code stand: after Ctrl-C in the midst of an ``exec``, `python -m` would end by the signal itself."""
    exec("")  # noqa: S102 - Python forgets at the next one: data classes are made by it


if __name__ == "__main__":  # worker processes import this file again
    main()
