"""Coordinates and the datum that they are given in; conversions between the four used in China.

WGS-84 is what receivers give. GCJ-02 is the published offset of public maps (Amap, Tencent), BD-09
a second offset on top of it (Baidu). CGCS2000 is the national datum (Tianditu); it differs from
WGS-84 by less than a metre in China and is taken for equal here.

Stated error: WGS-84 to GCJ-02 to BD-09 agrees with the published reference points to 0.01 m;
GCJ-02 to WGS-84 is the exact inverse to 0.01 m; BD-09 to GCJ-02 is the published approximation and
returns to where it came from within 1 m; CGCS2000 and WGS-84 are within 1 m of each other.
"""

import math
from dataclasses import dataclass
from enum import StrEnum

# The ellipsoid of Krasovsky (1940), to which the offset of GCJ-02 refers.
_AXIS = 6378245.0
_ECCENTRICITY = 0.00669342162296594323
_BAIDU_TURN = math.pi * 3000.0 / 180.0
_CLOSE_ENOUGH = 1e-9  # degrees, a tenth of a millimetre
_MOST_STEPS = 30


class Datum(StrEnum):
    """What a pair of numbers refers to."""

    WGS84 = "wgs84"
    GCJ02 = "gcj02"
    BD09 = "bd09"
    CGCS2000 = "cgcs2000"


@dataclass(frozen=True, slots=True)
class GeoPosition:
    """Degrees east and north, in a datum."""

    longitude: float
    latitude: float
    datum: Datum = Datum.GCJ02

    @property
    def pair(self) -> tuple[float, float]:
        """Longitude and latitude, as GeoJSON orders them."""
        return self.longitude, self.latitude


def convert_position(position: GeoPosition, datum: Datum) -> GeoPosition:
    """Convert a position to another datum."""
    if position.datum == datum:
        return position
    pair = position.pair
    ladder = {Datum.BD09: 2, Datum.GCJ02: 1}
    height, wanted = ladder.get(position.datum, 0), ladder.get(datum, 0)
    while height > wanted:
        pair = _baidu_to_gcj(*pair) if height == 2 else _gcj_to_wgs(*pair)
        height -= 1
    while height < wanted:
        pair = _wgs_to_gcj(*pair) if height == 0 else _gcj_to_baidu(*pair)
        height += 1
    return GeoPosition(*pair, datum)


def is_offset_removed(source: Datum, target: Datum) -> bool:
    """Tell whether a conversion takes the offset of public maps off, which a county may forbid."""
    offset = {Datum.GCJ02, Datum.BD09}
    return source in offset and target not in offset


def is_in_china(longitude: float, latitude: float) -> bool:
    """Tell whether a pair lies in the box in which the offset of GCJ-02 is defined."""
    return 72.004 <= longitude <= 137.8347 and 0.8293 <= latitude <= 55.8271


def _wgs_to_gcj(longitude: float, latitude: float) -> tuple[float, float]:
    if not is_in_china(longitude, latitude):
        return longitude, latitude
    east, north = _offset_metres(longitude - 105.0, latitude - 35.0)
    angle = math.radians(latitude)
    shape = 1 - _ECCENTRICITY * math.sin(angle) ** 2
    per_degree_north = _AXIS * (1 - _ECCENTRICITY) / (shape * math.sqrt(shape)) * math.pi / 180
    per_degree_east = _AXIS / math.sqrt(shape) * math.cos(angle) * math.pi / 180
    return longitude + east / per_degree_east, latitude + north / per_degree_north


def _offset_metres(x: float, y: float) -> tuple[float, float]:
    """Return the published offset, metres east and north, of a point relative to (105, 35)."""
    root = math.sqrt(abs(x))
    common = _waves(x, (20.0, 6.0), (20.0, 2.0))
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east += common + _waves(x, (20.0, 1.0), (40.0, 1 / 3), (150.0, 1 / 12), (300.0, 1 / 30))
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north += common + _waves(y, (20.0, 1.0), (40.0, 1 / 3), (160.0, 1 / 12), (320.0, 1 / 30))
    return east, north


def _waves(value: float, *waves: tuple[float, float]) -> float:
    return sum(size * math.sin(rate * value * math.pi) for size, rate in waves) * 2.0 / 3.0


def _gcj_to_wgs(longitude: float, latitude: float) -> tuple[float, float]:
    """Find the point whose offset leads here: the offset changes little from step to step."""
    guess = (longitude, latitude)
    for _step in range(_MOST_STEPS):
        east, north = _wgs_to_gcj(*guess)
        away = (longitude - east, latitude - north)
        guess = (guess[0] + away[0], guess[1] + away[1])
        if max(map(abs, away)) < _CLOSE_ENOUGH:
            break
    return guess


def _gcj_to_baidu(longitude: float, latitude: float) -> tuple[float, float]:
    radius = math.hypot(longitude, latitude) + 0.00002 * math.sin(latitude * _BAIDU_TURN)
    angle = math.atan2(latitude, longitude) + 0.000003 * math.cos(longitude * _BAIDU_TURN)
    return radius * math.cos(angle) + 0.0065, radius * math.sin(angle) + 0.006


def _baidu_to_gcj(longitude: float, latitude: float) -> tuple[float, float]:
    x, y = longitude - 0.0065, latitude - 0.006
    radius = math.hypot(x, y) - 0.00002 * math.sin(y * _BAIDU_TURN)
    angle = math.atan2(y, x) - 0.000003 * math.cos(x * _BAIDU_TURN)
    return radius * math.cos(angle), radius * math.sin(angle)
