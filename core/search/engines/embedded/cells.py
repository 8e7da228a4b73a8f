"""A grid of cells that are halved again and again, to find what is near by terms of an index.

Cells of level `n` are squares of `360 / 2**n` degrees; each belongs to one of the level above. A
document has its cell of each level, and its exact spot, as whole numbers. A circle is covered by
cells of one level: those inside it need no look at their documents, those on its border do.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from math import asin, cos, degrees, floor, pi, radians, sin

from core.geography.domain.areas import EARTH_RADIUS
from core.search.geo import DECIMALS, GeoPoint, Vicinity, measure_metres

# Squares of 5.6 degrees (600 km) and of 0.0007 degrees (75 m).
COARSEST, FINEST = 6, 19
_METRES_OF_DEGREE = pi * EARTH_RADIUS / 180
_UNIT = int(10**DECIMALS)
_BITS = 29
# So near to a pole or to the date line, circles are not covered by rows of cells.
_LAST_LATITUDE = 85.0


@dataclass(frozen=True, slots=True)
class CellCover:
    """Cells that lie wholly in a circle, and those that its border passes through."""

    inside: frozenset[int]
    border: frozenset[int]


def encode_spot(point: GeoPoint) -> int:
    """Encode a position exactly as one number below 2**58."""
    return round((point.lng + 180) * _UNIT) << _BITS | round((point.lat + 90) * _UNIT)


def decode_spot(spot: int) -> GeoPoint:
    """Return the position that was encoded."""
    lng, lat = spot >> _BITS, spot & ((1 << _BITS) - 1)
    return GeoPoint(lng / _UNIT - 180, lat / _UNIT - 90)


def list_cells(point: GeoPoint) -> list[int]:
    """List the cells that a position lies in, one of each level."""
    right, up = point.lng + 180, point.lat + 90
    sizes = ((level, _size(level)) for level in range(COARSEST, FINEST + 1))
    return [_encode(level, floor(right / size), floor(up / size)) for level, size in sizes]


def cover_circle(circle: Vicinity, fineness: int = 4) -> CellCover | None:
    """Cover a circle with cells of about `radius / fineness` metres.

    `None` where cells are of no use: a circle without a radius, one that is very large, or one
    near a pole or the date line.
    """
    radius, centre = circle.radius, circle.centre
    if radius is None or radius > _METRES_OF_DEGREE * _size(COARSEST):
        return None
    box = _box(centre, radius)
    if box is None:
        return None
    level = _level(radius / fineness)
    size = _size(level)
    columns = range(floor((box[0] + 180) / size), floor((box[1] + 180) / size) + 1)
    rows = range(floor((box[2] + 90) / size), floor((box[3] + 90) / size) + 1)
    inside, border = set(), set()
    for column, row in product(columns, rows):
        nearest, farthest = _span(centre, column, row, size)
        if farthest <= radius:
            inside.add(_encode(level, column, row))
        elif nearest <= radius:
            border.add(_encode(level, column, row))
    return CellCover(frozenset(inside), frozenset(border))


def _size(level: int) -> float:
    return 360 / (1 << level)


def _encode(level: int, column: int, row: int) -> int:
    return level << 2 * _BITS | column << _BITS | row


def _level(metres: float) -> int:
    """Return the finest level whose cells are not much narrower than this."""
    level = COARSEST
    while level < FINEST and _size(level + 1) * _METRES_OF_DEGREE >= metres:
        level += 1
    return level


def _box(centre: GeoPoint, radius: float) -> tuple[float, float, float, float] | None:
    """Return the least and greatest longitude and latitude of a circle, a little widened."""
    angle = radius / EARTH_RADIUS * 1.001
    low, high = centre.lat - degrees(angle), centre.lat + degrees(angle)
    if max(-low, high) > _LAST_LATITUDE:
        return None
    aside = degrees(asin(sin(angle) / cos(radians(centre.lat))))
    left, right = centre.lng - aside, centre.lng + aside
    return (left, right, low, high) if left >= -180 and right <= 180 else None


def _span(centre: GeoPoint, column: int, row: int, size: float) -> tuple[float, float]:
    """Return bounds of how near and how far the points of a cell are from the centre (metres)."""
    left, low = column * size - 180, row * size - 90
    nearest = GeoPoint(
        min(max(centre.lng, left), left + size, 180),
        min(max(centre.lat, low), low + size, 90),
    )
    farthest = max(measure_metres(centre, vertex) for vertex in _vertices(left, low, size))
    # On a sphere the nearest point of a cell's side is not quite at the centre's latitude.
    return measure_metres(centre, nearest) * 0.99 - 1, farthest * 1.01 + 1


def _vertices(left: float, low: float, size: float) -> Iterator[GeoPoint]:
    for lng, lat in product((left, left + size), (low, low + size)):
        yield GeoPoint(min(lng, 180), min(lat, 90))
