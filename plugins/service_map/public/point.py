"""The page of one point: where, when, whom to call, what to bring, how to get there."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from flask import render_template
from sqlalchemy import select

from core import sdk
from core.sdk import (
    Context,
    Datum,
    GeoPosition,
    NotFound,
    PluginBlueprint,
    convert_position,
    get_plugin_settings,
    is_offset_removed,
    tenant_url,
)

from .. import labels
from ..corrections import mistake_url
from ..i18n import _
from ..manifest import MANIFEST, NAME
from ..models.point import ServicePoint
from ..points.opening import find_opening
from ..points.types import find_type, list_details, load_types
from .opening import TONES, say_hours, say_opening

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
    """Show a point."""
    schema = find_type(load_types(ctx.session, ctx.tenant), point.type_key)
    opening, now = find_opening(point), sdk.today()
    return render_template(
        "service_map/show.html",
        point=point,
        type_label=schema.label,
        details=list_details(schema, point.details),
        opening=opening,
        state_label=say_opening(opening),
        state_tone="warn" if opening.closure else TONES.get(opening.state, ""),
        hours=say_hours(point),
        closures=[one for one in point.closures if one.ends_on is None or one.ends_on >= now],
        moves=[move for move in point.moves if move.is_done or move.moves_on >= now],
        facilities=[labels.FACILITIES[key] for key in point.facilities if key in labels.FACILITIES],
        ways=list(list_ways(point, may_remove_offset=may_remove_offset(ctx))),
        offers=_list_offers(ctx, point),
        mistake_url=mistake_url(ctx.session, point),
    )


def may_remove_offset(ctx: Context) -> bool:
    """Tell whether positions may be converted from public maps back to WGS-84 here."""
    return bool(get_plugin_settings(NAME, ctx.tenant)["to_wgs84"])


def list_ways(point: ServicePoint, *, may_remove_offset: bool) -> Iterator[dict[str, str]]:
    """Yield links to map applications, each in its own datum; they are followed, never fetched."""
    if point.lng is None or point.lat is None:
        return
    entered = GeoPosition(point.lng, point.lat, Datum(point.datum))
    for label, datum, address in (
        (_("Amap"), Datum.GCJ02, _amap),
        (_("Baidu Maps"), Datum.BD09, _baidu),
        (_("Tencent Maps"), Datum.GCJ02, _tencent),
        (_("Tianditu"), Datum.CGCS2000, _tianditu),
        (_("Other map application"), Datum.WGS84, _geo),
    ):
        if may_remove_offset or not is_offset_removed(entered.datum, datum):
            lng, lat = (f"{degrees:.6f}" for degrees in convert_position(entered, datum).pair)
            yield {"label": label, "url": address(lng, lat, point)}


def _amap(lng: str, lat: str, point: ServicePoint) -> str:
    asked = {"position": f"{lng},{lat}", "name": point.name, "coordinate": "gaode"}
    return f"https://uri.amap.com/marker?{urlencode(asked)}"


def _baidu(lng: str, lat: str, point: ServicePoint) -> str:
    asked = {
        "location": f"{lat},{lng}",
        "title": point.name,
        "content": point.address or point.name,
        "output": "html",
        "coord_type": "bd09ll",
    }
    return f"https://api.map.baidu.com/marker?{urlencode(asked)}"


def _tencent(lng: str, lat: str, point: ServicePoint) -> str:
    name = point.name.replace(";", " ").replace(":", " ")
    asked = {"marker": f"coord:{lat},{lng};title:{name}", "referer": "gongkai"}
    return f"https://apis.map.qq.com/uri/v1/marker?{urlencode(asked)}"


def _tianditu(lng: str, lat: str, _point: ServicePoint) -> str:
    return f"https://map.tianditu.gov.cn/?{urlencode({'center': f'{lng},{lat}', 'zoom': 17})}"


def _geo(lng: str, lat: str, _point: ServicePoint) -> str:
    return f"geo:{lat},{lng}"


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
