"""The nearest of many points, found without measuring the way to each."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from core.geography.domain.areas import EARTH_RADIUS, LngLat, distance_between

_METRES_OF_DEGREE = EARTH_RADIUS * 3.14159265 / 180


@dataclass(frozen=True, slots=True)
class NearestPoint:
    """The nearest point by its place in the list, and the straight way to it in metres."""

    place: int
    metres: float


def find_nearest_points(
    centres: Sequence[LngLat], points: Sequence[LngLat]
) -> list[NearestPoint | None]:
    """Find the nearest point of each centre; `None` for all where there are no points.

    Points are tried in the order of their latitude, outwards, until no nearer one can follow.
    """
    order = sorted(range(len(points)), key=lambda place: points[place][1])
    latitudes = [points[place][1] for place in order]
    return [_find_nearest(centre, points, order, latitudes) for centre in centres]


def _find_nearest(
    centre: LngLat, points: Sequence[LngLat], order: Sequence[int], latitudes: Sequence[float]
) -> NearestPoint | None:
    above = bisect_left(latitudes, centre[1])
    below, best = above - 1, None
    while below >= 0 or above < len(order):
        gap_below = centre[1] - latitudes[below] if below >= 0 else float("inf")
        gap_above = latitudes[above] - centre[1] if above < len(order) else float("inf")
        if best is not None and min(gap_below, gap_above) * _METRES_OF_DEGREE * 0.999 > best.metres:
            break
        at = order[below] if gap_below <= gap_above else order[above]
        below, above = (below - 1, above) if gap_below <= gap_above else (below, above + 1)
        metres = distance_between(centre, points[at])
        if best is None or metres < best.metres:
            best = NearestPoint(at, metres)
    return best
