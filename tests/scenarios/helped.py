"""What the tools that a challenge lists do for its symptoms.

``python tests/scenarios/helped.py 10`` prints the table of docs/tools.md, over 10 replications.
"""

import sys
from typing import NamedTuple

from simulator.experiment.intervals import Estimate, t_interval
from simulator.experiment.plan import Plan
from simulator.experiment.replications import run_all
from simulator.experiment.study import Study
from simulator.schema.loading import Loaded, load_scenario, load_with
from simulator.schema.shipped import shipped

HEALTHY = "baselines/pt_installation"
CHALLENGES = sorted(name for name in shipped() if name.startswith("challenges/"))


class Case(NamedTuple):
    """One firm with a challenge, its healthy twin, and itself with the tools that should help."""

    challenge: Loaded
    healthy: Study
    ill: Study
    helped: Study

    def symptom(self, kpi: str) -> Estimate:
        """What the challenge changes, lead by lead the same."""
        return t_interval(self.ill.samples[kpi] - self.healthy.samples[kpi])

    def relief(self, kpi: str) -> Estimate:
        """What the tools take back in their first year, above zero where they help."""
        sign = 1.0 if self.challenge.scenario.symptoms[kpi] == "higher" else -1.0
        return t_interval(sign * (self.ill.samples[kpi] - self.helped.samples[kpi]))


def cases(replications: int) -> dict[str, Case]:
    """Every challenge, run with and without its tools."""
    ill = [load_scenario(name) for name in CHALLENGES]
    helped = [load_with(each, each.scenario.helped_by) for each in ill]
    plan = Plan(replications=replications, jobs=1)
    healthy, *others = run_all([load_scenario(HEALTHY), *ill, *helped], plan)
    pairs = zip(ill, others[: len(ill)], others[len(ill) :], strict=True)
    return {name: Case(loaded, healthy, *two) for name, (loaded, *two) in zip(CHALLENGES, pairs, strict=True)}


def table(found: dict[str, Case]) -> str:
    """Symptoms of every challenge, without and with its tools, as Markdown."""
    rows = [
        "| challenge | tools | symptom | healthy | ill | with the tools | the tools make it |",
        "|---|---|---|---:|---:|---:|---|",
    ]
    for name, case in found.items():
        tools = ", ".join(tool.partition("/")[2] for tool in case.challenge.scenario.helped_by)
        for kpi in case.challenge.scenario.symptoms:
            figures = " | ".join(f"{study.samples[kpi].mean():.3g}" for study in (case.healthy, case.ill, case.helped))
            relief = case.relief(kpi)
            shown = "better" if relief.low > 0 else "worse" if relief.high < 0 else "not distinguishable"
            rows.append(f"| {name.partition('/')[2]} | {tools} | `{kpi}` | {figures} | {shown} |")
    return "\n".join(rows)


if __name__ == "__main__":
    print(table(cases(int(sys.argv[1]) if len(sys.argv) > 1 else 10)))
