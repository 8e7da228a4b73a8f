"""Charts on pages: what the macro `chart_figure` shows, with the data table beside the picture."""

from typing import Any

from flask import Blueprint
from flask_babel import gettext as _

from core.charts.domain.drawing import draw
from core.charts.domain.model import Chart, ChartKind, format_number

# Brings the macro's template; it has no address of its own.
blueprint = Blueprint("charts", __name__, template_folder="templates")


def to_chart_figure(chart: Chart, key: str) -> dict[str, Any]:
    """Return what `chart_figure` shows; `key` makes ids that are unique on the page (`fill`)."""
    return {
        "key": key,
        "title": chart.title,
        "kind": chart.kind.value,
        "is_empty": chart.is_empty,
        "description": "" if chart.is_empty else describe(chart),
        "drawing": None if chart.is_empty else draw(chart),
        "names": [one.name for one in chart.series],
        "columns": [chart.label_heading, *_number_columns(chart)],
        "lines": _lines(chart),
    }


def _number_columns(chart: Chart) -> list[dict[str, Any]]:
    names = [one.name for one in chart.series]
    if chart.kind is ChartKind.STACKED:
        names.append(_("Sum"))
    return [{"label": name, "numeric": True} for name in names]


def _lines(chart: Chart) -> list[list[str]]:
    totals = chart.totals()
    lines = []
    for place, label in enumerate(chart.labels):
        values = [one.values[place] for one in chart.series]
        if chart.kind is ChartKind.STACKED:
            values.append(totals[place])
        lines.append([label, *(format_number(value, chart.unit) for value in values)])
    return lines


def describe(chart: Chart) -> str:
    """Return in a sentence what the picture shows, for those who do not see it."""
    totals = chart.totals()
    high = max(range(len(totals)), key=totals.__getitem__)
    low = min(range(len(totals)), key=totals.__getitem__)
    shown = {
        ChartKind.BAR: _("Bar chart"),
        ChartKind.STACKED: _("Stacked bar chart"),
        ChartKind.LINE: _("Line chart"),
    }[chart.kind]
    return str(
        _(
            "%(kind)s, %(count)s values. Highest: %(high)s, %(most)s. Lowest: %(low)s, %(least)s.",
            kind=shown,
            count=len(totals),
            high=chart.labels[high],
            most=format_number(totals[high], chart.unit),
            low=chart.labels[low],
            least=format_number(totals[low], chart.unit),
        )
    )
