"""What very many leads cost in time, memory and money, from what one core and one gathering process take."""

from __future__ import annotations

import pickle
import time
from typing import NamedTuple

from benchmarks.baseline import baseline
from benchmarks.events import leads
from benchmarks.growth import alone
from benchmarks.markdown import grouped, machine, table
from benchmarks.populations import three_stations
from simulator.engines import compiled_engine
from simulator.experiment.replications import Tally
from simulator.kpis.measures import measure
from simulator.program.program import Program

TOTALS = (10**7, 10**9, 10**11)
WORKERS = (1, 16, 1_000)
PRICE = 0.05
"""Euro for an hour of one rented core: an assumption, to be replaced by the reader's own."""
ROUNDS = 5
HANDED = 400
"""Trivial tasks by which the hand-over of a task is timed."""
ONE_RUN = (10**5, 10**6)
"""Leads of the two runs whose difference tells what a further lead costs in memory."""


class Measured(NamedTuple):
    """What the tables are worked out from."""

    leads: float
    """Leads of one replication of the baseline, warm-up included."""
    replication: float
    """Seconds of one core for a replication with its KPIs."""
    gathered: float
    """Seconds of the one process that gathers, for the result of a replication."""
    size: int
    """Bytes of that result on its way."""
    per_lead: float
    """Bytes that a further lead takes in a run of its own."""


def of(program: Program, gathered_by: float = 0.0) -> Measured:
    """Measure one replication with its KPIs, and what gathering its result takes; ``gathered_by`` comes on top."""
    taken, gathered = [], []
    for replication in range(ROUNDS):
        started = time.perf_counter()
        records = compiled_engine.simulate(program, 0, replication)
        measures = measure(program, records)
        taken.append(time.perf_counter() - started)
        sent = pickle.dumps(measures)
        tally = Tally(program, ROUNDS)
        started = time.perf_counter()
        tally.add(replication, pickle.loads(sent))  # noqa: S301 - made three lines above
        gathered.append(time.perf_counter() - started)
    few, many = (alone(three_stations(count)) for count in ONE_RUN)
    per_lead = (many.peak - few.peak) / (many.cases - few.cases)
    return Measured(leads(records), min(taken), min(gathered) + gathered_by, len(sent), per_lead)


def handing_over() -> float:
    """Seconds that a Dask scheduler takes to hand out a task that does nothing and to bring its result back."""
    from distributed import Client, LocalCluster

    with (
        LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=None, host="127.0.0.1") as cluster,
        Client(cluster) as client,
    ):
        client.gather(client.map(abs, range(HANDED), pure=False))
        started = time.perf_counter()
        client.gather(client.map(abs, range(HANDED), pure=False))
        return (time.perf_counter() - started) / HANDED


def seconds(measured: Measured, total: float, workers: int) -> tuple[float, bool]:
    """Time of a study with so many leads in replications, and whether the process that gathers holds it up."""
    replications = total / measured.leads
    work, gathering = replications * measured.replication / workers, replications * measured.gathered
    return max(work, gathering), gathering > work


def duration(value: float) -> str:
    """Seconds in the unit in which people would say them."""
    for unit, size in (("days", 86_400.0), ("h", 3_600.0), ("min", 60.0)):
        if value >= size:
            return f"{grouped(value / size) if value >= 10 * size else f'{value / size:.1f}'} {unit}"
    return f"{value:.0f} s"


def in_replications(measured: Measured) -> str:
    """Time and money of very many leads in replications of the baseline."""
    rows = []
    for total in TOTALS:
        for workers in WORKERS:
            time_taken, held_up = seconds(measured, total, workers)
            money = workers * time_taken / 3600 * PRICE
            limit = "gathering" if held_up else "simulating"
            rows.append(
                (f"{total:.0e}".replace("e+", "e"), grouped(workers), duration(time_taken), f"{money:,.2f}", limit)
            )
    return table(("leads, in replications of the baseline", "workers", "time", "EUR", "what takes the time"), rows)


def in_one_run(measured: Measured) -> str:
    """Memory of very many leads in one run of one firm."""
    rows = [(f"{total:.0e}".replace("e+", "e"), f"{total * measured.per_lead / 2**30:,.1f}") for total in TOTALS]
    return table(("leads of one firm in one run, three stations", "GiB"), rows)


def report() -> str:
    """Measure, and say it in Markdown."""
    measured = of(baseline(), handing_over())
    said = (
        f"One replication of the baseline has {grouped(measured.leads)} leads, warm-up included, and takes a core "
        f"{1e3 * measured.replication:.0f} ms with its KPIs. Its result is {grouped(measured.size / 1024)} KiB; "
        "handing it over a cluster and adding it to the study takes the one process that gathers "
        f"{1e3 * measured.gathered:.1f} ms, "
        f"so it keeps up with {measured.replication / measured.gathered:.0f} workers. A core is taken to cost "
        f"{PRICE} EUR an hour."
    )
    return f"{said}\n\n{in_replications(measured)}\n\n{in_one_run(measured)}\n\n{machine()}"
