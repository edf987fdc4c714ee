"""Queues of a team, and how long their cases wait for which cause, compiled."""

from simulator.chance.compiled import bare, inlined
from simulator.engines.compiled_engine import rows
from simulator.engines.compiled_engine.heaps import head, merged, ticks_at
from simulator.engines.compiled_engine.rows import Memory
from simulator.engines.compiled_engine.tables import NOBODY

OFF_SHIFT, BUSY, OWNERSHIP, LIMIT = range(4)


@bare
def count_stretch(m: Memory, team: int, queue: int, segment: int, elapsed: int, first_note: int) -> None:
    """Count a stretch of time, in which nothing changes, for one queue; notes from ``first_note`` on are added to."""
    klass, owner = rows.queues(m)[queue]["klass"], rows.queues(m)[queue]["owner"]
    first, size = rows.teams(m)[team]["first_member"], rows.teams(m)[team]["members"]
    there = idle = idle_colleague = False
    newest = -1
    for member in range(size):
        if not present(m, team, segment, member):
            continue
        serving = rows.people(m)[first + member]["serving"]
        able = rows.serves(m)[klass, first + member] != 0
        if owner == NOBODY:
            mine = able
        else:
            mine = member == owner
            idle_colleague = idle_colleague or (able and serving < 0 and not mine)
        if mine:
            there = True
            idle = idle or serving < 0
            newest = max(newest, serving)
    if not there:
        rows.queues(m)[queue]["ticks"][OFF_SHIFT] += elapsed
    elif owner == NOBODY and idle:
        rows.queues(m)[queue]["ticks"][LIMIT] += elapsed
    elif idle_colleague:
        rows.queues(m)[queue]["ticks"][OWNERSHIP] += elapsed
    else:
        rows.queues(m)[queue]["ticks"][BUSY] += elapsed
        if rows.teams(m)[team]["discipline"] != 0 or newest > rows.tickets(m)[head(m, queue)]["number"]:
            for row in range(first_note, rows.registers(m)[0]["overtakings"]):
                note = rows.overtakings(m)[row]
                if note["queue"] == queue and note["number"] == newest:
                    note["ticks"] += elapsed
                    return
            note_overtaking(m, queue, NOBODY, 1, newest, elapsed)


@bare
def note_overtaking(m: Memory, queue: int, ticket: int, sign: int, number: int, ticks: int) -> None:
    """Note a stretch of overtaking or, with a ticket, a reading; they are worked out when the run is over.

    Until the first stretch of a queue every reading is 0, and need not be noted.
    """
    if ticket == NOBODY:
        rows.queues(m)[queue]["overtaken"] = 1
    elif rows.queues(m)[queue]["overtaken"] == 0:
        return
    row = rows.registers(m)[0]["overtakings"]
    rows.registers(m)[0]["overtakings"] = row + 1
    rows.overtakings(m)[row]["queue"] = queue
    rows.overtakings(m)[row]["ticket"] = ticket
    rows.overtakings(m)[row]["sign"] = sign
    rows.overtakings(m)[row]["number"] = number
    rows.overtakings(m)[row]["ticks"] = ticks


@bare
def count_since(m: Memory, team: int) -> None:
    """Count the time since the last change for every queue in which someone waits, segment by segment."""
    now, clock, counted = rows.registers(m)[0]["now"], rows.crews(m)[team]["clock"], rows.crews(m)[team]["counted"]
    first, count = rows.teams(m)[team]["roster_first"], rows.teams(m)[team]["roster_count"]
    first_queue, queues = rows.crews(m)[team]["first_queue"], rows.crews(m)[team]["queues"]
    # Between two changes each queue is overtaken by at most as many cases as the team has members, whatever the shifts:
    # that bounds the notes of one event, for which there has to be room.
    first_note = rows.registers(m)[0]["overtakings"]
    while clock < now:
        while counted + 1 < count and rows.roster_start(m)[first + counted + 1] <= clock:
            counted += 1
        until = now
        if counted + 1 < count:
            until = min(now, rows.roster_start(m)[first + counted + 1])
        elapsed = ticks_at(until) - ticks_at(clock)
        for queue in range(first_queue, first_queue + queues):
            if rows.queues(m)[queue]["length"] > 0:
                count_stretch(m, team, queue, counted, elapsed, first_note)
        clock = until
    rows.crews(m)[team]["counted"] = counted


@inlined
def count_waits(m: Memory, team: int) -> None:
    """Bring the count of waits up to now; nothing changes for those who wait between two calls."""
    if rows.crews(m)[team]["waiting"] > 0:
        count_since(m, team)
    rows.crews(m)[team]["clock"] = rows.registers(m)[0]["now"]


@bare
def take_out(m: Memory, ticket: int) -> None:
    """Take a case out of its queue and close its wait."""
    queue = rows.tickets(m)[ticket]["queue"]
    team = rows.wide(rows.queues(m)[queue]["team"])
    count_waits(m, team)
    rows.tickets(m)[ticket]["waiting"] = 0
    rows.queues(m)[queue]["length"] -= 1
    rows.crews(m)[team]["waiting"] -= 1
    for cause in range(4):
        rows.tickets(m)[ticket]["ticks"][cause] += rows.queues(m)[queue]["ticks"][cause]
    note_overtaking(m, queue, ticket, 1, rows.tickets(m)[ticket]["number"], 0)
    row = rows.registers(m)[0]["waits"]
    rows.registers(m)[0]["waits"] = row + 1
    rows.waits(m)[row] = ticket


@bare
def join_queue(m: Memory, ticket: int, queue: int) -> None:
    """Put a case into a queue."""
    rows.tickets(m)[ticket]["queue"] = queue
    rows.tickets(m)[ticket]["left"] = -1
    rows.tickets(m)[ticket]["right"] = -1
    for cause in range(4):
        rows.tickets(m)[ticket]["ticks"][cause] -= rows.queues(m)[queue]["ticks"][cause]
    note_overtaking(m, queue, ticket, -1, rows.tickets(m)[ticket]["number"], 0)
    # Whoever left an empty queue is at its root still.
    alone = rows.queues(m)[queue]["length"] == 0
    rows.queues(m)[queue]["root"] = ticket if alone else merged(m, rows.queues(m)[queue]["root"], ticket)
    rows.queues(m)[queue]["length"] += 1


@inlined
def segment_now(m: Memory, team: int) -> int:
    """Return the segment of the team's roster that holds now."""
    first, count = rows.teams(m)[team]["roster_first"], rows.teams(m)[team]["roster_count"]
    segment = rows.crews(m)[team]["segment"]
    now = rows.registers(m)[0]["now"]
    while segment + 1 < count and rows.roster_start(m)[first + segment + 1] <= now:
        segment += 1
    rows.crews(m)[team]["segment"] = segment
    return segment


@inlined
def present(m: Memory, team: int, segment: int, member: int) -> bool:
    """Return whether a member of a team is on shift in a segment of its time."""
    row = rows.teams(m)[team]
    return rows.presence(m)[row["presence_first"] + segment * row["members"] + member] != 0
