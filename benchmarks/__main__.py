"""Measure, print the table, and write it into the README: ``make bench``."""

from __future__ import annotations

from pathlib import Path

from benchmarks.speed import measure, table
from simulator.experiment.verification import Check, verify

README = Path(__file__).parents[1] / "README.md"


def main() -> None:
    """Measure the speed of the engines, check them against theory, and renew the README's tables."""
    text = README.read_text(encoding="utf-8")
    for place, content in (("speed", table(measure())), ("verify", theory(verify()))):
        print(content, end="\n\n")
        text = renewed(text, place, content)
    README.write_text(text, encoding="utf-8")


def renewed(text: str, place: str, content: str) -> str:
    """A text with new content between the marks of a place."""
    first, last = f"<!-- {place}: written by make bench -->\n", f"<!-- end of {place} -->"
    before, _, rest = text.partition(first)
    _, _, after = rest.partition(last)
    return f"{before}{first}{content}\n{last}{after}"


def theory(checks: list[Check]) -> str:
    """What ``caudal verify`` found, as a Markdown table."""
    lines = ["| case | figure | expected | simulated | 99.9 % interval | verdict |", "|---|---|---:|---:|---:|---|"]
    for c in checks:
        numbers = f"{c.expected:.4f} | {c.simulated:.4f} | {c.low:.4f} to {c.high:.4f}"
        lines.append(f"| {c.case} | {c.quantity} | {numbers} | {c.verdict} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
