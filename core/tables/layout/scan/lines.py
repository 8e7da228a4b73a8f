"""Scan running text for titles, statements, notes, and catalogs without tables."""

from collections.abc import Sequence

from core.tables.grid import Line
from core.tables.labels import find_field
from core.tables.layout import not_applicable
from core.tables.layout.cell_lines import find_cell_header, read_cell_lines
from core.tables.layout.headers import Header
from core.tables.layout.lists import read_list
from core.tables.layout.state import Draft, DraftRow, ScanState
from core.tables.layout.titles import is_strong_title, line_kind, section_name
from core.tables.text import squeeze


def scan_lines(lines: Sequence[Line], state: ScanState) -> None:
    """Read a run of lines: segments that a title or the head of a statement opens."""
    start = 0
    in_cells = False
    for position in range(len(lines) + 1):
        if position == len(lines) or _opens_segment(lines[position], in_cells=in_cells):
            _read_segment(lines[start:position], state)
            start, in_cells = position, False
        elif find_field(lines[position].text) == "seq":
            in_cells = True


def _opens_segment(line: Line, *, in_cells: bool) -> bool:
    """Say whether a line opens a segment; among cells only a title that is beyond doubt does."""
    if not squeeze(line.text):
        return False
    is_title = is_strong_title(line.text) if in_cells else line_kind(line.text) == "title"
    return is_title or not_applicable.is_head(line.text)


def _read_segment(lines: Sequence[Line], state: ScanState) -> None:
    if lines:
        state.deadline.check(lines[0].place)
    lines = _take_head(lines, state)
    for position in range(len(lines)):
        header = find_cell_header(lines, position)
        if header is not None:
            _take_prose(lines[:position], state)
            _read_cells(header[0], lines[header[1] :], lines[position].place, state)
            return
    rows = _list_of(lines, state)
    if rows is None:
        _take_prose(lines, state)
        return
    notes = list(rows[0].header.notes)
    state.start(Draft(state.title, lines[0].place, rows=rows, notes=notes))
    state.header = None


def _take_head(lines: Sequence[Line], state: ScanState) -> Sequence[Line]:
    """Take the title, or the head of a statement, that opens a segment."""
    if not lines or not squeeze(lines[0].text):
        return lines
    if not_applicable.is_head(lines[0].text):
        state.open_statement()
        return lines[1:]
    if line_kind(lines[0].text) != "title":
        return lines
    state.end_statement()
    state.take_title(lines[0].text)
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
    draft.rows = read_cell_lines(header, lines)
    state.start(draft)
    state.header = None


def _take_prose(lines: Sequence[Line], state: ScanState) -> None:
    texts = [line.text for line in lines if squeeze(line.text)]
    for text in texts:
        if state.statement is not None:
            state.statement += [] if line_kind(text) == "page" else [text]
        elif line_kind(text) == "section" and state.header is not None:
            state.section = section_name(text)
        else:
            state.take_loose(text)
