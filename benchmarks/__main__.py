"""Measure, print the table, and write it into the README: ``make bench``."""

from __future__ import annotations

import re
from pathlib import Path

from benchmarks.speed import measure, table

README = Path(__file__).parents[1] / "README.md"
PLACE = re.compile(r"(<!-- speed: written by make bench -->\n).*?(<!-- end of speed -->)", re.DOTALL)


def main() -> None:
    """Measure the speed of the engine and renew the README's table."""
    measured = table(measure())
    print(measured)
    text = README.read_text(encoding="utf-8")
    README.write_text(PLACE.sub(lambda place: f"{place[1]}{measured}\n{place[2]}", text), encoding="utf-8")


if __name__ == "__main__":
    main()
