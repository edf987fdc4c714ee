"""Measure, print the tables, and write them into their pages: ``make bench``, or ``python -m benchmarks PART...``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click

from benchmarks import (
    baseline,
    coverage,
    crn,
    forecasts,
    growth,
    job,
    peers,
    queue_studies,
    quick,
    scale,
    search,
    theory,
    tornado,
    workers,
)

ROOT = Path(__file__).parents[1]
PARTS: dict[str, Callable[[], str]] = {
    "peers": peers.report,
    "baseline": baseline.report,
    "job": job.report,
    "workers": workers.report,
    "growth": growth.report,
    "quick": quick.report,
    "verify": theory.report,
    "scale": scale.report,
    "search": search.report,
    "search_all": search.report_all,
    "crn": crn.report,
    "coverage": coverage.report,
    "queue_studies": queue_studies.report,
    "forecasts": forecasts.report,
    "tornado": tornado.report,
}
ELSEWHERE = {
    "scale": "docs/scale.md",
    "crn": "docs/validation.md",
    "coverage": "docs/validation.md",
    "queue_studies": "docs/validation.md",
    "forecasts": "docs/forecast.md",
    "search": "docs/model.md",
    "search_all": "docs/model.md",
    "tornado": "docs/scale.md",
}
"""Parts whose tables do not stand in the README."""


@click.command(help=__doc__)
@click.argument("parts", nargs=-1, type=click.Choice(tuple(PARTS)))
def main(parts: tuple[str, ...]) -> None:
    """Measure the parts asked for, all where none is, and renew their tables in README and docs as each is done."""
    for part in parts or tuple(PARTS):
        content = PARTS[part]()
        click.echo(f"{content}\n")
        page = ROOT / ELSEWHERE.get(part, "README.md")
        page.write_text(renewed(page.read_text(encoding="utf-8"), part, content), encoding="utf-8")


def renewed(text: str, place: str, content: str) -> str:
    """A text with new content between the marks of a place; raises ValueError where it has no such marks."""
    first, last = f"<!-- {place}: written by make bench -->\n", f"<!-- end of {place} -->"
    before, begun, rest = text.partition(first)
    _, ended, after = rest.partition(last)
    if not (begun and ended):
        raise ValueError(f"the text has no place for '{place}': put in the lines '{first.strip()}' and '{last}'")
    return f"{before}{first}{content}\n{last}{after}"


if __name__ == "__main__":
    main()
