"""Data rows below a header: those that begin an item and those that continue one."""

import re
from collections.abc import Sequence

from core.tables.fields.enumeration import is_seq, number_value
from core.tables.fields.wrapping import is_broken_word, is_cut
from core.tables.grid import GridRow
from core.tables.labels import NAME_FIELDS
from core.tables.layout.headers import Header
from core.tables.layout.state import DraftRow
from core.tables.model import Note, Severity
from core.tables.text import fold, open_brackets, squeeze, tidy

#: Fields whose text may go on in a row below.
TEXT_FIELDS = frozenset(
    {"content_elements", "legal_basis", "time_limit", "responsible_organ", "channels", "extra"}
)


#: Fields of which the text goes on in the row below where a page's end broke it.
_BROKEN_FIELDS = ("legal_basis", "time_limit", "responsible_organ")
_TOTALS = re.compile(r"(?:合计|总计|小计|共计|累计|总数)(?:[:、]?共?\d+[个项条件类]?(?:事项)?)?")
_MOST_TOTALS = 4
_UNNUMBERED = "row-unnumbered"
#: Cells of which the value is not known.
_UNREADABLE = frozenset({"cell-error", "formula-unread", "table-inside"})


def begins_item(row: GridRow, header: Header) -> bool:
    """Say whether a row begins an item, rather than continue the one above.

    A number or a name of its own begins one; so do ticks, and contents with a time limit, where
    the names are merged over several rows. Contents alone continue.
    """
    if any(row.is_fresh(column) for column in header.of("seq")):
        return True
    if any(row.is_fresh(column) for field in NAME_FIELDS for column in header.of(field)):
        return True
    if any(row.is_fresh(column) for column in _tick_columns(header)):
        return True
    return all(
        any(row.is_fresh(column) for column in header.of(field))
        for field in ("content_elements", "time_limit")
    )


def _tick_columns(header: Header) -> list[int]:
    plain = {column for field in ("audience", "mode", "levels") for column in header.of(field)}
    ticks = {
        position
        for position, column in enumerate(header.columns)
        if column is not None and column.choice is not None
    }
    return sorted(plain | ticks)


def is_totals_row(row: GridRow, header: Header) -> bool:
    """Say whether a row only counts the items above: 合计 stands where their names do."""
    if len(row.cells) > _MOST_TOTALS + len(NAME_FIELDS) or _has_ticks(row, header):
        return False
    cells = [cell for cell in row.cells if cell.row == row.number]
    if not cells or len(cells) > _MOST_TOTALS:
        return False
    named = {column for field in ("seq", *NAME_FIELDS) for column in header.of(field)}
    return cells[0].column in named and bool(_TOTALS.fullmatch(fold(squeeze(cells[0].text))))


def row_number(row: GridRow, header: Header) -> int:
    """Return the number that a row prints for itself, 0 where it has none."""
    for column in header.of("seq"):
        if row.is_fresh(column):
            return number_value(fold(squeeze(row.text(column))).strip("()、."))
    return 0


def is_data_row(row: GridRow, header: Header) -> bool:
    """Say whether a row has the cells of an item of this table: a number, and more."""
    if not header.has("seq"):
        return len(row.cells) > 1 and begins_item(row, header)
    numbers = [row.text(column) for column in header.of("seq") if row.is_fresh(column)]
    return len(row.cells) > 2 and any(map(is_seq, numbers)) and row_number(row, header) != 1


def is_misplaced(row: GridRow, header: Header) -> bool:
    """Say whether a row's first cell stands where numbers stand, and is none.

    Rows that continue an item lose their leading blanks where merges are lost.
    """
    seq = header.of("seq")
    if not seq or not row.is_fresh(seq[0]):
        return False
    text = row.text(seq[0])
    return len(row.cells) <= 2 and not is_seq(text) and len(squeeze(text)) > 1


def new_row(row: GridRow, header: Header, section: str | None, *, spanned: bool) -> DraftRow:
    """Take a row's cells, merged ones included; where spans are lost, some may be missing."""
    cells = {
        position: [cell.text]
        for position, (column, cell) in enumerate(zip(header.columns, row.slots, strict=False))
        if column is not None and cell is not None and cell.text.strip()
    }
    draft = DraftRow(row.place, header, cells, section)
    if not spanned and len(row.slots) < len(header.columns):
        draft.notes.append((None, Note("row-short")))
    beyond = [
        squeeze(row.text(position))
        for position in range(len(row.slots))
        if (position >= len(header.columns) or header.columns[position] is None)
        and row.is_fresh(position)
    ]
    if beyond:
        draft.notes.append(
            (None, Note("cell-without-column", "warning", {"text": "、".join(beyond)}))
        )
    _note_left_out(draft, row)
    return draft


