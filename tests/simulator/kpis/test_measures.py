"""One replication measured as a whole: nothing to measure, random diaries against plain loops, and speed."""

import math
import time

import numpy as np
import pytest

from simulator.kpis.measures import Measures, measure
from simulator.program.layout import Kind
from simulator.records import TICKS

RUNNING = {"cost_total", "cost_acquisition", "cost_delivery", "cost_administration", "margin", "net_cash"}
"""What a company without leads still has: costs."""


def test_a_run_without_arrivals_is_measured_without_complaint(diary, kpis_of):
    """Counts are 0, costs run, and every ratio and time is not defined; warnings are errors in these tests."""
    kpis = kpis_of(diary)
    numbers = {name for name, value in kpis.items() if not math.isnan(value) and value != 0}
    assert numbers == RUNNING
    zeros = {name for name, value in kpis.items() if value == 0}
    assert {"leads", "orders", "reached_offer", "work_in_progress", "queue_sales", "utilisation_sales"} <= zeros
    undefined = {name for name, value in kpis.items() if math.isnan(value)}
    assert {"conversion_order", "first_response_median", "dso", "cac", "unfinished", "waiting_total"} <= undefined


def test_an_engine_that_saw_no_case_does_not_know_the_attributes(diary):
    """Attributes of no case have no width; that is measured too."""
    records = diary.records()
    empty = records._replace(cases=records.cases._replace(attributes=np.zeros((0, 0))))
    assert measure(diary.program, empty).kpis["leads"] == 0


def test_a_run_in_which_nothing_finished(diary, kpis_of):
    """Leads that wait from their birth on are all unfinished, contacted by nobody and in progress."""
    for born in (168, 336):
        diary.visit(diary.case(born), "deal.call", born, off_shift=504 - born)
    kpis = kpis_of(diary)
    assert kpis["unfinished"] == 1
    assert kpis["never_contacted"] == 0
    assert kpis["work_in_progress"] == pytest.approx(1.5)
    assert kpis["queue_sales"] == pytest.approx(1.5)
    assert kpis["waiting_off_shift"] == pytest.approx(252)
    assert math.isnan(kpis["first_response_mean"])


def test_pictures_have_shapes_that_depend_on_the_program_only(diary, pictures_of):
    """An empty run and a full one can be averaged."""
    shapes = {"funnel": (3,), "cash": (3, 4), "waiting": (2, 5), "delays": (3,), "utilisation": (2,), "queue": (2, 2)}
    shapes["outcomes"] = (3,)
    empty = pictures_of(diary)
    diary.visit(diary.case(200), "deal.call", 200, 201, 202, "sales.ann", contention=1)
    for pictures in (empty, pictures_of(diary)):
        assert {name: getattr(pictures, name).shape for name in pictures._fields} == shapes
        assert all(getattr(pictures, name).dtype == np.float64 for name in pictures._fields)


def test_values_are_plain_numbers(diary):
    """What crosses process borders and goes into JSON is a Python float."""
    measures = measure(diary.program, diary.records())
    assert isinstance(measures, Measures)
    assert {type(value) for value in measures.kpis.values()} == {float}


def test_a_run_without_warm_up_counts_from_the_first_moment(company, diary_of, kpis_of):
    """A lead born at hour 0 is inside."""
    diary = diary_of(company(horizon__warm_up="0 d"))
    diary.case(0)
    assert kpis_of(diary)["leads"] == 1


def random_diary(diary, seed, leads=80):
    """Leads with calls, delays, orders and deliveries at random moments; not what an engine would do, but records
    all the same.
    """
    rng = np.random.default_rng(seed)
    for born in np.sort(rng.uniform(0, 504, leads)):
        now, over = float(born), rng.random() < 0.7
        lead = diary.case(now, min(now + 90, 503.0) if over else None, channel=str(rng.choice(["web", "referral"])),
                          segment=str(rng.choice(["small", "large"])))  # fmt: skip
        for step in ("deal.call", "deal.offer"):
            begun = now + rng.exponential(20)
            done = begun + rng.exponential(5)
            hours = (min(begun, 504.0) - now) * rng.dirichlet(np.ones(5))
            causes = dict(zip(("off_shift", "contention", "ownership", "limit", "priority"), hours, strict=True))
            gives_up = rng.random() < 0.2 and begun < 504
            started = begun if begun < 504 and not gives_up else None
            finished = begun if gives_up else done if done < 504 else None
            diary.visit(lead, step, now, started, finished, "sales.ann" if started is not None else None, **causes)
            if finished is None:
                break
            now = finished
        else:
            diary.passing(lead, "deal.order", now)
            diary.post(now, lead, "deal.order", "booked", round(rng.uniform(100, 900), 2))
            child = diary.case(now, parent=lead)
            diary.passing(child, "delivery.invoice", now)
            diary.post(now, child, "delivery.invoice", "invoiced", round(rng.uniform(100, 900), 2))
    return diary


def inside(moment):
    return 168 <= moment < 504


