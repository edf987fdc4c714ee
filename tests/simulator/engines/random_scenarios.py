"""Random valid scenarios for Hypothesis: every step kind, rule and discipline, and many things at the same time.

``scenarios()`` gives mappings as a file would say them; ``tests.simulator.engines.toys.compiled`` makes the program.
Each process spawns later ones only, and what goes backwards does so with a probability below one: runs are finite.
"""

import datetime as dt

from hypothesis import strategies as st

START = dt.date(2024, 2, 26)
"""A Monday; the run goes over a leap day and the end of a month."""
COUNTRY = "BG"
"""Its national day, the third of March, lies in the run."""
DURATIONS = st.sampled_from(["15 min", "30 min", "1 h", "1 h", "2 h", "5 h", "0 h", "1 d"])
EFFORTS = st.one_of(
    st.sampled_from(["15 min", "1 h", "1 h", "2 h", "6 h", "0 h", "x * 30 min", "1 h if visits < 2 else 2 h"]),
    st.sampled_from([
        {"exponential": "1 h"}, {"lognormal": {"median": "1 h", "p90": "4 h"}},
        {"formula": "x", "uniform": {"low": "0 h", "high": "2 h"}},
    ]),
)  # fmt: skip
SHIFTS = {
    "always": lambda weekday, hour: True,
    "Mon-Fri 09:00-13:00, 14:00-18:00": lambda weekday, hour: weekday < 5 and (9 <= hour < 13 or 14 <= hour < 18),
    "Mon-Fri 09:00-17:00": lambda weekday, hour: weekday < 5 and 9 <= hour < 17,
    "Mon-Sat 14:00-22:00": lambda weekday, hour: weekday < 6 and 14 <= hour < 22,
    "Tue, Thu 08:00-12:00": lambda weekday, hour: weekday in {1, 3} and 8 <= hour < 12,
    "Mon-Sun 22:00-06:00": lambda weekday, hour: hour >= 22 or hour < 6,
}
"""Weekly shifts, and in other words who is on shift at an hour of a weekday."""
RULES = ("first_available", "random", "round_robin", "weighted", "least_loaded", "best_performer")
LEVELS = ("small", "mid", "large")
ATTRIBUTES = {
    "x": {"initial": {"uniform": {"low": 0, "high": 4}}, "low": 0, "high": 100},
    "heat": {"initial": {"exponential": 3}, "half_life": "1 d"},
    "size": {"levels": list(LEVELS), "initial": {"choice": {"small": 0.5, "mid": 0.3, "large": 0.2}}},
    "seen": {"initial": {"formula": "heat", "normal": {"mean": 0, "sd": 1}}},
}
EFFECTS = {
    "warm": {"reads": "heat", "coefficient": 0.2, "reference": 1},
    "quick": {
        "reads": "waited",
        "axis": "log",
        "reference": "5 min",
        "points": {"5 min": "32 %", "1 h": "18 %", "1 d": "9 %"},
    },
    "slow": {"reads": "x", "states": "factor", "points": {0: 0.5, 4: 2}},
}


def maybe(draw, strategy, share=0.5):
    """Something drawn, or nothing."""
    return draw(strategy) if draw(st.floats(0, 1)) < share else None


def days(draw, most=9):
    """A date of the run."""
    return START + dt.timedelta(days=draw(st.integers(0, most)))


def team(draw, *, leavers=True, limits=True):
    """Two to four people in one to three shifts, with or without leave, limits, ramps and skills."""
    members = {}
    for name in ("ann", "bob", "cy")[: draw(st.integers(1, 3))]:
        member = {"shifts": draw(st.sampled_from(list(SHIFTS)))}
        if draw(st.booleans()):
            member |= {
                "win_factor": draw(st.sampled_from([0.8, 1.0, 1.3])),
                "weight": draw(st.sampled_from([0, 1, 2.5])),
            }
        if draw(st.integers(0, 3)) == 0:
            member |= {"speed": draw(st.sampled_from([0.5, 2, 1.25])), "availability": 0.5}
        if draw(st.integers(0, 3)) == 0:
            member["skills"] = {"size": draw(st.lists(st.sampled_from(LEVELS), min_size=1, max_size=2, unique=True))}
        if leavers and draw(st.integers(0, 3)) == 0:
            member |= {"hired": days(draw), "ramp_up": "4 d", "ramp_from": 0.5}
        if leavers and draw(st.integers(0, 3)) == 0 and "hired" not in member:
            member["leaves"] = days(draw)
        if leavers and draw(st.integers(0, 4)) == 0:
            first = days(draw)
            member["absences"] = [{"first": first, "last": first + dt.timedelta(days=1)}]
        members[name] = member
    said = {"members": members, "discipline": draw(st.sampled_from(["fifo", "lifo", "priority", "due"]))}
    # Someone who is there from the first day to the last, so that the file is not refused.
    members["dan"] = {"shifts": draw(st.sampled_from(list(SHIFTS)))}
    if limits and draw(st.booleans()):
        said["open_cases"] = draw(st.sampled_from([1, 1, 2]))
    if leavers and draw(st.integers(0, 4)) == 0:
        said["annual_leave"] = 22
    return said


