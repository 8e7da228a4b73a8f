"""From where distances are told: a chosen village or a typed place, never the reader's position."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from core.sdk import LngLat, Tenant, is_in_china, is_swapped_pair

from ..models.point import ServicePoint
from ..points.places import PlaceCentre, find_centre, load_centres

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
    places = load_centres(session, by_name, MOST_CHOICES)
    return [_to_start(centre) for centre in places] or _find_points(session, typed)


def find_usual_origin(session: Session, tenant: Tenant) -> StartingPlace | None:
    """Return where a place is; a village of which nobody knows that, where its township is."""
    for place in filter(None, (tenant, tenant.parent)):
        if centre := find_centre(session, place):
            return _to_start(centre)
    return None


def _read_pair(typed: str) -> LngLat | None:
    match = _PAIR.fullmatch(typed)
    if match is None:
        return None
    pair = float(match[1]), float(match[2])
    pair = pair[::-1] if is_swapped_pair(*pair) else pair
    return pair if is_in_china(*pair) else None


def _to_start(centre: PlaceCentre) -> StartingPlace:
    return StartingPlace(f"{centre.parent}{centre.name}", centre.pair, centre.code)


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
