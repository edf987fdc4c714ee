"""Replications in blocks, and the end of those that nobody waits for."""

from collections import deque

import pytest

from simulator.errors import Cancelled
from simulator.experiment.blocks import BLOCK, WANTED, blocks, while_wanted


def test_blocks_cover_each_replication_once():
    """In their order, none larger than it may be, from wherever they begin."""
    cut = list(blocks(3, 3 + 2 * BLOCK + 1))
    assert [each for block in cut for each in block] == list(range(3, 3 + 2 * BLOCK + 1))
    assert [len(block) for block in cut] == [BLOCK, BLOCK, 1]
    assert [len(block) for block in blocks(0, 5, 2)] == [2, 2, 1]
    assert list(blocks(4, 4)) == []


def test_a_block_ends_once_nobody_waits_for_it():
    """The replication under way is finished, and none begins after it."""
    done = []
    token = WANTED.set(lambda: len(done) < 2)
    try:
        with pytest.raises(Cancelled):
            deque(map(done.append, while_wanted(range(10))), maxlen=0)
    finally:
        WANTED.reset(token)
    assert done == [0, 1]
    assert list(while_wanted(range(3))) == [0, 1, 2]
