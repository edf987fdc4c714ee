"""Closed forms of queueing theory against chains of births and deaths that NumPy solves, and more printed values."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulator.experiment.closed_forms import CASES
from simulator.experiment.queueing import (
    erlang_b,
    erlang_c,
    jackson,
    machine_repair,
    mmc,
    mmck,
    priority,
    traffic,
)

pytestmark = pytest.mark.theory
FIXED = settings(derandomize=True, deadline=None, max_examples=60)
RATES = st.floats(0.05, 5)
SERVERS = st.integers(1, 6)

ERLANG_B = [  # servers, load, blocked: the classical traffic table at 1 %, 2 %, 5 % and 10 %
    (1, 0.0101, 0.01), (2, 0.1526, 0.01), (3, 0.4555, 0.01), (5, 1.361, 0.01), (10, 4.461, 0.01), (20, 12.03, 0.01),
    (1, 0.0204, 0.02), (2, 0.2235, 0.02), (4, 1.092, 0.02), (6, 2.276, 0.02), (10, 5.084, 0.02), (20, 13.18, 0.02),
    (1, 0.0526, 0.05), (2, 0.3813, 0.05), (5, 2.219, 0.05), (10, 6.216, 0.05), (15, 10.63, 0.05), (20, 15.25, 0.05),
    (1, 0.1111, 0.10), (2, 0.5954, 0.10), (5, 2.881, 0.10), (10, 7.511, 0.10), (20, 17.61, 0.10), (50, 49.56, 0.10),
]  # fmt: skip
M_M_C = [  # servers, load, P(wait) and Lq by the fractions that the textbooks print
    (1, 0.5, 0.5, 0.5), (1, 0.75, 0.75, 2.25), (1, 0.9, 0.9, 8.1), (2, 1.0, 1 / 3, 1 / 3), (2, 1.5, 9 / 14, 27 / 14),
    (2, 4 / 3, 8 / 15, 16 / 15), (3, 2.0, 4 / 9, 8 / 9), (3, 1.0, 1 / 11, 1 / 22), (4, 2.0, 4 / 23, 4 / 23),
    (4, 3.0, 27 / 53, 81 / 53),
]  # fmt: skip


def chain(births, deaths):
    """Long-run shares of the states, solved from the balance of flows rather than from a product."""
    size = len(births) + 1
    flows = np.zeros((size, size))
    for state, rate in enumerate(births):
        flows[state, state + 1] = rate
    for state, rate in enumerate(deaths):
        flows[state + 1, state] = rate
    balance = (flows - np.diag(flows.sum(axis=1))).T
    balance[-1] = 1.0
    right = np.zeros(size)
    right[-1] = 1.0
    return np.linalg.solve(balance, right)


def queue_of(shares, servers):
    """Mean number in the system and mean number waiting."""
    states = np.arange(shares.size)
    return float(states @ shares), float(np.maximum(states - servers, 0) @ shares)


@pytest.mark.parametrize(("servers", "load", "blocked"), ERLANG_B)
def test_erlang_b_is_the_traffic_table(servers, load, blocked):
    """The load that the table allows at a grade of service loses just that share."""
    assert erlang_b(servers, load) == pytest.approx(blocked, rel=6e-3)


@pytest.mark.parametrize(("servers", "load", "waits", "queue"), M_M_C)
def test_m_m_c_is_the_textbooks_fraction(servers, load, waits, queue):
    """The chance to wait and the mean queue are the exact fractions, in any unit of time."""
    assert erlang_c(servers, load) == pytest.approx(waits)
    for unit in (1.0, 60.0):
        station = mmc(load / unit, 1 / unit, servers)
        assert station.queue == pytest.approx(queue)
        assert station.wait == pytest.approx(queue / load * unit)
        assert station.number == pytest.approx(queue + load)
        assert station.utilisation == pytest.approx(load / servers)


@FIXED
@given(SERVERS, st.floats(0.01, 8))
def test_erlang_b_is_its_sum(servers, load):
    """The recursion agrees with the load's power over its factorial, over the sum of all of them."""
    terms = [load**n / math.factorial(n) for n in range(servers + 1)]
    assert erlang_b(servers, load) == pytest.approx(terms[-1] / sum(terms))


