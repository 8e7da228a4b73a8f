"""The page of one point: where, when, whom to call, what to bring, how to get there."""

from typing import Any

from flask import Response, render_template
from sqlalchemy import select

from core import sdk
from core.sdk import (
    Context,
    NotFound,
    PluginBlueprint,
    get_plugin_settings,
    list_custom_values,
    list_map_links,
    say_opening_now,
    tenant_url,
)

from .. import labels
from ..corrections import mistake_url
from ..manifest import MANIFEST, NAME
from ..models.point import ServicePoint
from ..points.opening import find_opening, say_hours
from ..points.queries import point_url
from ..points.types import find_type, load_types
from ..points.visits import count_visit

blueprint = PluginBlueprint(MANIFEST, __name__, part="point")


def load_public_point(ctx: Context, point_id: int) -> ServicePoint:
    """Load a point that the public may see, closed for good or not; raises `NotFound`."""
    query = select(ServicePoint).where(
        ServicePoint.id == point_id,
        ServicePoint.state.in_(("public", "closed")),
        ServicePoint.tenant_id.in_(sdk.tenants_with(NAME)),
    )
    point = ctx.session.scalar(query)
    if point is None:
        raise NotFound(where=str(point_id))
    return point


@blueprint.get("/<code>/service-points/<int:point_id>/")
@sdk.public_page(point=load_public_point)
def show(ctx: Context, point: ServicePoint) -> str:
    """Show a point; a scan of its QR code says so (`?scan=1`)."""
    count_visit(point.tenant_id, point.id)
    schema = find_type(load_types(ctx.session, ctx.tenant), point.type_key)
    opening, now = find_opening(point), sdk.today()
    return render_template(
        "service_map/show.html",
        point=point,
        type_label=schema.label,
        details=list(list_custom_values(schema.fields, point.details)),
        opening=opening,
        state_label=say_opening_now(opening),
        hours=say_hours(point),
        closures=[one for one in point.closures if one.ends_on is None or one.ends_on >= now],
        moves=[move for move in point.moves if move.is_done or move.moves_on >= now],
        facilities=[labels.FACILITIES[key] for key in point.facilities if key in labels.FACILITIES],
        ways=_list_ways(ctx, point),
        offers=_list_offers(ctx, point),
        mistake_url=mistake_url(ctx.session, point),
    )


@blueprint.get("/<code>/service-points/<int:point_id>/qr.svg")
@sdk.public_page(point=load_public_point)
def qr_code(ctx: Context, point: ServicePoint) -> Response:
    """Draw the address of a point as a QR code, to put up at its door."""
    del ctx
    return sdk.qr_code(point_url(point, _external=True, scan=1))


def _list_ways(ctx: Context, point: ServicePoint) -> list[dict[str, str]]:
    if point.entered is None:
        return []
    allowed = get_plugin_settings(NAME, ctx.tenant)["to_wgs84"]
    return list(list_map_links(point.entered, point.name, point.address, may_remove_offset=allowed))


def _list_offers(ctx: Context, point: ServicePoint) -> list[dict[str, Any]]:
    """List what is offered, with the catalog item where there is one here."""
    known = any(offer.item_id for offer in point.offers)
    items = sdk.effective_catalog(ctx.session, ctx.tenant).catalog.items if known else {}
    return [
        {
            "name": offer.name,
            "materials": offer.materials,
            "url": tenant_url("catalog.item", item_id=offer.item_id)
            if offer.item_id in items
            else "",
        }
        for offer in point.offers
    ]
