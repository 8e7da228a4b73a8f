"""Short texts of catalog values: names of items, lists in one line."""

from collections.abc import Mapping

from core.catalog.domain.changes import NAME_FIELDS, Fields, JsonValue


def item_name(fields: Fields) -> str:
    """The item's own name: the deepest of its three levels."""
    return next((name for name in reversed(item_names(fields))), "")


def item_names(fields: Fields) -> list[str]:
    """Names of the item's levels that are known, from the first."""
    return [str(fields[name]) for name in NAME_FIELDS if fields.get(name)]


def text_of(value: JsonValue) -> str:
    """A value in one line: lists joined, the phrase of a time limit, the group of an audience."""
    if value is None:
        return ""
    if isinstance(value, Mapping):
        return text_of(value.get("raw") or value.get("text"))
    if isinstance(value, list | tuple):
        return ";".join(text_of(part) for part in value)
    return str(value)
