import numpy as np

from reports.charts.settling import settling
from simulator.experiment.warm_up import Settling, moving_average
from tests.reports.reading import layers, plain, shapes


def series(weeks=20, truncation=5, kpi="queue_sdr"):
    """A queue that fills and then stays."""
    weekly = np.minimum(np.arange(weeks, dtype=np.float64), 8.0)
    return Settling(kpi, weekly, moving_average(weekly), truncation, 0.0)


def test_every_scenario_has_its_weeks_its_average_and_its_cut():
    """Thin line, thick line and dashed rule hold the figures of each scenario, the shade the warm-up that was used."""
    picture = settling("Queue", [("Today", series()), ("More", series(truncation=None))], warm_up=3 * 168.0)
    shade, thin, thick, cut = layers(picture)
    assert (shade.rows[0]["week"], shade.rows[0]["end"]) == (0.0, 3.0)
    assert [row["value"] for row in thin.rows if row["scenario"] == "Today"] == series().weekly.tolist()
    assert [row["value"] for row in thick.rows if row["scenario"] == "More"] == series().smoothed.tolist()
    assert cut.rows == [{"week": 5.0, "scenario": "Today"}]
    assert "Today settles after 35 d and More does not settle" in plain(picture.alt)
    assert shapes(picture.svg(), "line") == 4


def test_without_a_warm_up_nothing_is_shaded():
    """Where nothing is left out, or the run has no week, the picture says so instead of drawing it."""
    assert [each.kind for each in layers(settling("Queue", [("Today", series())]))] == ["line", "line", "rule"]
    nothing = Settling("queue_sdr", np.zeros(0), np.zeros(0), None, 0.0)
    assert settling("Queue", [("Today", nothing)]).missing
