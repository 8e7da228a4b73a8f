"""Scan running text for titles, statements, notes, and catalogs without tables."""

from collections.abc import Sequence
from itertools import islice

from core.tables.fields.lists import is_citation
from core.tables.grid import Line
from core.tables.labels import find_field
from core.tables.layout import not_applicable
from core.tables.layout.cell_lines import find_cell_header, find_row_number, read_cell_lines
from core.tables.layout.headers import Header
from core.tables.layout.lists import find_list_number, read_list
from core.tables.layout.state import Draft, DraftRow, RowKind, ScanState
from core.tables.layout.titles import clean_title, is_strong_title, line_kind, section_name
from core.tables.model import Note
from core.tables.text import squeeze, tidy

#: So many lines may stand between a line and the number of an item.
_MOST_BETWEEN = 400


def scan_lines(lines: Sequence[Line], state: ScanState) -> None:
    """Read a run of lines: segments that a title or the head of a statement opens."""
    state.scanned.held += count_filled(lines)
    state.add_left_out(lines)
    start = 0
    in_cells = False
    for position in range(len(lines) + 1):
        if position == len(lines) or _opens_segment(lines, position, start, in_cells=in_cells):
            _read_segment(lines[start:position], state)
            start, in_cells = position, False
        elif find_field(lines[position].text) == "seq":
            in_cells = True


def scan_lines_inside(lines: Sequence[Line], state: ScanState) -> None:
    """Read lines between two parts of one table: notes, headings, the rest of an item."""
    state.scanned.held += count_filled(lines)
    state.add_left_out(lines)
    for line in lines:
        if squeeze(line.text) and state.draft is not None:
            state.count(_read_inside(line, state, state.draft))


def count_filled(lines: Sequence[Line]) -> int:
    """Count the lines that hold something."""
    return sum(bool(squeeze(line.text)) for line in lines)


def _read_inside(line: Line, state: ScanState, draft: Draft) -> RowKind:
    kind = line_kind(line.text)
    if kind == "page":
        return "note"
    if kind == "title" and clean_title(line.text) == draft.title:
        return "title"
    if kind == "section":
        state.section = section_name(line.text)
        return "title"
    if kind in {"note", "furniture", "attachment", "contents"} or not draft.rows:
        state.take_note(line.text)
        return "note"
    row = draft.rows[-1]
    field = "legal_basis" if is_citation(line.text) else "content_elements"
    target = row.header.of(field) or row.header.of("content_elements")
    row.notes.append((field, Note("line-continues", "warning", {"text": tidy(line.text)})))
    if not target:
        return "skipped"
    row.append(target[0], line.text)
    return "continuation"


def _opens_segment(lines: Sequence[Line], position: int, start: int, *, in_cells: bool) -> bool:
    """Say whether a line opens a segment; among cells only where labels or a list follow it."""
    text = lines[position].text
    if not squeeze(text):
        return False
    if line_kind(text) != "title" and not not_applicable.is_head(text):
        return False
    return not _numbering_goes_on(lines, position, start, in_cells=in_cells)


def _numbering_goes_on(lines: Sequence[Line], position: int, start: int, *, in_cells: bool) -> bool:
    """Say whether the numbers after a line go on with those before it: it stands inside."""
    find_number = find_row_number if in_cells else find_list_number
    if not in_cells and find_number(lines[position].text) is not None:
        return False
    before = islice(reversed(lines[start:position]), _MOST_BETWEEN)
    last = next(filter(None, (find_number(line.text) for line in before)), None)
    if last is None:
        return False
    for line in lines[position + 1 : position + 1 + _MOST_BETWEEN]:
        number = find_number(line.text)
        if find_field(line.text) == "seq":
            return False
        if number is not None:
            return number == (last[0], last[1] + 1)
    return in_cells and not is_strong_title(lines[position].text)


def _read_segment(lines: Sequence[Line], state: ScanState) -> None:
    if lines:
        state.deadline.check(lines[0].place)
    lines = _take_head(lines, state)
    for position in range(len(lines)):
        header = find_cell_header(lines, position)
        if header is not None:
            _take_prose(lines[:position], state)
            state.count("head", count_filled(lines[position : header[1]]))
            _read_cells(header[0], lines[header[1] :], lines[position].place, state)
            return
    rows = _list_of(lines, state)
    if rows is None:
        _take_prose(lines, state)
        return
    notes = list(rows[0].header.notes)
    draft = Draft(state.title, lines[0].place, rows=rows, notes=notes)
    state.start(draft)
    _count_rows(rows, lines, state)
    state.header = None


def _count_rows(rows: Sequence[DraftRow], lines: Sequence[Line], state: ScanState) -> None:
    """Count the lines of items that are not printed one in a row."""
    state.count("item", len(rows))
    state.count("continuation", count_filled(lines) - len(rows))


def _take_head(lines: Sequence[Line], state: ScanState) -> Sequence[Line]:
    """Take the title, or the head of a statement, that opens a segment."""
    if not lines or not squeeze(lines[0].text):
        return lines
    if not_applicable.is_head(lines[0].text):
        state.open_statement()
    elif line_kind(lines[0].text) == "title":
        state.end_statement()
        state.take_title(lines[0].text, lines[0].place)
    else:
        return lines
    state.count("title")
    return lines[1:]


def _list_of(lines: Sequence[Line], state: ScanState) -> list[DraftRow] | None:
    """Read a titled list of items; a table of contents is none."""
    if state.title is None or "汇编" in state.title or state.statement is not None:
        return None
    if any(line_kind(line.text) == "contents" for line in lines):
        return None
    return read_list(lines)


def _read_cells(header: Header, lines: Sequence[Line], place: str, state: ScanState) -> None:
    draft = Draft(state.title, place, notes=list(header.notes))
    draft.rows, rest = read_cell_lines(header, lines)
    state.start(draft)
    _count_rows(draft.rows, lines[: len(lines) - len(rest)], state)
    _take_prose(rest, state)
    state.header = None


def _take_prose(lines: Sequence[Line], state: ScanState) -> None:
    for line in lines:
        if squeeze(line.text):
            _take_line(line, state)


def _take_line(line: Line, state: ScanState) -> None:
    kind = line_kind(line.text)
    if state.statement is not None:
        state.statement += [] if kind == "page" else [line.text]
        state.count("note")
    elif kind == "section" and state.header is not None:
        state.section = section_name(line.text)
        state.count("title")
    elif (taken := state.take_loose(line.text)) == "loose":
        state.add_loose(line.place, line.text)
    else:
        state.count(taken)
