"""The map: the points of the list drawn by the browser, without any tiles or with the tenant's.

The script is loaded on this page only. Positions are drawn in the datum of the tiles; where the
county forbids to convert back from public maps, or has no tiles, as GCJ-02.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from json.encoder import encode_basestring
from typing import Any
from urllib.parse import urlsplit

from flask import Response, make_response, render_template
from sqlalchemy import select

from core.sdk import (
    Context,
    Datum,
    GeoPosition,
    PluginBlueprint,
    convert_position,
    get_plugin_settings,
    is_offset_removed,
    list_polygons,
    params,
    public_page,
    read_boundary,
    tenant_url,
    widen_policy,
)

from ..manifest import MANIFEST, NAME
from ..models.point import ServicePoint
from ..points.types import Types, find_type, load_types
from .finding import list_conditions, read_query, read_wish
from .listing import PER_PAGE, list_filters, list_rows

blueprint = PluginBlueprint(MANIFEST, __name__, part="map")

SHAPES = ("circle", "square", "triangle", "hexagon")
# Dark enough beside white (4.5:1), and apart for the colour-blind (Okabe and Ito, darkened).
COLORS = ("#0b5cad", "#9a3b00", "#00664a", "#7a2a66", "#5c5200", "#333333")


@blueprint.get("/<code>/service-points/map/")
@public_page
def show(ctx: Context) -> Response:
    """Show the map, and below it the list of the same points."""
    wish, types = read_wish(), load_types(ctx.session, ctx.tenant)
    asked = read_query()
    page = render_template(
        "service_map/map.html",
        found=list_rows(ctx, wish, types, PER_PAGE),
        wish=wish,
        near=params.text("near", 60),
        legend=[{"label": types[key].label, **look} for key, look in list_looks(types).items()],
        data_url=tenant_url("plugin_service_map_map.data", **asked),
        other_url=tenant_url("plugin_service_map.index", **asked),
        **list_filters("plugin_service_map_map.show", wish, types),
    )
    response = make_response(page)
    tiles = get_plugin_settings(NAME, ctx.tenant)["tiles_url"]
    if tiles:
        address = urlsplit(tiles)
        widen_policy(response, "img-src", f"{address.scheme}://{address.netloc}")
    return response


@blueprint.get("/<code>/service-points/map.json")
@public_page
def data(ctx: Context) -> Response:
    """Send what the map draws: types, and for each point its id, position, type and name."""
    settings = get_plugin_settings(NAME, ctx.tenant)
    place = _placer(choose_datum(settings))
    types = load_types(ctx.session, ctx.tenant)
    looks = list_looks(types)
    places = {key: place for place, key in enumerate(looks)}
    columns = (ServicePoint.id, ServicePoint.gcj_lng, ServicePoint.gcj_lat)
    query = (
        select(*columns, ServicePoint.type_key, ServicePoint.name)
        .where(*list_conditions(ctx.session, read_wish()), ServicePoint.gcj_lng.is_not(None))
        .order_by(ServicePoint.id)
    )
    points = ",".join(
        f"[{number},{place(lng, lat)},{places.get(key, len(places))},{encode_basestring(name)}]"
        for number, lng, lat, key, name in ctx.session.execute(query)
    )
    other = {"label": find_type({}, "other").label, "shape": SHAPES[0], "color": COLORS[-1]}
    labelled = [{"label": types[key].label, **look} for key, look in looks.items()]
    rest = json.dumps({"types": [*labelled, other], **_background(settings)}, ensure_ascii=False)
    # Written by hand: twenty thousand lists would take twice as long.
    return Response(f'{{"points":[{points}],{rest[1:]}', mimetype="application/json")


def list_looks(types: Types) -> dict[str, dict[str, str]]:
    """Return the shape and colour of each type: shapes differ before colours repeat."""
    return {
        key: {"shape": SHAPES[place % len(SHAPES)], "color": COLORS[place % len(COLORS)]}
        for place, key in enumerate(types)
    }


def choose_datum(settings: Mapping[str, Any]) -> Datum:
    """Return the datum in which points are drawn."""
    wanted = Datum(settings["tiles_datum"]) if settings["tiles_url"] else Datum.GCJ02
    forbidden = is_offset_removed(Datum.GCJ02, wanted) and not settings["to_wgs84"]
    return Datum.GCJ02 if forbidden else wanted


def _placer(datum: Datum) -> Callable[[Any, Any], str]:
    """Return what writes stored pairs in the datum that is drawn, to the decimetre."""
    if datum is Datum.GCJ02:
        return lambda lng, lat: f"{lng:.6f},{lat:.6f}"

    def place(lng: float, lat: float) -> str:
        pair = convert_position(GeoPosition(lng, lat), datum).pair
        return f"{pair[0]:.6f},{pair[1]:.6f}"

    return place


def _background(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return the tiles, and the boundary with its approval number (N38).

    Tiles in a datum in which points may not be drawn would put them in the wrong street.
    """
    own, drawn = Datum(settings["tiles_datum"]), choose_datum(settings)
    found: dict[str, Any] = {}
    if settings["tiles_url"] and own == drawn:
        found["tiles"] = settings["tiles_url"].replace("{key}", settings["tiles_key"])
    number = settings["approval_number"].strip()
    boundary = read_boundary(settings["boundary"]) if number and settings["boundary"] else None
    if boundary:
        found["note"] = number
        found["boundary"] = {
            "type": "MultiPolygon",
            "coordinates": [
                [[_move(pair, own, drawn) for pair in ring] for ring in polygon]
                for polygon in list_polygons(boundary)
            ],
        }
    return found


def _move(pair: Sequence[float], source: Datum, target: Datum) -> tuple[float, float]:
    return convert_position(GeoPosition(pair[0], pair[1], source), target).pair
