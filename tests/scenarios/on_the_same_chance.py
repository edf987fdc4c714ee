"""A scenario as it is and with changes, on the same chance: what several tests compare."""

from collections.abc import Mapping

from simulator.experiment.plan import Plan
from simulator.experiment.replications import run_all
from simulator.records import Floats
from simulator.schema.loading import load_changed, load_scenario


def samples_of(name: str, changes: Mapping[str, Mapping[str, object]], plan: Plan) -> dict[str, Mapping[str, Floats]]:
    """Samples of each KPI, by change: every changed scenario lives through the same replications."""
    base = load_scenario(name)
    studies = run_all([load_changed(base, dict(change)) for change in changes.values()], plan)
    return {label: study.samples for label, study in zip(changes, studies, strict=True)}
