"""What very many leads cost in time, memory and money, from what one core and one gathering process take."""

from __future__ import annotations

import math
import pickle
import time
from typing import NamedTuple

from benchmarks.baseline import baseline
from benchmarks.events import leads
from benchmarks.growth import alone
from benchmarks.markdown import grouped, machine, table
from benchmarks.populations import three_stations
from simulator.engines import compiled_engine
from simulator.experiment.bundles import USUAL
from simulator.experiment.plan import MOST_REPLICATIONS
from simulator.experiment.replications import Tally
from simulator.kpis.measures import measure
from simulator.program.program import Program

TOTALS = (10**7, 10**9, 10**11)
WORKERS = (1, 16, 1_000)
PRICE = 0.05
"""Euro for an hour of one rented core: an assumption, to be replaced by the reader's own."""
RENTED = 8.0
"""GiB that come with a rented core: an assumption too."""
ROUNDS = 5
HANDED = 400
"""Trivial tasks by which the hand-over of a task is timed."""
ONE_RUN = (10**5, 10**6)
"""Leads of the two runs whose difference tells what a further lead costs in time and memory."""


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
    worker: float
    """Bytes of a process that replicates."""
    kept: float
    """Bytes that the process that gathers keeps of each replication until the study is done."""
    per_lead: float
    """Bytes that a further lead takes in a run of its own."""
    lead: float
    """Seconds that it takes there, without KPIs."""


def of(program: Program, task: float = 0.0) -> Measured:
    """Measure one replication with its KPIs, and what gathering its result takes.

    To that comes its part of the seconds that a task takes to be handed over, which replications share.
    """
    taken, gathered = [], []
    tally = Tally(program, ROUNDS)
    for replication in range(ROUNDS):
        started = time.perf_counter()
        records = compiled_engine.simulate(program, 0, replication)
        measures = measure(program, records)
        taken.append(time.perf_counter() - started)
        sent = pickle.dumps(measures)
        started = time.perf_counter()
        tally.add(replication, pickle.loads(sent))  # noqa: S301 - made three lines above
        gathered.append(time.perf_counter() - started)
    few, many = (alone(three_stations(count)) for count in ONE_RUN)
    more = many.cases - few.cases
    together = max(1, int(USUAL / min(taken)))
    return Measured(
        leads(records), min(taken), min(gathered) + task / together, len(sent), alone(program).peak,
        kept(tally) / ROUNDS, (many.peak - few.peak) / more, (many.seconds - few.seconds) / more,
    )  # fmt: skip


def kept(tally: Tally) -> int:
    """Bytes of what is there of every replication by itself: intervals, pairs and the bootstrap need each value."""
    return sum(sample.nbytes for sample in tally.samples.values()) + tally.growth.nbytes


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


def memory(measured: Measured, total: float, workers: int) -> float:
    """Bytes of all workers and of the process that gathers, which keeps the replications of one command at a time."""
    together = min(total / measured.leads, MOST_REPLICATIONS)
    return (workers + 1) * measured.worker + together * measured.kept


def in_replications(measured: Measured) -> str:
    """Time, money and memory of very many leads in replications of the baseline."""
    rows = []
    for total in TOTALS:
        replications = math.ceil(total / measured.leads)
        for workers in WORKERS:
            time_taken, held_up = seconds(measured, total, workers)
            money = workers * time_taken / 3600 * PRICE
            limit = "gathering" if held_up else "simulating"
            rows.append((
                _power(total), grouped(replications), grouped(math.ceil(replications / MOST_REPLICATIONS)),
                grouped(workers), duration(time_taken), f"{money:,.2f}",
                f"{memory(measured, total, workers) / 2**30:,.1f}", limit,
            ))  # fmt: skip
    heads = ("leads", "replications of the baseline", "commands", "workers", "time", "EUR", "GiB in all")
    return table((*heads, "what takes the time"), rows)


def in_one_run(measured: Measured) -> str:
    """Time, memory and money of very many leads in one run of one firm, which one core does, however many there are."""
    rows = []
    for total in TOTALS:
        size, taken = total * measured.per_lead / 2**30, total * measured.lead
        cores = max(1, math.ceil(size / RENTED))
        money = f"{cores * taken / 3600 * PRICE:,.2f}"
        rows.append((_power(total), "1", duration(taken), f"{size:,.1f}", grouped(cores), money))
    heads = ("leads of one firm in one run, three stations", "workers", "time, at least", "GiB")
    return table((*heads, "cores rented for that memory", "EUR, at least"), rows)


def _power(total: float) -> str:
    return f"{total:.0e}".replace("e+", "e")


def said(measured: Measured) -> str:
    """What the tables rest on, in sentences."""
    most = MOST_REPLICATIONS * measured.leads
    return (
        f"One replication of the baseline has {grouped(measured.leads)} leads, warm-up included, and takes a core "
        f"{1e3 * measured.replication:.0f} ms with its KPIs, in a process of {measured.worker / 2**30:.2f} GiB. Its "
        f"result is {grouped(measured.size / 1024)} KiB, of which {measured.kept / 1024:.1f} KiB are kept until the "
        "study is done; handing it over a cluster, with others in a task of a second, and adding it to the study takes "
        "the one process that gathers "
        f"{1e3 * measured.gathered:.1f} ms, "
        f"so it keeps up with {measured.replication / measured.gathered:.0f} workers. A command makes at most "
        f"{grouped(MOST_REPLICATIONS)} replications, {most:.1e} leads here; more are commands one after another, each "
        "with a `--seed` of its own, and nothing puts their results together. "
        f"A core is taken to cost {PRICE} EUR an hour and to come with {RENTED:g} GiB."
    ).replace("e+0", "e")


def report() -> str:
    """Measure, and say it in Markdown."""
    return page(of(baseline(), handing_over()))


def page(measured: Measured) -> str:
    """What was measured and what follows from it, in Markdown."""
    return f"{said(measured)}\n\n{in_replications(measured)}\n\n{in_one_run(measured)}\n\n{machine()}"
