"""Cells of the tidy CSV: lists joined by ; (channels by |), words for ticks."""

from collections.abc import Sequence

from core.catalog.reading.blanks import tidy
from core.catalog.reading.fields.enumeration import clean_entry

#: What a spreadsheet would take for a formula, and the apostrophe that keeps it text.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "'")


def without_guard(cell: str) -> str:
    """Take off the apostrophe that guards a cell against being run as a formula."""
    if cell.startswith("'") and cell[1:].startswith(FORMULA_STARTS):
        return cell[1:]
    return cell


def tidy_list(cell: str, separator: str = ";") -> tuple[str, ...] | None:
    """Split a list; a cell of several lines has one entry per line."""
    parts: Sequence[str] = cell.split("\n") if "\n" in cell else cell.split(separator)
    return tuple(part for part in map(tidy, parts) if part) or None


def tidy_elements(cell: str) -> tuple[str, ...] | None:
    """Split elements and take their ● off; a leading 〇 stays."""
    found = tidy_list(cell)
    return tuple(filter(None, map(clean_entry, found))) or None if found else None
