"""Studies that are declared in a file before they are run: what is asked, how it is run, and what came of it."""
