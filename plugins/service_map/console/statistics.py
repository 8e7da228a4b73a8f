"""The staff page of statistics: views, scans and reported mistakes, by month and by point."""

import datetime as dt

from flask import Response

from core import sdk
from core.sdk import Chart, ChartKind, ChartSeries, Context, ListSheet, PluginBlueprint

from ..i18n import _
from ..manifest import MANAGE, MANIFEST
from ..points.visits import VisitCounts, VisitStatistics, load_statistics
from .pages import LIST, render, send_table

blueprint = PluginBlueprint(MANIFEST, __name__, part="statistics")
statistics_page = sdk.staff_page(MANAGE, reach=sdk.Reach.SUBTREE)
MOST_MONTHS = 12


@blueprint.get(f"{LIST}statistics/")
@statistics_page
def show(ctx: Context) -> str:
    """Show the last months as a picture and a table, and one month by point."""
    statistics = load_statistics(ctx)
    months = statistics.months
    chosen = _read_month(months)
    return render(
        "statistics", months=[f"{month:%Y-%m}" for month in months], month=f"{chosen:%Y-%m}",
        figure=sdk.to_chart_figure(_build_chart(statistics, months), "statistics"),
        points=statistics.points(chosen),
    )  # fmt: skip


@blueprint.get(f"{LIST}statistics.csv")
@statistics_page
def export(ctx: Context) -> Response:
    """Send all months by point, rounded as they are shown."""
    statistics = load_statistics(ctx)
    rows = [
        (f"{month:%Y-%m}", point.place, point.name or _("The whole list"), *_cells(point.counts))
        for month in statistics.months
        for point in statistics.points(month)
    ]
    columns = (_("Month"), _("Place"), _("Name of the point"), _("Views"), _("Scans of QR codes"),
               _("Reported mistakes"))  # fmt: skip
    return send_table(ListSheet(_("Statistics of service points"), columns, rows))


def _read_month(months: list[dt.date]) -> dt.date:
    """Return the month of the address; the newest where it names none."""
    named = {f"{month:%Y-%m}": month for month in months}
    usual = months[0] if months else sdk.today()
    return named.get(sdk.params.word("month", named), usual)


def _cells(counts: VisitCounts) -> tuple[str | int, str | int, int]:
    few = _("1 to 4")
    views, scans = (few if number is None else number for number in (counts.views, counts.scans))
    return views, scans, counts.reports


def _build_chart(statistics: VisitStatistics, months: list[dt.date]) -> Chart:
    """Draw the last months, the oldest first; too few to tell are missing in the picture."""
    shown = sorted(months[:MOST_MONTHS])
    counts = [statistics.total(month) for month in shown]
    series = (
        ChartSeries(_("Views"), [each.views for each in counts]),
        ChartSeries(_("Scans of QR codes"), [each.scans for each in counts]),
        ChartSeries(_("Reported mistakes"), [each.reports for each in counts]),
    )
    labels = [f"{month:%Y-%m}" for month in shown]
    return Chart(ChartKind.BAR, _("Statistics by month"), _("Month"), labels, series)