def _note_left_out(draft: DraftRow, row: GridRow) -> None:
    """Say which text of the row's cells is struck through or hidden, at the field concerned."""
    columns = draft.header.columns
    for position, part in row.left_out:
        column = columns[position] if position < len(columns) else None
        severity: Severity = "warning" if part.code in _UNREADABLE else "info"
        note = Note(part.code, severity, {"text": tidy(part.text)})
        draft.notes.append((None if column is None else column.field, note))


def continue_row(draft: DraftRow, row: GridRow) -> None:
    """Add a continuation row to the item above, cell by cell."""
    columns = draft.header.columns
    for position in range(len(row.slots)):
        if not row.is_fresh(position):
            continue
        column = columns[position] if position < len(columns) else None
        if column is None:
            params = {"text": squeeze(row.text(position))}
            draft.notes.append((None, Note("cell-without-column", "warning", params)))
        elif column.field in TEXT_FIELDS:
            draft.append(position, row.text(position))
        else:
            note = Note("continuation-unclear", "warning", {"text": squeeze(row.text(position))})
            draft.notes.append((column.field, note))
    _note_left_out(draft, row)


def is_wrapped_row(draft: DraftRow, row: GridRow) -> bool:
    """Say whether a row without a number only holds the rest of words that the one above broke.

    A known word, or a bracket, stands across the two rows in the column of a name; in that of
    another text where the row has no ticks either.
    """
    header = draft.header
    if not header.has("seq") or any(row.text(column).strip() for column in header.of("seq")):
        return False
    fields = NAME_FIELDS if _has_ticks(row, header) else (*NAME_FIELDS, *_BROKEN_FIELDS)
    columns = [column for field in fields for column in header.of(field)]
    pairs = [(tidy(draft.text(at)), tidy(row.text(at))) for at in columns if row.is_fresh(at)]
    return any(
        before and (is_broken_word(before, after) or is_cut(after) or open_brackets(before))
        for before, after in pairs
    )


def _has_ticks(row: GridRow, header: Header) -> bool:
    return any(row.text(column).strip() for column in _tick_columns(header))


def rejoin_row(draft: DraftRow, row: GridRow) -> None:
    """Add the rest of broken words to the item above, column by column."""
    for position, column in enumerate(draft.header.columns):
        if column is None or not row.is_fresh(position):
            continue
        text = row.text(position)
        if column.choice is None:
            draft.append(position, text)
            draft.notes.append((column.field, Note("row-rejoined")))
        else:
            note = Note("continuation-unclear", "warning", {"text": squeeze(text)})
            draft.notes.append((column.field, note))
    _note_left_out(draft, row)


def say_unnumbered(above: Sequence[DraftRow], row: DraftRow) -> None:
    """Say of a row without number and incomplete, and of those above that it may belong to."""
    if not row.header.has("seq") or row.has_text(row.header.of("seq")) or not above:
        return
    doubtful = _up_to_numbered(above)
    if not doubtful or not _lacks_cells(doubtful[-1], row):
        return
    filled = {
        column.field
        for position, column in enumerate(row.header.columns)
        if column is not None and row.text(position).strip()
    }
    for draft in doubtful:
        draft.notes += [(field, Note("row-may-go-on", "warning")) for field in sorted(filled)]
    row.notes += [(field, Note(_UNNUMBERED, "warning")) for field in (None, *sorted(filled))]


def say_continued(rows: Sequence[DraftRow], row: GridRow) -> None:
    """Say of rows that what goes on with a doubtful one below them may be their own."""
    header = rows[-1].header
    fields = {
        column.field
        for position, column in enumerate(header.columns)
        if column is not None and row.is_fresh(position)
    }
    for draft in _up_to_numbered(rows)[1:]:
        draft.notes += [(field, Note("row-may-go-on", "warning")) for field in sorted(fields)]


def _up_to_numbered(above: Sequence[DraftRow]) -> list[DraftRow]:
    """Return the rows up to the one with a number, where those between are doubtful themselves."""
    found: list[DraftRow] = []
    for draft in reversed(above):
        found.append(draft)
        if draft.has_text(draft.header.of("seq")):
            return found
        if not any(note.code == _UNNUMBERED for _, note in draft.notes):
            return []
    return []


def _lacks_cells(above: DraftRow, row: DraftRow) -> bool:
    """Say whether a row lacks what every item has, or the ticks that the one above has."""
    needed = ("content_elements", "time_limit", "responsible_organ")
    present = [field for field in needed if row.header.has(field)]
    if not all(row.has_text(row.header.of(field)) for field in present):
        return True
    ticks = _tick_columns(row.header)
    return above.has_text(ticks) and not row.has_text(ticks)


def continue_contents(draft: DraftRow, row: GridRow) -> None:
    """Add a continuation row whose place in the table is lost: it continues the contents."""
    target = draft.header.of("content_elements")
    for index, cell in enumerate(row.cells):
        if index == 0 and target:
            draft.append(target[0], cell.text)
        else:
            note = Note("continuation-unclear", "warning", {"text": squeeze(cell.text)})
            draft.notes.append((None, note))
