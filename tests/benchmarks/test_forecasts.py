"""Backtests of a shipped firm as the page on forecasts shows them."""

from pathlib import Path

from benchmarks.forecasts import FIRM, measure, shown
from simulator.schema.shipped import shipped

SHOP = Path(__file__).parents[1] / "simulator/experiment/forecast/shop.yaml"


def test_the_table_has_a_line_for_each_account_and_band():
    """Of a few truths of a small shop: shares with their standard errors, those that the backtest counted."""
    found = measure(SHOP, truths=2, replications=20, months=1)
    lines = shown(found).splitlines()
    assert FIRM in shipped()
    assert len(lines) == 2 + len(found.coverage)
    booked = found.coverage[0]
    assert lines[2].startswith(
        f"| {booked.account} | {booked.nominal:.0%} | {booked.total:.1%} ({booked.total_error:.1%})"
    )
