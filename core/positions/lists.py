"""Positions in lists: the columns that offices use, their datum, swapped pairs."""

import re
from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from core.geography.domain.datums import Datum
from core.positions.forms import parse_degree_pair
from core.tables.lists.columns import ListColumn

_NUMBER = re.compile(r"(?:东经|北纬|[EN])?\s*([+-]?[0-9]{1,3}(?:\.[0-9]+)?)\s*[°度]?\s*[EN]?")
# Words in a heading that name the datum of the coordinates below it.
_DATUMS = {
    Datum.GCJ02: ("gcj", "高德", "腾讯", "火星"),
    Datum.BD09: ("bd09", "bd-09", "百度", "baidu"),
    Datum.CGCS2000: ("cgcs", "天地图", "国家2000", "2000"),
    Datum.WGS84: ("wgs", "84", "gps"),
}
_SUFFIXES = ("", "gcj02", "wgs84", "bd09", "cgcs2000")


def position_columns() -> tuple[ListColumn, ...]:
    """Return the columns of positions: `lng` and `lat`, or both in `pair`, and their `datum`."""
    return (
        ListColumn("lng", _("Longitude"), _with_datums("经度", "lng", "lon", "longitude"),
                   parse=_parse_degrees),
        ListColumn("lat", _("Latitude"), _with_datums("纬度", "lat", "latitude"),
                   parse=_parse_degrees),
        ListColumn("pair", _("Position"), _with_datums("坐标", "经纬度", "location"),
                   parse=_parse_pair),
        ListColumn("datum", _("Coordinate system"), ("坐标系", "坐标系统", "datum", "crs"),
                   parse=_parse_datum),
    )  # fmt: skip


def find_named_datum(headings: Mapping[str, str]) -> Datum | None:
    """Find the datum that the headings of the coordinates name, such as `lng_gcj02`."""
    named = " ".join(headings.get(key, "") for key in ("lng", "lat", "pair")).lower()
    return next(
        (datum for datum, words in _DATUMS.items() if any(word in named for word in words)), None
    )


def to_degree_pair(values: Mapping[str, Any]) -> tuple[float | None, float | None]:
    """Return longitude and latitude of a row of a list, as they stand there."""
    return values.get("pair") or (values.get("lng"), values.get("lat"))


def _with_datums(*names: str) -> tuple[str, ...]:
    return tuple(name + suffix for name in names for suffix in _SUFFIXES)


def _parse_degrees(text: str) -> float:
    number = _NUMBER.fullmatch(text.strip())
    if number is None:
        raise ValueError(_("This is no coordinate in degrees: %(text)s", text=text[:30]))
    return float(number[1])


def _parse_pair(text: str) -> tuple[float, float]:
    pair = parse_degree_pair(text)
    if pair is None:
        raise ValueError(_("This is no coordinate in degrees: %(text)s", text=text[:30]))
    return pair


def _parse_datum(text: str) -> Datum:
    found = find_named_datum({"lng": text})
    if found is None:
        raise ValueError(_("This coordinate system is not known: %(text)s", text=text[:30]))
    return found
