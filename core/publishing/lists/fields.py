"""The fields of the form that edits a list, and the list that they hold."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from core.publishing.lists.domain.model import (
    LONGEST_CAPTION,
    LONGEST_CELL,
    LONGEST_NAME,
    LONGEST_UNIT,
    MOST_CHARACTERS,
    MOST_COLUMNS,
    Cells,
    ColumnType,
    ListData,
    TypedColumn,
    fit_cells,
)
from core.publishing.lists.totals import has_cells
from core.web.forms.fields import (
    ChoiceField,
    FileField,
    KeyedField,
    LineField,
    TextField,
    TickField,
)
from core.web.forms.form import Form, RowsField

#: Rows and cells that are shown as fields; longer lists are edited as text.
MOST_GRID_ROWS, MOST_GRID_CELLS = 20, 400
LONGEST_PASTE = 2_000_000


class RowsText(TextField):
    """Rows as text, cells parted by tabs: the first cell of the first row may be empty."""

    def fold(self, typed: str) -> str:
        return typed.strip("\n")


class ListColumnForm(Form):
    """One column of the list."""

    list_key = LineField(40)
    list_name = LineField(LONGEST_NAME)
    list_type = ChoiceField([kind.value for kind in ColumnType], default=ColumnType.TEXT.value)
    list_unit = LineField(LONGEST_UNIT)
    list_drop = TickField()


class ListRowsForm(Form):
    """What the form says of the list: what is to be read, columns, rows (as fields or as text)."""

    act = LineField(20)
    list_paste = RowsText(LONGEST_PASTE)
    list_file = FileField()
    list_caption = LineField(LONGEST_CAPTION)
    list_columns = RowsField(ListColumnForm, MOST_COLUMNS)
    list_rows = RowsText(MOST_CHARACTERS + 2_000_000)
    cell = KeyedField(LONGEST_CELL + 1)
    total = KeyedField(LONGEST_CELL + 1)
    list_seen = LineField(20)


def is_grid(data: ListData) -> bool:
    """Say whether a list is short enough for a field for each cell."""
    rows = len(data.rows)
    return rows <= MOST_GRID_ROWS and (rows + 1) * len(data.columns) <= MOST_GRID_CELLS


def build_posted_list(values: Mapping[str, Any]) -> ListData | None:
    """Build the list that the fields hold, without columns that were ticked off."""
    sent: Sequence[Mapping[str, Any]] = values["list_columns"]
    if not sent:
        return None
    rows = _split_rows(values["list_rows"]) or _gather_cells(values["cell"])
    kept = [place for place, column in enumerate(sent) if not column["list_drop"]]
    totals = tuple(values["total"].get(str(place), "") for place in range(len(sent)))
    if not kept:
        return None
    return ListData(
        tuple(_to_column(sent[place], place) for place in kept),
        tuple(row for row in _pick(rows, kept) if has_cells(row)),
        values["list_caption"],
        next(_pick([totals], kept)) if has_cells(totals) else (),
    )


def _to_column(sent: Mapping[str, Any], place: int) -> TypedColumn:
    key = sent["list_key"] or f"c{place + 1}"
    return TypedColumn(key, sent["list_name"], ColumnType(sent["list_type"]), sent["list_unit"])


def _pick(rows: Sequence[Sequence[str]], kept: Sequence[int]) -> Iterator[Cells]:
    width = max(kept) + 1
    for row in rows:
        cells = fit_cells(row, width)
        yield tuple(cells[place] for place in kept)


def _gather_cells(sent: Mapping[str, str]) -> list[list[str]]:
    """Return the rows of cells named ROW-COLUMN."""
    found: dict[tuple[int, int], str] = {}
    for key, text in sent.items():
        row, _, column = key.partition("-")
        if row.isdecimal() and column.isdecimal() and len(key) < 10:
            found[int(row), int(column)] = text
    rows = sorted({row for row, _ in found})
    width = max((column for _, column in found), default=-1) + 1
    return [[found.get((row, column), "") for column in range(width)] for row in rows]


def write_rows(rows: Sequence[Cells]) -> str:
    """Write rows as text, cells parted by tabs, which `_split_rows` reads back as they are."""
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter="\t", lineterminator="\n").writerows(rows)
    return stream.getvalue()


def _split_rows(text: str) -> list[list[str]]:
    csv.field_size_limit(max(csv.field_size_limit(), MOST_CHARACTERS))
    lines = io.StringIO(text, newline="")
    return [[" ".join(cell.split()) for cell in row] for row in csv.reader(lines, delimiter="\t")]
