"""What is known of all cases of a channel at birth, and what is drawn or computed for each."""

import numpy as np
import pytest

from simulator.chance.keyed import purpose_of
from simulator.engines import compiled_engine
from simulator.experiment.twins import difference_in
from simulator.program.births import DIFFERS
from tests.simulator.program.builders import program


def at_birth(attributes, **web):
    """Tables of a program with one channel, which may bring something."""
    channels = {"web": {"process": "p", "interval": "1 h"} | web, "fair": {"process": "p", "interval": "1 h"}}
    return program(attributes=attributes, channels=channels).tables


def test_what_all_cases_have_alike_is_given_and_the_rest_is_brought_with_its_luck():
    """Nothing and a constant are given, a draw and a formula are brought; by channel, the last row being no channel."""
    drawn, formula = {"exponential": 1}, {"formula": "2 * d"}
    stated = {"a": {}, "b": {"initial": 7}, "c": {}, "d": {}, "e": {"initial": formula}, "f": {"low": 3}}
    tables = at_birth(stated, brings={"c": drawn, "d": 2})
    assert tables.given.tolist() == [[0, 7, 0, 2, 0, 3], [0, 7, 0, 0, 0, 3], [0, 7, 0, 0, 0, 3]]
    assert tables.brought.tolist() == [[2, 4], [4, 6], [4, 6]]
    luck = {2: purpose_of("birth/c"), 4: purpose_of("birth/e"), 6: 0}
    assert tables.luck.tolist() == [[luck[attribute] for attribute in row] for row in tables.brought.tolist()]
    quantity = [[*row, DIFFERS] for row in tables.births[:, 0, 0].tolist()]
    assert tables.alike.tolist() == [
        [quantity[channel][attribute] for attribute in row] for channel, row in enumerate(tables.brought.tolist())
    ]


@pytest.mark.parametrize(("limits", "given"), [({"low": 3}, 3), ({"high": 1}, 1), ({"low": 1, "high": 3}, 2), ({}, 2)])
def test_what_is_given_lies_within_the_limits(limits, given):
    """As if it were set."""
    assert at_birth({"x": {"initial": 2} | limits}).given[0].tolist() == [given]


def test_what_differs_by_segment_or_product_is_brought():
    """A constant of one segment is not what all cases have."""
    tables = program(
        attributes={"x": {"initial": 1}, "y": {"initial": 1}},
        segments={"small": {"brings": {"x": 2}}, "large": {}},
        channels={"web": {"process": "p", "interval": "1 h"}},
    ).tables
    assert tables.brought[0].tolist() == [0, 1]  # the segment, which is drawn, and x
    assert tables.alike[0].tolist() == [tables.births[0, 0, 0, 0], DIFFERS]
    assert tables.given[0].tolist() == [0, 0, 1]


def test_the_mix_of_segments_is_one_quantity_but_for_channels_with_their_own():
    """Whatever the segment and product that a lead of the same draw is found to have."""
    tables = program(
        segments={"small": {}, "large": {}},
        products={"plain": {}, "fine": {}},
        channels={
            "web": {"process": "p", "interval": "1 h"},
            "fair": {"process": "p", "interval": "1 h"},
            "post": {"process": "p", "interval": "1 h", "brings": {"segment": {"choice": {"small": 1, "large": 3}}}},
        },
    ).tables
    kinds = [sorted({int(q) for q in np.ravel(tables.births[channel, :, :, 0])}) for channel in range(4)]
    assert [len(each) for each in kinds] == [1, 1, 1, 1]
    assert kinds[0] == kinds[1] == kinds[3] != kinds[2]


@pytest.mark.parametrize(
    ("said", "segments", "segment"),
    [
        ({"segment": {"initial": 3}}, {}, -1),
        ({"segment": {"levels": ["a", "b", "c"], "initial": "c"}}, {}, -1),
        ({"segment": {"initial": 1}}, {"small": {}, "large": {"brings": {"x": 2}}}, 0),
        ({"segment": {"initial": 7}}, {"small": {}, "large": {"brings": {"x": 2}}}, 0),
    ],
)
def test_an_attribute_may_be_called_segment(said, segments, segment):
    """Without segments it is like any other; with them its first value goes before their shares, and is one of them."""
    made = program(
        attributes={"x": {}} | said,
        segments=segments,
        channels={"web": {"process": "p", "interval": "1 h"}},
    )
    assert made.tables.segment == segment
    cases = compiled_engine.simulate(made, 1, 0).cases
    slot = made.names.attributes.index("segment")
    assert set(cases.attributes[:, slot]) == ({1.0} if segments else {float(made.tables.given[0, slot])})
    assert set(cases.attributes[:, made.names.attributes.index("x")]) == ({2.0} if segments else {0.0})
    assert difference_in(made, 1, 0) == ""


def test_without_attributes_nothing_is_drawn():
    """A network of stations spends no chance on births."""
    tables = at_birth({})
    assert tables.brought.shape == tables.luck.shape == (3, 0)


LATER = {
    "the formula alone": {"formula": "b"},
    "a formula of a constant and an attribute": {"formula": "1 - b"},
    "a comparison": {"formula": "b > 1"},
    "two attributes": {"formula": "z + b"},
    "a draw besides": {"formula": "b", "exponential": 1},
    "itself": {"formula": "a + 1"},
}


@pytest.mark.parametrize("quantity", LATER.values(), ids=LATER)
def test_nothing_is_given_where_something_reads_what_comes_later(quantity):
    """It is still 0 then, so that all attributes are set one after the other."""
    tables = at_birth({"z": {"initial": 1}, "a": {"initial": quantity}, "b": {"initial": 5}})
    assert tables.brought[0].tolist() == [0, 1, 2]
    assert not tables.given.any()
    before = at_birth({"z": {"initial": 1}, "b": {"initial": 5}, "a": {"initial": quantity}})
    if "a + 1" not in str(quantity):
        assert before.brought[0].tolist() == [2]
