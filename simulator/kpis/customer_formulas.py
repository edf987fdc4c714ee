"""KPIs of customers."""

from __future__ import annotations

from typing import Final

from simulator.kpis.declared import Declared

CUSTOMERS: Final = (
    Declared(
        "cac", "Customer acquisition cost", "money", "lower", "customers",
        "Cost of acquisition and of pre-sales over orders, all inside the window.",
    ),
    Declared(
        "cost_presales", "Cost of pre-sales", "money", "lower", "customers",
        "Wages inside the window of teams of other cost centres than acquisition, by the share of the hours at work of "
        "each team there that went into leads before they ordered, in processes in which leads order.",
    ),
    Declared(
        "customers", "Customers", "cases", "higher", "customers",
        "Journeys with recurring revenue at the end of the run.",
    ),
    Declared(
        "recurring_revenue", "Recurring revenue", "money", "higher", "customers",
        "Postings to recurring from the start of the run, warm-up included, to its end: yearly revenue.",
    ),
    Declared(
        "nrr", "Net revenue retention", "share", "higher", "customers",
        "Recurring revenue at the end of the run of the customers at the start of the window over theirs at that "
        "start, price rises included, compounded to a year.",
    ),
    Declared(
        "grr", "Gross revenue retention", "share", "higher", "customers",
        "As net revenue retention, with each customer's recurring revenue at the end counted at most as at the "
        "start.",
    ),
    Declared(
        "churn_rate", "Churn rate", "share", "lower", "customers",
        "Share of the customers at the start of the window without recurring revenue at the end of the run, "
        "compounded to a year.",
    ),
    Declared(
        "churn_rate_{segment}", "Churn rate, {segment}", "share", "lower", "customers",
        "Churn rate of the customers whose first case is of the segment.",
    ),
    Declared(
        "churned", "Churned customers", "cases", "lower", "customers",
        "Journeys that first came to a step marked churned inside the window.",
    ),
    Declared(
        "renewal_rate", "Renewal rate", "share", "higher", "customers",
        "Renewals over renewals due, both inside the window.",
    ),
    Declared(
        "expansion_share", "Share of expansion", "share", "higher", "customers",
        "Recurring revenue gained from journeys that had gained some before over all gained, both inside the "
        "window; price rises, gained at steps marked renewed, are in neither.",
    ),
    Declared(
        "price_rise_rate", "Price rises at renewal", "share", "neither", "customers",
        "Recurring revenue that customers of before gained at steps marked renewed inside the window over recurring "
        "revenue at its start, times the windows in a year.",
    ),
    Declared(
        "upsells", "Upsells", "cases", "higher", "customers",
        "Visits to steps marked upsold inside the window.",
    ),
    Declared(
        "recurring_margin", "Gross margin of recurring revenue", "share", "higher", "customers",
        "Recurring revenue in force over the window, or what is invoiced where that is less, less what serving it "
        "cost, over the former; posted costs count by case, wages by hours worked for it, the rest by its share of "
        "revenue.",
    ),
    Declared(
        "ltv", "Lifetime value of recurring revenue", "money", "higher", "customers",
        "Recurring revenue for a customer at the end of the run times the gross margin of recurring revenue over the "
        "churn rate.",
    ),
    Declared(
        "ltv_cac", "LTV of recurring revenue over CAC", "times", "higher", "customers",
        "Lifetime value of recurring revenue over customer acquisition cost; not defined where recurring revenue is "
        "less than half of what is invoiced in a year, since what a customer buys once is left out.",
    ),
    Declared(
        "cac_payback", "CAC payback by recurring revenue", "months", "lower", "customers",
        "Cost of acquisition and of pre-sales over the monthly recurring revenue gained from new customers times its "
        "gross margin, in the window; not defined where recurring revenue is less than half of what is invoiced in a "
        "year.",
    ),
    Declared(
        "satisfaction", "Satisfaction", "points", "higher", "customers",
        "Mean at the end of the run of the attribute with this role in the oldest unfinished case of each "
        "customer, by recurring revenue or, where none is posted, by an order.",
    ),
    Declared(
        "nps", "Net promoter score", "points", "higher", "customers",
        "Percentage of those asked for satisfaction who would answer 9 or 10 less that of those who would answer 0 to "
        "6, where its bounds are 0 and 10; not defined without bounds.",
    ),
    Declared(
        "referral_share", "Share of referrals", "share", "higher", "customers",
        "Leads that a case of another journey brought, by recommending or by what it published, over all leads born "
        "inside the window.",
    ),
    Declared(
        "first_contact_resolution", "First-contact resolution", "share", "higher", "customers",
        "Tickets resolved at once over tickets, both inside the window.",
    ),
    Declared(
        "escalation_rate", "Escalation rate", "share", "lower", "customers",
        "Tickets escalated over tickets, both inside the window.",
    ),
    Declared(
        "ticket_resolution_{summary}", "Ticket to solution, {summary}", "h", "lower", "customers",
        "Hours from a ticket to the end of its case, of the cases that ended inside the window.",
    ),
    Declared(
        "tickets_per_customer", "Tickets per customer and year", "cases", "lower", "customers",
        "Tickets inside the window over the mean number of customers at its start and at its end and the years of "
        "the window.",
    ),
    Declared(
        "review_share", "Share that reviews", "share", "higher", "customers",
        "Flow ratio: journeys with a delivery that were first reviewed inside the window over journeys first delivered "
        "there; customers of old, whose delivery lies before the run, are in neither.",
    ),
)  # fmt: skip
