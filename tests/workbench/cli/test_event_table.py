"""The event table against records that are written down by hand, and the bytes of `caudal trace`."""

from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from simulator.engines.choice import engine_of
from simulator.experiment.plan import Plan
from simulator.experiment.replications import compiled
from simulator.records import ACCOUNTS, CAUSES, TICKS, Cases, Postings, Records, Visits, Waits
from simulator.schema.loading import load_scenario
from workbench.cli.event_table import event_table

TOY = Path(__file__).resolve().parents[2] / "simulator" / "experiment" / "toy_funnel.yaml"
HORIZON = ("--warm-up", "0 d", "--length", "1 wk")
COLUMNS = [
    "record", "case", "key", "journey", "channel", "process", "step", "team", "member", "entered", "started",
    "finished", "entered_h", "started_h", "finished_h", *(f"wait_{cause}_h" for cause in CAUSES), "next", "account",
    "amount",
]  # fmt: skip
NAN = float("nan")


@pytest.fixture(scope="module")
def program():
    """The toy funnel over one week."""
    return compiled(load_scenario(TOY), Plan(warm_up=0.0, length=168.0))


def integers(*values):
    return np.array(values, dtype=np.int32)


@pytest.fixture(scope="module")
def table(program):
    """Two cases: one is called after an hour and a half of waiting and gets an order, the other is never called."""
    steps = program.names.steps
    call, sold, order, term = (steps.index(f"funnel.{name}") for name in ("call", "sold", "order", "term"))
    visits = Visits(
        case=integers(0, 0, 0, 0, 1),
        step=integers(call, sold, order, term, call),
        entered=np.array([1.0, 3.0, 3.0, 3.0, 2.0]),
        started=np.array([2.5, 3.0, 3.0, 3.0, NAN]),
        finished=np.array([3.0, 3.0, 3.0, NAN, NAN]),
        member=integers(1, -1, -1, -1, -1),
        next=integers(sold, order, term, -1, -1),
    )
    ticks = np.array([[1.0, 0.5, 0.0, 0.0, 0.0], [0.0, 8.0, 0.0, 0.0, 0.0]]) * TICKS
    waits = Waits(visit=integers(0, 4), ticks=ticks.astype(np.int64))
    booked, credited = (ACCOUNTS.index(name) for name in ("booked", "credited"))
    postings = Postings(
        time=np.array([3.0, 1.25]),
        case=integers(0, 1),
        step=integers(order, call),
        account=integers(booked, credited),
        cents=np.array([100_050, -1], dtype=np.int64),
    )
    cases = Cases(
        key=np.array([77, 99], dtype=np.int64), process=integers(0, 0), channel=integers(0, 0),
        parent=integers(-1, 0), root=integers(0, 0), born=np.array([1.0, 2.0]), ended=np.array([NAN, NAN]),
        outcome=integers(-1, -1), attributes=np.zeros((2, 0)),
    )  # fmt: skip
    return event_table(program, Records(visits, waits, postings, cases, 10.0))


def test_the_columns_are_these_in_this_order(table):
    """Scripts of users name them."""
    assert list(table.columns) == COLUMNS


def test_rows_stand_in_the_order_of_time_and_of_arrival(table):
    """At the same moment visits stand as they came, before the posting."""
    assert table.entered_h.tolist() == [1.0, 1.25, 2.0, 3.0, 3.0, 3.0, 3.0]
    assert table.record.tolist() == ["visit", "posting", "visit", "visit", "visit", "visit", "posting"]
    assert table.step[3:].str.removeprefix("funnel.").tolist() == ["sold", "order", "term", "order"]
    assert table.index.tolist() == list(range(7))


def test_a_visit_says_who_when_and_what_came_next(table, program):
    """The call of the first case: waited from one to half past two, done at three."""
    call = table.iloc[0]
    assert (call.case, call.key, call.journey) == (0, 77, 0)
    assert (call.channel, call.process, call.step, call.next) == ("web", "funnel", "funnel.call", "funnel.sold")
    assert (call.team, call.member) == ("sellers", program.names.members[1])
    assert (call.entered_h, call.started_h, call.finished_h) == (1.0, 2.5, 3.0)
    start = pd.Timestamp(program.start)
    assert call.entered == start + pd.Timedelta(hours=1)
    assert call.started == start + pd.Timedelta(minutes=150)
    assert pd.isna(call.account)
    assert pd.isna(call.amount)


def test_waits_stand_under_their_cause_in_hours(table):
    """Ticks become hours; a wait step that is not over waits until the end of the run."""
    waits = table.filter(regex="^wait_")
    assert waits.iloc[0].tolist() == [1.0, 0.5, 0, 0, 0, 0, 0, 0]
    assert waits.iloc[2].tolist() == [0.0, 8.0, 0, 0, 0, 0, 0, 0]
    term = waits.iloc[5]
    assert term.wait_customer_h == 7.0
    assert term.sum() == 7.0
    assert waits.iloc[[3, 4]].to_numpy().sum() == 0


