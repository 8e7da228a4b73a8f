"""XLSX as it lies in the file: hidden sheets, rows and columns, comments, pivot caches, names."""

import posixpath
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal, InvalidOperation

from lxml import etree

from core.privacy.domain.columns import column_number
from core.privacy.domain.findings import PersonalFinding, Rules
from core.privacy.domain.scanning import mask_text
from core.privacy.readers.nodes import (
    FoundText,
    Node,
    NodeText,
    Passage,
    Sheet,
    scan_passages,
    scan_sheet,
)
from core.privacy.readers.packages import OfficePackage, read_part

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_WORKBOOK, _STRINGS = "xl/workbook.xml", "xl/sharedStrings.xml"
_CELL = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_INDEX = re.compile(r"[0-9]{1,9}")


class _CellValue(NodeText):
    """The value of a cell that is a number or a formula's: masked, it becomes a text."""

    def __init__(self, cell: etree._Element, value: etree._Element) -> None:
        super().__init__([(value, None)])
        self._cell, self._value = cell, value
        self.text = _to_digits(self.text)

    def mask(self, findings: Sequence[PersonalFinding]) -> None:
        self._value.text = mask_text(self.text, findings)
        self._cell.set("t", "str")
        for formula in self._cell.findall(f"{_MAIN}f"):
            self._cell.remove(formula)


def scan_workbook(package: OfficePackage, rules: Rules) -> Iterator[FoundText]:
    """Yield the personal data in all parts of a workbook."""
    done = {_WORKBOOK, _STRINGS}
    strings = _read_strings(package)
    for name, part, is_hidden in _list_sheets(package):
        done.add(part)
        title = f"{name} (hidden)" if is_hidden else name
        sheet = _read_sheet(package.tree(part), title, strings)
        yield from scan_sheet(sheet, rules)
        yield from scan_passages(_read_around(package.tree(part), title), rules)
    yield from scan_passages(_read_names(package), rules)
    yield from scan_passages(package.read_other_parts(done), rules)


def _list_sheets(package: OfficePackage) -> Iterator[tuple[str, str, bool]]:
    relations = {
        relation.get("Id"): relation.get("Target", "")
        for relation in package.tree("xl/_rels/workbook.xml.rels")
    }
    for sheet in package.tree(_WORKBOOK).iter(f"{_MAIN}sheet"):
        target = relations.get(sheet.get(_RELATION), "")
        part = target.lstrip("/") if target.startswith("/") else posixpath.join("xl", target)
        if part in package.names:
            yield sheet.get("name", ""), part, sheet.get("state", "visible") != "visible"


def _read_strings(package: OfficePackage) -> list[NodeText]:
    if _STRINGS not in package.names:
        return []
    return [NodeText(_texts(entry)) for entry in package.tree(_STRINGS).iter(f"{_MAIN}si")]


def _texts(element: etree._Element) -> list[Node]:
    """Return the nodes of a rich text, without the reading aids beside it."""
    return [
        (text, None)
        for text in element.iter(f"{_MAIN}t")
        if not any(parent.tag == f"{_MAIN}rPh" for parent in text.iterancestors())
    ]


def _read_sheet(root: etree._Element, title: str, strings: list[NodeText]) -> Sheet:
    sheet = Sheet(title)
    for columns in root.iter(f"{_MAIN}col"):
        if columns.get("hidden") in {"1", "true"}:
            first, last = int(columns.get("min", "1")), int(columns.get("max", "1"))
            sheet.hidden_columns |= set(range(first - 1, min(last, 16_384)))
    for count, row in enumerate(root.iter(f"{_MAIN}row")):
        number = int(row.get("r", count + 1)) - 1
        if row.get("hidden") in {"1", "true"}:
            sheet.hidden_rows.add(number)
        for place, cell in enumerate(row.iter(f"{_MAIN}c")):
            text = _read_cell(cell, strings)
            if text is not None and text.text.strip():
                sheet.add(number, _column(cell, place), text)
    return sheet


def _column(cell: etree._Element, place: int) -> int:
    name = _CELL.fullmatch(cell.get("r", ""))
    return column_number(name[1]) if name else place


def _read_cell(cell: etree._Element, strings: list[NodeText]) -> NodeText | None:
    if cell.get("t") == "inlineStr":
        return NodeText(_texts(cell))
    value = cell.find(f"{_MAIN}v")
    if value is None or not value.text:
        return None
    if cell.get("t") != "s":
        return _CellValue(cell, value)
    number = int(value.text) if _INDEX.fullmatch(value.text) else -1
    return strings[number] if 0 <= number < len(strings) else None


def _read_around(root: etree._Element, title: str) -> Iterator[Passage]:
    """Yield formulas, headers and footers, hints of validations and links of a sheet."""
    for element in root.iter(etree.Element):
        if element.tag == f"{_MAIN}f" and element.text:
            cell = element.getparent()
            at = cell.get("r", "") if cell is not None else ""
            yield Passage(f"{title}!{at} (formula)", NodeText([(element, None)]))
    for name in ("headerFooter", "dataValidations", "hyperlinks", "conditionalFormatting"):
        for part in root.iter(f"{_MAIN}{name}"):
            for passage in read_part(part, name):
                yield Passage(f"{title} ({name})", passage.nodes)


def _read_names(package: OfficePackage) -> Iterator[Passage]:
    for name in package.tree(_WORKBOOK).iter(f"{_MAIN}definedName"):
        where = f"defined name {name.get('name', '')}"
        yield Passage(where, NodeText([(name, None)]))
        yield Passage(where, NodeText([(name, "name")]))


def _to_digits(value: str) -> str:
    """Return a number without its exponent: 1.3800138E10 is 13800138000."""
    if "E" not in value.upper():
        return value
    try:
        number = Decimal(value)
    except InvalidOperation:
        return value
    return f"{number:f}" if abs(number.adjusted()) < 30 else value