def work(draw, steps, teams, rules):
    """A work step, with whatever may come with it."""
    name = draw(st.sampled_from(list(teams)))
    step = {
        "kind": "work",
        "team": name,
        "effort": draw(EFFORTS),
        "ownership": draw(st.sampled_from(["none", "take", "take", "keep", "release"])),
    }
    step |= {
        "priority": draw(st.sampled_from(["x", "heat", "size", 1])),
        "due": draw(st.sampled_from(["5 h", "x * 2 h"])),
    }
    routing = {"rule": draw(st.sampled_from(rules)), "sees_absence": draw(st.booleans())}
    if draw(st.integers(0, 2)) == 0:
        routing |= {"match": "size", "fallback": "anyone"}
    step["routing"] = routing
    if draw(st.integers(0, 2)) == 0:
        step["effects"] = draw(st.lists(st.sampled_from(["slow", "warm"]), max_size=2))
    if draw(st.integers(0, 2)) == 0:
        step["patience"] = {
            "after": draw(st.sampled_from(["0 h", "1 h", "2 h", "1 d", {"exponential": "8 h"}])),
            "to": draw(st.sampled_from(steps)),
        }
    if draw(st.integers(0, 3)) == 0:
        # A case that turns away goes on, never back to where nothing has changed.
        step["balk"] = {"at": draw(st.integers(0, 3)), "to": steps[-1]}
    if draw(st.integers(0, 2)) == 0:
        step["automation"] = {"share": 0.7, "exceptions": 0.3, "exception_effort": 1.5, "cost": "0.35 EUR"}
        step["automation"] |= draw(st.sampled_from([{}, {"tool": "robot"}])) | draw(
            st.sampled_from([{}, {"time": "30 min"}])
        )
    if draw(st.integers(0, 2)) == 0:
        step["defect"] = {"probability": 0.3, "effects": ["quick"], "effort": 0.5}
        step["defect"] |= {"to": draw(st.sampled_from(steps[:-1]))} if draw(st.booleans()) else {}
    return step


def wait(draw):
    """A wait on either clock, with or without a schedule."""
    step = {"kind": "wait", "duration": draw(DURATIONS), "clock": draw(st.sampled_from(["calendar", "business"]))}
    if draw(st.integers(0, 2)) == 0:
        step["until"] = draw(st.sampled_from([
            {"weekdays": ["Mon", "Thu"], "at": "17:00"}, {"month_days": [1, "last"]},
            {"dates": [START + dt.timedelta(days=3)]},
        ]))  # fmt: skip
    return step


def other(draw, kind, steps, later):
    """A step that takes no time, or a join."""
    if kind == "decide":
        first = {
            "probability": draw(st.sampled_from([0.3, 0.5, "0.1 + 0.05 * size"])),
            "to": draw(st.sampled_from(steps)),
        }
        outcomes = {"first": first | draw(st.sampled_from([{}, {"effects": ["warm"]}, {"when": "size != mid"}]))}
        return {"kind": "decide", "outcomes": outcomes | {"onward": {"when": "heat > 1 and visits < 3"}, "rest": {}}}
    if kind == "set":
        values = {"x": "before + 1", "heat": {"formula": "heat", "exponential": 1}, "size": "large if x > 3 else small"}
        names = draw(st.lists(st.sampled_from(list(values)), min_size=1, unique=True))
        return {
            "kind": "set",
            "of": draw(st.sampled_from(["case", "parent"])),
            "values": {name: values[name] for name in names},
        }
    if kind == "spawn" and later:
        child = {
            "process": draw(st.sampled_from(later)),
            "count": draw(st.sampled_from([1, 2, "x - 2", {"poisson": 1}])),
        }
        child |= {
            "joined": draw(st.sampled_from([True, True, False])),
            "values": {"x": {"formula": "x", "uniform": {"low": 0, "high": 1}}},
        }
        return {"kind": "spawn", **child} | ({"channel": "drop"} if draw(st.integers(0, 3)) == 0 else {})
    if kind == "post":
        account = draw(st.sampled_from(["booked", "cost", "paid"]))
        return {
            "kind": "post",
            "account": account,
            "amount": draw(st.sampled_from(["10.125 EUR", "x * 1 EUR", {"normal": {"mean": "90 EUR", "sd": "9 EUR"}}])),
        }
    return {"kind": "join"}