def test_what_never_began_is_empty(table):
    """The second case was neither started nor finished, by nobody, and nothing came next."""
    waiting = table.iloc[2]
    assert (waiting.case, waiting.key, waiting.journey) == (1, 99, 0)
    for column in ("started", "finished", "started_h", "finished_h", "member", "next"):
        assert pd.isna(waiting[column]), column


def test_a_posting_says_where_how_much_and_on_which_account(table):
    """Cents become units of the currency, and what a posting lacks is empty."""
    credited, booked = table.iloc[1], table.iloc[6]
    assert (booked.account, booked.amount, booked.step) == ("booked", 1000.5, "funnel.order")
    assert (credited.account, credited.amount, credited.case) == ("credited", -0.01, 1)
    for column in ("team", "member", "started", "finished", "next", *(f"wait_{cause}_h" for cause in CAUSES)):
        assert pd.isna(booked[column]), column


@pytest.mark.parametrize("replication", [0, 3])
@pytest.mark.parametrize("seed", [1, 8])
def test_both_engines_print_the_same_bytes(caudal, seed, replication):
    """The trace does not tell which engine wrote it."""
    asked = ("trace", TOY, *HORIZON, "--seed", seed, "--replication", replication, "--engine")
    traces = [caudal(*asked, engine) for engine in ("simpy", "compiled", "auto")]
    assert {code for code, _, _ in traces} == {0}
    assert len({out for _, out, _ in traces}) == 1
    assert len(traces[0][1].splitlines()) > 50


def test_the_trace_is_the_table_of_the_records(caudal, program, tmp_path):
    """What the command writes is what the library computes, column by column."""
    expected = event_table(program, engine_of("auto")(program, 4, 2))
    path = tmp_path / "t.parquet"
    code, out, err = caudal("trace", TOY, *HORIZON, "--seed", 4, "--replication", 2, "--output", path)
    assert (code, out, err) == (0, "", f"{len(expected)} rows written to {path}\n")
    pd.testing.assert_frame_equal(pd.read_parquet(path), expected, check_dtype=False)


def test_csv_equals_parquet_value_by_value(caudal, tmp_path):
    """Numbers, texts, times and gaps are the same in both files."""
    for ending in ("csv", "parquet"):
        assert caudal("trace", TOY, *HORIZON, "--output", tmp_path / f"t.{ending}")[0] == 0
    moments = ["entered", "started", "finished"]
    binary = pd.read_parquet(tmp_path / "t.parquet")
    fractions = list(binary.select_dtypes("float").columns)
    text = pd.read_csv(tmp_path / "t.csv", parse_dates=moments, dtype=dict.fromkeys(fractions, str))
    text[fractions] = text[fractions].map(float)  # Python reads the nearest number, to the last bit
    assert list(text.columns) == list(binary.columns) == COLUMNS
    for column in COLUMNS:
        pd.testing.assert_series_equal(text[column].isna(), binary[column].isna())
        there = binary[column].notna()
        assert text[column][there].tolist() == binary[column][there].tolist(), column


def test_parquet_keeps_the_kinds_of_the_columns(caudal, tmp_path):
    """Cases are whole numbers, hours fractions, moments timestamps."""
    assert caudal("trace", TOY, *HORIZON, "--output", tmp_path / "t.parquet")[0] == 0
    kinds = {field.name: str(field.type) for field in pq.read_schema(tmp_path / "t.parquet")}
    assert kinds["case"].startswith("int")
    assert kinds["entered_h"] == "double"
    assert kinds["finished"].startswith("timestamp")
    assert kinds["step"].endswith("string")


def test_a_trace_overwrites_an_old_one_whole(caudal, tmp_path):
    """A longer file that stood there before leaves nothing behind."""
    path = tmp_path / "t.csv"
    path.write_text("scrap\n" * 100_000, encoding="utf-8")
    assert caudal("trace", TOY, *HORIZON, "--output", path)[0] == 0
    text = path.read_text(encoding="utf-8")
    assert text.splitlines()[0] == ",".join(COLUMNS)
    assert "scrap" not in text


@pytest.mark.parametrize("name", ["t.txt", "t.CSV", "t", "t.csv.gz", "parquet"])
def test_other_endings_are_refused(caudal, tmp_path, name):
    """The ending says how the file is written, so it must be one of two."""
    code, out, err = caudal("trace", TOY, *HORIZON, "--output", tmp_path / name)
    assert (code, out) == (2, "")
    assert "must end in .csv or .parquet" in err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("number", ["-1", "100000", "first"])
def test_replications_that_cannot_be_are_refused(caudal, number):
    """Counted from 0, fewer than 100 000."""
    code, out, err = caudal("trace", TOY, "--replication", number)
    assert (code, out) == (2, "")
    assert number in err
