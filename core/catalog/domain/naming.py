"""Short texts of catalog values: names of items, lists in one line."""

from collections.abc import Mapping

from core.catalog.domain.changes import NAME_FIELDS, Fields, JsonValue


def item_name(fields: Fields) -> str:
    """Return the item's own name: the deepest of its three levels."""
    return next((name for name in reversed(item_names(fields))), "")


def item_names(fields: Fields) -> list[str]:
    """List the known names of the item's levels, from the first."""
    return [str(fields[name]) for name in NAME_FIELDS if fields.get(name)]


def to_one_line(value: JsonValue) -> str:
    """Format a value in one line: joined list, phrase of a time limit, group of an audience."""
    if value is None:
        return ""
    if isinstance(value, Mapping):
        return to_one_line(value.get("raw") or value.get("text"))
    if isinstance(value, list | tuple):
        return ";".join(to_one_line(part) for part in value)
    return str(value)