def process(draw, name, teams, later, rules):
    """A list of steps that ends."""
    names = [f"{name}{index}" for index in range(draw(st.integers(2, 6)))]
    steps = {}
    for step in names:
        after_spawn = steps and steps[names[len(steps) - 1]]["kind"] == "spawn"
        kinds = ["work", "work", "work", "wait", "decide", "set", "spawn", "spawn", "join", "post"]
        kind = "join" if after_spawn and draw(st.booleans()) else draw(st.sampled_from(kinds))
        if kind == "work":
            steps[step] = work(draw, [*names, "over"], teams, rules)
        elif kind == "wait":
            steps[step] = wait(draw)
        else:
            steps[step] = other(draw, kind, [*names, "over"], later)
    return {"steps": {**steps, "over": {"kind": "end", "outcome": draw(st.sampled_from(["won", "lost", name]))}}}


def channels(draw, names):
    """Arrivals of every kind, many of them at the same time."""
    hours = [f"{hour} h" for hour in (1, 3, 4.5, 24)]
    rate = {"rate": f"{draw(st.integers(0, 12))} /d", "dispersion": draw(st.sampled_from([1, 3.5]))}
    rate |= draw(st.sampled_from([{}, {"growth": "40 %"}]))
    rate |= draw(
        st.sampled_from([{}, {"profile": {"hours": {"08-18": 1}, "weekdays": {"Mon": 2, "Tue": 1, "Sat": 1}}}])
    )
    listed = {
        "drop": {"drops": [{"date": days(draw, 5), "leads": draw(st.integers(0, 12))} for _ in range(2)]},
        "steady": {"interval": draw(st.sampled_from(hours)), "stops": "6 d", "brings": {"size": "mid"}},
        "web": rate,
        "fair": {"drops": [{"date": days(draw, 5), "leads": 6, "spread": "8 h"}]},
    }
    return {
        name: {"process": names[0] if name == "drop" else draw(st.sampled_from(names)), **body}
        for name, body in listed.items()
    }


@st.composite
def scenarios(draw, rules=RULES, *, leavers=True, limits=True):
    """A valid scenario of one to three processes and one or two teams.

    Without leavers nobody comes, leaves or is absent, and there are no public holidays.
    """
    names = ["p", "q", "r"][: draw(st.integers(1, 3))]
    teams = {name: team(draw, leavers=leavers, limits=limits) for name in ("t", "s")[: draw(st.integers(1, 2))]}
    bodies = {name: process(draw, name, teams, names[index + 1 :], rules) for index, name in enumerate(names)}
    said = {
        "caudal": 1, "name": "Random", "attributes": ATTRIBUTES, "effects": EFFECTS, "teams": teams,
        "processes": bodies,
        "horizon": {"start": START, "warm_up": "1 d", "length": draw(st.sampled_from(["5 d", "8 d", "150 h"])),
                    "currency": "EUR"},
        "tools": {"robot": {"start": START + dt.timedelta(days=1), "adoption": "3 d"}},
        "channels": channels(draw, names),
    }  # fmt: skip
    if leavers and draw(st.integers(0, 3)) == 0:
        said["horizon"]["holidays"] = COUNTRY
    if draw(st.booleans()):
        said["segments"] = {"homes": {"share": 2, "brings": {"x": 3}}, "firms": {"brings": {"size": "large"}}}
    if draw(st.booleans()):
        said["products"] = {"basic": {"share": 3}, "full": {"brings": {"x": {"uniform": {"low": 1, "high": 2}}}}}
    return connected(said)


def connected(said):
    """Let a channel lead to every process, since one that nothing starts is refused."""
    for index, name in enumerate(said["processes"]):
        listed = list(said["channels"].values())
        if not any(channel["process"] == name for channel in listed):
            listed[1 + index % 3]["process"] = name
    started = {channel["process"] for channel in said["channels"].values()}
    for name in set(said["processes"]) - started:
        said["channels"][f"also_{name}"] = {"process": name, "interval": "30 h"}
    return said
