"""Recurring revenue on paper: who pays it, what it grows by and what serving it costs; plain loops again."""

import math
from collections import defaultdict

from simulator.records import ACCOUNTS
from tests.simulator.kpis.paper import Paper, over


class Worth(Paper):
    """KPIs of what customers are worth."""

    def books(self, *accounts):
        """Time, journey, case and amount of each posting to the accounts."""
        for post in self.postings:
            if ACCOUNTS[post["account"]] in accounts:
                yield post["time"], self.cases[post["case"]]["root"], post["case"], post["cents"] / 100

    def recurring(self, moment):
        """Yearly revenue of each customer before a moment."""
        sums = defaultdict(float)
        for time, root, _, amount in self.books("recurring"):
            sums[root] += amount if time < moment else 0.0
        return {root: amount for root, amount in sums.items() if amount > 0}

    def gains(self):
        """Revenue gained from new customers, from those there were, and from these by dearer renewals."""
        seen, gained = {}, {"new": 0.0, "more": 0.0, "dearer": 0.0}
        for post in self.postings:
            if ACCOUNTS[post["account"]] == "recurring" and post["cents"] > 0:
                root = self.cases[post["case"]]["root"]
                how = "dearer" if self.names.steps[post["step"]] == "care.dearer" else "more"
                how = "new" if seen.setdefault(root, post["time"]) == post["time"] else how
                gained[how] += post["cents"] / 100 if self.inside(post["time"]) else 0.0
        return gained.values()

    def care_hours(self):
        """Hours of the fitters, all and those on customers under contract."""
        found = [0.0, 0.0]
        for visit in self.visits:
            if visit["says"].get("team") == "fitters" and visit["member"] >= 0:
                until = self.end if math.isnan(visit["finished"]) else min(visit["finished"], self.end)
                hours = max(0.0, until - max(visit["started"], self.start))
                found[0] += hours
                found[1] += hours * visit["name"].startswith("care.")
        return found

    def recurring_margin(self, first):
        """Recurring revenue in force, and what of it remains after fitters, gifts and tools."""
        force = sum(
            amount * max(0.0, self.end - max(time, self.start)) for time, _, _, amount in self.books("recurring")
        )
        earned, (worked, ours) = force / 8760, self.care_hours()
        part = min(1.0, earned / first["revenue_invoiced"]) if first["revenue_invoiced"] > 0 else 1.0
        wages = 11 * self.hours
        gifts = sum(amount for time, _, case, amount in self.books("cost")
                    if self.inside(time) and self.names.processes[self.cases[case]["process"]] == "care")  # fmt: skip
        parts = sum(post["cents"] / 100 for post in self.postings if self.inside(post["time"])
                    and self.names.steps[post["step"]] == "delivery.parts")  # fmt: skip
        running = first["cost_delivery"] + first["cost_service"] - wages - gifts - parts
        share = ours / worked if worked else part
        return 1 - over(wages * share + gifts + part * running, earned)

    def customers(self, first):
        """Retention and what a customer is worth."""
        before, after = self.recurring(self.start), self.recurring(self.end)
        kept = {root: after.get(root, 0.0) for root in before}
        year, total = 8760 / self.hours, sum(before.values())
        new, more, dearer = self.gains()
        churn = 1 - over(sum(amount > 0 for amount in kept.values()), len(kept)) ** year
        margin = self.recurring_margin(first)
        main = 1.0 if sum(after.values()) >= first["revenue_invoiced"] * year / 2 else math.nan
        ltv = over(over(sum(after.values()), len(after)) * margin, churn)
        by_segment = {}
        for segment in self.names.segments:
            mine = [root for root in kept if self.journeys[root]["segment"] == segment]
            stay = [root for root in mine if kept[root] > 0]
            by_segment[f"churn_rate_{segment}"] = 1 - over(len(stay), len(mine)) ** year
        return by_segment | {
            "customers": len(after), "recurring_revenue": sum(after.values()), "churn_rate": churn,
            "nrr": over(sum(kept.values()), total) ** year, "ltv": ltv, "ltv_cac": over(ltv, first["cac"]) * main,
            "grr": over(sum(min(amount, before[root]) for root, amount in kept.items()), total) ** year,
            "expansion_share": over(more, new + more), "recurring_margin": margin,
            "price_rise_rate": over(dearer, total) * year, "churned": len(self.reached("churned")),
            "cac_payback": over(first["cost_acquisition"], new / 12 * margin) * main,
        }  # fmt: skip
