"""Records: what runs leave behind, and how two of them are compared."""

import numpy as np
import pytest

from simulator.records import ACCOUNTS, CAUSES, TEAM_CAUSES, first_difference
from tests.simulator.engines.toys import run, toy

TEXT = """
  attributes: {x: {initial: {exponential: 1}}}
  channels: {a: {process: p, rate: 30 /d}}
  teams: {t: {head_count: 1, shifts: "Mon-Fri 09:00-17:00"}}
  steps:
    u: {kind: work, team: t, effort: {exponential: 1 h}}
    b: {kind: post, account: cost, amount: 10 EUR}
"""


@pytest.fixture
def records():
    """Records with rows in every table."""
    return run(toy(TEXT))


def test_equal_records_have_no_difference(records):
    """NaN equals NaN, since it stands for what has not happened."""
    assert first_difference(records, run(toy(TEXT))) == ""
    assert np.isnan(records.visits.finished).any()


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("visits", "entered"),
        ("visits", "member"),
        ("waits", "ticks"),
        ("postings", "cents"),
        ("cases", "key"),
        ("cases", "attributes"),
    ],
)
def test_the_least_change_is_found_where_it_is(records, table, column):
    """One unit in the last place of one row."""
    rows = getattr(getattr(records, table), column)
    changed = rows.copy()
    changed[2] = np.nextafter(changed[2], np.inf) if changed.dtype == np.float64 else changed[2] + 1
    other = records._replace(**{table: getattr(records, table)._replace(**{column: changed})})
    assert first_difference(records, other).startswith(f"{table}.{column}, row 2: ")


def test_another_number_of_rows_is_told(records):
    """Before any row is compared."""
    fewer = records._replace(visits=records.visits._replace(case=records.visits.case[:-1]))
    size = records.visits.case.size
    assert first_difference(records, fewer) == f"visits.case: {size} rows against {size - 1}"


def test_another_end_is_told(records):
    """The same rows of a longer run are another run."""
    assert first_difference(records, records._replace(end=1.0)) == "end: 168.0 against 1.0"


def test_zero_and_minus_zero_are_different_bits(records):
    """To the last bit means to the last bit."""
    zero, minus = (
        records._replace(postings=records.postings._replace(time=np.full_like(records.postings.time, x)))
        for x in (0.0, -0.0)
    )
    assert first_difference(zero, minus) != ""


def test_columns_have_the_types_and_shapes_that_are_promised(records):
    """Also when nothing happened."""
    empty = run(toy(TEXT.replace("30 /d", "0 /d")))
    for each in (records, empty):
        assert each.waits.ticks.shape == (each.waits.visit.size, len(TEAM_CAUSES))
        assert each.cases.attributes.ndim == 2
        assert each.visits.case.dtype == each.visits.step.dtype == each.visits.member.dtype == np.int32
        assert each.cases.key.dtype == each.postings.cents.dtype == each.waits.ticks.dtype == np.int64


def test_codes_of_causes_and_accounts_stay_what_they_are():
    """Stored records name them by number."""
    assert TEAM_CAUSES == ("off_shift", "contention", "ownership", "limit", "priority")
    assert (*TEAM_CAUSES, "customer", "schedule", "policy") == CAUSES
    assert ACCOUNTS == ("booked", "invoiced", "credited", "collected", "written_off", "cost", "paid", "recurring")
