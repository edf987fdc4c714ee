"""What all charts share: colours, type, and the picture that pages and documents take."""

from __future__ import annotations

import re
import textwrap
from dataclasses import dataclass
from typing import Any, Final

import altair as alt
import vl_convert

WIDTH: Final = 860
"""Pixels in a document; a page stretches a chart to its own width."""
ROW: Final = 30
"""Pixels of height for a bar with its gap."""
FONT: Final = "Arial, Helvetica, 'Liberation Sans', sans-serif"
INK: Final = "#1f2933"
FAINT: Final = "#52606d"
GRID: Final = "#e4e7eb"
BASE: Final = "#7b8794"
"""The base is grey and the others have hues, so that it is the one they are read against."""
OTHERS: Final = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#56b4e9", "#e69f00")
"""Okabe and Ito's palette, which people with any kind of colour blindness can tell apart."""
CAUSE_COLOURS: Final = {
    "off_shift": "#9aa5b1",
    "contention": "#d55e00",
    "ownership": "#cc79a7",
    "limit": "#e69f00",
    "priority": "#56b4e9",
    "customer": "#0072b2",
    "schedule": "#009e73",
    "policy": "#3e4c59",
}
VERDICT_COLOURS: Final = {"better": "#0072b2", "worse": "#d55e00", "not distinguishable": "#7b8794"}
VERDICT_SHAPES: Final = {"better": "triangle-up", "worse": "triangle-down", "not distinguishable": "circle"}

MONEY_AXIS: Final = "datum.value == 0 ? '0' : format(datum.value, '~s')"
PERCENT_AXIS: Final = "format(100 * datum.value, '~g') + ' %'"
CHANGE_AXIS: Final = "(datum.value == 0 ? '0' : format(100 * datum.value, '+~g')) + ' %'"
"""Vega expressions for labels of axes: prefixes of thousands without 0k, shares, and changes of shares."""

Chart = alt.Chart | alt.LayerChart
Layers = alt.LayerChart
Rows = list[dict[str, Any]]

_CONFIG: Final[dict[str, Any]] = {
    "background": "white",
    "font": FONT,
    "aria": False,  # one sentence describes the picture; a label on each mark would be read out a hundred times
    "padding": 6,
    "autosize": {"type": "fit-x", "contains": "padding"},  # the width holds labels too, so that charts line up
    "view": {"stroke": None},
    "locale": {
        "number": {"decimal": ".", "thousands": "\u00a0", "grouping": [3], "currency": ["", ""]},
    },
    "title": {
        "anchor": "start", "frame": "bounds", "color": INK, "fontSize": 15, "fontWeight": "bold", "offset": 14,
        "subtitleColor": FAINT, "subtitleFontSize": 12, "subtitlePadding": 5,
    },
    "axis": {
        "labelColor": INK, "labelFontSize": 12, "titleColor": FAINT, "titleFontSize": 12, "titleFontWeight": "normal",
        "grid": False, "gridColor": GRID, "domain": False, "ticks": False, "labelLimit": 240, "labelPadding": 6,
    },
    "axisQuantitative": {"grid": True, "tickCount": 6},
    "legend": {
        "orient": "top", "direction": "horizontal", "title": None, "labelColor": INK, "labelFontSize": 12,
        "labelLimit": 300, "symbolSize": 110, "symbolOpacity": 1, "columnPadding": 16, "offset": 6, "padding": 0,
    },
    "text": {"color": INK, "fontSize": 12},
}  # fmt: skip


@dataclass(frozen=True)
class Picture:
    """A chart for page and document, with the words that stand for it where it cannot be seen."""

    name: str
    """Short name, unique among the pictures of a document."""
    title: str
    """What is seen, in a sentence."""
    alt: str
    """The same with the main figures, for those who cannot see it."""
    chart: Layers | None
    """None where there is nothing to draw."""
    missing: str = ""
    """Why there is no chart."""

    def svg(self) -> str:
        """The chart as SVG that can stand in the midst of a page; empty without a chart. Nothing is fetched."""
        if self.chart is None:
            return ""
        svg = str(vl_convert.vegalite_to_svg(self.chart.to_dict(), vl_version=_vega_lite()))
        # Vega numbers ids through the life of the process: equal charts must give equal drawings, and a page with
        # several must have each id once. HTML needs no namespaces.
        numbers: dict[str, str] = {}
        for found in re.findall(r'\bid="([\w-]+)"', svg):
            numbers.setdefault(found, f"{self.name}-{len(numbers) + 1}")
        svg = re.sub(r'\bid="([\w-]+)"', lambda found: f'id="{numbers[found[1]]}"', svg)
        svg = re.sub(r"url\(#([\w-]+)\)", lambda found: f"url(#{numbers.get(found[1], found[1])})", svg)
        return re.sub(r'\sxmlns(:xlink)?="[^"]*"', "", svg)


def data_of(rows: Rows) -> alt.Data:
    """Rows as data that travel inside the chart."""
    return alt.Data(values=rows)  # type: ignore[no-untyped-call]


def layered(*charts: Chart) -> alt.LayerChart:
    """Charts over one another, the last on top."""
    return alt.LayerChart(layer=list(charts))


def finished(chart: alt.LayerChart, title: str, subtitle: str, *, height: float | None = None) -> alt.LayerChart:
    """The chart with title, size and theme."""
    sized = chart.properties(width=WIDTH) if height is None else chart.properties(width=WIDTH, height=height)
    shown = alt.TitleParams(text=textwrap.wrap(title, 90), subtitle=textwrap.wrap(subtitle, 135))
    complete: alt.LayerChart = sized.properties(title=shown).configure(**_CONFIG)
    return complete


def _vega_lite() -> str:
    """Version of Vega-Lite that Altair writes for, as vl-convert names it."""
    major, minor = alt.SCHEMA_VERSION.lstrip("v").split(".")[:2]
    return f"{major}.{minor}"
