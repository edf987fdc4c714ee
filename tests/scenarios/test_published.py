"""The verdict of the tables of docs/model.md: no range is met by an interval that is wide enough."""

from types import SimpleNamespace

import numpy as np
import pytest

from tests.scenarios.published import BESIDE, CEI, Published, kpi, meets, standing, table
from tests.scenarios.published_saas import BESIDE_CARD, BESIDE_CONTRACT
from tests.scenarios.published_trade import AT_HOME_BESIDE, ON_CREDIT_BESIDE


def study(*values):
    """A study that knows one KPI."""
    return SimpleNamespace(samples={"dso": np.array(values, np.float64)})


def published(low, high, why=""):
    """A figure of the trade."""
    return Published("DSO", low, high, "d", "nobody", kpi("dso"), why)


@pytest.mark.parametrize(
    ("low", "high", "values", "stands"),
    [
        (40, 60, (50, 51), "inside"),
        (40, 60, (60.5, 61), "touches"),
        (40, 60, (10, 90), "inside"),
        (40, 60, (20, 120), "touches"),
        (40, 60, (70, 70.1), "outside"),
        (50, 50, (10, 91), "at it"),
        (50, 50, (52, 52.1), "at it"),
        (50, 50, (53, 53.1), "outside"),
    ],
)
def test_a_mean_stands_inside_at_it_touching_or_outside(low, high, values, stands):
    """The mean decides; an interval that only reaches the range touches it, and a single figure has a twentieth."""
    assert standing(published(low, high), study(*values)) == stands


def test_a_range_that_is_only_touched_is_met_where_the_table_says_why():
    """Without a reason, or where not even the interval reaches it, it is not; the table tells the reason when it is
    needed.
    """
    told = published(40, 60, "few customers")
    assert not meets(published(40, 60), study(20, 120))
    assert meets(told, study(20, 120))
    assert not meets(told, study(70, 70.1))
    assert "| touches: few customers |" in table(study(20, 120), (told,))
    assert "| inside |" in table(study(50, 51), (told,))


def test_every_figure_that_is_not_held_to_its_range_says_why():
    """What stands beside the ranges without a test has its reason in the table."""
    beside = (*BESIDE, *BESIDE_CONTRACT, *BESIDE_CARD, *ON_CREDIT_BESIDE, *AT_HOME_BESIDE)
    assert CEI in beside
    assert [each.label for each in beside if not each.why] == []
