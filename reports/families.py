"""KPIs that come in families: the figure of one stage, team or channel."""

from __future__ import annotations

import math
import re

from simulator.experiment.intervals import Estimate
from simulator.experiment.study import Study


def member(study: Study, template: str, name: str) -> str | None:
    """Name of the KPI of one stage, team, channel or segment, such as ``utilisation_{team}`` of sales; None if unknown.

    The catalogue adds the family to a name that was taken already: ``conversion_order_stage``.
    """
    found = re.search(r"\{(\w+)\}", template)
    if found is None:
        return template if template in study.catalogue else None
    snake = re.sub(r"\W+", "_", name).strip("_").lower()
    plain = template.replace(found[0], snake)
    fuller = f"{plain}_{found[1]}"
    names = _names(study, found[1])
    if fuller in study.catalogue and f"{snake}_{found[1]}" not in names:
        return fuller
    return plain if plain in study.catalogue else None


def estimate_of(study: Study, template: str, name: str = "") -> Estimate:
    """Estimate of one member of a family of KPIs; undefined where the study has none."""
    kpi = member(study, template, name)
    return study.estimate(kpi) if kpi else Estimate(math.nan, math.nan, math.nan, 0)


def labels(names: tuple[str, ...], given: tuple[str, ...]) -> list[str]:
    """Names for people, the key where the scenario gives none."""
    return [label or name for name, label in zip(names, given, strict=True)]


def _names(study: Study, family: str) -> tuple[str, ...]:
    names = study.names
    families = {"team": names.teams, "channel": names.channels, "segment": names.segments}
    return families.get(family, names.stages)
