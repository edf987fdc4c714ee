"""A small shop in which everything that a KPI counts happens, simulated and then recounted by hand."""

import copy

from tests.simulator.engines.toys import compiled, run

SAME = {"kind": "set", "values": {"price": "before"}}
HAND_OVER = {
    "arrive": {"kind": "decide", "outcomes": {"good": {"probability": "50 %", "to": "good"}, "other": {"to": "score"}}},
    "good": {"kind": "decide", "marks": ["relevant"], "outcomes": {"seen": {"probability": "70 %", "to": "hand_on"},
             "missed": {"to": "call"}}},
    "score": {"kind": "decide", "outcomes": {"high": {"probability": "40 %", "to": "hand_on"}, "low": {"to": "call"}}},
    "hand_on": {"kind": "decide", "marks": ["mql"], "outcomes": {"late": {"probability": "20 %", "to": "late"},
                "wrong": {"probability": "20 %", "to": "wrong"}, "well": {"to": "taken"}}},
    "late": SAME | {"marks": ["sla_missed"], "next": "taken"},
    "wrong": SAME | {"marks": ["misrouted"]},
    "taken": {"kind": "decide", "outcomes": {"no": {"probability": "35 %", "to": "rejected"},
              "yes": {"to": "accepted"}}},
    "accepted": SAME | {"marks": ["sales_accepted"], "next": "call"},
    "rejected": SAME | {"marks": ["sales_rejected"]},
}  # fmt: skip
CARE = {
    "begin": {"kind": "post", "account": "recurring", "amount": "yearly"},
    "week": {"kind": "wait", "duration": {"exponential": "5 d"}},
    "what": {"kind": "decide", "outcomes": {"ticket": {"probability": "40 %", "to": "ticket"},
             "renewal": {"probability": "20 %", "to": "renewal"}, "less": {"probability": "10 %", "to": "less"},
             "review": {"probability": "15 %", "to": "review"}, "more": {"to": "grow"}}},
    "ticket": {"kind": "decide", "marks": ["ticket"], "outcomes": {"quick": {"probability": "50 %", "to": "quick"},
               "hard": {"probability": "30 %", "to": "hard"}, "slow": {"to": "week"}}},
    "quick": {"kind": "set", "values": {"mood": "before + 1"}, "marks": ["resolved_at_once"], "next": "week"},
    "hard": {"kind": "set", "values": {"mood": "before - 2"}, "marks": ["escalated"]},
    "help": {"kind": "work", "team": "fitters", "effort": {"exponential": "2 h"}, "next": "week"},
    "renewal": {"kind": "decide", "marks": ["renewal_due"], "outcomes": {"stay": {"probability": "70 %", "to": "stay"},
                "go": {"to": "gone"}}},
    "stay": {"kind": "set", "values": {"yearly": "before + 25"}},
    "dearer": {"kind": "post", "account": "recurring", "amount": "25 EUR", "marks": ["renewed"], "next": "week"},
    "less": {"kind": "set", "values": {"yearly": "before - 50"}},
    "refund": {"kind": "post", "account": "recurring", "amount": "-50 EUR", "next": "week"},
    "review": SAME | {"marks": ["reviewed"]},
    "thank": {"kind": "post", "account": "cost", "amount": "30 EUR", "cost_centre": "service"},
    "term": {"kind": "wait", "duration": "5 h"},
    "settle": {"kind": "post", "account": "paid", "amount": "30 EUR", "next": "week"},
    "grow": {"kind": "set", "values": {"yearly": "before + 100"}},
    "more": {"kind": "post", "account": "recurring", "amount": "100 EUR", "marks": ["upsold"], "next": "week"},
    "gone": {"kind": "post", "account": "recurring", "amount": "0 - yearly", "marks": ["churned"]},
    "left": {"kind": "end", "outcome": "left", "result": "lost"},
}  # fmt: skip
SHOP = {
    "caudal": 1,
    "name": "Shop",
    "stages": {"contact": "Contact", "offer": "Offer", "deal": "Deal", "money": "Money"},
    "attributes": {
        "price": {"measures": "money", "initial": {"uniform": {"low": "900 EUR", "high": "1 500 EUR"}}},
        "yearly": {"measures": "money", "initial": "400 EUR"},
        "mood": {"initial": 7, "role": "satisfaction", "low": 0, "high": 10},
    },
    "segments": {"small": {"share": 2}, "large": {"share": 1}},
    "channels": {
        "web": {"process": "sale", "rate": "1 800 /year", "cost_per_lead": "15 EUR", "fixed_cost": "1 EUR/h"},
        "fair": {
            "process": "sale",
            "cost_per_lead": "3 EUR",
            "drops": [{"date": "2024-01-09", "leads": 12, "spread": "1 d", "cost": "700 EUR"}],
        },
        "friend": {"process": "sale", "rate": "200 /year"},
        "old": {"process": "care", "drops": [{"date": "2024-01-01", "leads": 25, "spread": "4 d"}]},
    },
    "teams": {
        "sales": {
            "cost_centre": "acquisition",
            "cost": "30 EUR/h",
            "shifts": "Mon-Fri 09:00-17:00",
            "members": {
                "ann": {"sales_target": "10 EUR/h"},
                "bob": {"shifts": "Mon-Thu 12:00-20:00", "cost": "25 EUR/h", "sales_target": "6 EUR/h"},
            },
        },
        "fitters": {"members": {"cy": {}}, "cost_centre": "delivery", "cost": "11 EUR/h", "shifts": "always"},
        "clerks": {"members": {"di": {}}, "cost": "20 EUR/h", "shifts": "Tue, Thu 08:00-12:00"},
    },
    "overheads": {"rent": {"cost": "0.5 EUR/h"}},
    "tools": {
        "planner": {"licence": "2 EUR/h", "set_up": "500 EUR", "start": "2024-01-08", "cost_centre": "service"},
        "robot": {"licence": "1 EUR/h", "set_up": "90 EUR", "start": "2024-01-01", "cost_centre": "delivery"},
    },
    "cost_of_finance": "8 %",
    "processes": {
        "sale": {
            "steps": HAND_OVER | {
                "call": {
                    "kind": "work",
                    "team": "sales",
                    "effort": {"exponential": "35 min"},
                    "stage": "contact",
                    "marks": ["first_response"],
                    "patience": {"after": {"exponential": "3 d"}, "to": "lost"},
                },
                "talk": {
                    "kind": "decide",
                    "outcomes": {
                        "skip": {"probability": "10 %", "to": "deal"},
                        "go": {"probability": "70 %"},
                        "no": {"to": "lost"},
                    },
                },
                "offer": {"kind": "work", "team": "sales", "effort": "1 h", "stage": "offer", "marks": ["quoted"]},
                "think": {"kind": "wait", "duration": {"exponential": "30 h"}},
                "again": {
                    "kind": "decide",
                    "outcomes": {"back": {"probability": "20 %", "to": "offer"}, "on": {"probability": "60 %"},
                                 "no": {"to": "lost"}},
                },
                "deal": {"kind": "post", "account": "booked", "amount": {"lognormal": {"median": "900 EUR",
                         "p90": "2 000 EUR"}}, "stage": "deal", "marks": ["order"]},
                "hand_over": {"kind": "spawn", "process": "delivery", "joined": True},
                "gather": {"kind": "join"},
                "keep": {"kind": "spawn", "process": "care", "values": {"yearly": "floor(price)"}},
                "refer": {"kind": "spawn", "process": "sale", "count": {"poisson": 0.3}, "channel": "friend"},
                "won": {"kind": "end", "outcome": "won", "result": "won"},
                "lost": {"kind": "end", "outcome": "lost", "result": "lost"},
            }
        },
        "delivery": {
            "steps": {
                "fit": {"kind": "work", "team": "fitters", "effort": {"exponential": "5 h"}, "marks": ["delivered"],
                        "defect": {"probability": "15 %", "effort": "20 %"}},
                "parts": {"kind": "post", "account": "cost", "amount": "100.25 EUR", "cost_centre": "service"},
                "supplier": {"kind": "post", "account": "paid", "amount": "100.25 EUR"},
                "bill": {
                    "kind": "work", "team": "clerks", "effort": "10 min",
                    "automation": {"share": "50 %", "time": "1 min", "cost": "0.40 EUR"},
                },
                "invoice": {"kind": "post", "account": "invoiced", "amount": "floor(price)", "marks": ["invoiced"]},
                "habit": {"kind": "decide", "outcomes": {"early": {"probability": "30 %", "to": "soon"},
                          "other": {"to": "term"}}},
                "soon": {"kind": "wait", "duration": {"exponential": "1 d"}, "cause": "schedule", "next": "fate"},
                "term": {"kind": "wait", "duration": "30 h", "cause": "schedule"},
                "over": {"kind": "decide", "marks": ["due"], "outcomes": {"now": {"probability": "30 %", "to": "fate"},
                         "late": {"to": "remind"}}},
                "remind": {"kind": "set", "values": {"price": "before"}, "marks": ["dunned"]},
                "more": {"kind": "wait", "duration": {"exponential": "2 d"}, "cause": "customer"},
                "fate": {
                    "kind": "decide",
                    "outcomes": {"bad": {"probability": "10 %", "to": "write_off"},
                                 "wrong": {"probability": "15 %", "to": "credit"}, "good": {"to": "cash"}},
                },
                "cash": {"kind": "post", "account": "collected", "amount": "floor(price)", "stage": "money",
                         "marks": ["paid"], "next": "grace"},
                "credit": {"kind": "post", "account": "credited", "amount": "120.50 EUR", "marks": ["disputed"]},
                "cash_less": {"kind": "post", "account": "collected", "amount": "floor(price) - 120.5",
                              "stage": "money", "marks": ["paid"], "next": "grace"},
                "write_off": {"kind": "post", "account": "written_off", "amount": "floor(price)", "next": "done"},
                "grace": {"kind": "wait", "duration": "6 h", "cause": "policy"},
                "done": {"kind": "end", "outcome": "done"},
            }
        },
        "care": {"steps": CARE},
    },
}  # fmt: skip
WINDOWS = {
    "two weeks and a rest": ("3 d", "18 d"),
    "one week from the start": ("0 d", "7 d"),
    "shorter than a week": ("9 d", "60 h"),
    "odd hours": ("101.5 h", "333.25 h"),
    "months with a past": ("1 500 h", "3 000 h"),
}
"""Warm-up and length of what is measured."""
SHIFTS = {
    "sales.ann": (range(5), 9, 17),
    "sales.bob": (range(4), 12, 20),
    "fitters.cy": (range(7), 0, 24),
    "clerks.di": ((1, 3), 8, 12),
}
"""Weekdays from Monday, first hour and last of each member, as the file says them."""
WAGES = {"sales.ann": 30, "sales.bob": 25, "fitters.cy": 11, "clerks.di": 20}
CENTRE_OF_TEAM = {"sales": "acquisition", "fitters": "delivery", "clerks": "administration"}
LEAD_PRICES = {"web": 15, "fair": 3, "friend": 0, "old": 0}
CHANNEL_COSTS = {"web": [(1.0, 0, 0)], "fair": [(0, 700.0, 8 * 24)]}
"""Cost an hour, what falls due once, and when, by channel."""
TARGETS = {"sales.ann": 10, "sales.bob": 6}
"""What each is to book in an hour of the calendar."""
RUNNING = (
    ("acquisition", 0, 1.0, 0),
    ("acquisition", 8 * 24, 0, 700.0),
    ("administration", 0, 0.5, 0),
    ("service", 7 * 24, 2.0, 500.0),
    ("delivery", 0, 1.0, 90.0),
)
"""Cost centre, hour from which it runs, cost an hour, and what falls due once at that hour."""


def shop(warm_up="3 d", length="18 d", **changes):
    """Program of the shop over a window, with changes to its file."""
    said = copy.deepcopy(SHOP) | changes
    said["horizon"] = {"start": "2024-01-01", "warm_up": warm_up, "length": length, "currency": "EUR"}
    return compiled(said)


def simulated(window="two weeks and a rest", seed=1):
    """Program and records of one replication, which obey all laws."""
    program = shop(*WINDOWS[window])
    return program, run(program, seed)
