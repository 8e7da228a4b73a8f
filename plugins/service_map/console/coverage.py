"""Pictures of coverage for the staff: which places are far from a service, in a straight line.

It is for planning: places are listed by their division code and never ranked.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from flask import Response, flash

from core import sdk
from core.sdk import Chart, ChartKind, ChartSeries, Context, FormData, ListSheet, PluginBlueprint

from ..i18n import _, _n
from ..manifest import MANAGE, MANIFEST
from ..points.coverage import BANDS, Coverage, CoveredPlace, count_bands
from ..points.people import load_people, read_people, store_people
from ..points.types import list_type_options, load_types
from .pages import LIST, blank, render, send_table, to

blueprint = PluginBlueprint(MANIFEST, __name__, part="coverage")

USUAL_KILOMETRES, MOST_KILOMETRES = 5, 100
_PICTURE = 360
coverage_page = sdk.staff_page(MANAGE, reach=sdk.Reach.SUBTREE)


@blueprint.get(f"{LIST}coverage/")
@coverage_page
def show(ctx: Context) -> str:
    """Show places that are farther than so many kilometres from a service, and people near it."""
    service, type_key, most = _read_asked()
    coverage = Coverage(ctx)
    places = coverage.measure(service, type_key)
    far = [place for place in places if place.is_far(most)]
    charts = _build_charts(places)
    gaps = [(name, coverage.measure(name)) for name in coverage.list_services()]
    return render(
        "coverage",
        service=service,
        type_key=type_key,
        most=most,
        places=places,
        far=far,
        types=list_type_options(load_types(ctx.session, ctx.tenant)),
        gaps=[
            (name, sum(place.is_far(most) for place in found), coverage.count_people(found, most))
            for name, found in gaps
        ],
        people=coverage.count_people(places, most),
        unplaced=coverage.count_unplaced(),
        figures=[sdk.to_chart_figure(chart, f"coverage-{n}") for n, chart in enumerate(charts)],
        dots=_draw_places(places, most),
    )


@blueprint.get(f"{LIST}coverage.csv")
@coverage_page
def export(ctx: Context) -> Response:
    """Send the table of all places."""
    service, type_key, _most = _read_asked()
    rows = [
        (
            place.code, place.name, place.nearest,
            "" if place.kilometres is None else f"{place.kilometres:.2f}",
            "" if place.people is None else place.people,
            "" if place.households is None else place.households,
        )
        for place in Coverage(ctx).measure(service, type_key)
    ]  # fmt: skip
    columns = (_("Division code"), _("Place"), _("Nearest point"), _("Straight line (km)"),
               _("People"), _("Households"))  # fmt: skip
    return send_table(ListSheet(_("Coverage"), columns, rows))


@blueprint.get(f"{LIST}people/")
@coverage_page
def people(ctx: Context) -> str:
    """Ask for the list of villages with their people."""
    return _people_page(ctx, blank())


@blueprint.post(f"{LIST}people/")
@coverage_page
def take_people(ctx: Context) -> Any:
    """Show the list as it was read; once confirmed, store it."""
    form = sdk.SentListForm.read()
    try:
        found = read_people(ctx, sdk.read_list_source(form))
    except sdk.Invalid as error:
        form.errors.update(error.fields)
        return _people_page(ctx, form), 422
    if not sdk.is_list_confirmed(form) or not found.found:
        return _people_page(ctx, form, found.read.to_preview(sdk.list_language()))
    store_people(ctx, found.found)
    count = len(found.found)
    flash(_n("%(num)s village entered.", "%(num)s villages entered.", count), "success")
    return to("coverage.show")


def _people_page(ctx: Context, form: FormData, preview: dict[str, Any] | None = None) -> str:
    entered = load_people(ctx).values()
    return render(
        "people", form, preview=preview, villages=len(entered),
        total=sum(row.people for row in entered),
        entered_on=max((row.entered_on for row in entered), default=None),
    )  # fmt: skip


def _read_asked() -> tuple[str, str, int]:
    most = sdk.params.number("km", USUAL_KILOMETRES, least=1, most=MOST_KILOMETRES)
    return sdk.params.text("service", 60), sdk.params.text("type", 40), most


def _build_charts(places: list[CoveredPlace]) -> list[Chart]:
    """Draw places by their way; another picture shows people, where figures were entered."""
    edges = [band // 1000 for band in BANDS]
    labels = [
        _("up to %(km)s km", km=edges[0]),
        *(f"{low}–{high} km" for low, high in pairwise(edges)),
        _("more than %(km)s km", km=edges[-1]),
    ]
    ways = [
        (place.kilometres * 1000, place.people) for place in places if place.kilometres is not None
    ]
    drawn = [(_("Places by their straight way to the nearest point"), _("Number of places"),
              [(way, 1) for way, _people in ways])]  # fmt: skip
    if any(people is not None for _way, people in ways):
        drawn.append((_("People by the straight way to the nearest point"), _("Number of people"),
                      [(way, people or 0) for way, people in ways]))  # fmt: skip
    return [
        Chart(ChartKind.BAR, title, _("Straight line"), labels,
              (ChartSeries(name, count_bands(numbers)),))
        for title, name, numbers in drawn
    ]  # fmt: skip


def _draw_places(places: Sequence[CoveredPlace], most: int) -> list[dict[str, Any]]:
    """Return the places on a square picture, north up."""
    side = _PICTURE - 24
    fitted = sdk.fit_into_picture([place.pair for place in places], side, side)
    return [
        {
            "x": round(12 + right, 1),
            "y": round(_PICTURE - 12 - up, 1),
            "name": place.name,
            "is_far": place.is_far(most),
        }
        for place, (right, up) in zip(places, fitted, strict=True)
    ]
