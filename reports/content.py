"""The content of a report, as words: everything that a document says, computed once whatever its format."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from reports import wording
from reports.certainty import PlainTable, certainty, families_line
from reports.changes import verdict_line
from reports.charts import Picture, pictures
from reports.charts.labels import wrapped
from reports.depth import Section, sections
from reports.finding import Finding
from reports.findings import findings
from reports.manifest import Line, manifest
from reports.register import Register, registers
from reports.tables import Matrix, Table, marked, matrix_of, table_of
from simulator.experiment.comparison import Comparison
from simulator.experiment.declared.outcome import Outcome
from simulator.experiment.study import Study
from simulator.experiment.trust import Checks, TrustLine, spoilt, trust_card
from simulator.schema.loading import Loaded
from simulator.schema.scenario import Scenario

UNFINISHED: Final = ("unfinished", "unfinished_cases", "journeys_in_progress", "receivables_open")
_BETTER: Final = {"higher": "more is better", "lower": "less is better", "neither": "neither more nor less is better"}


class Card(NamedTuple):
    """A headline KPI."""

    label: str
    value: str
    interval: str


class Entry(NamedTuple):
    """What a KPI, or several with the same formula, mean."""

    label: str
    formula: str
    unit: str
    better: str


class Topic(NamedTuple):
    """All findings about one thing, the weightiest first."""

    name: str
    sentences: tuple[str, ...]


class Row(NamedTuple):
    """A scenario with what it left unfinished: value and interval."""

    name: str
    cells: tuple[tuple[str, str], ...]


class Unfinished(NamedTuple):
    """What was left open at the end of the runs."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Content:
    """Everything that a report says, in its order."""

    title: str
    period: str
    verdict: str
    trust: str
    card: tuple[TrustLine, ...]
    warnings: tuple[Finding, ...]
    told: tuple[Topic, ...]
    base: str
    short_base: str
    cards: tuple[Card, ...]
    families: str
    """Among what the p-values were adjusted; empty without a comparison."""
    certainty: tuple[PlainTable, ...]
    matrix: Matrix | None
    tables: tuple[Table, ...]
    pictures: tuple[Picture, ...]
    sections: tuple[Section, ...]
    unfinished: Unfinished
    registers: tuple[Register, ...]
    glossary: tuple[Entry, ...]
    manifest: tuple[Line, ...]


def content(
    base: Study,
    others: Sequence[Study],
    comparison: Comparison | None,
    command: str,
    scenarios: Sequence[Loaded | Scenario] | None = None,
    outcome: Outcome | None = None,
    checks: Checks | None = None,
) -> Content:
    """What a report on these studies says, and on what else a declared study found, or was checked beside."""
    told, done = findings(base, others, comparison), checks if outcome is None else outcome.checks
    contrasts, asked = ((), ()) if comparison is None else (comparison.others, comparison.asked)
    return Content(
        title=_title(base, others),
        period=_period(base),
        verdict=verdict_line(base, comparison),
        trust=trust_line(base, others),
        card=tuple(trust_card([base, *others], asked, checks) if outcome is None else outcome.card),
        warnings=tuple(finding for finding in told if finding.kind == "warning"),
        told=topics(finding for finding in told if finding.kind != "warning"),
        base=base.name,
        short_base=wrapped(base.name, 24, 1),
        cards=cards(base, spoilt([base], done)),
        families=families_line(base, comparison) if comparison is not None else "",
        certainty=certainty([base, *others]) if comparison is not None else (),
        matrix=matrix_of(base, comparison, spoilt([base, *others], done)) if comparison is not None else None,
        tables=tuple(
            table_of(base, other, each, spoilt([base, other], done))
            for other, each in zip(others, contrasts, strict=True)
        ),
        pictures=pictures(base, others, comparison),
        sections=() if outcome is None else sections(outcome),
        unfinished=unfinished(base, others),
        registers=registers(scenarios or ()),
        glossary=glossary(base),
        manifest=manifest(base, others, command),
    )


def trust_line(base: Study, others: Sequence[Study]) -> str:
    """Replications, unfinished share and number of warnings, in a sentence."""
    shares = [(study.estimate("unfinished"), study.name) for study in (base, *others)]
    known = [(share, name) for share, name in shares if share.n]
    parts = [wording.plural(base.replications, "replication", "replications") + (" of each scenario" if others else "")]
    if known:
        share, name = max(known, key=lambda each: each[0].mean)
        most = f"{wording.mean_of(share)} of the leads"
        whose = f"at most {most} ({name})" if others else most
        parts.append(f"{whose} unfinished at the end of the run")
    warned = len({warning for study in (base, *others) for warning in study.warnings})
    parts.append(wording.plural(warned, "warning", "warnings") if warned else "no warnings")
    return f"{', '.join(parts)}{':' if warned else '.'}"


def topics(told: Iterable[Finding]) -> tuple[Topic, ...]:
    """Findings by topic, the topic with the weightiest finding first."""
    found: dict[str, list[str]] = {}
    for finding in told:
        found.setdefault(finding.topic, []).append(finding.sentence)
    return tuple(Topic(name, tuple(sentences)) for name, sentences in found.items())


def cards(study: Study, marks: Collection[str] = ()) -> tuple[Card, ...]:
    """The headline KPIs that have a value, marked where they are spoilt."""
    estimates = ((marked(kpi, marks), study.estimate(kpi.name)) for kpi in study.catalogue.values() if kpi.headline)
    return tuple(Card(label, wording.mean_of(e), wording.interval_of(e)) for label, e in estimates if e.n)


def unfinished(base: Study, others: Sequence[Study]) -> Unfinished:
    """What each scenario left open."""
    columns = tuple(base.catalogue[kpi].label for kpi in UNFINISHED)
    rows = tuple(
        Row(
            study.name,
            tuple((wording.mean_of(e), wording.interval_of(e) if e.n else "") for e in map(study.estimate, UNFINISHED)),
        )
        for study in (base, *others)
    )
    return Unfinished(columns, rows)


def glossary(study: Study) -> tuple[Entry, ...]:
    """Each formula once, with all KPIs that it computes."""
    labels: dict[tuple[str, str, str], list[str]] = {}
    for kpi in study.catalogue.values():
        labels.setdefault((kpi.formula, wording.unit(kpi.unit), _BETTER[kpi.better]), []).append(kpi.label)
    return tuple(Entry("; ".join(names), *key) for key, names in labels.items())


def _period(study: Study) -> str:
    first = study.start + dt.timedelta(hours=study.warm_up)
    return f"{wording.plural(round(study.length / 24), 'day', 'days')} from {wording.day(first)}"


def _title(base: Study, others: Sequence[Study]) -> str:
    if not others:
        return base.name
    if len(others) == 1:
        return f"{base.name}, and what changes with: {others[0].name}"
    return f"{base.name}, and {len(others)} ways to change it"
