"""Tasks in bundles: how many at a time, and each of them once."""

import pytest

from simulator.experiment.bundles import LONGEST, SHARES, USUAL, Bundles


def sizes(tasks, workers, pace):
    """Of all bundles, where a task takes a worker so many seconds and each comes back at once."""
    bundles, found = Bundles(tasks, lambda: workers), []
    for bundle in bundles:
        bundles.back(bundle, len(bundle), pace * len(bundle))
        found.append(len(bundle))
    return found


def test_tasks_go_one_by_one_until_their_time_is_known():
    """Nothing has come back, so nothing says how long several would take."""
    bundles = Bundles(100, lambda: 2)
    assert [len(next(bundles)) for _ in range(8)] == [1] * 8
    bundles.back(range(1), 1, USUAL / 5)
    assert len(next(bundles)) == 5


@pytest.mark.parametrize(("tasks", "workers", "pace"), [(150, 2, 0.04), (7, 3, 0.0), (40, 1, 10.0), (0, 2, 1.0)])
def test_each_task_is_handed_out_once(tasks, workers, pace):
    """In their order, however long they take."""
    bundles, seen = Bundles(tasks, lambda: workers), []
    for bundle in bundles:
        bundles.back(bundle, len(bundle), pace * len(bundle))
        seen.extend(bundle)
    assert seen == list(range(tasks))


def test_bundles_shrink_towards_the_end():
    """Each is a share of what is left, so the last ones are single tasks and the workers end together."""
    found = sizes(1 + 400, 2, 1e-3)
    assert found[1] == 400 // (2 * SHARES)
    assert found[1:] == sorted(found[1:], reverse=True)
    assert found[-2:] == [1, 1]


def test_no_bundle_takes_longer_than_it_may():
    """Long tasks go singly, and of the others as many as fit."""
    assert set(sizes(50, 2, LONGEST * 1.1)) == {1}
    assert max(sizes(500, 2, USUAL / 10)) == 10


def test_what_a_worker_left_of_a_bundle_is_handed_out_again():
    """The tasks that it has not begun come next, before new ones, as many at a time as it turned out to take."""
    bundles = Bundles(20, lambda: 1)
    bundles.back(next(bundles), 1, USUAL / 4)
    bundle = next(bundles)
    assert bundle == range(1, 5)
    bundles.back(bundle, 1, USUAL / 2)
    assert [next(bundles) for _ in range(4)] == [range(2, 4), range(4, 5), range(5, 7), range(7, 9)]


def test_what_is_left_of_a_long_bundle_is_shared_by_the_workers():
    """Were it handed out whole, one worker would make it to the end, task by task."""
    bundles = Bundles(40, lambda: 4)
    bundles.back(next(bundles), 1, 1e-3)
    bundle = next(bundles)
    bundles.back(bundle, 1, 10 * LONGEST)
    assert len(bundle) == 4
    assert [next(bundles) for _ in range(4)] == [range(2, 3), range(3, 4), range(4, 5), range(5, 6)]
