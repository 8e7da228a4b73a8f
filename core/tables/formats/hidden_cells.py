"""Rows and columns of a sheet that nobody sees: taken out before the sheet is read."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from lxml import etree
from openpyxl.utils.cell import get_column_letter

from core.tables.formats.colors import LOWEST_ROW, NARROWEST_COLUMN
from core.tables.grid import MAX_COLUMNS, TableRemark, UnreadText
from core.tables.text import squeeze

Cells = dict[int, dict[int, str]]
LeftOutCells = dict[tuple[int, int], tuple[UnreadText, ...]]
Merge = tuple[int, int, int, int]
_MOST_NAMED = 20
_LONGEST_LABEL = 20


@dataclass(slots=True)
class Hidden:
    """Numbers of hidden rows and columns, from 0, and which of them held something."""

    rows: set[int] = field(default_factory=set)
    columns: set[int] = field(default_factory=set)
    filled_rows: list[int] = field(default_factory=list)
    filled_columns: dict[int, str] = field(default_factory=dict)

    def note_columns(self, element: etree._Element) -> None:
        """Take in a `col`: it stands for a range of columns."""
        first, last = str(element.get("min", "")), str(element.get("max", ""))
        if _is_hidden(element, "width", NARROWEST_COLUMN) and first.isdigit() and last.isdigit():
            self.columns.update(range(int(first) - 1, min(int(last), MAX_COLUMNS)))

    def note_row(self, element: etree._Element, row: int) -> None:
        """Take in a `row` and its number."""
        if _is_hidden(element, "ht", LOWEST_ROW):
            self.rows.add(row)

    def take_out(
        self, cells: Cells, left_out: LeftOutCells, merges: Sequence[Merge]
    ) -> list[Merge]:
        """Take away what is not shown and close the gaps between columns; return the new merges.

        A merged cell is shown where any part of it is.
        """
        if not self.rows and not self.columns:
            return list(merges)
        self._note_filled(cells)
        shown = [self._shown_part(merge, cells, left_out) for merge in merges]
        for row in [row for row in cells if row in self.rows]:
            del cells[row]
        if not self.columns:
            return [merge for merge in shown if merge]
        places = _places_without(self.columns)
        for row, found in cells.items():
            kept = {places[at]: text for at, text in found.items() if at not in self.columns}
            cells[row] = kept
        moved = {
            (row, places[at]): parts
            for (row, at), parts in left_out.items()
            if at not in self.columns
        }
        left_out.clear()
        left_out.update(moved)
        for row in [row for row, found in cells.items() if not found]:
            del cells[row]
        return [
            (top, places[left], bottom, places[right])
            for top, left, bottom, right in filter(None, shown)
        ]

    def remarks(self, place: str) -> tuple[TableRemark, ...]:
        """Return what is to be said of hidden rows and columns that held something."""
        said: list[TableRemark] = []
        if self.filled_rows:
            params = {
                "where": place,
                "count": str(len(self.filled_rows)),
                "rows": _spans(self.filled_rows),
            }
            said.append(TableRemark("hidden-rows", params))
        if self.filled_columns:
            names = [
                f"{get_column_letter(column + 1)}({label})"
                if label
                else get_column_letter(column + 1)
                for column, label in sorted(self.filled_columns.items())
            ]
            params = {
                "where": place,
                "count": str(len(names)),
                "columns": "、".join(names[:_MOST_NAMED]),
            }
            said.append(TableRemark("hidden-columns", params))
        return tuple(said)

    def _note_filled(self, cells: Cells) -> None:
        self.filled_rows = sorted(row for row in cells if row in self.rows)
        for row in sorted(cells):
            for column, text in cells[row].items():
                if column in self.columns and row not in self.rows:
                    self.filled_columns.setdefault(column, squeeze(text)[:_LONGEST_LABEL])

    def _shown_part(self, merge: Merge, cells: Cells, left_out: LeftOutCells) -> Merge | None:
        """Return the part of a merged cell that is shown, its text moved there."""
        top, left, bottom, right = merge
        first_row = _first_shown(range(top, bottom + 1), self.rows)
        first_column = _first_shown(range(left, right + 1), self.columns)
        if first_row is None or first_column is None:
            return None
        last_row = _first_shown(range(bottom, top - 1, -1), self.rows)
        last_column = _first_shown(range(right, left - 1, -1), self.columns)
        if (first_row, first_column) != (top, left) and left in cells.get(top, {}):
            cells.setdefault(first_row, {})[first_column] = cells[top].pop(left)
            if (top, left) in left_out:
                left_out[first_row, first_column] = left_out.pop((top, left))
        return first_row, first_column, last_row or first_row, last_column or first_column


def _first_shown(places: Iterable[int], hidden: set[int]) -> int | None:
    return next((place for place in places if place not in hidden), None)


def _places_without(columns: set[int]) -> Mapping[int, int]:
    """Return where each column stands once the hidden ones are gone."""
    shown = (column for column in range(MAX_COLUMNS) if column not in columns)
    return {column: place for place, column in enumerate(shown)}


def _spans(rows: Sequence[int]) -> str:
    """Return numbers of rows in words: 5, 7-9."""
    offset: Callable[[tuple[int, int]], int] = lambda pair: pair[1] - pair[0]  # noqa: E731 - typed
    runs = [[row for _, row in run] for _, run in groupby(enumerate(rows), offset)]
    spans = [str(run[0] + 1) if len(run) == 1 else f"{run[0] + 1}-{run[-1] + 1}" for run in runs]
    return "、".join(spans[:_MOST_NAMED]) + ("…" if len(spans) > _MOST_NAMED else "")


def _is_hidden(element: etree._Element, size: str, least: float) -> bool:
    """Return whether an element is hidden by attribute or has hardly any size."""
    if element.get("hidden") in {"1", "true"}:
        return True
    value = element.get(size)
    try:
        return value is not None and float(value) < least
    except ValueError:
        return False
