"""XLSX workbooks as grids, sheet by sheet.

Read as a stream from the package: a reader that keeps every styled blank cell, or allots the
rectangle that a lone far cell spans, can be driven out of memory by a file of a few kilobytes.
"""

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from lxml import etree
from openpyxl.utils.cell import column_index_from_string

from core.tables.formats.cell_styles import (
    CellStyle,
    TextRun,
    local_name,
    read_font,
    read_styles,
    show_runs,
)
from core.tables.formats.hidden_cells import Cells, Hidden, LeftOutCells, Merge
from core.tables.formats.number_format import show_number, show_text
from core.tables.formats.sheet_grid import is_too_large, to_grid_rows, to_merges
from core.tables.formats.zip_package import Package
from core.tables.grid import MAX_COLUMNS, Table, UnreadText
from core.tables.limits import (
    MAX_CELL_TEXT,
    MAX_CELLS,
    MAX_ROWS,
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
_SHEET_TAGS = tuple(
    f"{{{space}}}{name}" for space in (_MAIN, _STRICT) for name in ("row", "mergeCell", "col")
)
_PLAIN = CellStyle()
_DAY_ZERO = datetime(1899, 12, 30, tzinfo=UTC)
#: What a cell shows, and what of it is left out.
ShownText = tuple[str, tuple[UnreadText, ...]]


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


@dataclass(slots=True)
class _SheetPart:
    """The cells of a sheet while it is read."""

    cells: Cells = field(default_factory=dict)
    left_out: LeftOutCells = field(default_factory=dict)
    merges: list[Merge] = field(default_factory=list)
    hidden: Hidden = field(default_factory=Hidden)


def read_xlsx(package: Package) -> list[Table]:
    """Return what the sheets of a workbook show, in order; hidden ones are not looked into.

    Hidden rows and columns and struck-through text are left out, with a remark.
    """
    reader = _WorkbookReader(package, _workbook_part(package))
    return [reader.table(sheet) for sheet in reader.sheets()]


def read_shown(package: Package) -> list[Table]:
    """Return the sheets of a workbook that are shown."""
    return [table for table in read_xlsx(package) if not table.hidden]


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
        styles = self._related("/styles")
        self._styles = [] if styles is None else read_styles(package.parse(styles))
        self._since_1904 = any(
            element.get("date1904") in {"1", "true"}
            for element in self._root
            if local_name(element) == "workbookPr"
        )
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

    def _shared_strings(self) -> list[str | Sequence[TextRun]]:
        part = self._related("/sharedStrings")
        if part is None:
            return []
        tags = (f"{{{_MAIN}}}si", f"{{{_STRICT}}}si")
        strings: list[str | Sequence[TextRun]] = []
        for element in self._package.elements(part, tags):
            runs = _runs(element)
            strings.append(runs[:MAX_CELL_TEXT])
            if len(strings) > MAX_STRINGS:
                raise UnreadableFile("table-too-large", self._package.filename, part)
        return strings

    def table(self, sheet: _Sheet) -> Table:
        """Read a sheet; a merged cell fills its whole range. What is hidden is left out."""
        place = f"工作表“{sheet.name}”"
        if sheet.hidden:
            return Table(place, (), spanned=True, name=sheet.name, hidden=True)
        part = _SheetPart()
        for element in self._package.elements(sheet.part, _SHEET_TAGS):
            name = local_name(element)
            if name == "row":
                part.hidden.note_row(element, self._read_row(element, part, sheet))
            elif name == "col":
                part.hidden.note_columns(element)
            elif len(part.merges) < _MOST_MERGES:
                part.merges += to_merges(str(element.get("ref", "")))
        merges = part.hidden.take_out(part.cells, part.left_out, part.merges)
        if is_too_large(part.cells, merges):
            self._refuse(sheet)
        rows = to_grid_rows(part.cells, merges, place, part.left_out, part.hidden.rows)
        return Table(
            place,
            rows,
            spanned=True,
            name=sheet.name,
            hidden_rows=len(part.hidden.filled_rows),
            remarks=part.hidden.remarks(place),
        )

    def _read_row(self, element: etree._Element, part: _SheetPart, sheet: _Sheet) -> int:
        number = str(element.get("r", ""))
        row = int(number) - 1 if number.isdigit() else max(part.cells, default=-1) + 1
        self._budget.styled -= len(element)
        if self._budget.styled < 0 or len(part.cells) > MAX_ROWS:
            self._refuse(sheet)
        found: dict[int, str] = {}
        for column, (text, left_out) in self._row_cells(element):
            found[column] = text
            if left_out:
                part.left_out[row, column] = left_out
        self._budget.cells -= len(found)
        if self._budget.cells < 0:
            self._refuse(sheet)
        if found:
            part.cells[row] = found
        return row

    def _refuse(self, sheet: _Sheet) -> None:
        place = f"工作表“{sheet.name}”"
        raise UnreadableFile("table-too-large", self._package.filename, place)

    def _row_cells(self, row: etree._Element) -> Iterator[tuple[int, ShownText]]:
        column = -1
        for element in row:
            reference = element.get("r")
            column = column + 1 if reference is None else _column_of(reference)
            if len(element) == 0 or not 0 <= column < MAX_COLUMNS:
                continue
            text, left_out = self._show(element)
            if left_out or text.strip():
                yield column, (text[:MAX_CELL_TEXT], left_out)

    def _show(self, cell: etree._Element) -> ShownText:
        """Return what a cell shows, and what of it is left out."""
        kind, style = cell.get("t", "n"), self._style(str(cell.get("s", "")))
        if kind == "inlineStr":
            inline = _find_child(cell, "}is")
            return _show_text(() if inline is None else _runs(inline), style)
        found = _find_child(cell, "}v")
        value = "" if found is None else found.text or ""
        if kind == "s":
            place = int(value) if value.isdigit() else -1
            runs = self._strings[place] if 0 <= place < len(self._strings) else ()
            return _show_text(runs, style)
        return self._show_value(cell, str(kind), value, style)

    def _show_value(
        self, cell: etree._Element, kind: str, value: str, style: CellStyle
    ) -> ShownText:
        if kind == "e":
            return "", (UnreadText("cell-error", value),)
        if kind == "str":
            return _show_text(_unescaped(value), style)
        if not value:
            is_formula = any(local_name(child) == "f" for child in cell)
            return "", (UnreadText("formula-unread"),) if is_formula else ()
        if kind == "b":
            return _show_text("TRUE" if value == "1" else "FALSE", style.without_code())
        shown = _show_number(value, style.code, since_1904=self._since_1904)
        if not shown and value.strip(" 0."):
            return "", (UnreadText("text-hidden", value),)
        return _show_text(shown, style.without_code())

    def _style(self, index: str) -> CellStyle:
        number = int(index) if index.isdigit() else len(self._styles)
        return self._styles[number] if number < len(self._styles) else _PLAIN


def _show_number(value: str, code: str, *, since_1904: bool) -> str:
    try:
        number = float(value)
    except ValueError:
        day = _serial_day(value)
        if day is None:
            return value
        number = day
    if number != number or abs(number) >= 1e15:  # noqa: PLR0124 - not a number
        return value
    return show_number(number, code, since_1904=since_1904)


def _serial_day(value: str) -> float | None:
    """Return a day as written in a cell of type `d` as Excel counts days."""
    try:
        return (datetime.fromisoformat(value).replace(tzinfo=UTC) - _DAY_ZERO) / timedelta(days=1)
    except ValueError:
        return None


def _show_text(runs: str | Sequence[TextRun], style: CellStyle) -> ShownText:
    if isinstance(runs, str):
        if style.is_plain:
            return runs, ()
        runs = [TextRun(runs)]
    text, left_out = show_runs(runs, style)
    shown = show_text(text, style.code) if text else ""
    if text.strip() and not shown:
        left_out = (*left_out, UnreadText("text-hidden", text))
    return shown, left_out


def _find_child(element: etree._Element, ending: str) -> etree._Element | None:
    """Return the first child whose tag ends so; a namespace is not looked at."""
    for child in element:
        if str(child.tag).endswith(ending):
            return child
    return None


def _runs(element: etree._Element) -> str | Sequence[TextRun]:
    """Return the text of a string without the phonetic guide; as runs where fonts change in it."""
    if len(element) == 1 and str(element[0].tag).endswith("}t"):
        return _unescaped(element[0].text or "")
    runs: list[TextRun] = []
    for child in element:
        name = local_name(child)
        if name == "t":
            runs.append(TextRun(_unescaped(child.text or "")))
        elif name == "r":
            text = "".join(part.text or "" for part in child if local_name(part) == "t")
            font = next((read_font(part) for part in child if local_name(part) == "rPr"), None)
            runs.append(TextRun(_unescaped(text), font))
    if all(run.font is None for run in runs):
        return "".join(run.text for run in runs)
    return runs


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def _column_of(reference: str) -> int:
    letters = reference.rstrip("0123456789")
    if not letters.isalpha() or not letters.isascii() or len(letters) > 3:
        return -1
    return column_index_from_string(letters) - 1
