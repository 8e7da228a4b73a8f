"""Pictures of coverage for the staff: which places are far from a service, in a straight line.

It is for planning: places are listed by their division code and never ranked.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from flask import Response
from sqlalchemy import func, select

from core import sdk
from core.sdk import (
    Chart,
    ChartKind,
    ChartSeries,
    Context,
    ListSheet,
    PluginBlueprint,
    Tenant,
    find_nearest_points,
)

from ..i18n import _
from ..manifest import MANAGE, MANIFEST
from ..models.point import ServiceOffer, ServicePoint
from ..points.types import load_types
from .pages import LIST, render

blueprint = PluginBlueprint(MANIFEST, __name__, part="coverage")

USUAL_KILOMETRES, MOST_KILOMETRES, MOST_SERVICES = 5, 100, 12
_PICTURE = 360
# Upper ends of the bands that are drawn, metres.
BANDS = (1_000, 2_000, 5_000, 10_000)
coverage_page = sdk.staff_page(MANAGE, reach=sdk.Reach.SUBTREE)


@dataclass(frozen=True, slots=True)
class CoveredPlace:
    """A township or village, the nearest point that was asked for, the way to it in kilometres."""

    name: str
    code: str
    lng: float
    lat: float
    nearest: str
    kilometres: float | None


@blueprint.get(f"{LIST}coverage/")
@coverage_page
def show(ctx: Context) -> str:
    """Show places that are farther than so many kilometres from a service."""
    service, type_key, most = _read_asked()
    places = load_places(ctx, service, type_key)
    far = [place for place in places if place.kilometres is None or place.kilometres > most]
    names = _load_services(ctx)
    return render(
        "coverage",
        service=service,
        type_key=type_key,
        most=most,
        places=places,
        far=far,
        types=[
            {"value": key, "label": schema.label}
            for key, schema in load_types(ctx.session, ctx.tenant).items()
        ],
        gaps=[(name, _count_far(load_places(ctx, name, ""), most)) for name in names],
        unplaced=_count_unplaced(ctx),
        figure=sdk.to_chart_figure(_build_chart(places), "coverage"),
        dots=_draw_places(places, {place.code for place in far}),
    )


@blueprint.get(f"{LIST}coverage.csv")
@coverage_page
def export(ctx: Context) -> Response:
    """Send the table of all places."""
    service, type_key, _most = _read_asked()
    rows = [
        (place.code, place.name, place.nearest, f"{place.kilometres:.2f}" if place.nearest else "")
        for place in load_places(ctx, service, type_key)
    ]
    columns = (_("Division code"), _("Place"), _("Nearest point"), _("Straight line (km)"))
    sheet = ListSheet(_("Coverage"), columns, rows)
    return sdk.send_download(sdk.write_list_csv(sheet), sdk.CSV_TYPE, f"{_('Coverage')}.csv")


def load_places(ctx: Context, service: str, type_key: str) -> list[CoveredPlace]:
    """Load the places below that have a position, with the nearest point that fits."""
    points = _load_points(ctx, service, type_key)
    places = _load_centres(ctx)
    nearest = find_nearest_points(
        [(lng, lat) for *_names, lng, lat in places], [(lng, lat) for _name, lng, lat in points]
    )
    return [
        CoveredPlace(
            sdk.short_name(name),
            code,
            lng,
            lat,
            points[found.place][0] if found else "",
            found.metres / 1000 if found else None,
        )
        for (name, code, lng, lat), found in zip(places, nearest, strict=True)
    ]


def _read_asked() -> tuple[str, str, int]:
    most = sdk.params.number("km", USUAL_KILOMETRES, least=1, most=MOST_KILOMETRES)
    return sdk.params.text("service", 60), sdk.params.text("type", 40), most


def _below(ctx: Context) -> Any:
    return select(Tenant.id).where(sdk.below(ctx.tenant.path))


def _load_points(ctx: Context, service: str, type_key: str) -> list[Any]:
    query = select(ServicePoint.name, ServicePoint.gcj_lng, ServicePoint.gcj_lat).where(
        ServicePoint.state == "public",
        ServicePoint.gcj_lng.is_not(None),
        ServicePoint.tenant_id.in_(_below(ctx)),
    )
    if service:
        offered = ServiceOffer.name.contains(service, autoescape=True)
        query = query.where(ServicePoint.offers.any(offered))
    if type_key:
        query = query.where(ServicePoint.type_key == type_key)
    return list(ctx.session.execute(query.order_by(ServicePoint.id)))


def _load_centres(ctx: Context) -> list[Any]:
    """Load where the townships and villages are: where their own points stand, on average."""
    query = (
        select(
            Tenant.name,
            Tenant.division_code,
            func.avg(ServicePoint.gcj_lng),
            func.avg(ServicePoint.gcj_lat),
        )
        .join(ServicePoint, ServicePoint.tenant_id == Tenant.id)
        .where(
            sdk.below(ctx.tenant.path),
            Tenant.level != "county",
            ServicePoint.state == "public",
            ServicePoint.gcj_lng.is_not(None),
        )
        .group_by(Tenant.id, Tenant.name, Tenant.division_code)
        .order_by(Tenant.division_code)
    )
    return list(ctx.session.execute(query))


def _load_services(ctx: Context) -> list[str]:
    """Load the names of the services that most points offer."""
    query = (
        select(ServiceOffer.name)
        .where(ServiceOffer.tenant_id.in_(_below(ctx)))
        .group_by(ServiceOffer.name)
        .order_by(func.count().desc(), ServiceOffer.name)
        .limit(MOST_SERVICES)
    )
    return list(ctx.session.scalars(query))


def _count_far(places: list[CoveredPlace], most: int) -> int:
    return sum(place.kilometres is None or place.kilometres > most for place in places)


def _count_unplaced(ctx: Context) -> int:
    """Count the places below of which nobody knows where they are."""
    query = select(func.count()).where(sdk.below(ctx.tenant.path), Tenant.level == "village")
    placed = select(ServicePoint.tenant_id).where(ServicePoint.gcj_lng.is_not(None))
    return ctx.session.scalar(query.where(Tenant.id.not_in(placed))) or 0


def count_bands(ways: Sequence[float]) -> list[int]:
    """Count how many ways end in each of `BANDS`, and how many are longer."""
    return [
        sum(low < way <= high for way in ways)
        for low, high in zip((-1, *BANDS), (*BANDS, float("inf")), strict=True)
    ]


def _build_chart(places: list[CoveredPlace]) -> Chart:
    ways = [place.kilometres * 1000 for place in places if place.kilometres is not None]
    edges = [band // 1000 for band in BANDS]
    labels = [
        _("up to %(km)s km", km=edges[0]),
        *(f"{low}–{high} km" for low, high in pairwise(edges)),
        _("more than %(km)s km", km=edges[-1]),
    ]
    series = (ChartSeries(_("Number of places"), count_bands(ways)),)
    title = _("Places by their straight way to the nearest point")
    return Chart(ChartKind.BAR, title, _("Straight line"), labels, series)


def _draw_places(places: list[CoveredPlace], far: set[str]) -> list[dict[str, Any]]:
    """Return the places on a square picture, north up."""
    if not places:
        return []
    west, south = min(p.lng for p in places), min(p.lat for p in places)
    wide = max(max(p.lng for p in places) - west, max(p.lat for p in places) - south) or 1
    return [
        {
            "x": round(12 + (place.lng - west) / wide * (_PICTURE - 24), 1),
            "y": round(_PICTURE - 12 - (place.lat - south) / wide * (_PICTURE - 24), 1),
            "name": place.name,
            "is_far": place.code in far,
        }
        for place in places
    ]
