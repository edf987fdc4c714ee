"""The trust card: one list of what a reader must know before believing a study, each line with a verdict."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from simulator.experiment.evidence import Added, evidence_found, listed
from simulator.experiment.plan import Plan
from simulator.experiment.sensitivity.tornado import Tornado
from simulator.experiment.study import Study
from simulator.experiment.twins import difference_of_twins
from simulator.experiment.warm_up import Settling, asked_from_empty, asked_within, stands_for
from simulator.experiment.warnings import BUSY, THIN, TOPICS, Topic, cautions_of, offered_load
from simulator.schema.loading import Loaded

Standing = Literal["fine", "caution", "spoils", "not checked"]
"""Spoils: at least one of the KPIs that the study is about is not to be believed on account of it."""
Mode = Literal["terminating", "steady_state"]
"""Whether a run is measured from its start, as a firm that begins, or once it has settled."""
PRECISE: Final = 0.10
"""Half of the interval over the mean that a figure should reach where no other precision is asked for."""
LEAVE_OUT: Final = "Leave out more: caudal warm-up shows each series week by week."
GROWING: Final = "See why it grows: a season passes; a rule or a date that holds cases up does not."
SEASONS: Final = (
    "See caudal warm-up: measure whole seasons where a series has them; one that only grows has no long run."
)
MOST: Final = 1_000
"""Replications that are advised at most."""
TWIN_WEEKS: Final = 13
"""Weeks over which the engines are compared, since SimPy takes its time."""


@dataclass(frozen=True)
class TrustLine:
    """One thing that a study was checked for."""

    topic: str
    standing: Standing
    found: str
    """A sentence with the figure."""
    advice: str = ""
    """What to do about it; empty where nothing need be done."""


@dataclass(frozen=True)
class TwinCheck:
    """Whether both engines left the same records of a scenario."""

    scenario: str
    """Name for people."""
    weeks: float
    """Weeks from the start of the run that were compared, in one replication."""
    difference: str
    """Where they differ first; empty where they agree to the last bit."""


@dataclass(frozen=True)
class Checks:
    """What was found out about a study beyond its replications; whatever is missing was not checked."""

    tornado: Tornado | None = None
    twins: tuple[TwinCheck, ...] = ()
    settlings: tuple[tuple[str, tuple[Settling, ...]], ...] = ()
    """By name of each scenario its series from the empty start on."""
    precision: float | None = None
    """Half of the interval over the mean that was asked for."""
    mode: Mode = "steady_state"
    added: Added = ()
    """By name of each other scenario the weak assumptions that it adds to those of the base."""


def trust_card(studies: Sequence[Study], kpis: Sequence[str] = (), checks: Checks | None = None) -> list[TrustLine]:
    """What weakens studies that are compared, over all of them, in a fixed order.

    ``kpis`` are those that the study is about, all headlines where none are named: what makes one of them unreliable
    spoils the study, what weakens others is a caution.
    """
    done = checks or Checks()
    about = [kpi for kpi in kpis or _headlines(studies[0]) if all(kpi in study.catalogue for study in studies)]
    return [
        _unfinished(studies, about), _overload(studies, about), _warm_up(studies, about, done),
        _precision(studies, about, done.precision or PRECISE),
        TrustLine("Evidence", *evidence_found(studies[0].key, done.tornado, done.added)), _twins(done.twins),
        TrustLine("Calibration", "not checked",
                  "No calibration in this study: nothing was fitted to records of the firm itself.",
                  "Set orders, times and cash of the base beside the firm's own last year."),
    ]  # fmt: skip


def twin_check(loaded: Loaded, plan: Plan, weeks: float = TWIN_WEEKS) -> TwinCheck:
    """Let both engines run the first weeks of one replication, with every tool live at the start."""
    hours = min(weeks * 168.0, plan.length or math.inf)
    brief = Plan(plan.seed, 1, warm_up=0.0, length=hours)
    return TwinCheck(loaded.scenario.name, hours / 168, difference_of_twins(loaded, brief, 0))


def _headlines(study: Study) -> list[str]:
    return [name for name, kpi in study.catalogue.items() if kpi.headline]


def spoilt(
    studies: Sequence[Study], checks: Checks | None = None, topics: Collection[Topic] = TOPICS
) -> frozenset[str]:
    """KPIs that anything found about these studies spoils: those that the card names, and every table marks.

    What a warm-up spoils counts only where a long run is meant. Series that do not settle count for the scenarios, by
    name, that are among the studies.
    """
    done = checks or Checks()
    read = set(topics) - ({"warm-up"} if done.mode == "terminating" else set())
    found = [each.spoils for study in studies for each in cautions_of(study) if each.topic in read]
    if "warm-up" in read:
        names, known = {study.name for study in studies}, studies[0].catalogue
        series = (each for name, settled in done.settlings if name in names for each in settled)
        found += [stands_for(each.kpi, known) for each in series if each.suggested is None]
    return frozenset().union(*found)


def _standing(
    studies: Sequence[Study], topic: Topic, about: Sequence[str], checks: Checks | None = None
) -> tuple[Standing, str]:
    """How grave the cautions on a topic are, with the KPIs that they spoil as the end of a sentence."""
    marked = spoilt(studies, checks, (topic,))
    labels = [studies[0].catalogue[kpi].label for kpi in about if kpi in marked]
    if labels:
        return "spoils", f" This spoils {listed(labels)}."
    return ("caution" if any(c.topic == topic for study in studies for c in cautions_of(study)) else "fine"), ""


def _unfinished(studies: Sequence[Study], about: Sequence[str]) -> TrustLine:
    shares = [(study.estimate("unfinished").mean, study.name) for study in studies if "unfinished" in study.samples]
    known = [each for each in shares if not math.isnan(each[0])]
    if not known:
        return TrustLine("Unfinished", "fine", "No lead came in the measured time.")
    standing, words = _standing(studies, "unfinished", about)
    share, name = max(known)
    advice = "" if standing == "fine" else "Measure longer, or read conversions and cash rather than times."
    return TrustLine(
        "Unfinished", standing, f"At most {share:.0%} of the leads were open at the end ({name}).{words}", advice
    )


def _overload(studies: Sequence[Study], about: Sequence[str]) -> TrustLine:
    loads = [
        (offered_load(study, team), study.names.team_labels[team] or name, study.name)
        for study in studies
        for team, name in enumerate(study.names.teams)
    ]
    standing, words = _standing(studies, "overload", about)
    known = [each for each in loads if not math.isnan(each[0])]
    if not known and standing == "fine":
        return TrustLine("Overload", "fine", "No team had work.")
    advice = "Give the team hours or take work from it; until then its waits grow, or its cases give up."
    if standing != "fine" and all(load < BUSY for load, *_ in loads):
        growing = next((n.name, each) for n in studies for each in cautions_of(n) if each.topic == "overload")
        return TrustLine("Overload", standing, f"{growing[0]}: {growing[1].sentence}{words}", GROWING)
    found = "The most work for its hours comes to {1}: {0:.0%} of them ({2}).".format(*max(known)) if known else ""
    untold = [f"{label} ({name})" for load, label, name in loads if math.isnan(load)]
    if untold and standing != "fine":
        found = f"{found} How much comes to {listed(untold)} cannot be told.".strip()
    return TrustLine("Overload", standing, f"{found}{words}", "" if standing == "fine" else advice)


def _warm_up(studies: Sequence[Study], about: Sequence[str], checks: Checks) -> TrustLine:
    if checks.mode == "terminating":
        return TrustLine(
            "Warm-up", "fine", "Nothing is left out: the study is of a beginning, and everything counts from hour 0."
        )
    standing, words = _standing(studies, "warm-up", about, checks)
    restless = any(each.suggested is None for _, found in checks.settlings for each in found)
    used, advice = studies[0].warm_up, LEAVE_OUT
    told = [each.sentence for study in studies for each in cautions_of(study) if each.topic == "warm-up"]
    found = told[0] if told else f"{used / 24:.0f} d are left out; {asked_within(studies)}."
    if checks.settlings:
        longest, asked = asked_from_empty(
            checks.settlings, {name: kpi.label for name, kpi in studies[0].catalogue.items()}
        )
        found = f"{used / 24:.0f} d are left out; {asked}."
        if longest is None:
            standing = "spoils"
        elif standing == "fine" and (longest > used or restless):
            standing = "caution"
        advice = LEAVE_OUT if longest is not None and longest > used else SEASONS
    return TrustLine("Warm-up", standing, f"{found}{words}", "" if standing == "fine" else advice)


def _precision(studies: Sequence[Study], about: Sequence[str], target: float) -> TrustLine:
    n = min(study.replications for study in studies)
    if n == 1:
        return TrustLine("Precision", "spoils", "One replication: no figure has an interval.", "Run 30 replications.")
    reached = [
        (estimate.half_width / abs(estimate.mean), study.catalogue[kpi].label, study.name)
        for study in studies
        for kpi in about
        if (estimate := study.estimate(kpi)).n > 1 and estimate.mean
    ]
    if not reached:
        return TrustLine("Precision", "caution", f"{n} replications: no figure has a value.", "Measure longer.")
    within = sum(each[0] <= target for each in reached)
    worst, label, name = max(reached)
    standing, words = _standing(studies, "precision", about)
    if standing == "fine" and within < len(reached):
        standing = "caution"
    found = (
        f"{n} replications: {within} of {len(reached)} figures are within ±{target:.0%} of their mean; the least sure "
        f"is {label}, ±{worst:.0%} ({name}).{words}"
    )
    return TrustLine("Precision", standing, found, "" if standing == "fine" else _run_on(n, worst / target, label))


def _run_on(n: int, wide: float, label: str) -> str:
    """How many replications make the widest interval, ``wide`` times too wide, as narrow as it should be.

    Half of it shrinks as one over the root of their number. Law, *Simulation Modeling and Analysis*, 5th edition
    (2015), section 9.4.1.
    """
    needed = max(THIN, n, math.ceil(n * wide**2))
    if needed > MOST:
        return f"More than {MOST} replications would be needed: read {label} by its interval, not in per cent."
    return f"Run on, with {needed} replications (--replications {needed})." if needed > n else "Measure longer."


def _twins(twins: Sequence[TwinCheck]) -> TrustLine:
    if not twins:
        return TrustLine("Engines", "not checked", "The two engines were not compared on these scenarios.",
                         "Run caudal verify --twin FILE.")  # fmt: skip
    apart = [each for each in twins if each.difference]
    least = min(each.weeks for each in twins)
    weeks = f"{least:.2g} {'week' if least == 1 else 'weeks'}"
    if apart:
        found = f"The engines differ in {apart[0].scenario}: {apart[0].difference}"
        return TrustLine("Engines", "spoils", found, "Report it: no figure is to be used until this is mended.")
    scenarios = "the scenario" if len(twins) == 1 else f"all {len(twins)} scenarios"
    found = f"Both left the same records to the last bit: the first {weeks} of {scenarios}, with this study."
    return TrustLine("Engines", "fine", found)
