"""What a job is asked for."""

import shlex

import pytest


def test_the_command_repeats_the_study(request_of):
    """Everything that changes the result stands in the command; the number of workers does not."""
    words = shlex.split(request_of(replications=5, seed=7, jobs=3, warm_up=240.0).command)
    assert words == [
        "caudal",
        "compare",
        "tiny.yaml",
        "more.yaml",
        "--replications",
        "5",
        "--seed",
        "7",
        "--warm-up",
        "10 d",
    ]


def test_one_scenario_alone_is_run(request_of):
    """Without others there is nothing to compare."""
    asked = request_of(replications=5, alone=True)
    assert asked.command.startswith("caudal run tiny.yaml ")
    assert asked.replications == 5


def test_requests_for_the_same_are_equal(request_of, uploads):
    """Results are recognised as belonging to the present choice, and to no other."""
    assert request_of(replications=3) == request_of(replications=3)
    assert request_of(replications=3) != request_of(replications=4)
    assert request_of() != request_of(alone=True)


@pytest.mark.parametrize(
    ("changes", "extends"),
    [
        ({"replications": 3}, True), ({"replications": 3, "jobs": 2, "engine": "simpy"}, True), ({}, False),
        ({"replications": 1}, False), ({"replications": 3, "seed": 2}, False),
        ({"replications": 3, "warm_up": 24.0}, False), ({"replications": 3, "length": 24.0}, False),
        ({"replications": 3, "alone": True}, False),
    ],
)  # fmt: skip
def test_a_request_extends_one_that_it_wants_more_of(request_of, changes, extends):
    """More replications of the same scenarios, seed and times; how they are made does not matter."""
    assert request_of(**{"replications": 2} | changes).extends(request_of(replications=2)) is extends
