"""GeoJSON as a list: one row for each point, its properties as columns."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from core.sdk import Invalid, ListSource, SourceRow

from ..i18n import _

MOST_FEATURES = 20_000


def is_geojson(data: bytes, filename: str) -> bool:
    """Tell by its name or first character whether a file is JSON."""
    return filename.lower().endswith((".geojson", ".json")) or data.lstrip()[:1] == b"{"


def read_geojson(data: bytes) -> ListSource:
    """Read a FeatureCollection (RFC 7946: longitude before latitude); raises `Invalid`.

    A feature that is no point has no coordinates in its row.
    """
    try:
        document = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise Invalid({"file": _("This is no GeoJSON: it cannot be read as JSON.")}) from error
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list) or len(features) > MOST_FEATURES:
        message = _("This is no FeatureCollection of at most %(n)s points.", n=MOST_FEATURES)
        raise Invalid({"file": message})
    rows = [_to_cells(each) for each in features]
    headings = list(dict.fromkeys(name for row in rows for name in row))
    table = [SourceRow(_("Headings"), tuple(headings))]
    table += [
        SourceRow(f"第{number}行", tuple(row.get(name, "") for name in headings))
        for number, row in enumerate(rows, start=1)
    ]
    return ListSource((tuple(table),))


def _to_cells(feature: Any) -> dict[str, str]:
    if not isinstance(feature, Mapping):
        return {}
    properties = feature.get("properties")
    cells = {str(name)[:60]: _to_text(value) for name, value in _items(properties)}
    geometry = feature.get("geometry")
    if isinstance(geometry, Mapping) and geometry.get("type") == "Point":
        pair = geometry.get("coordinates")
        if isinstance(pair, list) and len(pair) >= 2:
            cells |= {"经度": _to_text(pair[0]), "纬度": _to_text(pair[1])}
    if feature.get("id") is not None:
        cells.setdefault("编号", _to_text(feature["id"]))
    return cells


def _items(properties: Any) -> Iterator[tuple[Any, Any]]:
    if isinstance(properties, Mapping):
        yield from properties.items()


def _to_text(value: Any) -> str:
    if isinstance(value, list):
        return "、".join(map(_to_text, value))
    if isinstance(value, bool) or value is None or isinstance(value, Mapping):
        return ""
    return str(value)
