"""What ``caudal verify`` finds: the simulator against queueing theory."""

from __future__ import annotations

from simulator.experiment.verification import Check, verify


def report() -> str:
    """Check, and say it in Markdown."""
    return shown(verify())


def shown(checks: list[Check]) -> str:
    """The checks as a Markdown table."""
    lines = ["| case | figure | expected | simulated | 99.9 % interval | verdict |", "|---|---|---:|---:|---:|---|"]
    for c in checks:
        numbers = f"{c.expected:.4f} | {c.simulated:.4f} | {c.low:.4f} to {c.high:.4f}"
        lines.append(f"| {c.case} | {c.quantity} | {numbers} | {c.verdict} |")
    return "\n".join(lines)
