"""What a choice commits a firm to spend: known from its program, before anything is simulated."""

from __future__ import annotations

import numpy as np

from simulator.kpis.people import on_shift
from simulator.kpis.window import YEAR
from simulator.program.program import Program


def committed(program: Program) -> float:
    """Money of the first year: running costs, what falls due once in the measured time, and wages of people on shift.

    Running costs are those of tools, overheads and channels; leads that are paid by the lead are not committed and
    show in the KPIs. Wages are those of the measured time, taken to a year of 365 days.
    """
    running = program.channel_costs + program.other_costs
    yearly = sum(each.per_hour for each in running) * YEAR
    once = sum(each.once for each in running if program.warm_up <= each.start < program.end)
    hours = on_shift(program, np.array([program.warm_up, program.end]))[-1]
    wages = float(hours @ program.wages) * YEAR / (program.end - program.warm_up)
    return round(yearly + once + wages, 2)