@FIXED
@given(RATES, RATES, SERVERS, st.integers(0, 8))
def test_a_finite_room_is_its_chain(arrivals, service, servers, room):
    """M/M/c/K: lost share, numbers, waits and utilisation are those of the solved chain, overload or not."""
    places = servers + room
    shares = chain([arrivals] * places, [service * min(n, servers) for n in range(1, places + 1)])
    number, queue = queue_of(shares, servers)
    station = mmck(arrivals, service, servers, places)
    served = arrivals * (1 - shares[-1])
    assert station.lost == pytest.approx(shares[-1])
    assert station.lost_rate == pytest.approx(arrivals * shares[-1])
    assert (station.number, station.queue) == pytest.approx((number, queue), abs=1e-9)
    assert (station.time, station.wait) == pytest.approx((number / served, queue / served), abs=1e-9)
    assert station.utilisation == pytest.approx((number - queue) / servers)


@FIXED
@given(st.integers(1, 8), RATES, RATES, st.integers(1, 8))
def test_machine_repair_is_its_chain(machines, failure, repair, crew):
    """Machines down, their wait and the busy share of the crew are those of the solved chain."""
    births = [(machines - n) * failure for n in range(machines)]
    shares = chain(births, [repair * min(n, crew) for n in range(1, machines + 1)])
    number, queue = queue_of(shares, crew)
    station = machine_repair(machines, failure, repair, crew)
    rate = failure * (machines - number)
    assert (station.number, station.queue) == pytest.approx((number, queue), abs=1e-9)
    assert station.time == pytest.approx(number / rate)
    assert station.utilisation == pytest.approx((number - queue) / crew)


@settings(FIXED, max_examples=20)
@given(st.floats(0.05, 0.85), RATES, SERVERS)
def test_m_m_c_is_a_long_chain(utilisation, service, servers):
    """The endless queue agrees with a chain of two hundred places."""
    arrivals = utilisation * service * servers
    shares = chain([arrivals] * 200, [service * min(n, servers) for n in range(1, 201)])
    number, queue = queue_of(shares, servers)
    station = mmc(arrivals, service, servers)
    assert (station.number, station.queue) == pytest.approx((number, queue), rel=1e-6, abs=1e-9)
    assert erlang_c(servers, arrivals / service) == pytest.approx(shares[servers:].sum(), rel=1e-6, abs=1e-9)


@FIXED
@given(st.floats(0.05, 0.95), SERVERS)
def test_one_server_more_shortens_the_wait_and_more_work_lengthens_it(utilisation, servers):
    """Waiting falls with servers and rises with load, and pooling beats separate queues."""
    load = utilisation * servers
    station = mmc(load, 1, servers)
    assert mmc(load, 1, servers + 1).wait < station.wait < mmc(min(load * 1.02, servers * 0.999), 1, servers).wait
    assert mmc(2 * load, 1, 2 * servers).wait < station.wait
    assert erlang_b(servers, load) < erlang_c(servers, load)


