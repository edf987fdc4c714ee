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
    rows.visit_case(m)[row], rows.visit_step(m)[row] = rows.cases(m)[case]["number"], step
    rows.visit_entered(m)[row] = rows.registers(m)[0]["now"]
    rows.visit_started(m)[row], rows.visit_finished(m)[row] = math.nan, math.nan
    rows.visit_member(m)[row], rows.visit_next(m)[row] = -1, -1
    return row


@inlined
def start(m: Memory, row: int, member: int) -> None:
    """Note when work began and who does it, -1 for nobody."""
    rows.visit_started(m)[row] = rows.registers(m)[0]["now"]
    rows.visit_member(m)[row] = member


@inlined
def leave(m: Memory, row: int, following: int) -> None:
    """Note when the case left and where it went."""
    rows.visit_finished(m)[row] = rows.registers(m)[0]["now"]
    rows.visit_next(m)[row] = following


@bare
def write_posting(m: Memory, case: int, step: int, account: int, cents: int) -> None:
    """Write an entry of the ledger."""
    row = rows.registers(m)[0]["postings"]
    rows.registers(m)[0]["postings"] = row + 1
    entry = rows.postings(m)[row]
    entry["time"], entry["case"], entry["step"], entry["account"], entry["cents"] = (
        rows.registers(m)[0]["now"], rows.cases(m)[case]["number"], step, account, cents,
    )  # fmt: skip


@bare
def create(m: Memory, key: int, process: int, channel: int, parent: int) -> int:
    """Create a case, whose life is yet to begin, and return its place."""
    once = rows.registers(m)[0]
    row, now, place = once["roll"], once["now"], once["vacant"]
    once["roll"] = row + 1
    if place >= 0:
        once["vacant"] = rows.cases(m)[place]["parent"]
    else:
        place = once["cases"]
        once["cases"] = place + 1
    entry = rows.roll(m)[row]
    entry["key"], entry["process"], entry["channel"], entry["place"] = key, process, channel, place
    entry["parent"], entry["root"] = -1, row
    entry["born"], entry["ended"], entry["outcome"] = now, math.nan, -1
    case, win_factor = rows.cases(m)[place], 1.0
    if parent >= 0:
        rows.cases(m)[parent]["dependants"] += 1
        win_factor = rows.cases(m)[parent]["win_factor"]
        entry["parent"] = rows.cases(m)[parent]["number"]
        if channel < 0:
            entry["root"] = rows.roll(m)[entry["parent"]]["root"]
    case["key"], case["number"], case["process"], case["channel"], case["parent"] = key, row, process, channel, parent
    case["born"], case["win_factor"], case["at"] = now, win_factor, rows.processes(m)[process]["first_step"]
    clear(m, place, process)
    rows.expect(m, max(once["vacant"], 0), once["visits"])
    return place


@inlined
def clear(m: Memory, place: int, process: int) -> None:
    """Let nothing be left of the case that was there before; attributes are all set when a case is born."""
    case = rows.cases(m)[place]
    case["over"], case["joined"], case["joining"], case["dependants"], case["children"] = 0, 0, 0, 0, 0
    case["waited"], case["worked"], case["rework"], case["rework_effort"] = 0.0, 0.0, -1, 1.0
    case["visit"], case["row"], case["member"], case["assigned"] = 0, 0, 0, 0
    case["effort_left"], case["entered"], case["started"], case["spent"] = 0.0, 0.0, 0.0, 0.0
    case["moment"], case["at_once"] = 0.0, 0
    for step in range(rows.processes(m)[process]["steps"]):
        rows.counts(m)[place, step] = 0
    for team in range(rows.team_count(m)):
        rows.owners(m)[place, team] = -1


@bare
def retire(m: Memory, case: int) -> None:
    """Write the attributes of a case that is over, unless others depend on it, and give its place to those to come."""
    once = rows.registers(m)[0]
    while case >= 0:
        who = rows.cases(m)[case]
        if who["over"] == 0 or who["dependants"] > 0:
            break
        for at in range(rows.attributes_kept(m).size):
            rows.attributes(m)[who["number"], at] = rows.values(m)[case, rows.attributes_kept(m)[at]]
        parent = who["parent"]
        who["number"], who["parent"], once["vacant"] = -1, once["vacant"], case
        if parent >= 0:
            rows.cases(m)[parent]["dependants"] -= 1
        case = parent
