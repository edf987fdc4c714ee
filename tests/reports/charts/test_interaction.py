import dataclasses

import numpy as np
import pytest

from reports.charts.interaction import interaction
from simulator.experiment.intervals import Estimate
from simulator.experiment.sensitivity.indices import Grid
from simulator.experiment.sensitivity.parameters import Parameter
from tests.reports.reading import by, layer, plain, written


@pytest.fixture
def grid(base):
    """A KPI over two prices and three fees, the highest at the dearest of both."""
    price = Parameter("policies.price", "Price", "100 EUR", "EUR", 100.0, 60.0, 120.0)
    fee = Parameter("policies.fee", "Fee", "5 %", "%", 5.0, 0.0, 10.0)
    means = np.array([[1.0, 2.0, 3.0], [2.0, 5.0, 9.0]]) * 1000
    both = Estimate(4000.0, 3000.0, 5000.0, 7, "EUR")
    return Grid(base.catalogue["margin"], price, fee, (60.0, 120.0), (0.0, 5.0, 10.0), means, both)


def test_each_cell_stands_at_its_pair_of_values(grid):
    """Rows from low at the bottom to high at the top, with the mean written into the cell."""
    picture = interaction(grid)
    cells = by(layer(picture, "rect").rows, "row", "column")
    assert cells["60 EUR", "10 %"]["value"] == 3000.0
    assert cells["120 EUR", "0 %"]["value"] == 2000.0
    assert layer(picture, "rect").encoding["y"]["sort"] == ["120 EUR", "60 EUR"]
    assert {"1 000 EUR", "9 000 EUR"} <= set(written(picture.svg()))
    assert "Highest 9 000 EUR at Price 120 EUR, Fee 10 %; lowest 1 000 EUR at Price 60 EUR, Fee 0 %" in plain(
        picture.alt
    )


@pytest.mark.parametrize(
    ("low", "words"), [(3000.0, "the two depend on each other"), (-1.0, "cannot be said to depend")]
)
def test_the_interaction_is_said_with_its_interval(grid, low, words):
    """Only an interval that leaves 0 out says that they depend on each other."""
    both = dataclasses.replace(grid.interaction, low=low)
    assert words in plain(interaction(dataclasses.replace(grid, interaction=both)).alt)


def test_less_is_better_turns_the_colours_round(grid, base):
    """The dark blue end is the better one, whichever side that is; without a better side there is none."""
    ends = {
        kpi: layer(interaction(dataclasses.replace(grid, kpi=base.catalogue[kpi])), "rect").encoding["color"]["scale"]
        for kpi in ("margin", "dso", "utilisation_sdr")
    }
    assert ends["margin"]["range"] == ends["dso"]["range"][::-1]
    assert len(ends["utilisation_sdr"]["range"]) == 2
