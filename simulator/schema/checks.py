"""Everything that a scenario can get wrong although every statement, taken alone, is well formed."""

from __future__ import annotations

from collections.abc import Collection
from itertools import chain
from pathlib import Path

from simulator.schema.arrivals import arrival_findings
from simulator.schema.curves import curve_findings
from simulator.schema.flow import flow_findings
from simulator.schema.magnitudes import magnitude_findings
from simulator.schema.open_cases import open_cases, pipeline_findings
from simulator.schema.paths import Finding, first_of
from simulator.schema.public_holidays import holiday_findings
from simulator.schema.references import formula_findings, reference_findings
from simulator.schema.scenario import Scenario
from simulator.schema.staffing import staffing_findings
from simulator.schema.steps import Wait
from simulator.schema.vocabulary import name_findings
from simulator.schema.walk import parts


def check(scenario: Scenario, folder: Path, doubtful: Collection[str] = ()) -> list[Finding]:
    """All findings about a validated scenario, without the flow of processes that are in doubt.

    ``folder`` is where the paths of its trace files start from.
    """
    found = chain(
        name_findings(scenario),
        reference_findings(scenario),
        formula_findings(scenario),
        flow_findings(
            scenario, doubtful, {(case.process, case.step) for case in open_cases(scenario, folder).values()}
        ),
        staffing_findings(scenario),
        arrival_findings(scenario, folder),
        pipeline_findings(scenario, folder),
        magnitude_findings(scenario),
        curve_findings(scenario),
        holiday_findings(scenario),
        _timeless_waits(scenario),
        _roles(scenario),
    )
    return first_of(found)


def _timeless_waits(scenario: Scenario) -> list[Finding]:
    waits = ((part.path, part.model) for part in parts(scenario) if isinstance(part.model, Wait))
    message = "this wait takes no time: give it a 'duration', or a schedule under 'until'"
    return [Finding(path, message) for path, wait in waits if wait.duration is None and wait.until is None]


def _roles(scenario: Scenario) -> list[Finding]:
    """All but the first attribute of a role."""
    holders = [name for name, attribute in scenario.attributes.items() if attribute.role == "satisfaction"]
    message = "is the customer's satisfaction already: leave out the 'role' of one of the two"
    return [Finding(("attributes", name, "role"), f"'{holders[0]}' {message}") for name in holders[1:]]
