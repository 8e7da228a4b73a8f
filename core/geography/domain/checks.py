"""What is suspicious about coordinates that somebody typed or sent; nothing is mended silently."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from statistics import median
from typing import Any

from core.geography.domain.areas import distance_between, is_inside
from core.geography.domain.datums import Datum, GeoPosition, convert_position, is_in_china

# Positions of the same place in two sources differ by this much at most, metres; the datums differ
# from each other by 300 to 1,200 metres.
SAME_PLACE = 100.0
_LONGITUDES, _LATITUDES = (73.0, 136.0), (3.0, 54.0)
_LIKELY = (Datum.WGS84, Datum.GCJ02, Datum.BD09)


class PositionSuspicion(StrEnum):
    """Why a position is probably not where it should be."""

    NO_PAIR = "no_pair"  # one of the two numbers is missing
    SWAPPED = "swapped"  # latitude where the longitude belongs
    OUTSIDE_CHINA = "outside_china"
    OUTSIDE_AREA = "outside_area"
    WRONG_DATUM = "wrong_datum"


def find_suspicion(
    longitude: float | None,
    latitude: float | None,
    datum: Datum,
    area: Mapping[str, Any] | None = None,
    area_datum: Datum = Datum.WGS84,
) -> PositionSuspicion | None:
    """Return what is wrong with a pair; `None` where nothing is, or where none was given.

    The area is a GeoJSON outline of the county. A pair outside of it that lies inside when it is
    read in another datum is `WRONG_DATUM`.
    """
    if longitude is None or latitude is None:
        return None if longitude is latitude else PositionSuspicion.NO_PAIR
    if is_swapped_pair(longitude, latitude):
        return PositionSuspicion.SWAPPED
    if not is_in_china(longitude, latitude):
        return PositionSuspicion.OUTSIDE_CHINA
    if area is None or _is_in(GeoPosition(longitude, latitude, datum), area, area_datum):
        return None
    others = (GeoPosition(longitude, latitude, other) for other in _LIKELY if other != datum)
    if any(_is_in(other, area, area_datum) for other in others):
        return PositionSuspicion.WRONG_DATUM
    return PositionSuspicion.OUTSIDE_AREA


def is_swapped_pair(longitude: float, latitude: float) -> bool:
    """Tell whether a pair makes sense in China only the other way round."""
    as_given = _is_within(longitude, _LONGITUDES) and _is_within(latitude, _LATITUDES)
    turned = _is_within(latitude, _LONGITUDES) and _is_within(longitude, _LATITUDES)
    return turned and not as_given


def find_likely_datum(pairs: Sequence[tuple[GeoPosition, GeoPosition]]) -> Datum | None:
    """Find the datum in which given positions fall on known positions of the same places.

    Each pair is a position as given, and a known one; `None` where the datum as given fits best,
    or none fits: the median distance must be below `SAME_PLACE`, and a third of that as given.
    """
    if not pairs:
        return None
    given = pairs[0][0].datum
    misses = {datum: _median_miss(pairs, datum) for datum in {*_LIKELY, given}}
    best = min(misses, key=lambda datum: (misses[datum], datum != given))
    fits = misses[best] <= SAME_PLACE and misses[best] * 3 < misses[given]
    return best if best != given and fits else None


def _median_miss(pairs: Sequence[tuple[GeoPosition, GeoPosition]], datum: Datum) -> float:
    return median(
        distance_between(
            convert_position(GeoPosition(*given.pair, datum), Datum.WGS84).pair,
            convert_position(known, Datum.WGS84).pair,
        )
        for given, known in pairs
    )


def _is_in(position: GeoPosition, area: Mapping[str, Any], datum: Datum) -> bool:
    return is_inside(convert_position(position, datum).pair, area)


def _is_within(value: float, bounds: tuple[float, float]) -> bool:
    return bounds[0] <= value <= bounds[1]