def spelled_out(program, records):
    """A handful of KPIs by plain loops over rows, as one would count on paper."""
    visits, cases, steps = records.visits, records.cases, program.tables.steps
    roots = [row for row in range(cases.root.size) if cases.root[row] == row]
    leads = sum(inside(cases.born[row]) for row in roots)
    first = {}
    for row in range(visits.case.size):
        root, started = cases.root[visits.case[row]], visits.started[row]
        if not math.isnan(started):
            for what in (("stage", steps["stage"][visits.step[row]]), ("marks", steps["marks"][visits.step[row]])):
                first[root, what] = min(first.get((root, what), math.inf), started)

    def reached(what):
        return [(root, moment) for (root, it), moment in first.items() if it == what and inside(moment)]

    waited, delay, queue = 0.0, 0.0, 0.0
    for visit, ticks in zip(records.waits.visit, records.waits.ticks, strict=True):
        left = visits.finished[visit] if math.isnan(visits.started[visit]) else visits.started[visit]
        if math.isnan(left) or inside(left):
            waited += ticks.sum() / TICKS
        left = 504.0 if math.isnan(left) else left
        queue += max(0.0, left - max(168.0, visits.entered[visit]))
    for row in range(visits.case.size):
        if steps["kind"][visits.step[row]] == Kind.WAIT and inside(visits.finished[row]):
            delay += visits.finished[row] - visits.entered[row]
    responses = [moment - cases.born[root] for root, moment in reached(("marks", 1))]
    orders = reached(("marks", 2))
    invoiced = [(t, c) for t, c, a in zip(records.postings.time, records.postings.cents, records.postings.account,
strict=True)
                if a == 1]  # fmt: skip
    return {
        "leads": leads,
        "reached_offer": len(reached(("stage", 1))),
        "orders": len(orders),
        "conversion_order": len(orders) / leads,
        "orders_web": sum(cases.channel[root] == 0 for root, _ in orders),
        "first_response_mean": np.mean(responses),
        "first_response_median": np.median(responses),
        "lead_to_order_mean": np.mean([moment - cases.born[root] for root, moment in orders]) / 24,
        "waiting_total": (waited + delay) / leads,
        "queue_sales": queue / 336,
        "revenue_invoiced": sum(cents for t, cents in invoiced if inside(t)) / 100,
        "receivables_open": sum(cents for _, cents in invoiced) / 100,
        "dso": sum(c * (504 - max(t, 168)) for t, c in invoiced) / 336 / sum(c for t, c in invoiced if inside(t)) * 14,
    }


@pytest.mark.parametrize("seed", range(8))
def test_arrays_and_plain_loops_agree(diary, kpis_of, seed):
    """Two ways of computing the same figures from random records give the same numbers."""
    expected = spelled_out(diary.program, random_diary(diary, seed).records())
    kpis = kpis_of(diary)
    assert {name: kpis[name] for name in expected} == pytest.approx(expected)


@pytest.mark.parametrize("seed", range(4))
def test_parts_add_up_to_the_whole(diary, kpis_of, pictures_of, seed):
    """Channels, causes, cost centres, weeks and stages add up, whatever the records."""
    random_diary(diary, seed)
    kpis, pictures = kpis_of(diary), pictures_of(diary)
    assert kpis["leads_web"] + kpis["leads_referral"] == kpis["leads"]
    assert kpis["orders_web"] + kpis["orders_referral"] == kpis["orders"]
    causes = ("off_shift", "contention", "ownership", "limit", "priority", "customer", "schedule", "policy")
    assert sum(kpis[f"waiting_{cause}"] for cause in causes) == pytest.approx(kpis["waiting_total"])
    centres = ("acquisition", "delivery", "service", "administration")
    assert sum(kpis[f"cost_{centre}"] for centre in centres) == pytest.approx(kpis["cost_total"])
    assert (pictures.waiting.sum() + pictures.delays.sum()) / kpis["leads"] == pytest.approx(kpis["waiting_total"])
    assert pictures.queue.mean(axis=0) == pytest.approx([kpis["queue_sales"], kpis["queue_fitters"]])
    assert (np.diff(pictures.cash, axis=0) >= 0).all()
    assert (pictures.utilisation >= 0).all()


def test_the_order_of_the_rows_does_not_matter_to_the_ledger(diary, kpis_of):
    """Records with their postings turned round give the same figures."""
    records = random_diary(diary, 1).records()
    turned = records._replace(postings=type(records.postings)(*(column[::-1] for column in records.postings)))
    assert measure(diary.program, turned).kpis == pytest.approx(measure(diary.program, records).kpis, nan_ok=True)


def repeated(records, times):
    """The same records many times over, as cases of their own."""
    visits, waits, postings, cases = records[:4]
    size, rows = cases.root.size, visits.case.size

    def shift(column, by):
        return np.concatenate([column + by * n for n in range(times)]).astype(column.dtype)

    def again(table):
        return {name: np.concatenate([column] * times) for name, column in table._asdict().items()}

    return records._replace(
        visits=type(visits)(**(again(visits) | {"case": shift(visits.case, size)})),
        waits=type(waits)(**(again(waits) | {"visit": shift(waits.visit, rows)})),
        postings=type(postings)(**(again(postings) | {"case": shift(postings.case, size)})),
        cases=type(cases)(**(again(cases) | {"root": shift(cases.root, size)})),
    )


def test_a_thousandfold_run_is_measured_fast_and_alike(diary):
    """300 000 visits take well under a second, counts are a thousandfold and shares the same."""
    once = random_diary(diary, 3, leads=150).records()
    times = 300_000 // once.visits.case.size
    many = repeated(once, times)
    begin = time.perf_counter()
    large = measure(diary.program, many).kpis
    assert time.perf_counter() - begin < 1.0
    small = measure(diary.program, once).kpis
    assert large["orders"] == times * small["orders"]
    same = ("conversion_order", "first_response_p90", "waiting_total", "dso", "unfinished")
    assert [large[name] for name in same] == pytest.approx([small[name] for name in same])
