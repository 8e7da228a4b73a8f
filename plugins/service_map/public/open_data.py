"""What others build upon: GeoJSON, a feed, pages to embed and for a screen, photographs."""

import json
from collections.abc import Iterator
from typing import Any

from flask import Response, make_response, render_template
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from core.sdk import (
    Context,
    Datum,
    FeedEntry,
    PluginBlueprint,
    get_plugin_settings,
    public_page,
    qr_code,
    send_feed,
    send_picture,
    tenant_url,
    to_public_position,
    widen_policy,
)

from ..i18n import _
from ..manifest import MANIFEST, NAME
from ..models.point import ServicePoint
from ..points.care import get_part
from ..points.queries import point_url
from ..points.types import Types, find_type, load_types
from .finding import list_conditions, read_query, read_wish
from .listing import list_rows
from .point import load_public_point

blueprint = PluginBlueprint(MANIFEST, __name__, part="open")

MOST_IN_FEED = 50
ROWS_EMBEDDED, ROWS_ON_SCREEN = 10, 12


@blueprint.get("/<code>/service-points/points.geojson")
@public_page
def geojson(ctx: Context) -> Response:
    """Send the points that fit as GeoJSON (RFC 7946), in WGS-84.

    Where the county forbids that for positions taken from public maps, each such feature says its
    datum, and so does the whole.
    """
    removing = get_plugin_settings(NAME, ctx.tenant)["to_wgs84"]
    types = load_types(ctx.session, ctx.tenant)
    query = select(ServicePoint).where(*list_conditions(ctx.session, read_wish()))
    query = query.options(selectinload(ServicePoint.offers))
    points = ctx.session.scalars(query.order_by(ServicePoint.id))
    features = [_to_feature(point, types, removing=removing) for point in points]
    text = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)
    return Response(text, content_type="application/geo+json")


@blueprint.get("/<code>/service-points/points.atom")
@public_page
def feed(ctx: Context) -> Response:
    """Send what changed last, to subscribe to."""
    page = tenant_url("plugin_service_map.index", _external=True)
    title = _("Service points of %(place)s", place=ctx.tenant.name)
    query = select(ServicePoint).where(*list_conditions(ctx.session, read_wish()))
    newest = query.order_by(ServicePoint.updated_at.desc(), ServicePoint.id.desc())
    points = ctx.session.scalars(newest.limit(MOST_IN_FEED))
    return send_feed(title, page, map(_to_entry, points))


def _to_entry(point: ServicePoint) -> FeedEntry:
    summary = " · ".join(filter(None, (point.address, point.hours_text)))
    return FeedEntry(
        f"service-point:{point.id}", point.name, point_url(point, _external=True), summary,
        point.created_at, point.updated_at,
    )  # fmt: skip


@blueprint.get("/<code>/service-points/embed/")
@public_page
def embed(ctx: Context) -> Response:
    """Show the nearest points in a frame of another site."""
    response = make_response(_simple_page(ctx, "service_map/embed.html", ROWS_EMBEDDED))
    widen_policy(response, "frame-ancestors", "*")
    return response


@blueprint.get("/<code>/service-points/screen/")
@public_page
def screen(ctx: Context) -> str:
    """Show the points in large type, for a screen in a hall."""
    return _simple_page(ctx, "service_map/screen.html", ROWS_ON_SCREEN)


@blueprint.get("/<code>/service-points/qr.svg")
@public_page
def code_of_list() -> Response:
    """Draw the address of the list as a QR code."""
    return qr_code(tenant_url("plugin_service_map.index", _external=True, scan=1))


@blueprint.get("/<code>/service-points/<int:point_id>/photos/<int:photo_id>")
@public_page(point=load_public_point)
def photo(ctx: Context, point: ServicePoint, photo_id: int) -> Response:
    """Send a photograph of a point."""
    del ctx
    found = get_part(point.photos, photo_id)
    return send_picture(found.digest, found.media_type, public=point.state == "public")


def _simple_page(ctx: Context, template: str, rows: int) -> str:
    types = load_types(ctx.session, ctx.tenant)
    found = list_rows(ctx, read_wish(), types, rows)
    more = tenant_url("plugin_service_map.index", **read_query())
    return render_template(template, found=found, more_url=more)


def _to_feature(point: ServicePoint, types: Types, *, removing: bool) -> dict[str, Any]:
    geometry, placed = None, None
    if point.entered is not None:
        placed = to_public_position(point.entered, may_remove_offset=removing)
        pair = [round(degrees, 6) for degrees in placed.pair]
        geometry = {"type": "Point", "coordinates": pair}
    properties = {
        "name": point.name,
        "type": find_type(types, point.type_key).label,
        "address": point.address,
        "phones": [phone["number"] for phone in point.phones],
        "hours": point.hours_text,
        "structured_hours": point.hours,
        "services": list(_list_services(point)),
        "facilities": point.facilities,
        "verified_on": point.verified_on.isoformat() if point.verified_on else None,
        "url": point_url(point, _external=True),
        "datum": placed.datum if placed else Datum.WGS84,
    }
    return {"type": "Feature", "id": point.id, "geometry": geometry, "properties": properties}


def _list_services(point: ServicePoint) -> Iterator[dict[str, str | None]]:
    for offer in point.offers:
        yield {"name": offer.name, "item": offer.item_id}
