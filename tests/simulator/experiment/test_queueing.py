import math

import numpy as np
import pytest

from simulator.experiment.queueing import (
    Station,
    erlang_b,
    erlang_c,
    jackson,
    machine_repair,
    mmc,
    mmck,
    priority,
    traffic,
)

PUBLISHED_ERLANG = [
    (2, 1, 0.2000, 0.3333),
    (3, 2, 0.2105, 0.4444),
    (5, 4, 0.1991, 0.5541),
    (10, 8, 0.1217, 0.4092),
    (12, 10, 0.1197, 0.4494),
    (14, 10, 0.0568, 0.1741),
    (20, 18, 0.1092, 0.5508),
]


@pytest.mark.theory
@pytest.mark.parametrize(("servers", "load", "blocked", "delayed"), PUBLISHED_ERLANG)
def test_erlang_formulas_give_the_published_table(servers, load, blocked, delayed):
    """Erlang B and C agree with the published table to its four digits."""
    assert erlang_b(servers, load) == pytest.approx(blocked, abs=5e-5)
    assert erlang_c(servers, load) == pytest.approx(delayed, abs=5e-5)


@pytest.mark.theory
def test_m_m_c_gives_the_published_waits():
    """Four to seven servers with arrivals every 4 or 3 minutes and a service of 10 minutes wait as published."""
    four = mmc(1 / 4, 1 / 10, 4)
    assert (four.wait, four.queue, four.utilisation) == pytest.approx((2.1324, 0.5331, 0.625), abs=5e-5)
    assert mmc(1 / 4, 1 / 10, 5).wait == pytest.approx(0.5215, abs=5e-5)
    assert mmc(1 / 3, 1 / 10, 6).wait == pytest.approx(0.5558, abs=5e-5)
    assert mmc(1 / 3, 1 / 10, 7).wait == pytest.approx(0.1671, abs=5e-5)


@pytest.mark.theory
def test_m_m_1_gives_the_published_waits():
    """Ten arrivals an hour at a server of twelve an hour queue 4.167, wait 25 minutes and stay 30."""
    one = mmc(10, 12)
    assert (one.queue, one.wait * 60, one.time * 60) == pytest.approx((4.1667, 25, 30), abs=5e-5)


@pytest.mark.theory
def test_finite_waiting_rooms_lose_what_is_published():
    """M/M/1/6 loses .0774 a minute and M/M/10/10 30.31 an hour."""
    assert mmck(1, 1.2, 1, 6).lost_rate == pytest.approx(0.0774, abs=5e-5)
    assert mmck(40, 1, 10, 10).lost_rate == pytest.approx(30.31, abs=5e-3)


@pytest.mark.theory
def test_priority_gives_the_published_times():
    """Two classes with arrivals .2 and .6 at a server of rate 1 stay 2.0 and 6.0."""
    assert [station.time for station in priority([0.2, 0.6], 1)] == pytest.approx([2.0, 6.0])


@pytest.mark.theory
def test_jackson_network_gives_the_published_canteen():
    """Cold food, hot food and till hold and delay as published."""
    stations = jackson([0.3, 0.2, 0], [1, 0.4, 0.5], [1, 2, 2], [[0, 0.3, 0.7], [0, 0, 1], [0, 0, 0]])
    assert [station.number for station in stations] == pytest.approx([0.4286, 0.8347, 1.3333], abs=5e-5)
    assert [station.wait for station in stations] == pytest.approx([0.4286, 0.3782, 0.6667], abs=5e-5)


@pytest.mark.theory
def test_machine_repair_gives_the_published_numbers_down():
    """Five machines and crews of one to five have the published mean numbers down."""
    down = [machine_repair(5, 0.1, 0.25, crew).number for crew in range(1, 6)]
    assert down == pytest.approx([2.674, 1.661, 1.457, 1.430, 1.429], abs=5e-4)


@pytest.mark.parametrize("station", [mmc(0.7, 1), mmc(5, 2, 3), mmck(1, 1.2, 1, 6), machine_repair(5, 0.1, 0.25, 2)])
def test_littles_law_holds_in_every_formula(station: Station):
    """Number over time is the rate of those who are served, and queue over wait is the same rate."""
    assert station.number / station.time == pytest.approx(station.queue / station.wait)
    assert station.time > station.wait > 0


def test_a_waiting_room_without_waiting_is_erlang_b():
    """M/M/c/c and Erlang B are the same formula by two ways."""
    assert mmck(7, 2, 4, 4).lost == pytest.approx(erlang_b(4, 3.5))
    assert mmck(7, 2, 4, 4).queue == 0


def test_a_large_waiting_room_is_endless():
    """M/M/c/K tends to M/M/c, also where a product of rates would overflow."""
    assert mmck(2, 3, 1, 200).wait == pytest.approx(mmc(2, 3).wait)
    assert mmck(300, 1, 320, 5000).wait == pytest.approx(mmc(300, 1, 320).wait)


def test_one_class_of_priority_is_m_m_1():
    """With one class the priority formula is that of M/M/1."""
    assert priority([0.8], 1)[0] == pytest.approx(mmc(0.8, 1))


def test_priority_conserves_work():
    """The load-weighted waits of the classes add up to those of first come, first served."""
    classes = priority([0.2, 0.3, 0.3], 1)
    assert sum(s.queue for s in classes) == pytest.approx(mmc(0.8, 1).queue)


def test_feedback_multiplies_visits():
    """A station that sends a quarter of its cases back is visited four thirds as often."""
    assert traffic([3.0], [[0.25]]) == pytest.approx(np.array([4.0]))


def test_overload_has_no_long_run():
    """A station that cannot carry its load is refused, and everybody waits there."""
    with pytest.raises(ValueError, match="grows without end"):
        mmc(3, 1, 3)
    assert erlang_c(2, 2) == 1.0
    assert math.isfinite(mmc(2.999, 1, 3).wait)
