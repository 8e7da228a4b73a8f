"""Distances and areas: how far apart two positions are, and whether one lies inside an outline.

Areas are GeoJSON geometries (RFC 7946): `Polygon`, `MultiPolygon`, and `Feature`, a
`FeatureCollection` or a `GeometryCollection` of them. Datums are not looked at: give both sides
in the same one.
"""

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

LngLat = tuple[float, float]
Ring = Sequence[Sequence[float]]

# Mean radius of the earth (IUGG), metres: great circles on it are within 0.6 % of the ellipsoid.
EARTH_RADIUS = 6371008.8
_ON_THE_LINE = 1e-12  # degrees


def distance_between(first: LngLat, second: LngLat) -> float:
    """Return the straight way over the ground between two pairs, metres."""
    (west, south), (east, north) = first, second
    low, high = math.radians(south), math.radians(north)
    half_height = math.sin((high - low) / 2) ** 2
    half_width = math.sin(math.radians(east - west) / 2) ** 2
    chord = half_height + math.cos(low) * math.cos(high) * half_width
    return 2 * EARTH_RADIUS * math.asin(min(1.0, math.sqrt(chord)))


def bounding_box(centre: LngLat, radius: float) -> tuple[float, float, float, float]:
    """Return west, south, east, north of a box that holds everything within a radius (metres)."""
    height = math.degrees(radius / EARTH_RADIUS)
    narrow = math.cos(math.radians(min(89.0, abs(centre[1]) + height)))
    width = height / narrow
    return centre[0] - width, centre[1] - height, centre[0] + width, centre[1] + height


def fit_into_picture(pairs: Sequence[LngLat], width: float, height: float) -> list[LngLat]:
    """Return where pairs lie on a picture: from its lower left corner, in the middle, not bent."""
    if not pairs:
        return []
    west, east = min(lng for lng, _ in pairs), max(lng for lng, _ in pairs)
    south, north = min(lat for _, lat in pairs), max(lat for _, lat in pairs)
    narrow = math.cos(math.radians((south + north) / 2))
    across, up = max((east - west) * narrow, 1e-4), max(north - south, 1e-4)
    zoom = min(width / across, height / up)
    left, below = (width - across * zoom) / 2, (height - up * zoom) / 2
    return [
        (left + (lng - west) * narrow * zoom, below + (lat - south) * zoom) for lng, lat in pairs
    ]


def is_inside(pair: LngLat, area: Mapping[str, Any]) -> bool:
    """Tell whether a pair lies in an area or on its outline; holes are outside."""
    return any(_is_in_polygon(pair, polygon) for polygon in list_polygons(area))


def read_boundary(text: str) -> dict[str, Any] | None:
    """Read an area from the text of a file; `None` where it has no outline."""
    try:
        area = json.loads(text)
        polygons = list(list_polygons(area))
        pairs = [pair for polygon in polygons for ring in polygon for pair in ring]
        is_area = bool(pairs) and all(math.isfinite(east + north) for east, north, *_ in pairs)
    except (TypeError, ValueError, AttributeError, KeyError, RecursionError):
        return None
    return area if is_area else None


def list_polygons(area: Mapping[str, Any]) -> Iterator[Sequence[Ring]]:
    """Yield the polygons of a GeoJSON object: an outline and its holes; nothing of other kinds."""
    match area.get("type"):
        case "Polygon":
            yield area["coordinates"]
        case "MultiPolygon":
            yield from area["coordinates"]
        case "Feature":
            yield from list_polygons(area.get("geometry") or {})
        case "FeatureCollection":
            for feature in area["features"]:
                yield from list_polygons(feature)
        case "GeometryCollection":
            for geometry in area["geometries"]:
                yield from list_polygons(geometry)


def _is_in_polygon(pair: LngLat, polygon: Sequence[Ring]) -> bool:
    outline, *holes = polygon
    if not _is_in_ring(pair, outline):
        return False
    return all(_is_on_ring(pair, hole) or not _is_in_ring(pair, hole) for hole in holes)


def _is_in_ring(pair: LngLat, ring: Ring) -> bool:
    """Count the sides that a ray to the east crosses; a point on a side is inside."""
    if _is_on_ring(pair, ring):
        return True
    x, y = pair
    inside = False
    for (x1, y1, *_), (x2, y2, *_) in _list_sides(ring):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            inside = not inside
    return inside


def _is_on_ring(pair: LngLat, ring: Ring) -> bool:
    return any(_is_on_side(pair, *side) for side in _list_sides(ring))


def _is_on_side(pair: LngLat, start: Sequence[float], end: Sequence[float]) -> bool:
    (x, y), (x1, y1), (x2, y2) = pair, start[:2], end[:2]
    if abs((x2 - x1) * (y - y1) - (y2 - y1) * (x - x1)) > _ON_THE_LINE:
        return False
    return min(x1, x2) <= x <= max(x1, x2) and min(y1, y2) <= y <= max(y1, y2)


def _list_sides(ring: Ring) -> Iterator[tuple[Sequence[float], Sequence[float]]]:
    return zip(ring, [*ring[1:], ring[0]], strict=True)
