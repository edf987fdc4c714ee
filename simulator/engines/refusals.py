"""What no engine can run, in the words that both use."""

from __future__ import annotations

from simulator.errors import CaudalError
from simulator.program.program import Program


def endless(program: Program, step: int) -> CaudalError:
    """A case that goes round without time passing."""
    name = program.names.steps[step]
    return CaudalError(f"a case goes round through '{name}' without time passing: put a wait or work into the loop")


def unpostable(program: Program, step: int, amount: float) -> CaudalError:
    """An amount beyond all ledgers."""
    name = program.names.steps[step]
    return CaudalError(f"'{name}' posts an amount of {amount:g}, which no ledger holds: mend its formula")
