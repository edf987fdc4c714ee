"""The open pipeline of a simulated run at its end: what a firm's own systems would say of it on that day."""

from __future__ import annotations

import csv
import math
from collections import defaultdict
from pathlib import Path
from typing import Final

import numpy as np

from simulator.program.layout import Kind, Ownership
from simulator.program.program import Program
from simulator.program.working_time import worked_until
from simulator.records import ACCOUNTS, Records
from simulator.schema.pipeline import OpenCase
from simulator.schema.steps import Account

OWED: Final[tuple[Account, ...]] = ("booked", "invoiced", "credited", "collected", "written_off", "recurring")
"""Accounts of which a case carries its balance on."""


def open_cases_at_end(program: Program, records: Records) -> dict[str, OpenCase]:
    """Every case that has not ended when the run does, by an identifier of its own; as rows of an open pipeline.

    Attributes that decay have their value of that moment. Work under way, and assignments of cases that nobody has
    begun to work on, are not part of it: they begin anew.
    """
    return _Snapshot(program, records).cases()


def write_cases(cases: dict[str, OpenCase], path: Path) -> None:
    """Write open cases as the CSV file that a scenario may name under ``pipeline``."""
    values = sorted({name for case in cases.values() for name in case.values})
    accounts = sorted({name for case in cases.values() for name in case.posted})
    plain = ["id", "process", "step", "age", "spent", "visits", "channel", "owners", "parent", "joined"]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([*plain, *(f"posted.{name}" for name in accounts), *values])
        for identifier, case in cases.items():
            joined = "" if case.joined is None else str(case.joined).lower()
            visits = "; ".join(f"{step} {count}" for step, count in case.visits.items())
            writer.writerow([
                identifier, case.process, case.step, f"{case.age!r} h", f"{case.spent!r} h", visits, case.channel,
                ";".join(case.owners), case.parent, joined,
                *(f"{case.posted[name]:.2f}" if name in case.posted else "" for name in accounts),
                *(case.values.get(name, "") for name in values),
            ])  # fmt: skip


