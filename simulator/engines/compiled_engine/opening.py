"""Cases that are under way when the run begins, compiled."""

from simulator.chance.compiled import bare
from simulator.engines.births import give_birth, note_known
from simulator.engines.compiled_engine import rows
from simulator.engines.compiled_engine.chance import look
from simulator.engines.compiled_engine.recorder import create
from simulator.engines.compiled_engine.rows import Memory
from simulator.engines.compiled_engine.team import own
from simulator.program.layout import OpenCases


@bare
def open_pipeline(m: Memory, these: OpenCases) -> None:
    """Create the open cases, whose lives go on at their steps once the arrivals of this moment are there."""
    for row in range(these.key.size):
        step = these.step[row]
        # Nobody is over yet: places are rows of the roll.
        parent = these.parent[row]
        case = create(m, these.key[row], these.process[row], these.channel[row], parent)
        who = rows.cases(m)[case]
        who["born"], who["at"], who["spent"] = these.born[row], step, these.spent[row]
        rows.roll(m)[row]["born"] = these.born[row]
        who["win_factor"] = these.win_factor[row]
        for at in range(these.visits.shape[1]):
            rows.counts(m)[case, at] = these.visits[row, at]
        if these.joined[row] != 0:
            who["joined"] = 1
            rows.cases(m)[parent]["children"] += 1
        remember(m, case, these)
        for team in range(these.owners.shape[1]):
            if these.owners[row, team] >= 0:
                own(m, case, team, these.owners[row, team])
    note_postings(m, these)


@bare
def remember(m: Memory, case: int, these: OpenCases) -> None:
    """Give an open case its attributes: those of its parent, or drawn as at birth, save those that are known today."""
    who, once = rows.cases(m)[case], rows.registers(m)[0]
    values, touched, parent = rows.values(m), rows.touched(m), who["parent"]
    if parent >= 0 and who["channel"] < 0:
        for attribute in range(once["attributes"]):
            values[case, attribute], touched[case, attribute] = values[parent, attribute], touched[parent, attribute]
    elif once["attributes"] > 0:
        channel = who["channel"] if who["channel"] >= 0 else rows.brought(m).shape[0] - 1
        look(m, case, 0)
        context = rows.context(m)
        context[0], context[1], context[6] = who["born"], 0.0, who["born"] - once["warm_up"]
        give_birth(
            rows.all_births(m), channel, once["seed"], once["replication"], who["key"], rows.chances(m),
            values[case], touched[case], context, these.values[case], rows.uniforms(m),
        )  # fmt: skip
    note_known(these.values[case], once["now"], rows.chances(m), values[case], touched[case])


@bare
def note_postings(m: Memory, these: OpenCases) -> None:
    """Write what the open cases have posted before, at the time of their birth."""
    registers, postings = rows.registers(m), rows.postings(m)
    for row in range(these.posted_case.size):
        entry, case = postings[registers[0]["postings"]], these.posted_case[row]
        registers[0]["postings"] += 1
        entry["time"], entry["case"], entry["step"] = these.born[case], case, these.step[case]
        entry["account"], entry["cents"] = these.posted_account[row], these.posted_cents[row]
