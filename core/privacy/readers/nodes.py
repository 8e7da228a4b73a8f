"""Text in the nodes of XML trees: scanned as it is read, masked where it stands."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from core.privacy.domain.columns import ColumnView, cell_name, scan_column
from core.privacy.domain.findings import PersonalFinding, Rules
from core.privacy.domain.pasted import are_heads
from core.privacy.domain.scanning import scan_text

#: An element whose text, or with a name whose attribute, is a part of what is read; without an
#: element a gap (a tab or line break of a document).
Node = tuple[Any, str | None]
_GAP = " "
_ROWS_ABOVE_HEADS = 15


class NodeText:
    """Text that several nodes make together."""

    def __init__(self, nodes: Sequence[Node]) -> None:
        self._nodes = nodes
        self._parts = [_read(node) for node in nodes]
        self.text = "".join(self._parts)

    @property
    def is_attribute(self) -> bool:
        return any(attribute is not None for _, attribute in self._nodes)

    def mask(self, findings: Sequence[PersonalFinding]) -> None:
        """Put masked forms in place of findings: each in the node in which it begins."""
        start = 0
        for (element, attribute), part in zip(self._nodes, self._parts, strict=True):
            end = start + len(part)
            if element is not None:
                text = "".join(_cut(self.text, start, end, findings))
                if attribute is None:
                    element.text = text
                else:
                    element.set(attribute, text)
            start = end


def _read(node: Node) -> str:
    element, attribute = node
    if element is None:
        return _GAP
    return (element.text if attribute is None else element.get(attribute)) or ""


def _cut(text: str, start: int, end: int, findings: Sequence[PersonalFinding]) -> Iterator[str]:
    """Yield what stays of a part of a text: findings that reach in from before are gone."""
    position = start
    for finding in findings:
        if finding.end <= start or finding.start >= end:
            continue
        yield text[position : finding.start] if finding.start > position else ""
        if finding.start >= start:
            yield finding.masked
        position = min(max(position, finding.end), end)
    yield text[position:end]


class RawCell(NodeText):
    """A cell of a file that is not written back node by node, and where its text begins."""

    def __init__(self, text: str, start: int = 0) -> None:
        super().__init__([])
        self.text, self.start = text, start


@dataclass(slots=True)
class Passage:
    """A text that stands by itself, and where."""

    where: str
    nodes: NodeText


@dataclass(slots=True)
class Sheet:
    """The cells of a table by column and row (both from 0), and what of it is hidden."""

    name: str
    columns: dict[int, dict[int, NodeText]] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)

    def add(self, row: int, column: int, text: NodeText) -> None:
        self.columns.setdefault(column, {})[row] = text

    def where(self, row: int, column: int) -> str:
        notes = [
            note
            for note, is_so in (
                ("hidden row", row in self.hidden_rows),
                ("hidden column", column in self.hidden_columns),
            )
            if is_so
        ]
        hidden = f" ({', '.join(notes)})" if notes else ""
        cell = f"{cell_name(column, row + 1)}{hidden}"
        return f"{self.name}!{cell}" if self.name else cell


@dataclass(slots=True)
class FoundText:
    """Findings in one text of a file, in their order."""

    nodes: NodeText
    findings: list[PersonalFinding]


def scan_passages(passages: Iterator[Passage], rules: Rules) -> Iterator[FoundText]:
    """Yield what passages hold."""
    for passage in passages:
        findings = scan_text(passage.nodes.text, rules)
        if findings:
            named = [replace(finding, where=passage.where) for finding in findings]
            yield FoundText(passage.nodes, named)


def scan_sheet(sheet: Sheet, rules: Rules) -> Iterator[FoundText]:
    """Yield what the cells of a table hold; its heads are looked for among the first rows."""
    heads_at = _find_heads(sheet, rules)
    for column, cells in sorted(sheet.columns.items()):
        above = sorted(row for row in cells if row <= heads_at)
        below = sorted(row for row in cells if row > heads_at)
        head = cells[heads_at].text if heads_at in cells else ""
        for rows, name in ((above, ""), (below, head)):
            view = ColumnView(column, name, [cells[row].text for row in rows])
            yield from _scan_cells(sheet, view, rows, rules)


def _scan_cells(
    sheet: Sheet, view: ColumnView, rows: Sequence[int], rules: Rules
) -> Iterator[FoundText]:
    found = dict[int, FoundText]()
    for finding in scan_column(view, rules, scan_text):
        row = rows[int(finding.where.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")) - 1]
        nodes = sheet.columns[view.number][row]
        entry = found.setdefault(row, FoundText(nodes, []))
        entry.findings.append(replace(finding, where=sheet.where(row, view.number)))
    yield from found.values()


def _find_heads(sheet: Sheet, rules: Rules) -> int:
    """Return the row of heads, or -1."""
    rows = dict[int, list[str]]()
    for cells in sheet.columns.values():
        for row, nodes in cells.items():
            if row < _ROWS_ABOVE_HEADS and nodes.text.strip():
                rows.setdefault(row, []).append(nodes.text)
    return next((row for row in sorted(rows) if _are_heads(rows[row], rules)), -1)


def _are_heads(cells: Sequence[str], rules: Rules) -> bool:
    return are_heads(cells) or any(map(rules.protects, cells))


def mask_found(found: Sequence[FoundText]) -> None:
    """Mask what was found; a text that several cells share is masked once."""
    masked = set[int]()
    for each in found:
        if id(each.nodes) not in masked:
            each.nodes.mask(each.findings)
            masked.add(id(each.nodes))
