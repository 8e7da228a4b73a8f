"""XLSX workbooks as grids, sheet by sheet.

Read as a stream from the package: a reader that keeps every styled blank cell, or allots the
rectangle that a lone far cell spans, can be driven out of memory by a file of a few kilobytes.
"""

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from lxml import etree
from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format
from openpyxl.utils.cell import column_index_from_string, range_boundaries
from openpyxl.utils.datetime import from_excel

from core.tables.formats.xlsx_hidden import Hidden
from core.tables.formats.zip_package import Package
from core.tables.grid import MAX_COLUMNS, Cell, GridRow, Table
from core.tables.limits import (
    MAX_CELL_TEXT,
    MAX_CELLS,
    MAX_ROWS,
    MAX_SLOTS,
    MAX_STRINGS,
    MAX_STYLED_CELLS,
    UnreadableFile,
)

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
_RELATION_ID = (
    "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id",
    "{http://purl.oclc.org/ooxml/officeDocument/relationships}id",
)
_WORKBOOK_TYPES = ("/officeDocument",)
_MOST_MERGES = 100_000
#: Excel writes a control character as its code (_x000D_), and a text that looks so as _x005F_…
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_ZEROS = frozenset("0")


@dataclass(frozen=True, slots=True)
class _Sheet:
    name: str
    part: str
    hidden: bool


@dataclass(slots=True)
class _Budget:
    """Cells that may still be read from the workbook."""

    cells: int = MAX_CELLS
    styled: int = MAX_STYLED_CELLS


def read_xlsx(package: Package) -> list[Table]:
    """Return the sheets of a workbook as tables, in order; hidden ones are not looked into."""
    reader = _WorkbookReader(package, _workbook_part(package))
    return [reader.table(sheet) for sheet in reader.sheets()]


def read_shown(package: Package) -> list[Table]:
    """Return what the sheets of a workbook show: no hidden sheets, rows and columns."""
    reader = _WorkbookReader(package, _workbook_part(package))
    return [reader.table(sheet, Hidden()) for sheet in reader.sheets() if not sheet.hidden]


def is_workbook(package: Package) -> bool:
    """Say whether a package holds a workbook."""
    return any(name.endswith("workbook.xml") for name in package.names)


def _workbook_part(package: Package) -> str:
    for target, kind in _relations(package, "_rels/.rels", "").values():
        if kind.endswith(_WORKBOOK_TYPES) and target in package.names:
            return target
    return next(name for name in package.names if name.endswith("workbook.xml"))


def _relations(package: Package, part: str, folder: str) -> Mapping[str, tuple[str, str]]:
    """Return the targets and types of a part's relations by their ids."""
    if part not in package.names:
        return {}
    found: dict[str, tuple[str, str]] = {}
    for relation in package.parse(part):
        target = str(relation.get("Target", ""))
        path = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
        found[str(relation.get("Id"))] = (posixpath.normpath(path), str(relation.get("Type", "")))
    return found


def _local(element: etree._Element) -> str:
    return _name(str(element.tag))


@lru_cache(maxsize=1024)
def _name(tag: str) -> str:
    return tag.rpartition("}")[2]


