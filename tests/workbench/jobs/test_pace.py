"""Estimates of how long a study takes."""

from types import SimpleNamespace

import pytest

from workbench.jobs.pace import SECONDS_PER_LEAD, expected_leads, expected_seconds, seconds_per_lead


def test_leads_come_from_the_rates(request_of):
    """Eight leads a day over 80 days, warm-up included."""
    asked = request_of()
    assert expected_leads(asked.base.loaded, asked.plan) == pytest.approx(640, rel=0.05)


def test_more_replications_take_longer_and_more_workers_less(request_of):
    """Time grows with the work for one worker."""
    few, many, shared = (request_of(replications=n, jobs=j) for n, j in ((10, 1), (20, 1), (20, 2)))
    times = [expected_seconds(asked, [10_000, 10_000], 0.001) for asked in (few, many, shared)]
    assert times[1] - times[0] == pytest.approx(200)
    assert times[1] - times[2] == pytest.approx(200)


def test_without_experience_a_first_guess_is_made(request_of):
    """Before any study the figure of the developers' machine holds; jobs without results teach nothing."""
    assert seconds_per_lead([], request_of()) == SECONDS_PER_LEAD["auto"]
    assert seconds_per_lead([SimpleNamespace(results=None)], request_of()) == SECONDS_PER_LEAD["auto"]
