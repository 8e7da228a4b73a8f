"""GeoJSON as a list: one row for each feature, its properties as columns."""

import json
import re
from collections.abc import Mapping
from typing import Any

from core.tables.limits import UnreadableFile

MOST_FEATURES = 20_000
_OBJECT = re.compile(rb'(?:\xef\xbb\xbf)?\s*\{\s*"')


def is_geojson(data: bytes, filename: str) -> bool:
    """Tell by its name or its first characters whether a file is JSON."""
    return filename.lower().endswith((".geojson", ".json")) or bool(_OBJECT.match(data))


def read_features(data: bytes, filename: str) -> list[tuple[str, tuple[str, ...]]]:
    """Read a FeatureCollection (RFC 7946, longitude first) as rows: the headings come first.

    Each row is its place in words and its cells; a feature that is no point has no coordinates.
    Raises `UnreadableFile`.
    """
    try:
        document = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise UnreadableFile("not-json", filename) from error
    features = document.get("features") if isinstance(document, dict) else None
    if not isinstance(features, list) or len(features) > MOST_FEATURES:
        raise UnreadableFile("not-features", filename, params={"most": str(MOST_FEATURES)})
    rows = [_to_cells(each) for each in features]
    headings = list(dict.fromkeys(name for row in rows for name in row))
    table = [("", tuple(headings))]
    for number, row in enumerate(rows, start=1):
        table.append((f"第{number}行", tuple(row.get(name, "") for name in headings)))
    return table


def _to_cells(feature: Any) -> dict[str, str]:
    if not isinstance(feature, Mapping):
        return {}
    properties = feature.get("properties")
    named = properties.items() if isinstance(properties, Mapping) else ()
    cells = {str(name)[:60]: _to_text(value) for name, value in named}
    geometry = feature.get("geometry")
    if isinstance(geometry, Mapping) and geometry.get("type") == "Point":
        pair = geometry.get("coordinates")
        if isinstance(pair, list) and len(pair) >= 2:
            cells |= {"经度": _to_text(pair[0]), "纬度": _to_text(pair[1])}
    if feature.get("id") is not None:
        cells.setdefault("编号", _to_text(feature["id"]))
    return cells


def _to_text(value: Any) -> str:
    if isinstance(value, list):
        return "、".join(map(_to_text, value))
    if isinstance(value, bool) or value is None or isinstance(value, Mapping):
        return ""
    return str(value)
