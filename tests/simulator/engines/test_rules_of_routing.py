"""The routing rules that both engines share, against the same rules in plain Python."""

import math

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given, settings

from simulator.engines.routing import candidates, choose_member
from simulator.program.layout import Rule

MANY = settings(max_examples=150, deadline=None, derandomize=True)
BELOW_ONE = math.nextafter(1.0, 0.0)
UNIFORM = st.one_of(st.sampled_from([0.0, 0.5, BELOW_ONE]), st.floats(0, BELOW_ONE))
WEIGHTS = st.sampled_from([0.0, 0.5, 1.0, 1.0, 2.5])


class Crew:
    """Members of a team as the rules see them."""

    def __init__(self, chosen, load=None, weight=None, win_factor=None, turn=0):
        size = len(chosen)
        self.chosen = chosen
        self.load = [0] * size if load is None else load
        self.weight = [1.0] * size if weight is None else weight
        self.win_factor = [1.0] * size if win_factor is None else win_factor
        self.turn = turn

    def pick(self, rule, u=0.0):
        """Whom the engine picks."""
        return choose_member(
            int(rule), np.array(self.chosen, np.bool_), np.array(self.load, np.int64), np.array(self.weight, float),
            np.array(self.win_factor, np.float64), self.turn, u,
        )  # fmt: skip

    def expected(self, rule, u=0.0):
        """Whom plain Python picks."""
        there = [member for member, flag in enumerate(self.chosen) if flag]
        if not there:
            return -1
        if rule == Rule.ROUND_ROBIN:
            return min(there, key=lambda member: (member - self.turn - 1) % len(self.chosen))
        if rule == Rule.BEST_PERFORMER:
            return max(there, key=lambda member: (self.win_factor[member], -member))
        if rule in {Rule.RANDOM, Rule.WEIGHTED}:
            return self.drawn(there, u, self.weight if rule == Rule.WEIGHTED else [1.0] * len(self.chosen))
        return min(there, key=lambda member: (self.load[member], member))

    @staticmethod
    def drawn(there, u, weight):
        """Lay the weights side by side and see where the number falls."""
        total = sum(weight[member] for member in there)
        edges = np.cumsum([weight[member] for member in there])
        return there[min(int(np.searchsorted(edges, u * total, side="right")), len(there) - 1)]


@st.composite
def crews(draw):
    """One to seven people, some of whom are considered."""
    size = draw(st.integers(1, 7))

    def each(strategy):
        return draw(st.lists(strategy, min_size=size, max_size=size))

    return Crew(
        each(st.booleans()), each(st.integers(0, 3)), each(WEIGHTS), each(st.sampled_from([0.8, 1.0, 1.0, 1.3])),
        draw(st.integers(0, size - 1)),
    )  # fmt: skip


@pytest.mark.parametrize("rule", [rule for rule in Rule if rule != Rule.FIRST_AVAILABLE])
@MANY
@given(crews(), UNIFORM)
def test_each_rule_picks_whom_plain_python_picks(rule, crew, u):
    """Any crew, any load, any number of the case."""
    assert crew.pick(rule, u) == crew.expected(rule, u)


@pytest.mark.parametrize("rule", list(Rule))
@MANY
@given(crews(), UNIFORM)
def test_a_rule_picks_only_among_those_it_considers(rule, crew, u):
    """Nobody exactly when there is nobody."""
    picked = crew.pick(rule, u)
    assert (picked == -1) == (not any(crew.chosen))
    assert picked == -1 or crew.chosen[picked]


@MANY
@given(crews(), UNIFORM)
def test_a_weight_of_nothing_is_never_drawn_where_others_have_one(crew, u):
    """Not even by the smallest or the largest number."""
    weights = [weight for weight, flag in zip(crew.weight, crew.chosen, strict=True) if flag]
    if sum(weights) > 0 and weights[-1] > 0:
        assert crew.weight[crew.pick(Rule.WEIGHTED, u)] > 0


@MANY
@given(crews(), st.floats(0.001, 1_000), UNIFORM)
def test_weights_are_shares_and_not_amounts(crew, factor, u):
    """Equal weights of any size are the random rule, up to numbers that fall on an edge."""
    equal = Crew(crew.chosen, weight=[factor] * len(crew.chosen))
    there = sum(crew.chosen)
    if there and abs(u * there - round(u * there)) > 1e-9:
        assert equal.pick(Rule.WEIGHTED, u) == crew.pick(Rule.RANDOM, u)


