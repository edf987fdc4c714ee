"""Every KPI of the shop counted row by row in plain Python, as one would on paper; slow, and easy to read."""

import math

from simulator.records import ACCOUNTS, CAUSES, TICKS
from tests.simulator.kpis.shop import CENTRE_OF_TEAM, LEAD_PRICES, RUNNING, SHIFTS, SHOP, WAGES

STEPS = {f"{process}.{name}": step for process, body in SHOP["processes"].items() for name, step in
         body["steps"].items()}  # fmt: skip
STAGES = list(SHOP["stages"])
CENTRES = ("acquisition", "delivery", "service", "administration")
NAN = math.nan


def over(above, below):
    """A quotient, nothing where it is by zero."""
    return above / below if below else NAN


def mean(numbers):
    """The mean, of nothing undefined."""
    return over(math.fsum(numbers), len(numbers))


def rank(numbers, share):
    """The value at a share of the way from the least to the greatest, straight between two."""
    if not numbers:
        return NAN
    ordered, place = sorted(numbers), share * (len(numbers) - 1)
    low = math.floor(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (place - low) * (ordered[high] - ordered[low])


def summary(name, numbers):
    """Mean, median and 90th percentile under their names."""
    return {f"{name}_mean": mean(numbers), f"{name}_median": rank(numbers, 0.5), f"{name}_p90": rank(numbers, 0.9)}


def on_shift(member, begin, end):
    """Hours between two moments at which a member is on shift, day by day."""
    weekdays, opens, closes = SHIFTS[member]
    hours = 0.0
    for day in range(int(end // 24) + 1):
        if day % 7 in weekdays:
            hours += max(0.0, min(end, day * 24 + closes) - max(begin, day * 24 + opens))
    return hours


class Paper:
    """The rows of a run as plain Python values, with what is asked of them."""

    def __init__(self, program, records, start=None):
        self.names = program.names
        self.start, self.end = program.warm_up if start is None else start, program.end
        self.hours = self.end - self.start
        self.cases = [dict(zip(records.cases._fields, row, strict=True)) for row in zip(
            *(column.tolist() for column in records.cases), strict=True)]  # fmt: skip
        self.visits = [dict(zip(records.visits._fields, row, strict=True)) for row in zip(
            *(column.tolist() for column in records.visits), strict=True)]  # fmt: skip
        self.waits = list(zip(records.waits.visit.tolist(), records.waits.ticks.tolist(), strict=True))
        self.postings = [dict(zip(records.postings._fields, row, strict=True)) for row in zip(
            *(column.tolist() for column in records.postings), strict=True)]  # fmt: skip
        for visit in self.visits:
            visit["name"] = program.names.steps[visit["step"]]
            visit["says"] = STEPS[visit["name"]]
        self.journeys = {row: self.journey(row) for row, case in enumerate(self.cases) if self.is_lead(row, case)}
        for visit in self.visits:
            self.note_moments(visit)
        self.leads = [journey for journey in self.journeys.values() if self.inside(journey["born"])]

    def is_lead(self, row, case):
        """Whether a journey begins with the case."""
        return case["root"] == row and case["channel"] >= 0

    def journey(self, row):
        """All that a journey is asked for but its moments."""
        case = self.cases[row]
        ends = [each["ended"] for each in self.cases if each["root"] == row]
        return {
            "born": case["born"],
            "ended": NAN if any(map(math.isnan, ends)) else max(ends),
            "channel": self.names.channels[case["channel"]],
            "segment": self.names.segments[round(case["attributes"][self.names.attributes.index("segment")])],
            "moments": {},
        }

    def note_moments(self, visit):
        """Keep the first moment at which the journey came to each stage and milestone."""
        root = self.cases[visit["case"]]["root"]
        if root not in self.journeys or math.isnan(visit["started"]):
            return
        moments = self.journeys[root]["moments"]
        for what in [visit["says"].get("stage"), *visit["says"].get("marks", ())]:
            if what is not None:
                moments[what] = min(moments.get(what, math.inf), visit["started"])

    def inside(self, moment):
        """Whether a moment is measured."""
        return self.start <= moment < self.end

    def overlap(self, begin, end):
        """Hours of an interval that are measured; one without end goes on."""
        end = self.end if math.isnan(end) else end
        return max(0.0, min(end, self.end) - max(begin, self.start))

    def reached(self, what):
        """Journeys that came to a stage or milestone inside the window."""
        return [journey for journey in self.journeys.values() if self.inside(journey["moments"].get(what, NAN))]

    def spans(self, since, until):
        """Hours from one milestone, or from birth, to another inside the window."""
        found = []
        for journey in self.reached(until):
            begin = journey["born"] if since is None else journey["moments"].get(since, NAN)
            if journey["moments"][until] >= begin:
                found.append(journey["moments"][until] - begin)
        return found

    def volumes(self):
        """Leads, stages, orders and what is under way."""
        leads, orders = self.leads, self.reached("order")
        kpis = {"leads": len(leads), "orders": len(orders), "conversion_order": over(len(orders), len(leads))}
        for channel in self.names.channels:
            mine = [lead for lead in leads if lead["channel"] == channel]
            sold = [order for order in orders if order["channel"] == channel]
            kpis |= {f"leads_{channel}": len(mine), f"orders_{channel}": len(sold)}
            kpis[f"conversion_order_{channel}"] = over(len(sold), len(mine))
        for segment in self.names.segments:
            mine = [lead for lead in leads if lead["segment"] == segment]
            sold = [order for order in orders if order["segment"] == segment]
            kpis |= {f"leads_{segment}": len(mine), f"orders_{segment}": len(sold)}
            kpis[f"conversion_order_{segment}"] = over(len(sold), len(mine))
        before = len(leads)
        for stage in STAGES:
            count = len(self.reached(stage))
            kpis |= {f"reached_{stage}": count, f"conversion_{stage}": over(count, len(leads))}
            kpis[f"conversion_{stage}_from_previous"] = over(count, before)
            before = count
        return kpis | self.progress() | self.ends() | self.rework()

    def ends(self):
        """How the leads end whose own case does."""
        sale = self.names.processes.index("sale")
        over_now = [case for row, case in enumerate(self.cases)
                    if case["root"] == row and case["process"] == sale and self.inside(case["ended"])]  # fmt: skip
        ended = [self.names.outcomes[case["outcome"]] for case in over_now]
        return {f"ended_{name}": over(ended.count(name), len(ended)) for name in ("won", "lost")}

    def rework(self):
        """What people did wrong, by team."""
        done, wrong = (dict.fromkeys(self.names.teams, 0) for _ in range(2))
        for visit in self.visits:
            if visit["member"] >= 0 and self.inside(visit["finished"]):
                done[visit["says"]["team"]] += 1
                process, _, step = visit["name"].partition(".")
                back = process + "." + visit["says"].get("defect", {}).get("to", step)
                wrong[visit["says"]["team"]] += "defect" in visit["says"] and self.names.steps[visit["next"]] == back
        return {f"rework_{team}": over(wrong[team], done[team]) for team in self.names.teams}

    def progress(self):
        """Averages of what is open, and what is left at the end."""
        everything, journeys = self.cases, self.journeys.values()
        return {
            "work_in_progress": math.fsum(self.overlap(c["born"], c["ended"]) for c in everything) / self.hours,
            "journeys_in_progress": math.fsum(self.overlap(j["born"], j["ended"]) for j in journeys) / self.hours,
            "unfinished": over(sum(math.isnan(lead["ended"]) for lead in self.leads), len(self.leads)),
            "unfinished_cases": sum(math.isnan(case["ended"]) for case in everything),
        }

    def times(self):
        """First responses, stages, and the way from lead to cash."""
        responses, asked = [], []
        for journey in self.journeys.values():
            told, mql = (journey["moments"].get(mark, math.inf) for mark in ("first_response", "mql"))
            since = journey["born"] if told < mql else mql
            responses += [told - since] if self.inside(told) else []
            asked += [told - since] if self.inside(since) else []
        kpis = summary("first_response", responses)
        kpis["first_response_within_1h"] = over(sum(hours <= 1 for hours in asked), len(asked))
        for name, those in (("never_contacted", self.leads), ("mql_never_contacted", self.reached("mql"))):
            silent = [j for j in those if not {"first_response", "contacted"} & set(j["moments"])]
            kpis[name] = over(sum(self.inside(journey["ended"]) for journey in silent), len(those))
        pairs = {"lead_to_order": (None, "order"), "order_to_delivery": ("order", "delivered"),
                 "order_to_cash": ("order", "paid"), "invoice_to_cash": ("invoiced", "paid"),
                 "lead_to_cash": (None, "paid")}  # fmt: skip
        for name, (since, until) in pairs.items():
            kpis |= summary(name, [hours / 24 for hours in self.spans(since, until)])
        for place, stage in enumerate(STAGES[:-1]):
            kpis |= summary(f"stage_time_{stage}", [hours / 24 for hours in self.times_in(stage, STAGES[place + 1 :])])
        return kpis

    def times_in(self, stage, later):
        """Hours from a stage to the first of the later ones."""
        found = []
        for journey in self.journeys.values():
            since = journey["moments"].get(stage, NAN)
            until = [journey["moments"][it] for it in later if journey["moments"].get(it, -1) >= since]
            if until and self.inside(min(until)):
                found.append(min(until) - since)
        return found

    def waiting(self):
        """Hours by cause and by team, queues, and those who gave up."""
        causes, total = dict.fromkeys(CAUSES, 0.0), dict.fromkeys(self.names.teams, 0.0)
        queue, unserved = dict.fromkeys(self.names.teams, 0.0), dict.fromkeys(self.names.teams, 0)
        for row, ticks in self.waits:
            visit = self.visits[row]
            team = visit["says"]["team"]
            left = visit["finished"] if math.isnan(visit["started"]) else visit["started"]
            queue[team] += self.overlap(visit["entered"], left)
            if math.isnan(left) or self.inside(left):
                unserved[team] += math.isnan(visit["started"])
                for cause, amount in zip(CAUSES, ticks, strict=False):
                    causes[cause] += amount / TICKS
                    total[team] += amount / TICKS
        for_teams = sum(causes.values())
        self.add_delays(causes)
        kpis = {f"waiting_{cause}": over(hours, len(self.leads)) for cause, hours in causes.items()}
        kpis["waiting_total"] = over(sum(causes.values()), len(self.leads))
        kpis["waiting_for_teams"] = over(for_teams, len(self.leads))
        for team in self.names.teams:
            mine = [visit for visit in self.visits if visit["says"].get("team") == team]
            served = sum(visit["member"] >= 0 and self.inside(visit["started"]) for visit in mine)
            lost = sum(math.isnan(visit["started"]) and self.inside(visit["finished"]) for visit in mine)
            kpis[f"waiting_{team}"] = over(total[team], served + unserved[team])
            kpis[f"queue_{team}"] = queue[team] / self.hours
            kpis[f"abandoned_{team}"] = over(lost, served + lost)
        return kpis

    def add_delays(self, causes):
        """Add the hours of wait and join steps to their causes."""
        for visit in self.visits:
            kind = visit["says"]["kind"]
            if kind in {"wait", "join"} and (math.isnan(visit["finished"]) or self.inside(visit["finished"])):
                cause = visit["says"].get("cause", "customer" if kind == "wait" else "policy")
                until = self.end if math.isnan(visit["finished"]) else visit["finished"]
                causes[cause] += until - visit["entered"]

    def people(self):
        """Utilisation by team."""
        busy, present = dict.fromkeys(self.names.teams, 0.0), dict.fromkeys(self.names.teams, 0.0)
        for member in SHIFTS:
            present[member.split(".")[0]] += on_shift(member, self.start, self.end)
        for visit in self.visits:
            if visit["member"] >= 0:
                member = self.names.members[visit["member"]]
                until = self.end if math.isnan(visit["finished"]) else min(visit["finished"], self.end)
                busy[member.split(".")[0]] += max(0.0, on_shift(member, max(visit["started"], self.start), until))
        shares = {team: over(busy[team], present[team]) for team in self.names.teams}
        known = [share for share in shares.values() if not math.isnan(share)]
        return {f"utilisation_{team}": share for team, share in shares.items()} | {"utilisation_busiest": max(known)}

    def posted(self, account):
        """Postings to an account inside the window, in currency units."""
        code = ACCOUNTS.index(account)
        mine = (post for post in self.postings if post["account"] == code and self.inside(post["time"]))
        return sum(post["cents"] for post in mine) / 100

    def costs(self):
        """Cost by cost centre."""
        costs = dict.fromkeys(CENTRES, 0.0)
        for member, wage in WAGES.items():
            costs[CENTRE_OF_TEAM[member.split(".")[0]]] += wage * on_shift(member, self.start, self.end)
        costs["acquisition"] += sum(LEAD_PRICES[lead["channel"]] for lead in self.leads)
        for centre, since, hourly, once in RUNNING:
            costs[centre] += hourly * max(0.0, self.end - max(since, self.start))
            costs[centre] += once if self.inside(since) else 0.0
        for post in self.postings:
            if ACCOUNTS[post["account"]] == "cost" and self.inside(post["time"]):
                step = STEPS[self.names.steps[post["step"]]]
                centre = CENTRE_OF_TEAM[step["team"]] if "team" in step else step.get("cost_centre", "delivery")
                costs[centre] += post["cents"] / 100
        return costs

    def owed(self):
        """What customers owe at the end of the run, and on the average over the window."""
        signs = {"invoiced": 1, "credited": -1, "collected": -1, "written_off": -1}
        open_end = average = 0.0
        for post in self.postings:
            amount = signs.get(ACCOUNTS[post["account"]], 0) * post["cents"] / 100
            open_end += amount
            average += amount * (self.end - max(post["time"], self.start)) / self.hours
        return open_end, average

    def signed(self, post, bought):
        """1 for what the firm buys on account, -1 for what it pays."""
        return (self.names.steps[post["step"]] in bought) - (ACCOUNTS[post["account"]] == "paid")

    def money(self):
        """Revenue, cash, costs and what remains."""
        booked, collected, paid, written_off = map(self.posted, ("booked", "collected", "paid", "written_off"))
        invoiced, costs = self.posted("invoiced") - self.posted("credited"), self.costs()
        open_end, average = self.owed()
        total, orders = sum(costs.values()), len(self.reached("order"))
        bought = {"delivery.parts", "care.thank"}
        settled = sum(post["cents"] / 100 for post in self.postings if self.inside(post["time"])
                      and self.names.steps[post["step"]] in bought)  # fmt: skip
        owing = sum(self.signed(post, bought) * post["cents"] / 100 * (self.end - max(post["time"], self.start))
                    for post in self.postings) / self.hours  # fmt: skip
        dso, dpo = over(average, invoiced) * self.hours / 24, over(owing, settled) * self.hours / 24
        margin = invoiced - written_off - total
        return {f"cost_{centre}": cost for centre, cost in costs.items()} | {
            "revenue_booked": booked, "revenue_invoiced": invoiced, "cash_collected": collected,
            "receivables_open": open_end, "written_off": written_off, "bad_debt_rate": over(written_off, invoiced),
            "dso": dso, "dpo": dpo, "cash_conversion_cycle": dso - dpo, "cost_total": total,
            "acquisition_cost_per_lead": over(costs["acquisition"], len(self.leads)),
            "cac": over(costs["acquisition"], orders), "cost_presales": 0.0,
            "margin": margin, "margin_rate": over(margin, invoiced),
            "cost_of_finance": average * 0.08 * self.hours / 8760, "net_cash": collected - paid - (total - settled),
        }  # fmt: skip

    def kpis(self):
        """Every KPI by its name."""
        return self.volumes() | self.times() | self.waiting() | self.people() | self.money()
