"""Scale: the arithmetic from measured figures to very many leads, and what is measured on a small program."""

import pytest

from benchmarks import scale
from benchmarks.populations import three_stations

MEASURED = scale.Measured(
    leads=10_000, replication=0.1, gathered=0.001, size=2_048, worker=2**28, kept=2_560, per_lead=800.0, lead=1e-6
)
"""A core does 100 000 leads a second, and who gathers keeps up with a hundred workers."""


@pytest.mark.parametrize(
    ("workers", "taken", "held_up"), [(1, 100.0, False), (16, 6.25, False), (100, 1.0, False), (1_000, 1.0, True)]
)
def test_workers_share_the_work_until_gathering_holds_them_up(workers, taken, held_up):
    """Ten million leads are a thousand replications: a hundred seconds of cores, one second of gathering."""
    assert scale.seconds(MEASURED, 10**7, workers) == (pytest.approx(taken), held_up)


@pytest.mark.parametrize(
    ("value", "said"),
    [(0.4, "0 s"), (59, "59 s"), (90, "1.5 min"), (660, "11 min"), (5_400, "1.5 h"), (864_000, "10 days")],
)
def test_times_are_said_in_the_unit_that_people_use(value, said):
    """One decimal below ten of a unit, none beyond."""
    assert scale.duration(value) == said


def test_money_is_that_of_all_workers_for_the_whole_time():
    """A hundred seconds of one core, or of sixteen for a sixteenth of it, cost the same; held up, it costs more."""
    lines = scale.in_replications(MEASURED).splitlines()[2:5]
    assert [line.split("|")[6].strip() for line in lines] == ["0.00", "0.00", "0.01"]
    lines = scale.in_replications(MEASURED).splitlines()[5:8]
    assert [line.split("|")[6].strip() for line in lines] == ["0.14", "0.14", "1.39"]


def test_no_command_is_asked_for_more_than_it_makes():
    """A hundred thousand replications of ten thousand leads are 1e9: a hundred times as many are as many commands."""
    lines = scale.in_replications(MEASURED).splitlines()[2:]
    assert [[each.strip() for each in line.split("|")[2:4]] for line in lines[::3]] == [
        ["1 000", "1"], ["100 000", "1"], ["10 000 000", "100"],
    ]  # fmt: skip
    assert "at most 100 000 replications, 1.0e9 leads here" in scale.said(MEASURED)


@pytest.mark.parametrize(
    ("total", "workers", "gib"), [(10**7, 1, 0.5), (10**7, 15, 4.0), (10**9, 1, 0.5 + 0.238), (10**11, 1, 0.5 + 0.238)]
)
def test_memory_is_of_all_processes_and_of_what_is_kept(total, workers, gib):
    """A quarter of a GiB each, gathering too, and 2.5 KiB a replication of a single command."""
    assert scale.memory(MEASURED, total, workers) / 2**30 == pytest.approx(gib, abs=0.003)


def test_one_run_states_time_memory_and_money():
    """800 bytes and a microsecond a lead: 1e9 are a thousand seconds of one core in the memory of 94 rented ones."""
    rows = [[each.strip() for each in line.split("|")[2:-1]] for line in scale.in_one_run(MEASURED).splitlines()[2:]]
    assert rows == [
        ["1", "10 s", "7.5", "1", "0.00"],
        ["1", "17 min", "745.1", "94", "1.31"],
        ["1", "1.2 days", "74,505.8", "9 314", "12,936.11"],
    ]


@pytest.mark.slow
def test_what_is_measured_is_of_the_program_that_was_given(monkeypatch):
    """A run of about a thousand leads has so many, takes some time, and memory grows by less than 10 kB a lead."""
    monkeypatch.setattr(scale, "ONE_RUN", (10_000, 60_000))
    monkeypatch.setattr(scale, "ROUNDS", 2)
    measured = scale.of(three_stations(1_000), task=0.5)
    assert 800 < measured.leads < 1_200
    assert 0 < measured.replication < 10
    assert 0.5 / (scale.USUAL / measured.replication) <= measured.gathered < 0.5
    assert 0 < measured.per_lead < 10_000
    assert -1e-5 < measured.lead < 1e-3
    assert 2**26 < measured.worker < 2**31
    assert measured.kept % 8 == 0
    assert 100 < measured.kept < 10_000


@pytest.mark.slow
def test_a_task_is_handed_over_a_real_scheduler():
    """Each of some hundred tasks takes some time, and less than a tenth of a second."""
    assert 1e-5 < scale.handing_over() < 0.1