@MANY
@given(crews())
def test_round_robin_comes_to_everybody_before_anybody_again(crew):
    """As many turns as there are people considered."""
    turns = []
    for _ in range(sum(crew.chosen)):
        crew.turn = crew.pick(Rule.ROUND_ROBIN)
        turns.append(crew.turn)
    assert sorted(turns) == [member for member, flag in enumerate(crew.chosen) if flag]


@MANY
@given(crews(), st.integers(1, 30))
def test_least_loaded_keeps_loads_level(crew, cases):
    """However many cases come, those considered differ by no more than they did, or by one."""
    there = [member for member, flag in enumerate(crew.chosen) if flag]
    if not there:
        return
    spread = max(crew.load[member] for member in there) - min(crew.load[member] for member in there)
    for _ in range(cases):
        crew.load[crew.pick(Rule.LEAST_LOADED)] += 1
    loads = [crew.load[member] for member in there]
    assert max(loads) - min(loads) <= max(1, spread)


@pytest.mark.parametrize(
    ("rule", "crew", "picked"),
    [
        (Rule.LEAST_LOADED, Crew([1, 1, 1], load=[2, 1, 1]), 1),
        (Rule.LEAST_LOADED, Crew([1, 0, 1], load=[2, 0, 2]), 0),
        (Rule.BEST_PERFORMER, Crew([1, 1, 1], win_factor=[1.0, 1.2, 1.2]), 1),
        (Rule.BEST_PERFORMER, Crew([1, 0, 1], win_factor=[1.0, 9.0, 1.1]), 2),
        (Rule.ROUND_ROBIN, Crew([1, 1, 1], turn=2), 0),
        (Rule.ROUND_ROBIN, Crew([1, 0, 1], turn=0), 2),
        (Rule.ROUND_ROBIN, Crew([0, 1, 0], turn=1), 1),
        (Rule.ROUND_ROBIN, Crew([0, 0, 0], turn=1), -1),
    ],
)
def test_ties_go_to_the_first_and_turns_go_round(rule, crew, picked):
    """One case after the other."""
    assert crew.pick(rule) == picked == crew.expected(rule)


@pytest.mark.parametrize(
    ("weight", "u", "picked"),
    [
        ([1, 1, 2], 0.0, 0), ([1, 1, 2], 0.2499, 0), ([1, 1, 2], 0.25, 1), ([1, 1, 2], 0.5, 2),
        ([1, 1, 2], BELOW_ONE, 2), ([0, 1, 0], 0.0, 1), ([0, 1, 0], 0.999, 1), ([0, 0, 0], 0.3, 2),
    ],
)  # fmt: skip
def test_edges_between_weights_belong_to_the_next(weight, u, picked):
    """And where nobody has a weight, the last one takes it."""
    assert Crew([1, 1, 1], weight=weight).pick(Rule.WEIGHTED, u) == picked


def considered(able, presence, segment, sees):
    """Whom a rule considers, by the engine."""
    chosen = np.ones(len(able), np.bool_)
    candidates(np.array(able, np.bool_), np.array(presence, np.uint8).reshape(-1, len(able)), segment, sees, chosen)
    return chosen.tolist()


@MANY
@given(st.data(), st.integers(1, 5), st.integers(1, 6), st.booleans())
def test_candidates_are_those_of_the_first_segment_that_has_any(data, size, segments, sees):
    """Those on shift now or, when none is, those who come next; without sight of absence all who are able."""
    able = data.draw(st.lists(st.booleans(), min_size=size, max_size=size))
    row = st.lists(st.booleans(), min_size=size, max_size=size)
    presence = data.draw(st.lists(row, min_size=segments, max_size=segments))
    now = data.draw(st.integers(0, segments - 1))
    there = [[one and other for one, other in zip(able, later, strict=True)] for later in presence[now:]]
    expected = next((flags for flags in there if any(flags)), able) if sees else able
    assert considered(able, presence, now, sees) == expected


@pytest.mark.parametrize(
    ("segment", "sees", "expected"),
    [(0, True, [1, 0, 0]), (1, True, [0, 1, 0]), (2, True, [0, 1, 0]), (3, True, [1, 1, 0]), (3, False, [1, 1, 0])],
)
def test_candidates_over_a_day(segment, sees, expected):
    """Ann in the morning, nobody at noon, Bob in the afternoon, then nobody ever; Cy is there but not able."""
    presence = [[1, 0, 1], [0, 0, 1], [0, 1, 1], [0, 0, 1]]
    assert considered([1, 1, 0], presence, segment, sees) == [bool(flag) for flag in expected]
