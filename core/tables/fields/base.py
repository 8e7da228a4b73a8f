"""Input and output of field parsers, and helpers for cells of the tidy CSV.

Cells of the tidy CSV: lists joined by ; (channels by |), words for ticks.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

from core.tables.fields.enumeration import clean_entry
from core.tables.model import Note
from core.tables.text import tidy

T = TypeVar("T")


class ColumnText(NamedTuple):
    """The text of one column of a field; `choice` is what a tick in that column chooses.

    `rows` holds the pieces of the text where it goes on in rows below.
    """

    choice: str | None
    text: str
    rows: tuple[str, ...] = ()

    @property
    def pieces(self) -> tuple[str, ...]:
        """The text row by row."""
        return self.rows or (self.text,)


@dataclass(frozen=True, slots=True)
class Parsed(Generic[T]):
    """A field's value, `None` where the cell does not hold one, and what is to be said of it."""

    value: T | None
    notes: tuple[Note, ...] = ()


def tidy_list(cell: str, separator: str = ";") -> tuple[str, ...] | None:
    """Split a list; a cell of several lines has one entry per line."""
    parts: Sequence[str] = cell.split("\n") if "\n" in cell else cell.split(separator)
    return tuple(part for part in map(tidy, parts) if part) or None


def tidy_elements(cell: str) -> tuple[str, ...] | None:
    """Split elements and take their ● off; a leading 〇 stays."""
    found = tidy_list(cell)
    return tuple(filter(None, map(clean_entry, found))) or None if found else None
