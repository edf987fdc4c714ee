"""`caudal`, also as `python -m workbench.cli`: what hears Ctrl-C while the commands are imported."""

import sys


def main() -> None:
    """Import the commands and run the one that is asked for."""
    try:
        from workbench.cli.main import main as command
    except KeyboardInterrupt:
        sys.stderr.write("caudal: interrupted\n")
        sys.exit(130)
    except PermissionError as error:  # of the library, which finds no place for compiled code
        sys.stderr.write(f"caudal: {error}\n")
        sys.exit(2)
    command()


if __name__ == "__main__":  # worker processes import this file again
    main()
