"""Simulated figures against closed forms of queueing theory."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from simulator.engines.choice import Engine
from simulator.errors import StudyError
from simulator.experiment.closed_forms import CASES, Case, Figure
from simulator.experiment.intervals import t_interval
from simulator.experiment.plan import Plan
from simulator.experiment.replications import Progress, run_all
from simulator.experiment.study import Study
from simulator.experiment.tasks import Cancellation
from simulator.records import Floats
from simulator.schema.formula import parse_formula
from simulator.schema.loading import load_scenario

CONFIDENCE: Final = 0.999
"""Of each interval; at 95 % one in twenty figures of a sound simulator would be called off."""
REPLICATIONS: Final = 20


@dataclass(frozen=True)
class Check:
    """One figure of theory against the simulation of it."""

    case: str
    scenario: str
    quantity: str
    expected: float
    simulated: float
    low: float
    high: float
    verdict: Literal["agrees", "off", "too imprecise"]

    @property
    def passed(self) -> bool:
        """Whether theory lies in an interval that is narrow enough to mean something."""
        return self.verdict == "agrees"


def verify(
    seed: int = 1,
    jobs: int | None = None,
    progress: Progress = None,
    cancelled: Cancellation = None,
    cases: Sequence[Case] = CASES,
    engine: Engine = "auto",
) -> list[Check]:
    """Run the theory scenarios and compare every figure with its closed form.

    A figure agrees when the closed form lies inside the 99.9 % interval of 20 replications, and that interval is no
    wider than the case allows: a wide interval would agree with anything. Law, *Simulation Modeling and Analysis*,
    5th edition (2015), section 5.5, on validating against known results.
    """
    plan = Plan(seed=seed, replications=REPLICATIONS, jobs=jobs, engine=engine)
    studies = run_all([load_scenario(case.scenario) for case in cases], plan, progress, cancelled)
    return [checked(case, figure, study) for case, study in zip(cases, studies, strict=True) for figure in case.figures]


def checked(case: Case, figure: Figure, study: Study) -> Check:
    """One figure of a study against what theory expects."""
    sample = evaluated(figure.formula, {**study.samples, "hours": np.full(study.replications, study.length)})
    estimate = t_interval(sample, CONFIDENCE)
    verdict: Literal["agrees", "off", "too imprecise"] = "agrees"
    if not estimate.low <= figure.expected <= estimate.high:
        verdict = "off"
    elif not estimate.half_width <= case.precision * abs(figure.expected):
        verdict = "too imprecise"
    quantity = figure.label or figure.formula
    return Check(
        case.name, case.scenario, quantity, figure.expected, estimate.mean, estimate.low, estimate.high, verdict
    )


def evaluated(formula: str, samples: Mapping[str, Floats]) -> Floats:
    """A formula over KPIs, replication by replication; sums, differences, products and quotients."""
    return np.asarray(_value(parse_formula(formula).tree, samples), dtype=np.float64)


def _value(node: ast.expr, samples: Mapping[str, Floats]) -> Floats | float:
    match node:
        case ast.Constant(value=int() | float() as number):
            return float(number)
        case ast.Name(id=name) if name in samples:
            return samples[name]
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return _value(left, samples) + _value(right, samples)
        case ast.BinOp(left=left, op=ast.Sub(), right=right):
            return _value(left, samples) - _value(right, samples)
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            return _value(left, samples) * _value(right, samples)
        case ast.BinOp(left=left, op=ast.Div(), right=right):
            return _value(left, samples) / _value(right, samples)
    raise StudyError(f"'{ast.unparse(node)}' is neither a KPI nor arithmetic over KPIs")
