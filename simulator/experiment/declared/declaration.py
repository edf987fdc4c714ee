"""What a study file may say."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import Field

from simulator.experiment.bottlenecks.bottlenecks import MOST
from simulator.experiment.bottlenecks.levers import KINDS, Kind
from simulator.experiment.search.goal import Direction
from simulator.experiment.trust import Mode
from simulator.schema.frozen import Frozen
from simulator.schema.quantity import FixedDuration, FixedMoney, FixedShare

MSER5: Final = "mser5"
"""In place of a warm-up: as long as MSER-5 asks for, over all scenarios."""
Replications = Annotated[int, Field(ge=1, le=100_000)]


class Precision(Frozen):
    """Replications until figures are as precise as this, all at once."""

    target: FixedShare
    """Half of the 95 % interval over the mean, such as 5 %."""
    kpis: tuple[str, ...] = ()
    """KPIs that are to be that precise; those of the study where none are named."""
    most: Replications = 1_000
    """Replications that are never exceeded."""


class Sensitivity(Frozen):
    """Which assumptions of the base a KPI hangs on."""

    method: Literal["one_at_a_time", "morris", "sobol"] = "one_at_a_time"
    """One at a time is a tornado; Morris and Sobol move all of them at once."""
    kpi: str = ""
    """The first of the study where none is named."""
    parameters: tuple[str, ...] = ()
    """Paths, each over the range of its evidence or as ``path=LOW..HIGH``; the most telling where none are named."""
    most: Annotated[int, Field(ge=1)] = 20
    """Without parameters: this many of those with a range."""
    points: Annotated[int, Field(ge=2)] | None = None
    """Trajectories of Morris (10 where not given), or points of Sobol (a power of two, 64 where not given)."""
    replications: Replications = 5


class Interaction(Frozen):
    """Two numbers of the base moved together, for a heat map."""

    rows: str
    """Path, over the range of its evidence or as ``path=LOW..HIGH``."""
    columns: str
    kpi: str = ""
    """The first of the study where none is named."""
    levels: Annotated[int, Field(ge=2, le=50)] = 5
    replications: Replications = 5


class Bottlenecks(Frozen):
    """Where the base clogs: what relief of each team, delay and policy is worth, and what binds next."""

    kpi: str = ""
    """The first of the study where none is named."""
    kinds: Annotated[tuple[Kind, ...], Field(min_length=1)] = KINDS
    most: Annotated[int, Field(ge=1)] = MOST
    """Efforts and policies that are measured where there are more; people, speed and delays are in any case."""
    rungs: Annotated[int, Field(ge=0)] = 5
    """Longest ladder, for margin or net cash; 0 for none."""
    replications: Replications = 20


class Search(Frozen):
    """The best set of tools, head-counts and policies for the base, under a budget and constraints."""

    tools: tuple[str, ...] = ()
    """To take or leave; several with commas between them exclude each other. All small tools where nothing is named."""
    teams: tuple[str, ...] = ()
    """Head-counts, such as ``crews=5..8``."""
    policies: tuple[str, ...] = ()
    """Numbers, such as ``policies.reminder_gap=7..30``."""
    kpi: str = ""
    """The first of the study where none is named."""
    want: Direction = "auto"
    budget: FixedMoney | None = None
    """Most that may be committed in the first year beyond the base."""
    constraints: tuple[str, ...] = ()
    """Such as ``dso <= 45 d``."""
    trials: Annotated[int, Field(ge=1, le=100_000)] = 150
    replications: Replications = 2
    """Of each choice that is tried."""
    candidates: Annotated[int, Field(ge=1, le=100)] = 5
    fresh: Annotated[int, Field(ge=2, le=100_000)] = 100
    """Most fresh replications of a candidate."""
    indifference: str | float | None = None
    """Difference in the KPI that does not matter, such as 5 000 EUR; the smallest that ``fresh`` can settle without."""
    discount: FixedShare | None = None
    """Yearly rate of the net present value, such as 8 %; the base's cost of finance without."""


class Forecast(Frozen):
    """Bookings and cash of the coming months, from the open pipeline at the end of the base's own warm-up."""

    months: Annotated[int, Field(ge=1, le=60)] = 6
    replications: Annotated[int, Field(ge=20, le=100_000)] = 200
    backtest: Annotated[int, Field(ge=2, le=10_000)] | None = None
    """Simulated pasts that are forecast in the same way, to count how often what came fell into the bands."""


class Diary(Frozen):
    """The same leads in the base and in each scenario that is compared with it."""

    replications: Annotated[int, Field(ge=2, le=100_000)] = 8
    """Over which those won and lost are counted; the leads told are of the first."""
    stories: Annotated[int, Field(ge=0, le=10)] = 2
    """Leads whose every event is told."""


class Declaration(Frozen):
    """A study as a file declares it: what is asked, before any figure is known."""

    caudal: Literal[1]
    """Version of the file format."""
    study: str
    """Name for people."""
    description: str = ""
    scenarios: Annotated[tuple[str, ...], Field(min_length=1)]
    """The base, then what is compared with it: shipped names, or paths relative to this file."""
    kpis: Annotated[tuple[str, ...], Field(min_length=1)]
    """What the study is to decide by: their verdicts are adjusted over these alone, all others are exploratory."""
    mode: Mode
    """Terminating: measured from the start of the run. Steady state: once the warm-up is over."""
    warm_up: Literal["mser5"] | FixedDuration | None = None
    """Of a steady state: a time, or ``mser5`` for as long as MSER-5 asks for over all scenarios."""
    length: FixedDuration | None = None
    """Time that is measured, instead of what the scenarios say."""
    seed: Annotated[int, Field(ge=0)] = 1
    replications: Replications | None = None
    """Independent runs of each scenario, 30 where nothing is said; with a precision the fewest."""
    precision: Precision | None = None
    twins: bool = True
    """Whether both engines are compared on the first weeks of each scenario."""
    sensitivity: tuple[Sensitivity, ...] = ()
    interactions: tuple[Interaction, ...] = ()
    bottlenecks: Bottlenecks | None = None
    search: Search | None = None
    forecast: Forecast | None = None
    diary: Diary | None = None
