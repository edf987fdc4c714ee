"""Rows of visits, postings and cases, written as they come about."""

import math

from simulator.chance.compiled import bare, inlined
from simulator.engines.compiled_engine import rows
from simulator.engines.compiled_engine.rows import Memory


@inlined
def enter(m: Memory, case: int, step: int) -> int:
    """Open a visit and return its row."""
    row = rows.registers(m)[0]["visits"]
    rows.registers(m)[0]["visits"] = row + 1
    visit = rows.visits(m)[row]
    visit["case"], visit["step"], visit["entered"] = case, step, rows.registers(m)[0]["now"]
    visit["started"], visit["finished"], visit["member"], visit["next"] = math.nan, math.nan, -1, -1
    return row


@inlined
def start(m: Memory, row: int, member: int) -> None:
    """Note when work began and who does it, -1 for nobody."""
    rows.visits(m)[row]["started"] = rows.registers(m)[0]["now"]
    rows.visits(m)[row]["member"] = member


@inlined
def leave(m: Memory, row: int, following: int) -> None:
    """Note when the case left and where it went."""
    rows.visits(m)[row]["finished"] = rows.registers(m)[0]["now"]
    rows.visits(m)[row]["next"] = following


@bare
def write_posting(m: Memory, case: int, step: int, account: int, cents: int) -> None:
    """Write an entry of the ledger."""
    row = rows.registers(m)[0]["postings"]
    rows.registers(m)[0]["postings"] = row + 1
    entry = rows.postings(m)[row]
    entry["time"], entry["case"], entry["step"], entry["account"], entry["cents"] = (
        rows.registers(m)[0]["now"], case, step, account, cents,
    )  # fmt: skip


@bare
def create(m: Memory, key: int, process: int, channel: int, parent: int) -> int:
    """Create a case, whose life is yet to begin."""
    row = rows.registers(m)[0]["cases"]
    rows.registers(m)[0]["cases"] = row + 1
    now = rows.registers(m)[0]["now"]
    case = rows.cases(m)[row]
    case["key"], case["process"], case["channel"], case["parent"] = key, process, channel, parent
    case["root"] = row if parent < 0 or channel >= 0 else rows.cases(m)[parent]["root"]
    case["born"], case["ended"], case["outcome"] = now, math.nan, -1
    case["win_factor"] = 1.0 if parent < 0 else rows.cases(m)[parent]["win_factor"]
    case["rework"], case["rework_effort"] = -1, 1.0
    case["at"] = rows.processes(m)[process]["first_step"]
    for attribute in rows.decaying(m):
        rows.touched(m)[row, attribute] = now
    for attribute in range(rows.registers(m)[0]["attributes"]):
        rows.values(m)[row, attribute] = 0.0
    rows.expect(m, row + 1, rows.registers(m)[0]["visits"])
    return row
