"""Recognise table headers of one to three rows, aligned with the columns or collapsed."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from core.tables.fields.enumeration import is_seq
from core.tables.fields.levels import is_town_name, read_level_words
from core.tables.grid import GridRow, Table
from core.tables.labels import (
    CLASS,
    EXTRA,
    ITEM,
    NAME_FIELDS,
    TIDY_LABELS,
    Column,
    column_under,
    find_column,
    find_field,
    find_tick_column,
    label_rank,
    tidy_field,
)
from core.tables.model import EXPECTED_FIELDS, Note
from core.tables.text import squeeze

_NEEDED = 3
_MOST_ROWS = 3
_LONGEST_UNKNOWN = 20
_EXTRA_PREFIX = "extra:"


@dataclass(frozen=True)
class Header:
    """The columns of a table, and what is to be said of its header.

    `tidy` marks the CSV whose columns are named in English and whose lists have separators.
    """

    columns: tuple[Column | None, ...]
    tidy: bool = False
    notes: tuple[tuple[str | None, Note], ...] = ()

    def of(self, field: str) -> list[int]:
        """Return the positions of a field's columns."""
        return self._positions.get(field, [])

    @cached_property
    def _positions(self) -> dict[str, list[int]]:
        positions: dict[str, list[int]] = {}
        for position, column in enumerate(self.columns):
            if column is not None:
                positions.setdefault(column.field, []).append(position)
        return positions

    def has(self, field: str) -> bool:
        """Say whether any column is for the field."""
        return bool(self.of(field))


def find_header(table: Table, start: int) -> tuple[Header, int] | None:
    """Read a header that begins in row `start`; also return the row after it."""
    first = table.rows[start]
    tidy = _tidy_header(first)
    if tidy is not None:
        return tidy, start + 1
    if not _is_header(first):
        return None
    end = _end_of_header(table, start)
    rows = table.rows[start:end]
    if table.spanned or _is_aligned(rows):
        columns = _aligned(rows)
    else:
        columns = collapsed(_texts(rows[0]), [text for row in rows[1:] for text in _texts(row)])
    return finished(columns), end


def _texts(row: GridRow) -> list[str]:
    return [cell.text for cell in row.cells]


def _is_header(row: GridRow) -> bool:
    return len(row.cells) >= _NEEDED and is_header_words(_texts(row))


def is_header_words(texts: Sequence[str]) -> bool:
    """Say whether words head a catalog: three fields, an item or its contents among them."""
    fields = {field for field in map(find_field, texts) if field is not None}
    if len(fields) < _NEEDED:
        return False
    named = [text for text in texts if find_field(text) or find_tick_column(text)]
    items = {ITEM, "content_elements", *NAME_FIELDS}
    return bool(fields & items) and 2 * len(named) >= len(texts)


def _end_of_header(table: Table, start: int) -> int:
    end = start + 1
    while end < len(table.rows) and end - start < _MOST_ROWS:
        row = table.rows[end]
        fresh = [squeeze(cell.text) for cell in row.cells if cell.row == row.number]
        options = bool(fresh) and all(find_tick_column(text) is not None for text in fresh)
        if not options and not _is_under(table, row, table.rows[start], fresh):
            break
        end += 1
    return end


def _is_under(table: Table, row: GridRow, first: GridRow, fresh: Sequence[str]) -> bool:
    """Say whether a row of short words goes on with the header, though not all are known."""
    if not fresh or any(len(text) > _LONGEST_UNKNOWN for text in fresh):
        return False
    if table.spanned:
        reaching = [
            cell for cell in row.cells if cell.row == first.number and find_field(cell.text)
        ]
        return len(reaching) >= _NEEDED and len(fresh) < len(row.slots)
    known = sum(find_tick_column(text) is not None for text in fresh)
    return 2 * known >= len(fresh) and known > 1 and not any(is_seq(text) for text in fresh)


def _is_aligned(rows: Sequence[GridRow]) -> bool:
    """Say whether labels of the second row stand under their groups, blanks filled rightwards."""
    if len(rows) == 1:
        return True
    for row in rows[1:]:
        for position, cell in enumerate(row.slots):
            if cell is None:
                continue
            if not _fits(find_field(_filled(rows[0], position)), cell.text):
                return False
    return True


def _fits(group: str | None, label: str) -> bool:
    """Say whether a label of the second row can stand under a group."""
    option = find_tick_column(label)
    if option is None:
        return group == "levels" and is_town_name(label)
    if option.field in NAME_FIELDS:
        return group == ITEM
    # 公开方式 is printed for 公开层级 on some pages: the labels below decide.
    return group == option.field or (group == "mode" and option.field == "levels")


def _filled(row: GridRow, position: int) -> str:
    while position >= 0:
        text = row.text(position)
        if text.strip():
            return text
        position -= 1
    return ""


