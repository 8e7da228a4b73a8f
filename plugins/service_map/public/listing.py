"""The public list of service points: what is open, near a place, of a type, for everybody."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import render_template

from core.sdk import (
    Context,
    OpeningNow,
    Page,
    PluginBlueprint,
    params,
    public_page,
    say_distance,
    say_opening_now,
    tenant_url,
)

from ..i18n import _
from ..labels import FACILITIES
from ..manifest import MANIFEST
from ..models.point import ServicePoint
from ..points.opening import find_opening, say_hours
from ..points.places import measure_way
from ..points.queries import point_url
from ..points.types import Types, find_type, list_type_options, load_types
from ..points.visits import count_visit
from .finding import Wish, load_points, read_query, read_wish
from .origins import StartingPlace, find_origins, find_usual_origin

PER_PAGE = 20

blueprint = PluginBlueprint(MANIFEST, __name__)


@dataclass(frozen=True, slots=True)
class ListedPoint:
    """A point as lists show it; `way` is the distance in words."""

    point: ServicePoint
    type_label: str
    opening: OpeningNow
    state_label: str
    state_tone: str
    hours: str
    way: str
    url: str


@dataclass(frozen=True, slots=True)
class FoundPoints:
    """One page of points, the place from which their distances are told, places it could be."""

    page: Page[ListedPoint]
    origin: StartingPlace | None
    choices: Sequence[StartingPlace]


@blueprint.get("/<code>/service-points/")
@public_page
def index(ctx: Context) -> str:
    """List the points that fit; the nearest first where a place is chosen (`?near=`)."""
    count_visit(ctx.tenant.id)
    wish, types = read_wish(), load_types(ctx.session, ctx.tenant)
    return render_template(
        "service_map/index.html",
        found=list_rows(ctx, wish, types, PER_PAGE),
        wish=wish,
        near=params.text("near", 60),
        asked=read_query(),
        other_url=tenant_url("plugin_service_map_map.show", **read_query()),
        **list_filters("plugin_service_map.index", wish, types),
    )


def list_rows(ctx: Context, wish: Wish, types: Types, size: int) -> FoundPoints:
    """Load one page of points as they are shown."""
    typed = params.text("near", 60)
    choices = find_origins(ctx.session, typed) if typed else []
    origin = None if typed else find_usual_origin(ctx.session, ctx.tenant)
    if len(choices) == 1:
        origin = choices[0]
    near = origin.pair if origin else None
    page = load_points(ctx.session, wish, near, params.page_number(), size)
    rows = [_to_row(point, types, origin) for point in page.rows]
    return FoundPoints(
        Page(rows, page.number, page.pages, page.total),
        origin,
        choices if len(choices) != 1 else [],
    )


def list_filters(endpoint: str, wish: Wish, types: Types) -> Mapping[str, Any]:
    """List what the filters of a page offer, and links that take away what is chosen."""
    return {
        "types": list_type_options(types),
        "facilities": [{"value": key, "label": label} for key, label in FACILITIES.items()],
        "chosen": list(_list_chosen(endpoint, wish, types)),
        "open_url": tenant_url(endpoint, **read_query() | {"open": "1"}),
    }


def _list_chosen(endpoint: str, wish: Wish, types: Types) -> Iterator[dict[str, Any]]:
    """Yield what narrows the list but stands in no field at hand, each with a link without it."""
    asked = read_query()
    if wish.open_now:
        yield {"label": _("Open now"), "url": tenant_url(endpoint, **asked | {"open": []})}
    if wish.type_key:
        label = find_type(types, wish.type_key).label
        yield {"label": label, "url": tenant_url(endpoint, **asked | {"type": []})}
    for key in wish.facilities:
        rest = [other for other in wish.facilities if other != key]
        yield {"label": FACILITIES[key], "url": tenant_url(endpoint, **asked | {"facility": rest})}


def _to_row(point: ServicePoint, types: Types, origin: StartingPlace | None) -> ListedPoint:
    opening = find_opening(point)
    return ListedPoint(
        point,
        find_type(types, point.type_key).label,
        opening,
        say_opening_now(opening),
        opening.tone,
        say_hours(point),
        say_distance(measure_way(origin.pair if origin else None, point)),
        point_url(point),
    )
