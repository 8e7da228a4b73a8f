"""From where distances are told: a chosen village or a typed place, never the reader's position."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, aliased

from core.sdk import LngLat, Tenant, is_in_china, is_swapped_pair

from ..models.point import ServicePoint

MOST_CHOICES = 12
_PAIR = re.compile(r"(-?\d{1,3}\.\d+)[,，;\s]+(-?\d{1,3}\.\d+)")
_FEWEST_LETTERS = 2


@dataclass(frozen=True, slots=True)
class StartingPlace:
    """A place by its name, where it is (GCJ-02), and the text that asks for just this one."""

    label: str
    pair: LngLat
    query: str


def find_origins(session: Session, typed: str) -> Sequence[StartingPlace]:
    """Find the places that a text may mean: a pair of degrees, places of the tree, addresses."""
    pair = _read_pair(typed)
    if pair:
        return [StartingPlace(typed, pair, typed)]
    if len(typed) < _FEWEST_LETTERS:
        return []
    by_name = Tenant.division_code == typed if typed.isdecimal() else Tenant.name.startswith(typed)
    return _find_places(session, by_name) or _find_points(session, typed)


def find_own_origin(session: Session, tenant: Tenant) -> StartingPlace | None:
    """Return where a township or village is, by its own points; a county is too large."""
    if tenant.level == "county":
        return None
    return next(iter(_find_places(session, Tenant.id == tenant.id)), None)


def _read_pair(typed: str) -> LngLat | None:
    match = _PAIR.fullmatch(typed)
    if match is None:
        return None
    pair = float(match[1]), float(match[2])
    pair = pair[::-1] if is_swapped_pair(*pair) else pair
    return pair if is_in_china(*pair) else None


def _find_places(session: Session, condition: ColumnElement[bool]) -> list[StartingPlace]:
    """Find places of the tree; where they are is where their own points are."""
    above = aliased(Tenant)
    query = (
        select(
            Tenant.name,
            Tenant.division_code,
            above.name,
            func.avg(ServicePoint.gcj_lng),
            func.avg(ServicePoint.gcj_lat),
        )
        .join(ServicePoint, ServicePoint.tenant_id == Tenant.id)
        .outerjoin(above, above.id == Tenant.parent_id)
        .where(condition, ServicePoint.gcj_lng.is_not(None), ServicePoint.state == "public")
        .group_by(Tenant.id, Tenant.name, Tenant.division_code, above.name)
        .order_by(Tenant.division_code)
        .limit(MOST_CHOICES)
    )
    return [
        StartingPlace(f"{parent or ''}{name}", (float(lng), float(lat)), code)
        for name, code, parent, lng, lat in session.execute(query)
    ]


def _find_points(session: Session, typed: str) -> list[StartingPlace]:
    query = (
        select(ServicePoint.name, ServicePoint.address, ServicePoint.gcj_lng, ServicePoint.gcj_lat)
        .where(
            or_(
                ServicePoint.name.contains(typed, autoescape=True),
                ServicePoint.address.contains(typed, autoescape=True),
            ),
            ServicePoint.gcj_lng.is_not(None),
            ServicePoint.state == "public",
        )
        .order_by(ServicePoint.name, ServicePoint.id)
        .limit(MOST_CHOICES)
    )
    return [
        StartingPlace(f"{name} {address}".strip(), (lng, lat), f"{lng:.6f},{lat:.6f}")
        for name, address, lng, lat in session.execute(query)
        if lng is not None and lat is not None
    ]