def _aligned(rows: Sequence[GridRow]) -> list[Column | None]:
    width = max(len(row.slots) for row in rows)
    return [_column_at(rows, position) for position in range(width)]


def _column_at(rows: Sequence[GridRow], position: int) -> Column | None:
    path: list[str] = []
    for row in rows:
        text = squeeze(row.text(position))
        if text and (not path or path[-1] != text):
            path.append(text)
    below = any(row.text(position).strip() for row in rows[1:])
    if below and not rows[0].text(position).strip():
        path.insert(0, squeeze(_filled(rows[0], position)))
    if not path:
        return None
    if len(path) == 1 or not path[0]:
        return find_column(path[-1])
    return column_under(path[0], path[-1])


def collapsed(groups: Sequence[str], options: Sequence[str]) -> list[Column | None]:
    """Give the labels of the second row to the groups of the first, in order, by their meaning.

    Text copied from a page loses the spans of its header: labels stand one after the other.
    """
    waiting = list(options)
    columns: list[Column | None] = []
    for group in groups:
        field = find_field(group)
        taken: list[Column] = []
        while waiting and _fits(field, waiting[0]):
            column = column_under(group, waiting[0])
            if taken and taken[0].field != column.field and column.field not in NAME_FIELDS:
                break
            taken.append(column)
            waiting.pop(0)
        columns += taken or [find_column(group)]
    return columns + [find_column(label) for label in waiting]


def _tidy_header(row: GridRow) -> Header | None:
    if "level1" not in {tidy_field(cell.text) for cell in row.cells}:
        return None
    names = [squeeze(row.text(position)).lower() for position in range(len(row.slots))]
    known = {TIDY_LABELS[name] for name in names if name in TIDY_LABELS}
    if len(known) < _NEEDED:
        return None
    columns = [
        Column(TIDY_LABELS[name], name)
        if name in TIDY_LABELS
        else Column(EXTRA, row.text(position).strip().removeprefix(_EXTRA_PREFIX))
        for position, name in enumerate(names)
    ]
    return finished([column if column.label else None for column in columns], tidy=True)


def finished(columns: Sequence[Column | None], *, tidy: bool = False) -> Header:
    """Settle which column serves which field, and say what is missing or doubtful."""
    settled = list(columns)
    notes: list[tuple[str | None, Note]] = []
    _keep_best(settled)
    _settle_names(settled, notes)
    present = {column.field for column in settled if column is not None}
    notes += [
        (field, Note("column-missing", "warning"))
        for field in EXPECTED_FIELDS
        if field not in present
    ]
    notes += _level_notes(settled)
    return Header(tuple(settled), tidy, tuple(notes))


def _keep_best(columns: list[Column | None]) -> None:
    """Of several plain columns for one field keep the best named; the others are extra."""
    best: dict[str, int] = {}
    for position, column in enumerate(columns):
        if column is None or column.choice is not None or column.field in {EXTRA, ITEM, "mode"}:
            continue
        rival = best.get(column.field)
        if rival is None:
            best[column.field] = position
            continue
        other = columns[rival]
        loser = position
        if other is not None and label_rank(column.label) < label_rank(other.label):
            best[column.field], loser = position, rival
        columns[loser] = replace(columns[loser] or column, field=EXTRA)


def _settle_names(columns: list[Column | None], notes: list[tuple[str | None, Note]]) -> None:
    """Give levels to the columns that name the item without one."""
    fields = Counter(column.field for column in columns if column is not None)
    has_levels = any(fields[field] for field in NAME_FIELDS)
    if not has_levels and not fields[ITEM] and fields["content_elements"]:
        _rename(columns, "content_elements", ITEM)
        notes.append(("level1", Note("content-as-item", "warning")))
        fields[ITEM] = 1
    if fields[CLASS] and not has_levels and fields[ITEM] == 1:
        _rename(columns, CLASS, "level1")
        notes.append(("level1", Note("class-as-level1")))
    _rename(columns, CLASS, EXTRA)
    free = [field for field in NAME_FIELDS if not any(c and c.field == field for c in columns)]
    for position, column in enumerate(columns):
        if column is not None and column.field == ITEM:
            field = free.pop(0) if free else EXTRA
            columns[position] = replace(column, field=field)


def _rename(columns: list[Column | None], field: str, new: str) -> None:
    for position, column in enumerate(columns):
        if column is not None and column.field == field:
            columns[position] = replace(column, field=new)


def _level_notes(columns: Sequence[Column | None]) -> list[tuple[str | None, Note]]:
    notes: list[tuple[str | None, Note]] = []
    for column in columns:
        if column is None or column.field != "levels" or column.choice is None:
            continue
        levels = read_level_words(column.choice)
        if levels is None:
            notes.append(("levels", Note("level-of-town", "info", {"label": column.label})))
        elif len(levels) > 1:
            notes.append(("levels", Note("level-combined", "info", {"label": column.label})))
    return notes
