"""Positions of what can be found, and straight distances between them. No database, no engine.

All positions in the index are of one datum, GCJ-02 (docs/decisions/0021-positions-in-the-index.md).
"""

from dataclasses import dataclass
from math import isfinite

from core.geography.domain.areas import distance_between

#: Half the way round: no two places are farther apart.
FARTHEST = 20_100_000.0
#: Decimals of a degree that are kept: 11 cm.
DECIMALS = 6


@dataclass(frozen=True, slots=True)
class GeoPoint:
    """Longitude and latitude in degrees, kept to `DECIMALS`; raises `ValueError` out of range."""

    lng: float
    lat: float

    def __post_init__(self) -> None:
        if not (isfinite(self.lng) and isfinite(self.lat)):
            raise ValueError("a position is two numbers")
        if abs(self.lng) > 180 or abs(self.lat) > 90:
            raise ValueError(f"no place on Earth: {self.lng}, {self.lat}")
        # One value in every engine, so that all of them measure the same distances.
        object.__setattr__(self, "lng", round(float(self.lng), DECIMALS))
        object.__setattr__(self, "lat", round(float(self.lat), DECIMALS))


@dataclass(frozen=True, slots=True)
class Vicinity:
    """A place, and how far around it is looked (metres); `None` is as far as need be."""

    centre: GeoPoint
    radius: float | None = None

    def __post_init__(self) -> None:
        if self.radius is not None and not 0 < self.radius <= FARTHEST:
            raise ValueError("a radius is more than 0 m, and at most half the way round the Earth")

    def has(self, metres: float) -> bool:
        """Return whether this distance from the centre is within the radius."""
        return self.radius is None or metres <= self.radius


def measure_metres(one: GeoPoint, other: GeoPoint) -> float:
    """Return the straight distance over ground in metres (haversine)."""
    return distance_between((one.lng, one.lat), (other.lng, other.lat))