def two_classes(urgent, ordinary, most=60):
    """Numbers of two classes at one server with non-pre-emptive priority, from the solved two-dimensional chain."""
    states = [(0, 0, 0)] + [(k, i, j) for k in (1, 2) for i in range(most // 3) for j in range(most // 2)]
    place = {state: index for index, state in enumerate(states)}
    flows = np.zeros((len(states), len(states)))
    for (served, i, j), index in place.items():
        if served == 0:
            flows[index, place[1, 0, 0]] = urgent
            flows[index, place[2, 0, 0]] = ordinary
            continue
        for state, rate in (((served, i + 1, j), urgent), ((served, i, j + 1), ordinary)):
            if state in place:
                flows[index, place[state]] = rate
        after = (1, i - 1, j) if i else (2, i, j - 1) if j else (0, 0, 0)
        flows[index, place[after]] = 1.0
    balance = (flows - np.diag(flows.sum(axis=1))).T
    balance[-1] = 1.0
    shares = np.linalg.solve(balance, np.eye(len(states))[-1])
    queues = np.array([(i, j) for _, i, j in states])
    return shares @ queues


@pytest.mark.parametrize(("urgent", "ordinary"), [(0.2, 0.3), (0.1, 0.4), (0.35, 0.15)])
def test_priority_is_its_chain(urgent, ordinary):
    """Cobham's waits agree with the solved chain of who is served and who waits in each class."""
    found = priority([urgent, ordinary], 1)
    assert [station.queue for station in found] == pytest.approx(two_classes(urgent, ordinary), rel=1e-3)
    assert found[0].wait < mmc(urgent + ordinary, 1).wait < found[1].wait


@FIXED
@given(st.lists(st.floats(0.01, 0.3), min_size=1, max_size=3))
def test_priority_conserves_the_whole_queue(rates):
    """Whoever goes first, together they wait as in one queue."""
    total = sum(rates)
    assert sum(station.queue for station in priority(rates, 1)) == pytest.approx(mmc(total, 1).queue)
    assert sum(station.utilisation for station in priority(rates, 1)) == pytest.approx(total)


@st.composite
def networks(draw):
    """Arrivals and routing of up to four stations, from each of which someone leaves."""
    size = draw(st.integers(1, 4))
    arrivals = draw(st.lists(st.floats(0.1, 2), min_size=size, max_size=size))
    share = st.floats(0, 0.9 / size)
    return arrivals, [[draw(share) for _ in range(size)] for _ in range(size)]


@FIXED
@given(networks())
def test_traffic_is_the_sum_over_all_rounds(network):
    """Arrivals plus what each round of routing adds, round after round, is the solved total."""
    arrivals, routing = network
    total = rounds = np.array(arrivals)
    for _ in range(400):
        rounds = rounds @ np.array(routing)
        total = total + rounds
    assert traffic(arrivals, routing) == pytest.approx(total)
    leaving = 1 - np.array(routing).sum(axis=1)
    assert traffic(arrivals, routing) @ leaving == pytest.approx(sum(arrivals))


@FIXED
@given(networks(), SERVERS)
def test_each_station_of_a_network_is_a_queue_of_its_own(network, servers):
    """Jackson's stations are M/M/c queues of the total traffic."""
    arrivals, routing = network
    totals = traffic(arrivals, routing)
    service = [1.3 * float(rate) / servers for rate in totals]
    found = jackson(arrivals, service, [servers] * len(service), routing)
    for station, rate, mu in zip(found, totals, service, strict=True):
        assert station == pytest.approx(mmc(float(rate), mu, servers))
        assert station.utilisation == pytest.approx(1 / 1.3)


@pytest.mark.parametrize(("arrivals", "servers"), [(1.0, 1), (1.5, 1), (3.0, 3), (7.2, 6)])
def test_what_cannot_be_carried_is_refused(arrivals, servers):
    """A load of all servers or more has no long run, and the sentence says so with its figures."""
    with pytest.raises(ValueError, match=rf"{servers} servers cannot carry a load of {arrivals:g}"):
        mmc(arrivals, 1, servers)
    assert mmck(arrivals, 1, servers, servers + 3).number < servers + 3


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.scenario)
def test_every_expected_figure_makes_sense(case):
    """Expectations are positive and finite, shares are at most 1, and no figure stands twice in a case."""
    formulas = [figure.formula for figure in case.figures]
    assert len(set(formulas)) == len(formulas)
    assert 0 < case.precision <= 0.25
    for figure in case.figures:
        assert 0 < figure.expected < 1e4
        if figure.formula.startswith(("utilisation", "abandoned")) and "*" not in figure.formula:
            assert figure.expected < 1
