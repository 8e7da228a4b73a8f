"""Old workbooks (.xls, and so .et) as grids, sheet by sheet: what they show."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from core.tables.confinement import run_reader
from core.tables.formats.cell_styles import CellFont, CellStyle, TextRun, show_runs
from core.tables.formats.hidden_cells import Cells, Hidden, LeftOutCells, Merge
from core.tables.formats.legacy.xls_cells import ENCRYPTED, LIMITS
from core.tables.formats.number_format import GENERAL, show_number, show_text
from core.tables.formats.sheet_grid import is_too_large, to_grid_rows
from core.tables.formats.symbols import is_symbol_font
from core.tables.grid import Table, UnreadText
from core.tables.limits import MAX_CELL_TEXT, MAX_CELLS, UnreadableFile

_TEXT, _NUMBER, _DATE, _BOOLEAN = 1, 2, 3, 4
#: Beyond this a number has no more exact digits.
_LARGEST_NUMBER = 1e15
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!"}


def read_xls(data: bytes, filename: str) -> list[Table]:
    """Return what the sheets of a workbook show, in order; raises `UnreadableFile`."""
    finished = run_reader("core.tables.formats.legacy.xls_cells", [], data, LIMITS)
    if finished.status == ENCRYPTED:
        raise UnreadableFile("package-encrypted", filename)
    if finished.status is None or finished.status < 0:
        raise UnreadableFile("table-too-large", filename)
    if finished.status:
        raise UnreadableFile("old-workbook-damaged", filename)
    return build_tables(map(json.loads, finished.output.splitlines()), filename)


def build_tables(sheets: Iterable[Mapping[str, Any]], filename: str) -> list[Table]:
    """Return sheets as `read_workbook` gives them as tables; raises `UnreadableFile`."""
    budget = MAX_CELLS
    tables: list[Table] = []
    for sheet in sheets:
        budget -= len(sheet.get("cells", ()))
        if budget < 0:
            raise UnreadableFile("table-too-large", filename, _place(sheet))
        tables.append(_table(sheet, filename))
    return tables


def _place(sheet: Mapping[str, Any]) -> str:
    return f"工作表“{sheet['name']}”"


def _table(sheet: Mapping[str, Any], filename: str) -> Table:
    place = _place(sheet)
    if sheet["hidden"]:
        return Table(place, (), spanned=True, name=sheet["name"], hidden=True)
    cells: Cells = {}
    left_out: LeftOutCells = {}
    for row, column, *looks in sheet["cells"]:
        text, parts = _show(*looks, since_1904=sheet["since_1904"])
        if parts or text.strip():
            cells.setdefault(row, {})[column] = text[:MAX_CELL_TEXT]
        if parts:
            left_out[row, column] = parts
    hidden = Hidden(set(sheet["rows"]), set(sheet["columns"]))
    merges: list[Merge] = [
        (top, left, bottom, right) for top, left, bottom, right in sheet["merges"]
    ]
    merges = hidden.take_out(cells, left_out, merges)
    if is_too_large(cells, merges):
        raise UnreadableFile("table-too-large", filename, place)
    return Table(
        place,
        to_grid_rows(cells, merges, place, left_out, hidden.rows),
        spanned=True,
        name=sheet["name"],
        hidden_rows=len(hidden.filled_rows),
        remarks=hidden.remarks(place),
    )


def _show(
    kind: int, value: Any, code: str, runs: Sequence[Sequence[Any]], *, since_1904: bool
) -> tuple[str, tuple[UnreadText, ...]]:
    """Return what a cell shows, and what of it is left out."""
    style = CellStyle(code or GENERAL, _font(*runs[0][1:]) if runs else CellFont())
    if kind == _TEXT:
        text, left_out = show_runs([TextRun(text, _font(*looks)) for text, *looks in runs], style)
        shown = show_text(text, style.code) if text else ""
        if text.strip() and not shown:
            left_out = (*left_out, UnreadText("text-hidden", text))
        return shown, left_out
    if kind == _BOOLEAN:
        return show_runs([TextRun("TRUE" if value else "FALSE")], style)
    if kind not in {_NUMBER, _DATE}:
        return "", (UnreadText("cell-error", _ERRORS.get(int(value), "#N/A")),)
    plain = repr(value) if value != int(value) else str(int(value))
    if abs(value) >= _LARGEST_NUMBER:
        return show_runs([TextRun(plain)], style)
    shown = show_number(value, style.code, since_1904=since_1904)
    if not shown and value:
        return "", (UnreadText("text-hidden", plain),)
    return show_runs([TextRun(shown)], style.without_code())


def _font(struck: bool, name: str, is_unseen: bool) -> CellFont:
    return CellFont(struck, name if is_symbol_font(name) else None, is_unseen)
