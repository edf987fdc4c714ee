"""Why the weighted pipeline of a healthy firm promises too much.

``python tests/scenarios/forecasts.py 20`` prints the table of docs/model.md, over 20 replications.
"""

import sys
from typing import NamedTuple

import numpy as np

from simulator.engines.compiled_engine import simulate
from simulator.experiment.plan import Plan, with_horizon
from simulator.kpis.forecast import bookings_of, open_at, opportunities_of
from simulator.kpis.journeys import journeys_of
from simulator.kpis.window import MONTH, WEEK, counted, ratio
from simulator.program.compiler import compile_scenario
from simulator.schema.loading import load_scenario

FIRMS = ("baselines/pt_installation", "baselines/b2b_saas")
YEAR, QUARTERS, HALF_YEAR = 52 * WEEK, 39 * WEEK, 6 * MONTH


class Rule(NamedTuple):
    """How a stage is weighed: which past month starts count, and whether what is still open counts as not won."""

    label: str
    first: float
    least_age: float
    open_lost: bool


RULES = (
    Rule("won of those closed, as the KPI has it", 0, 0, False),
    Rule("won of all that stood there half a year ago or earlier", 0, HALF_YEAR, True),
    Rule("the same, without the first half year of the run", HALF_YEAR, HALF_YEAR, True),
)


def biases(name: str, replications: int) -> tuple[list[float], float]:
    """Orders foretold over orders that came, less 1, by rule; and the share of these that comes after the run's end.

    The firm is simulated for a year longer than it is measured, so that what is open in the end is seen to close.
    """
    loaded = load_scenario(name)
    program = compile_scenario(with_horizon(loaded.scenario, Plan(length=2 * YEAR)), loaded.folder, loaded.digest)
    foretold, came, late, start = np.zeros(len(RULES)), 0, 0, program.warm_up
    for number in range(replications):
        records = simulate(program, 1, number)
        journeys = journeys_of(program, records)
        those, past = opportunities_of(program, records, journeys, bookings_of(records, journeys)), []
        moments = np.arange(start % MONTH, start + QUARTERS, MONTH)
        for moment, (rows, stages) in zip(moments, open_at(those, moments), strict=True):
            if moment >= start:
                came += np.isfinite(those.order[rows]).sum()
                late += ((those.order[rows] >= start + YEAR) & np.isfinite(those.order[rows])).sum()
                foretold += [_foretold(rule, past, those, moment)[stages].sum() for rule in RULES]
            past.append((moment, rows, stages))
    return list(foretold / came - 1), late / came


def _foretold(rule, past, those, moment):
    """Weight of each stage at a moment."""
    size = those.stages.shape[1]
    kept = [one for one in past if rule.first <= one[0] <= moment - rule.least_age]
    rows, stages = (np.concatenate([one[column] for one in kept]) for column in (1, 2))
    won, closed = those.order[rows] <= moment, those.closed[rows] <= moment
    weighed = counted(stages[closed | rule.open_lost], size)
    return np.nan_to_num(ratio(counted(stages[won], size), weighed))


def table(replications: int) -> str:
    """Bias by rule and firm, as Markdown."""
    found = [biases(name, replications) for name in FIRMS]
    heads = " | ".join(f"`{name}`" for name in FIRMS)
    rows = [f"| a stage weighs | {heads} |", "|---|---:|---:|"]
    for place, rule in enumerate(RULES):
        rows.append(f"| {rule.label} | " + " | ".join(f"{100 * bias[place]:+.0f} %" for bias, _ in found) + " |")
    rows.append("| *orders that come after the end* | " + " | ".join(f"{100 * late:.0f} %" for _, late in found) + " |")
    return "\n".join(rows)


if __name__ == "__main__":
    print(table(int(sys.argv[1]) if len(sys.argv) > 1 else 20))
