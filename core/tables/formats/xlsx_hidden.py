"""Rows and columns of a sheet that its reader does not see."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from lxml import etree

from core.tables.grid import MAX_COLUMNS

Cells = dict[int, dict[int, str]]
Merge = tuple[int, int, int, int]


@dataclass(slots=True)
class Hidden:
    """Numbers of hidden rows and columns, from 0."""

    rows: set[int] = field(default_factory=set)
    columns: set[int] = field(default_factory=set)

    def note_columns(self, element: etree._Element) -> None:
        """Take in a `col`: it stands for a range of columns."""
        first, last = str(element.get("min", "")), str(element.get("max", ""))
        if _is_hidden(element, "width") and first.isdigit() and last.isdigit():
            self.columns.update(range(int(first) - 1, min(int(last), MAX_COLUMNS)))

    def note_row(self, element: etree._Element, row: int) -> None:
        """Take in a `row` and its number."""
        if _is_hidden(element, "ht"):
            self.rows.add(row)

    def leave_out(self, cells: Cells, merges: Iterable[Merge]) -> None:
        """Take away what is not shown; a merged cell is shown where any part of it is."""
        shown = {merge[:2] for merge in merges if self._shows(merge)}
        for row, found in cells.items():
            for column in list(found):
                if (row in self.rows or column in self.columns) and (row, column) not in shown:
                    del found[column]
        for row in [row for row, found in cells.items() if not found]:
            del cells[row]

    def _shows(self, merge: Merge) -> bool:
        top, left, bottom, right = merge
        return any(row not in self.rows for row in range(top, bottom + 1)) and any(
            column not in self.columns for column in range(left, right + 1)
        )


def _is_hidden(element: etree._Element, size: str) -> bool:
    """Return whether an element is hidden by attribute or has no size."""
    return element.get("hidden") in {"1", "true"} or element.get(size) in {"0", "0.0"}