class _WorkbookReader:
    def __init__(self, package: Package, workbook: str) -> None:
        self._package = package
        self._folder = posixpath.dirname(workbook)
        self._root = package.parse(workbook)
        base = posixpath.basename(workbook)
        self._relations = _relations(
            package, posixpath.join(self._folder, "_rels", f"{base}.rels"), self._folder
        )
        self._strings = self._shared_strings()
        self._formats = self._number_formats()
        self._budget = _Budget()

    def sheets(self) -> Iterator[_Sheet]:
        """Give the sheets of cells, charts and macros left out."""
        for element in self._root.iter(f"{{{_MAIN}}}sheet", f"{{{_STRICT}}}sheet"):
            relation = next((element.get(name) for name in _RELATION_ID if element.get(name)), "")
            part = self._relations.get(str(relation), ("", ""))[0]
            if part in self._package.names and "worksheet" in self._relations[str(relation)][1]:
                hidden = element.get("state") in {"hidden", "veryHidden"}
                yield _Sheet(str(element.get("name", "")), part, hidden)

    def _related(self, ending: str) -> str | None:
        for target, kind in self._relations.values():
            if kind.endswith(ending) and target in self._package.names:
                return target
        return None

    def _shared_strings(self) -> list[str]:
        part = self._related("/sharedStrings")
        if part is None:
            return []
        tags = (f"{{{_MAIN}}}si", f"{{{_STRICT}}}si")
        strings: list[str] = []
        for element in self._package.elements(part, tags):
            strings.append(_text_of(element)[:MAX_CELL_TEXT])
            if len(strings) > MAX_STRINGS:
                raise UnreadableFile("table-too-large", self._package.filename, part)
        return strings

    def _number_formats(self) -> list[str]:
        part = self._related("/styles")
        if part is None:
            return []
        root = self._package.parse(part)
        codes = {
            int(element.get("numFmtId", "0")): str(element.get("formatCode", ""))
            for element in root.iter(f"{{{_MAIN}}}numFmt", f"{{{_STRICT}}}numFmt")
            if str(element.get("numFmtId", "")).isdigit()
        }
        formats: list[str] = []
        for group in root.iter(f"{{{_MAIN}}}cellXfs", f"{{{_STRICT}}}cellXfs"):
            for style in group:
                number = str(style.get("numFmtId", "0"))
                key = int(number) if number.isdigit() else 0
                formats.append(codes.get(key) or _builtin(key))
        return formats

    def table(self, sheet: _Sheet, hidden: Hidden | None = None) -> Table:
        """Read a sheet; a merged cell fills its whole range. What is `hidden` is left out."""
        place = f"工作表“{sheet.name}”"
        if sheet.hidden:
            return Table(place, (), spanned=True, name=sheet.name, hidden=True)
        cells: dict[int, dict[int, str]] = {}
        merges: list[tuple[int, int, int, int]] = []
        names = ("row", "mergeCell", *(("col",) if hidden else ()))
        tags = tuple(f"{{{space}}}{name}" for space in (_MAIN, _STRICT) for name in names)
        for element in self._package.elements(sheet.part, tags):
            if _local(element) == "row":
                row = self._read_row(element, cells, sheet)
                if hidden:
                    hidden.note_row(element, row)
            elif hidden and _local(element) == "col":
                hidden.note_columns(element)
            elif len(merges) < _MOST_MERGES:
                merges += _merged_range(str(element.get("ref", "")))
        if hidden:
            hidden.leave_out(cells, merges)
        last = max(cells, default=-1)
        covered = sum(
            (min(bottom, last) - top + 1) * (right - left + 1)
            for top, left, bottom, right in merges
            if left in cells.get(top, ())
        )
        if covered > MAX_SLOTS:
            self._refuse(sheet)
        return Table(place, _grid_rows(cells, merges, place), spanned=True, name=sheet.name)

    def _read_row(
        self, element: etree._Element, cells: dict[int, dict[int, str]], sheet: _Sheet
    ) -> int:
        number = str(element.get("r", ""))
        row = int(number) - 1 if number.isdigit() else max(cells, default=-1) + 1
        self._budget.styled -= len(element)
        if self._budget.styled < 0 or len(cells) > MAX_ROWS:
            self._refuse(sheet)
        found = dict(self._row_cells(element))
        self._budget.cells -= len(found)
        if self._budget.cells < 0:
            self._refuse(sheet)
        if found:
            cells[row] = found
        return row

    def _refuse(self, sheet: _Sheet) -> None:
        place = f"工作表“{sheet.name}”"
        raise UnreadableFile("table-too-large", self._package.filename, place)

    def _row_cells(self, row: etree._Element) -> Iterator[tuple[int, str]]:
        column = -1
        for element in row:
            reference = element.get("r")
            column = column + 1 if reference is None else _column_of(reference)
            if len(element) == 0 or not 0 <= column < MAX_COLUMNS:
                continue
            text = self._value(element)
            if text.strip():
                yield column, text[:MAX_CELL_TEXT]

    def _value(self, cell: etree._Element) -> str:
        kind = cell.get("t", "n")
        if kind == "inlineStr":
            return next((_text_of(child) for child in cell if _local(child) == "is"), "")
        value = next((child.text or "" for child in cell if _local(child) == "v"), "")
        if kind == "s":
            index = int(value) if value.isdigit() else -1
            return self._strings[index] if 0 <= index < len(self._strings) else ""
        if kind == "n":
            return self._number(value, str(cell.get("s", "")))
        return value if kind in {"str", "d"} else ""

    def _number(self, value: str, style: str) -> str:
        try:
            number = float(value)
        except ValueError:
            return ""
        code = (
            self._formats[int(style)] if style.isdigit() and int(style) < len(self._formats) else ""
        )
        if code and is_date_format(code):
            return _date_text(number)
        if number != number or abs(number) >= 1e15:  # noqa: PLR0124 - not a number
            return value
        text = str(int(number)) if number == int(number) else repr(number)
        return text.zfill(len(code)) if set(code) == _ZEROS else text


