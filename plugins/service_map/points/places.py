"""Where places are, and how far it is to points: a place is where its own points stand."""

import math
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, aliased

from core.sdk import (
    Datum,
    LngLat,
    Surroundings,
    Tenant,
    below,
    distance_between,
    get_plugin_settings,
    read_boundary,
    surround,
)

from ..manifest import NAME
from ..models.point import ServicePoint


@dataclass(frozen=True, slots=True)
class PlaceCentre:
    """A township or village, the place above it, and where it is (GCJ-02)."""

    id: int
    name: str
    code: str
    parent: str
    pair: LngLat


def load_centres(
    session: Session, condition: ColumnElement[bool], most: int | None = None
) -> list[PlaceCentre]:
    """Load where places are, on average of their public points; those without any are left out."""
    above = aliased(Tenant)
    columns = (Tenant.id, Tenant.name, Tenant.division_code, above.name)
    query = (
        select(*columns, func.avg(ServicePoint.gcj_lng), func.avg(ServicePoint.gcj_lat))
        .join(ServicePoint, ServicePoint.tenant_id == Tenant.id)
        .outerjoin(above, above.id == Tenant.parent_id)
        .where(condition, ServicePoint.gcj_lng.is_not(None), ServicePoint.state == "public")
        .group_by(*columns)
        .order_by(Tenant.division_code)
        .limit(most)
    )
    return [
        PlaceCentre(key, name, code, parent or "", (float(lng), float(lat)))
        for key, name, code, parent, lng, lat in session.execute(query)
    ]


def find_centre(session: Session, tenant: Tenant) -> PlaceCentre | None:
    """Return where a township or village is; a county is too large, and `None` is not known."""
    if tenant.level == "county":
        return None
    return next(iter(load_centres(session, Tenant.id == tenant.id)), None)


def order_by_distance(origin: LngLat | None) -> tuple[ColumnElement[Any], ...]:
    """Order by the way from a place, if any, as the crow flies; without a position come last."""
    if origin is None:
        return (ServicePoint.gcj_lng.is_(None),)
    narrow = math.cos(math.radians(origin[1]))
    east = (ServicePoint.gcj_lng - origin[0]) * narrow
    north = ServicePoint.gcj_lat - origin[1]
    return ServicePoint.gcj_lng.is_(None), east * east + north * north


def measure_way(origin: LngLat | None, point: ServicePoint) -> float | None:
    """Return the straight way to a point in metres; `None` where one of both is not known."""
    return distance_between(origin, point.gcj_pair) if origin and point.gcj_pair else None


def load_surroundings(session: Session, tenant: Tenant) -> Surroundings:
    """Load where the points of a place can be: in the outline that its county has set, if any."""
    settings = get_plugin_settings(NAME, tenant)
    if area := read_boundary(settings["boundary"]):
        return Surroundings(area, Datum(settings["tiles_datum"]), is_outline=True)
    pairs = session.execute(
        select(ServicePoint.gcj_lng, ServicePoint.gcj_lat).where(
            ServicePoint.gcj_lng.is_not(None),
            ServicePoint.tenant_id.in_(select(Tenant.id).where(below(tenant.path))),
        )
    )
    return surround([(lng, lat) for lng, lat in pairs if lng is not None and lat is not None])
