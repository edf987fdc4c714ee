"""What common random numbers save, by hand and on shipped scenarios."""

import math
import re
from pathlib import Path

import numpy as np
import pytest

from benchmarks.crn import Saving, WhatIf, _pairs, _same_orders, fallen_short, saving, shown, why
from simulator.experiment.plan import Plan
from simulator.experiment.replications import run_all
from simulator.schema.loading import load_scenario
from simulator.schema.shipped import shipped


def test_a_ratio_worked_by_hand():
    """Variances of 10 and 10 and paired differences 1, 3, 1, 3, 2 of variance 1: pairing is worth twenty times."""
    base = np.array([0.0, 2, 4, 6, 8])
    other = base + np.array([1.0, 3, 1, 3, 2])
    found = saving("orders", base, other)
    assert found.ratio == pytest.approx((10 + other.var(ddof=1)) / 1)
    assert found.correlation == pytest.approx(np.corrcoef(base, other)[0, 1])
    assert found.errors == pytest.approx(2 / math.sqrt(1 / 5))
    assert 0 < found.error < math.inf


def test_independent_runs_save_nothing():
    """Without common luck the ratio is 1, to within its own error."""
    rng = np.random.default_rng(3)
    found = saving("orders", rng.normal(size=4000), rng.normal(size=4000))
    assert found.ratio == pytest.approx(1, abs=4 * found.error)
    assert found.error < 0.05


def test_a_constant_difference_saves_everything_and_few_pairs_tell_nothing():
    """Where every pair differs by the same the ratio is endless; with two pairs there is none."""
    base = np.array([1.0, 2, 4, 8])
    assert saving("orders", base, base + 3).ratio == math.inf
    assert math.isnan(saving("orders", base[:2], base[:2]).ratio)


def test_a_spread_that_goes_cannot_be_paired_away():
    """If a change takes nearly all variation away, even perfect correlation attains little, and that is the reason."""
    base = np.array([1.0, 5, 2, 9, 4])
    found = saving("first_response_mean", base, base / 10)
    assert found.correlation == pytest.approx(1)
    assert found.ratio == pytest.approx(found.attainable) == pytest.approx(1.01 / 0.81)
    assert "spread itself" in why(found)
    assert "other leads" in why(found._replace(attainable=50.0))


def test_the_tables_show_every_ratio_and_those_below_five():
    """A ratio below 5 has a row of its own; one that is undefined has neither figure nor row."""
    savings = (Saving("orders", 12.34, 1, 0.9, 40, 3), Saving("dso", 4.5, 1, 0.7, 40, 3), Saving("x", *[math.nan] * 5))
    found = [WhatIf("whatifs/one", savings, 0.91)]
    assert "| `whatifs/one` | 12.3 | 4.5 | - |" in shown(found)
    below = fallen_short(found).splitlines()
    assert len(below) == 3
    assert below[2].startswith("| `whatifs/one` | `dso` | 4.5 | 0.70 | 40.0 | 91% | 3 | ")


def test_the_printed_table_has_every_what_if_that_ships():
    """And of all of them orders and money are worth pairing at least five times, as the page says."""
    page = (Path(__file__).parents[2] / "docs" / "validation.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(whatifs/\w+)` \| ([\d.]+|over 1000) \| (.+) \|$", page, re.MULTILINE)
    told = {name: [orders, *rest.split(" | ")[:3]] for name, orders, rest in rows}
    assert set(told) == {name for name in shipped() if name.startswith("whatifs/")}
    assert all(float(ratio.removeprefix("over ")) >= 5 for ratios in told.values() for ratio in ratios)


@pytest.mark.slow
def test_a_shipped_what_if_shares_its_luck_with_the_baseline():
    """Two more SDRs against the baseline: most orders are the same leads', and pairing is worth several times."""
    loaded = [load_scenario(name) for name in ("baselines/pt_installation", "whatifs/two_more_sdrs")]
    base, other = run_all(loaded, Plan(replications=30, jobs=1))
    assert saving("orders", *_pairs(base, other, "orders")).ratio > 4
    (same,) = _same_orders(loaded, 2)
    assert 0.75 < same < 1
