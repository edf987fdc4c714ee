"""The KPIs of acquisition, collection and customers on paper, beside those of ``paper``: plain loops again."""

import math
from collections import defaultdict

from simulator.records import ACCOUNTS
from tests.simulator.kpis.paper import STAGES, mean, on_shift, over, summary
from tests.simulator.kpis.paper_recurring import Worth
from tests.simulator.kpis.shop import CHANNEL_COSTS, LEAD_PRICES, SHIFTS, TARGETS

MONTH = 730.0


class Growth(Worth):
    """Every KPI of the shop."""

    def kpis(self):
        """Those of the parent and all others."""
        first = super().kpis()
        foretold = self.forecast()
        return first | self.handover() | self.channels() | self.campaigns() | foretold | self.load() | (
            self.targets(foretold["weighted_pipeline"]) | self.collection() | self.customers(first) | self.service()
        )  # fmt: skip

    def marked(self, mark):
        """Visits inside the window to steps with the mark."""
        return sum(mark in v["says"].get("marks", ()) and self.inside(v["started"]) for v in self.visits)

    def handover(self):
        """Scores, hand-offs and quotes."""
        mqls, good = self.reached("mql"), self.reached("relevant")
        hits = sum("relevant" in journey["moments"] for journey in mqls)
        no, yes = self.marked("sales_rejected"), self.marked("sales_accepted")
        quoted = sum("quoted" in journey["moments"] for journey in self.reached("order"))
        return {
            "score_precision": over(hits, len(mqls)), "score_recall": over(hits, len(good)),
            "mql_rejection_rate": over(no, no + yes), "win_rate": over(quoted, len(self.reached("quoted"))),
            "misrouted": over(len(self.reached("misrouted")), len(mqls)),
            "sla_missed": over(len(self.reached("sla_missed")), len(mqls)),
            "accepted_never_contacted": self.left_alone(),
        }  # fmt: skip

    def left_alone(self):
        """Share of the accepted hand-offs after which nobody called before the next one, or before the end."""
        told = {root: [] for root in self.journeys}
        for visit in self.visits:
            marks = set(visit["says"].get("marks", ())) & {"sales_accepted", "first_response", "contacted"}
            root = self.cases[visit["case"]]["root"]
            if marks and root in told and not math.isnan(visit["started"]):
                told[root].append((visit["started"], "sales_accepted" in marks))
        alone = []
        for root, moments in told.items():
            ordered = sorted(moments, key=lambda each: each[0])
            for (moment, accepted), after in zip(ordered, [*ordered[1:], None], strict=False):
                if accepted and self.inside(moment):
                    alone.append(self.inside(self.journeys[root]["ended"]) if after is None else after[1])
        return over(sum(alone), len(alone))

    def channels(self):
        """Cost of a lead and return by channel."""
        found, spent = {}, 0.0
        for channel in self.names.channels:
            leads = sum(lead["channel"] == channel for lead in self.leads)
            cost = leads * LEAD_PRICES[channel]
            for hourly, once, moment in CHANNEL_COSTS.get(channel, ()):
                cost += hourly * self.hours + once * self.inside(moment)
            booked = sum(amount for time, root, _, amount in self.books("booked")
                         if self.inside(time) and self.journeys[root]["channel"] == channel)  # fmt: skip
            found |= {f"cost_per_lead_{channel}": over(cost, leads), f"channel_return_{channel}": over(booked, cost)}
            spent += cost
        return found | {"cost_per_lead": over(spent, len(self.leads))}

    def campaigns(self):
        """Cost of a lead and return of the fair of 9 January, which lasts a day."""
        if not self.inside(8 * 24):
            return {}
        came = [root for root, journey in self.journeys.items()
                if journey["channel"] == "fair" and 8 * 24 <= journey["born"] <= 9 * 24]  # fmt: skip
        cost = 700 + len(came) * LEAD_PRICES["fair"]
        booked = sum(amount for _, root, _, amount in self.books("booked") if root in came)
        name = "fair_2024_01_09"
        return {f"campaign_cost_per_lead_{name}": over(cost, len(came)), f"campaign_return_{name}": over(booked, cost)}

    def targets(self, pipeline):
        """Bookings of those who have a target, each the booking of who was at its case last before."""
        booked, quarters = dict.fromkeys(TARGETS, 0.0), [0.0] * int(self.hours / 2184 + 1e-9)
        for post in self.postings:
            if ACCOUNTS[post["account"]] != "booked" or not self.inside(post["time"]):
                continue
            workers = [
                (visit["started"], self.names.members[visit["member"]])
                for visit in self.visits
                if visit["case"] == post["case"] and visit["member"] >= 0 and visit["started"] <= post["time"]
            ]
            sellers = [member for _, member in sorted(workers) if member in TARGETS]
            if sellers:
                booked[sellers[-1]] += post["cents"] / 100
                quarter = int((post["time"] - self.start) / 2184)
                if quarter < len(quarters):
                    quarters[quarter] += post["cents"] / 100
        hourly = sum(TARGETS.values())
        return {
            f"target_attainment_{name.replace('.', '_')}": over(booked[name], target * self.hours)
            for name, target in TARGETS.items()
        } | {
            "target_attainment": over(sum(booked.values()), hourly * self.hours),
            "targets_reached": mean([one >= hourly * 2184 for one in quarters]),
            "pipeline_coverage": over(pipeline, hourly * 2184),
        }

    def standing(self, moment):
        """Rows and stages of the open opportunities; the offer is a quote, and only the contact comes before it."""
        found = []
        for root, journey in self.journeys.items():
            seen = [stage for stage in STAGES if journey["moments"].get(stage, math.inf) <= moment]
            if seen and not self.closed(root, moment):
                found.append((root, seen[-1]))
        return found

    def closed(self, root, moment):
        """Whether a journey has ordered or ended by a moment."""
        journey = self.journeys[root]
        return journey["ended"] <= moment or self.ordered(root, moment)

    def ordered(self, root, moment):
        """Whether a journey has ordered by a moment."""
        return self.journeys[root]["moments"].get("order", math.inf) <= moment

    def forecast(self):
        """The pipeline of each month, foretold from those before it, against its bookings."""
        first = {root: amount for time, root, _, amount in self.books("booked")
                 if time == self.journeys[root]["moments"].get("order")}  # fmt: skip
        starts = [self.start % MONTH]
        while starts[-1] + MONTH <= max(self.start, self.end - 3 * MONTH) + 1e-6:
            starts.append(starts[-1] + MONTH)
        pipelines, misses, bookings = [], [], []
        for moment in starts:
            past = [one for start in starts if start < moment for one in self.standing(start)]
            past = [(root, stage) for root, stage in past if self.closed(root, moment)]
            if moment < self.start or not past:
                continue
            pipeline = booked = 0.0
            value = mean([amount for root, amount in first.items() if self.ordered(root, moment)])
            for root, stage in self.standing(moment):
                alike = [self.ordered(other, moment) for other, stood in past if stood == stage]
                pipeline += over(sum(alike), len(alike)) * value if any(alike) else 0.0
                booked += first.get(root, 0.0)
            pipelines.append(pipeline)
            bookings.append(booked)
            misses += [abs(pipeline - booked) / booked] if booked else []
        bias = over(sum(pipelines), sum(bookings)) - 1
        return {"weighted_pipeline": mean(pipelines), "forecast_error": mean(misses), "forecast_bias": bias}

    def load(self):
        """Inequality within teams, and bookings for an hour of selling."""
        busy = defaultdict(float)
        for visit in self.visits:
            if visit["member"] >= 0:
                member = self.names.members[visit["member"]]
                until = self.end if math.isnan(visit["finished"]) else min(visit["finished"], self.end)
                busy[member] += max(0.0, on_shift(member, max(visit["started"], self.start), until))
        found = {}
        for team in self.names.teams:
            crew = [member for member in SHIFTS if member.startswith(f"{team}.")]
            loads = [over(busy[member], on_shift(member, self.start, self.end)) for member in crew]
            loads = [load for load in loads if not math.isnan(load)]
            gap = sum(abs(one - other) for one in loads for other in loads)
            found[f"load_gini_{team}"] = over(gap, 2 * len(loads) * sum(loads)) if len(loads) > 1 else math.nan
        selling = sum(hours for member, hours in busy.items() if member in ("sales.ann", "sales.bob"))
        return found | {"revenue_per_sales_hour": over(self.posted("booked"), selling)}

    def parts(self):
        """Amount, moments of invoice, of due and of settlement of each cent-exact part, and whether it was collected:
        here a case has one invoice.
        """
        for invoiced, _, case, whole in self.books("invoiced"):
            due = min((v["started"] for v in self.visits if v["case"] == case and v["name"] == "delivery.over"),
                      default=math.inf)  # fmt: skip
            settled = 0.0
            for account in ("credited", "collected", "written_off"):
                for time, _, of, part in self.books(account):
                    if of == case:
                        settled += part
                        yield part, invoiced, due, time, account == "collected"
            yield whole - settled, invoiced, due, math.inf, False

    def collection(self):
        """Ageing, overdue money and how well it comes in."""
        age, all_hours, late_hours, late = (
            dict.fromkeys(("current", "1_30", "31_60", "61_90", "over_90"), 0.0),
            0.0,
            0.0,
            0.0,
        )
        months = max(1, round(self.hours / MONTH))
        fell_due = sent = recovered = ended = 0.0
        for amount, invoiced, due, settled, collected in self.parts():
            sent += amount if self.inside(invoiced) else 0.0
            fell_due += amount if due < settled and self.inside(due) else 0.0
            ended += amount if due < settled and self.inside(settled) else 0.0
            recovered += amount if due < settled and self.inside(settled) and collected else 0.0
            all_hours += amount * self.overlap(invoiced, min(settled, self.end))
            late_hours += amount * max(0.0, self.overlap(min(due, settled), min(settled, self.end)))
            for month in range(1, months + 1):
                edge = self.start + self.hours * month / months
                late += amount if due <= edge < settled else 0.0
            if settled == math.inf:
                age["current" if due > self.end else "1_30"] += amount
        cleared = self.posted("collected") + self.posted("written_off")
        invoices = sum(self.inside(time) for time, *_ in self.books("invoiced"))
        invoiced = self.posted("invoiced") - self.posted("credited")
        return {f"ageing_{bucket}": amount for bucket, amount in age.items()} | {
            "overdue_share": over(late_hours, all_hours), "cei": over(cleared, cleared + late),
            "late_payment_rate": over(fell_due, sent), "recovery_rate": over(recovered, ended),
            "dispute_rate": over(self.marked("disputed"), invoices),
            "dunning_per_invoice": over(self.marked("dunned"), invoices),
            "collected_share": over(self.posted("collected"), invoiced),
        }  # fmt: skip

    def service(self):
        """Support, renewals and advocacy."""
        tickets, count = self.marked("ticket"), (len(self.recurring(self.start)) + len(self.recurring(self.end))) / 2
        asked = {}
        for case in self.cases:
            if math.isnan(case["ended"]) and case["root"] in self.recurring(self.end):
                asked.setdefault(case["root"], case["attributes"][self.names.attributes.index("mood")])
        brought = [
            row for row in self.journeys if self.cases[row]["parent"] >= 0 and self.inside(self.cases[row]["born"])
        ]
        hours = [self.cases[v["case"]]["ended"] - v["started"] for v in self.visits
                 if "ticket" in v["says"].get("marks", ()) and self.inside(self.cases[v["case"]]["ended"])]  # fmt: skip
        handed, reviewed = self.reached("delivered"), self.reached("reviewed")
        of_those = [journey for journey in reviewed if "delivered" in journey["moments"]]
        fans, foes = (sum(good(round(mood)) for mood in asked.values()) for good in ((8).__lt__, (7).__gt__))
        return summary("ticket_resolution", hours) | {
            "nps": over(100 * (fans - foes), len(asked)),
            "renewal_rate": over(self.marked("renewed"), self.marked("renewal_due")), "upsells": self.marked("upsold"),
            "first_contact_resolution": over(self.marked("resolved_at_once"), tickets),
            "escalation_rate": over(self.marked("escalated"), tickets), "satisfaction": mean(list(asked.values())),
            "tickets_per_customer": over(tickets, count * self.hours / 8760),
            "referral_share": over(len(brought), len(self.leads)),
            "review_share": over(len(of_those), len(handed)),
        }  # fmt: skip
