"""Pictures of studies, for pages and documents alike: each takes studies and gives a ``Picture``.

A page shows ``picture.chart`` (with its own theme left off: ``st.altair_chart(picture.chart, theme=None)``) or, where
there is none, the sentence ``picture.missing``. A document takes ``picture.svg()`` and ``picture.alt``.
"""

from collections.abc import Sequence

from reports.charts.bottlenecks import bottlenecks, ladder
from reports.charts.differences import differences, strip
from reports.charts.funnel import funnel
from reports.charts.money import cash_curve, cash_gain
from reports.charts.people import utilisation
from reports.charts.theme import Picture
from reports.charts.tornado import tornado
from reports.charts.waiting import queue_compared, queue_lengths, waiting_by_scenario, waiting_by_team
from simulator.experiment.comparison import Comparison
from simulator.experiment.study import Study

__all__ = [
    "Picture",
    "bottlenecks",
    "cash_curve",
    "cash_gain",
    "differences",
    "funnel",
    "ladder",
    "pictures",
    "queue_compared",
    "queue_lengths",
    "strip",
    "tornado",
    "utilisation",
    "waiting_by_scenario",
    "waiting_by_team",
]


def pictures(base: Study, others: Sequence[Study] = (), comparison: Comparison | None = None) -> tuple[Picture, ...]:
    """Everything there is to see of a base and what it was compared with, in the order of a report."""
    contrasts = comparison.others if comparison is not None else ()
    changes = [differences(base, contrast, name=f"differences-{i}") for i, contrast in enumerate(contrasts, start=1)]
    money = [cash_gain(base, others)] if others else []
    queues = [queue_compared(base, others)] if others else []
    return (
        *changes,
        strip([base, *others], "margin"),
        funnel(base, others),
        waiting_by_team(base),
        waiting_by_scenario(base, others),
        utilisation(base, others),
        queue_lengths(base),
        *queues,
        cash_curve(base),
        *money,
    )
