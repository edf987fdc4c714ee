"""KPIs of people and of money."""

from __future__ import annotations

from typing import Final

from simulator.kpis.declared import Declared

PEOPLE_AND_MONEY: Final = (
    Declared(
        "utilisation_busiest", "Utilisation of the busiest team", "share", "neither", "people",
        "Largest of the utilisations of the teams.",
    ),
    Declared(
        "utilisation_{team}", "Utilisation of {team}", "share", "neither", "people",
        "Hours on shift spent on visits over hours on shift, of all members, inside the window.",
    ),
    Declared(
        "load_gini_{team}", "Gini of load, {team}", "share", "lower", "people",
        "Gini coefficient, over the members, of hours on shift spent on visits over hours on shift, inside the "
        "window.",
    ),
    Declared(
        "rework_{team}", "Rework of {team}", "share", "lower", "people",
        "Share of the visits that people of the team finished inside the window after which the work was found wrong "
        "and went back, by the defect of the step.",
    ),
    Declared(
        "revenue_per_sales_hour", "Revenue per sales hour", "money", "higher", "people",
        "Postings to booked inside the window over hours on shift that sellers spent on visits there: those with a "
        "sales target or, where nobody has one, teams of acquisition at work in stages from that before the quote on.",
    ),
    Declared(
        "revenue_booked", "Revenue booked", "money", "higher", "money",
        "Postings to booked inside the window.",
    ),
    Declared(
        "revenue_invoiced", "Revenue invoiced", "money", "higher", "money",
        "Postings to invoiced less postings to credited inside the window.",
    ),
    Declared(
        "cash_collected", "Cash collected", "money", "higher", "money",
        "Postings to collected inside the window.",
    ),
    Declared(
        "receivables_open", "Open receivables", "money", "neither", "money",
        "Invoiced less credited, collected and written off, from the start of the run, warm-up included, to its end.",
    ),
    Declared(
        "dso", "Days sales outstanding", "d", "lower", "money",
        "Mean open receivables over the window, divided by revenue invoiced in it, times the days of the window.",
    ),
    Declared(
        "dpo", "Days payable outstanding", "d", "neither", "money",
        "Mean of what is bought on account and not yet paid, over what is bought so inside the window, times its days; "
        "0 where nothing is: bought on account are costs posted in processes that post payments too.",
    ),
    Declared(
        "cash_conversion_cycle", "Cash conversion cycle", "d", "lower", "money",
        "Days sales outstanding less days payable outstanding; not defined where goods are taken into stock, a "
        "negative cost, since what lies there at the start, and so days of inventory, is not known.",
    ),
    Declared(
        "written_off", "Written off", "money", "lower", "money",
        "Postings to written off inside the window.",
    ),
    Declared(
        "bad_debt_rate", "Bad debt rate", "share", "lower", "money",
        "Written off over revenue invoiced, both inside the window.",
    ),
    Declared(
        "cost_total", "Cost", "money", "lower", "money",
        "Wages of all hours on shift, leads bought, channels, tools, overheads and posted costs inside the window.",
    ),
    Declared(
        "cost_{centre}", "Cost of {centre}", "money", "lower", "money",
        "The part of the cost that serves the cost centre: wages by team, channels and leads to acquisition, others as "
        "stated.",
    ),
    Declared(
        "margin", "Margin", "money", "higher", "money",
        "Revenue invoiced (net of credits) less written off less all costs in the window; the cost of finance is not "
        "deducted.",
    ),
    Declared(
        "margin_rate", "Margin rate", "share", "higher", "money",
        "Margin over revenue invoiced.",
    ),
    Declared(
        "cost_of_finance", "Cost of finance", "money", "lower", "money",
        "Mean open receivables over the window times the yearly cost of finance times the window in years of 365 days.",
    ),
    Declared(
        "net_cash", "Net cash", "money", "higher", "money",
        "Cash collected less payments posted less costs inside the window; where the scenario posts payments, costs of "
        "post steps are left out, since the payments settle them.",
    ),
    Declared(
        "cei", "Collection effectiveness index", "share", "higher", "money",
        "Opening receivables plus invoiced (net of credits) less closing receivables, over opening receivables plus "
        "invoiced (net of credits) less closing receivables not yet due, each summed over the months of the window.",
    ),
    Declared(
        "overdue_share", "Overdue receivables", "share", "lower", "money",
        "Receivables past due over all receivables, both averaged over the window; the oldest invoice is settled "
        "first.",
    ),
    Declared(
        "late_payment_rate", "Late payments", "share", "lower", "money",
        "Amounts not settled when they fell due inside the window, by card those of charges that failed, over postings "
        "to invoiced inside the window.",
    ),
    Declared(
        "recovery_rate", "Recovery of late payments", "share", "higher", "money",
        "Share collected, rather than credited or written off, of the amounts settled inside the window after they "
        "fell due.",
    ),
    Declared(
        "ageing_{bucket}", "Receivables, {bucket}", "money", "neither", "money",
        "Receivables at the end of the run by the days since they fell due.",
    ),
    Declared(
        "dispute_rate", "Dispute rate", "share", "lower", "money",
        "Invoices disputed over postings to invoiced, both inside the window.",
    ),
    Declared(
        "dunning_per_invoice", "Reminders per invoice", "times", "neither", "money",
        "Reminders sent over postings to invoiced, both inside the window.",
    ),
    Declared(
        "collected_share", "Cash over revenue", "share", "higher", "money",
        "Cash collected over revenue invoiced, both inside the window.",
    ),
)  # fmt: skip