class _Snapshot:
    def __init__(self, program: Program, records: Records) -> None:
        self.program, self.records = program, records
        cases, visits = records.cases, records.visits
        self.open = np.isnan(cases.ended)
        self.own: dict[int, list[int]] = defaultdict(list)
        """Visits of each case that is open or above one that is, in their order."""
        self.wanted = self.open.copy()
        for case in np.flatnonzero(self.open).tolist():
            while (case := int(cases.parent[case])) >= 0 and not self.wanted[case]:
                self.wanted[case] = True
        for row in np.flatnonzero(self.wanted[visits.case]).tolist():
            self.own[int(visits.case[row])].append(row)
        tables = program.tables
        half_lives = tables.chances.formulas.half_life
        self.decaying = np.flatnonzero(half_lives > 0).tolist()
        self.half_lives = half_lives
        self.sets = {
            row: tables.assignments["attribute"][step["first"] : step["first"] + step["items"]].tolist()
            for row, step in enumerate(tables.steps)
            if step["kind"] == Kind.SET and not step["of_parent"]
        }
        self.posted = self._posted()

    def cases(self) -> dict[str, OpenCase]:
        """The rows, in the order in which the cases were born."""
        return {self._name(case): self._row(case) for case in np.flatnonzero(self.open).tolist()}

    def _name(self, case: int) -> str:
        return f"{int(self.records.cases.key[case]) & (2**64 - 1):016x}"

    def _row(self, case: int) -> OpenCase:
        names, cases, visits = self.program.names, self.records.cases, self.records.visits
        last = self.own[case][-1]
        step = int(visits.step[last])
        process, _, name = names.steps[step].partition(".")
        parent, channel = int(cases.parent[case]), int(cases.channel[case])
        above = parent >= 0 and bool(self.open[parent])
        # Built from checked records: validation would take longer than the run.
        return OpenCase.model_construct(
            process=process, step=name, age=float(self.records.end - cases.born[case]),
            spent=self._spent(step, float(visits.entered[last])), visits=self._visits(case),
            channel=names.channels[channel] if channel >= 0 else "", owners=self._owners(case),
            parent=self._name(parent) if above else "", joined=self._joined(case) if above else None,
            values=self._values(case), posted={name: cents / 100 for name, cents in self.posted[case].items() if cents},
        )  # fmt: skip

    def _spent(self, step: int, entered: float) -> float:
        """Hours at the step so far, on the clock of a wait."""
        clock, tables = int(self.program.tables.steps["clock"][step]), self.program.tables
        if clock < 0 or tables.steps["kind"][step] != Kind.WAIT:
            return self.records.end - entered
        span = tables.calendars[clock]
        first, count = int(span["first"]), int(span["count"])
        now, then = (
            float(worked_until(moment, first, count, tables.opens, tables.closes, tables.worked))
            for moment in (self.records.end, entered)
        )
        return now - then

    def _visits(self, case: int) -> dict[str, int]:
        """How often the case has come to each step; a tool that hands it back is part of the same time."""
        visits, kinds, names = self.records.visits, self.program.tables.steps["kind"], self.program.names.steps
        counts: dict[str, int] = defaultdict(int)
        for row in self.own[case]:
            step = visits.step[row]
            tried = visits.member[row] < 0 and not math.isnan(visits.started[row]) and visits.next[row] == step
            if not (tried and kinds[step] == Kind.WORK):
                counts[names[step].partition(".")[2]] += 1
        return dict(counts)

    def _owners(self, case: int) -> tuple[str, ...]:
        """Who owns it: whoever worked on it where the step takes or keeps, unless they let it go or have left."""
        tables, visits = self.program.tables, self.records.visits
        owners: dict[int, int] = {}
        for row in self.own[case]:
            step = tables.steps[visits.step[row]]
            if step["kind"] != Kind.WORK or step["ownership"] == Ownership.NONE:
                continue
            team, member = int(step["team"]), int(visits.member[row])
            if step["ownership"] == Ownership.TAKE:
                owners.pop(team, None)
            if member >= 0:
                owners[team] = member
            if step["ownership"] == Ownership.RELEASE and not math.isnan(visits.finished[row]):
                owners.pop(team, None)
        staying = [member for member in owners.values() if tables.members["departs"][member] > self.records.end]
        return tuple(self.program.names.members[member] for member in staying)

    def _joined(self, case: int) -> bool:
        """Whether the step of the parent at which it was born waits for its children."""
        cases, visits, steps = self.records.cases, self.records.visits, self.program.tables.steps
        born = [
            int(visits.step[row])
            for row in self.own[int(cases.parent[case])]
            if visits.entered[row] == cases.born[case]
            and steps["kind"][visits.step[row]] == Kind.SPAWN
            and steps["target"][visits.step[row]] == cases.process[case]
        ]
        return any(bool(steps["joined"][step]) for step in born)

    def _values(self, case: int) -> dict[str, str]:
        values = self.records.cases.attributes[case].tolist()
        for attribute in self.decaying:
            since = self.records.end - self._touched(case, attribute, self.records.end)
            values[attribute] *= 2.0 ** (-since / float(self.half_lives[attribute]))
        names = self.program.names
        return {
            name: names.levels[name][int(value)] if name in names.levels else repr(value)
            for name, value in zip(names.attributes, values, strict=True)
            if math.isfinite(value)
        }

    def _touched(self, case: int, attribute: int, before: float) -> float:
        """When an attribute was set last up to a moment; what was copied from the parent was set when the parent's was.

        What children set in it is overlooked.
        """
        cases, visits = self.records.cases, self.records.visits
        for row in reversed(self.own[case]):
            if visits.entered[row] <= before and attribute in self.sets.get(int(visits.step[row]), ()):
                return float(visits.entered[row])
        parent = int(cases.parent[case])
        if parent >= 0 and cases.channel[case] < 0:
            return self._touched(parent, attribute, float(cases.born[case]))
        return float(cases.born[case])

    def _posted(self) -> dict[int, dict[Account, int]]:
        """Balances in cents by open case: its own, and those of ended cases below it or, without one above, beside."""
        cases, postings = self.records.cases, self.records.postings
        of_journey = {int(cases.root[case]): case for case in np.flatnonzero(self.open)[::-1].tolist()}
        carried: dict[int, dict[Account, int]] = defaultdict(lambda: defaultdict(int))
        names: dict[int, Account] = {ACCOUNTS.index(name): name for name in OWED}
        rows = zip(postings.case.tolist(), postings.account.tolist(), postings.cents.tolist(), strict=True)
        for case, account, cents in rows:
            if account not in names:
                continue
            above = case
            while above >= 0 and not self.open[above]:
                above = int(cases.parent[above])
            bearer = above if above >= 0 else of_journey.get(int(cases.root[case]), -1)
            if bearer >= 0:
                carried[bearer][names[account]] += cents
        return carried
