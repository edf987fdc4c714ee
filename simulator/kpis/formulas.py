"""Every KPI or family of KPIs, declared once, in the order in which they are shown."""

from __future__ import annotations

from typing import Final

from simulator.kpis.customer_formulas import CUSTOMERS
from simulator.kpis.flow_formulas import FLOW
from simulator.kpis.money_formulas import PEOPLE_AND_MONEY
from simulator.kpis.selling_formulas import SELLING

HEADLINES: Final = frozenset({
    "leads", "orders", "conversion_order", "first_response_median", "lead_to_cash_median", "utilisation_busiest",
    "revenue_invoiced", "margin", "dso", "cac",
})  # fmt: skip

DECLARED: Final = (*FLOW, *PEOPLE_AND_MONEY, *SELLING, *CUSTOMERS)
