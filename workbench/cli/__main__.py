"""`python -m workbench.cli`: the same as `caudal`."""

from workbench.cli.main import main

if __name__ == "__main__":  # worker processes import this file again
    main()
