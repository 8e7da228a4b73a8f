"""Positions as they are entered: what is suspicious about one, and how it could be mended."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.sdk import (
    Datum,
    GeoPosition,
    LngLat,
    PositionSuspicion,
    Tenant,
    below,
    bounding_box,
    convert_position,
    distance_between,
    find_suspicion,
    get_plugin_settings,
    is_in_china,
    read_boundary,
)

from ..i18n import _
from ..manifest import NAME
from ..models.point import ServicePoint

FEWEST = 5
# Points of a county lie within this distance of each other's centre at least, metres.
LEAST_REACH, SPREAD = 60_000.0, 5.0
# Mends that can be offered: keep it, turn the pair, or read it in another datum.
KEEP, TURN = "keep", "turn"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where points of a county can be: its outline, else around those that it has."""

    area: Mapping[str, Any] | None = None
    datum: Datum = Datum.GCJ02
    is_outline: bool = False
    pairs: tuple[LngLat, ...] = ()


class PositionDoubt(Exception):  # noqa: N818 - a doubt, which a person settles
    """A position that is probably wrong, with the mends that would make it right."""

    def __init__(self, suspicion: PositionSuspicion, mends: tuple[str, ...] = ()) -> None:
        super().__init__(suspicion)
        self.suspicion, self.mends = suspicion, mends


def check_position(
    lng: float | None, lat: float | None, datum: Datum, surroundings: Surroundings
) -> list[Any] | None:
    """Return longitude, latitude and datum as they are stored; raises `PositionDoubt`."""
    found = find_suspicion(lng, lat, datum, surroundings.area, surroundings.datum)
    if found is not None:
        raise PositionDoubt(found, tuple(_list_mends(lng, lat, datum, surroundings, found)))
    return None if lng is None else [lng, lat, datum.value]


def settle_position(
    pair: LngLat | None, datum: Datum, mend: str, surroundings: Surroundings
) -> list[Any] | None:
    """Return a position as typed, or as somebody has chosen to mend it; raises `PositionDoubt`."""
    if pair is None:
        return None
    if mend == KEEP:  # the person says it lies there: only what lies nowhere is refused
        return check_position(*pair, datum, Surroundings())
    if mend == TURN:
        pair = pair[::-1]
    return check_position(*pair, Datum(mend) if mend in set(Datum) else datum, surroundings)


def _list_mends(
    lng: float | None,
    lat: float | None,
    datum: Datum,
    around: Surroundings,
    found: PositionSuspicion,
) -> list[str]:
    if lng is None or lat is None:
        return []
    if found is PositionSuspicion.SWAPPED:
        return [TURN]
    others = [other for other in (Datum.GCJ02, Datum.WGS84, Datum.BD09) if other != datum]
    fitting = [
        str(other)
        for other in others
        if found is PositionSuspicion.WRONG_DATUM
        and find_suspicion(lng, lat, other, around.area, around.datum) is None
    ]
    return [*fitting, KEEP] if found is not PositionSuspicion.OUTSIDE_CHINA else []


def explain_doubt(doubt: PositionDoubt) -> str:
    """Return what is suspicious, in words."""
    return {
        PositionSuspicion.NO_PAIR: _("Longitude or latitude is missing."),
        PositionSuspicion.SWAPPED: _("Longitude and latitude seem to be swapped."),
        PositionSuspicion.OUTSIDE_CHINA: _("This position does not lie in China."),
        PositionSuspicion.OUTSIDE_AREA: _("This position lies outside the county."),
        PositionSuspicion.WRONG_DATUM: _(
            "This position lies in the county only in another coordinate system."
        ),
    }[doubt.suspicion]


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


def surround(pairs: Sequence[LngLat]) -> Surroundings:
    """Draw a generous box around known points (GCJ-02); no bounds where there are too few."""
    if len(pairs) < FEWEST:
        return Surroundings(pairs=tuple(pairs))
    centre = median(lng for lng, _lat in pairs), median(lat for _lng, lat in pairs)
    reach = SPREAD * median(distance_between(centre, pair) for pair in pairs)
    west, south, east, north = bounding_box(centre, max(LEAST_REACH, reach))
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    area = {"type": "Polygon", "coordinates": [ring]}
    return Surroundings(area, Datum.GCJ02, pairs=tuple(pairs))


def widen(surroundings: Surroundings, pairs: Sequence[LngLat]) -> Surroundings:
    """Return surroundings that know the pairs of a list too: most of them will be right."""
    if surroundings.is_outline:
        return surroundings
    likely = [pair for pair in pairs if is_in_china(*pair)]
    return surround([*surroundings.pairs, *likely])


def to_gcj02(
    lng: float | None, lat: float | None, datum: str
) -> tuple[float, float] | tuple[None, None]:
    """Convert a position to the datum in which all points are compared."""
    if lng is None or lat is None:
        return None, None
    return convert_position(GeoPosition(lng, lat, Datum(datum)), Datum.GCJ02).pair