def _builtin(key: int) -> str:
    # Formats 27 to 58 that no code is given for are the East Asian dates.
    return BUILTIN_FORMATS.get(key) or ("yyyy-mm-dd" if 27 <= key <= 58 else "")


def _date_text(number: float) -> str:
    try:
        moment = from_excel(number)
    except (ValueError, OverflowError):
        return str(number)
    if isinstance(moment, datetime) and not (moment.hour or moment.minute or moment.second):
        return moment.date().isoformat()
    return moment.isoformat() if isinstance(moment, date) else str(moment)


def _text_of(element: etree._Element) -> str:
    """Return the text of a string, its runs joined, without the phonetic guide."""
    parts: list[str] = []
    for child in element:
        name = _local(child)
        if name == "t":
            parts.append(child.text or "")
        elif name == "r":
            parts += [part.text or "" for part in child if _local(part) == "t"]
    text = "".join(parts)
    if "_x" not in text:
        return text
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)


def _column_of(reference: str) -> int:
    letters = reference.rstrip("0123456789")
    if not letters.isalpha() or not letters.isascii() or len(letters) > 3:
        return -1
    return column_index_from_string(letters) - 1


def _merged_range(reference: str) -> list[tuple[int, int, int, int]]:
    """Return (top, left, bottom, right) of a range, from 0, ends included; nothing if malformed."""
    try:
        left, top, right, bottom = range_boundaries(reference)
    except (ValueError, TypeError):
        return []
    if left is None or top is None or right is None or bottom is None:
        return []
    return [(top - 1, left - 1, bottom - 1, min(right, MAX_COLUMNS) - 1)]


def _grid_rows(
    cells: Mapping[int, Mapping[int, str]],
    merges: list[tuple[int, int, int, int]],
    place: str,
) -> tuple[GridRow, ...]:
    """Build grid rows, numbered from 0 without empty ones, with merged cells spread over them."""
    numbers = _row_numbers(cells, merges)
    at = {row: number for number, row in enumerate(numbers)}
    slots: list[dict[int, Cell]] = [
        {column: Cell(text, at[row], column) for column, text in cells.get(row, {}).items()}
        for row in numbers
    ]
    for merge in merges:
        _spread(slots, numbers, at, merge)
    return tuple(
        GridRow(
            f"{place}第{row + 1}行",
            number,
            tuple(
                slots[number].get(column) for column in range(max(slots[number], default=-1) + 1)
            ),
        )
        for number, row in enumerate(numbers)
    )


def _row_numbers(
    cells: Mapping[int, Mapping[int, str]], merges: list[tuple[int, int, int, int]]
) -> list[int]:
    """Return the rows that hold a cell, or a part of a merged one above the last cell."""
    numbers = set(cells)
    last = max(cells, default=-1)
    for top, left, bottom, _ in merges:
        if left in cells.get(top, ()) and len(numbers) < MAX_ROWS:
            numbers.update(range(top, min(bottom, last) + 1))
    return sorted(numbers)


def _spread(
    slots: list[dict[int, Cell]],
    numbers: list[int],
    at: Mapping[int, int],
    merge: tuple[int, int, int, int],
) -> None:
    top, left, bottom, right = merge
    first = at.get(top)
    origin = None if first is None else slots[first].get(left)
    if first is None or origin is None:
        return
    last = first
    while last + 1 < len(numbers) and numbers[last + 1] <= bottom:
        last += 1
    cell = Cell(origin.text, first, left, last - first + 1, right - left + 1)
    for row in slots[first : last + 1]:
        for column in range(left, right + 1):
            row[column] = cell
