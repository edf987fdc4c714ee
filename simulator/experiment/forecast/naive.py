"""The weighted pipeline: what every sales meeting multiplies out, and what a forecast has to be better than."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from simulator.experiment.forecast.months import FORECAST
from simulator.program.program import Program
from simulator.records import ACCOUNTS, Floats, Indices, Records
from simulator.schema.pipeline import OpenCase


def weights_by_step(program: Program, history: Records) -> Floats:
    """Mean amount that a case which stood at a step went on to post, children included; shape (accounts, steps).

    Cases count that are over by the end of the history, from the first time that they came to the step; a step that
    none of them came to weighs nothing.
    """
    visits, cases, steps = history.visits, history.cases, program.tables.steps.size
    _, first = np.unique(visits.case.astype(np.int64) * steps + visits.step, return_index=True)
    first = first[~np.isnan(cases.ended[visits.case[first]])]
    step = visits.step[first]
    times = np.bincount(step, minlength=steps)
    weights = np.zeros((len(FORECAST), steps))
    for row, account in enumerate(FORECAST):
        later = _later(history, ACCOUNTS.index(account), visits.case[first], visits.entered[first])
        weights[row] = np.bincount(step, later, steps) / np.maximum(1, times)
    return weights


def weighted_pipeline(program: Program, cases: Iterable[OpenCase], weights: Floats) -> Floats:
    """Sum of what open cases are worth by the steps at which they stand; a child is part of its parent. By account."""
    steps = [program.names.steps.index(f"{case.process}.{case.step}") for case in cases if not case.parent]
    worth: Floats = weights[:, steps].sum(axis=1)
    return worth


def _later(history: Records, account: int, case: Indices, moment: Floats) -> Floats:
    """What each case posts to an account from a moment on, with those that descend from it, in currency units."""
    rows = np.flatnonzero(history.postings.account == account)
    who, time, cents = history.postings.case[rows], history.postings.time[rows], history.postings.cents[rows]
    parts = []
    while who.size:
        parts.append((who, time, cents))
        who = history.cases.parent[who]
        up = who >= 0
        who, time, cents = who[up], time[up], cents[up]
    if not parts:
        return np.zeros(case.size)
    of, when, much = (np.concatenate([part[column] for part in parts]) for column in range(3))
    order = np.lexsort((when, of))
    of, when, total = of[order], when[order], np.append(0.0, np.cumsum(much[order]))
    # One number for case and time, exact to microseconds: no run lasts a million hours.
    line = of * 1e6 + when
    # What is posted at the very moment was posted on the way to the step: standing there takes time.
    low, high = np.searchsorted(line, case * 1e6 + moment, "right"), np.searchsorted(of, case, "right")
    later: Floats = (total[high] - total[low]) / 100
    return later
