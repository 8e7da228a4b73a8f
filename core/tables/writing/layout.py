"""The official table as it is laid out, before it becomes XLSX, DOCX or HTML.

Two header rows with groups, equal names merged downwards, all thirteen channels with ■ or □, √
under audience, mode and levels. A note under the table says how its cells are filled in, and the
reader takes it at its word: what is written is read back unchanged.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from core.tables.fields.channels import OFFICIAL
from core.tables.layout.state import EXACT_MARK
from core.tables.layout.titles import (
    DOMAIN_LABEL,
    TITLE_LABEL,
    clean_title,
    find_domain_name,
    line_kind,
)
from core.tables.model import CatalogRow

NOTE = f"注：■为选用的渠道，□为未选用的渠道；{EXACT_MARK}。"
TICK = "√"
_LEVEL_NAMES = {"city": "市级", "county": "县级", "township": "乡级", "village": "村级"}


@dataclass(frozen=True, slots=True)
class EffectiveTable:
    """A catalog to be written: title, domain (its name) and rows."""

    title: str | None
    domain: str | None
    rows: tuple[CatalogRow, ...]


@dataclass(frozen=True, slots=True)
class PrintedCell:
    """A cell of the layout, at a row and column from 0, with its span."""

    text: str
    row: int
    column: int
    height: int = 1
    width: int = 1


@dataclass(frozen=True, slots=True)
class _PrintedColumn:
    group: str
    label: str
    width: int
    text: Callable[[CatalogRow], str]
    merges: bool = False


@dataclass(frozen=True, slots=True)
class Layout:
    """A table laid out: lines above it, header, body, and the note as its last row.

    `widths` are relative widths of the columns, in Chinese characters.
    """

    name: str | None
    headings: tuple[str, ...]
    widths: tuple[int, ...]
    header: tuple[PrintedCell, ...]
    body: tuple[tuple[PrintedCell, ...], ...]
    note: PrintedCell


HEADER_ROWS = 2


def lay_out(table: EffectiveTable) -> Layout:
    """Lay out a catalog as the official table."""
    columns = list(_columns(table.rows))
    return Layout(
        table.domain or table.title,
        tuple(_headings(table)),
        tuple(column.width for column in columns),
        tuple(_header(columns)),
        tuple(_body(columns, table.rows)),
        PrintedCell(NOTE, HEADER_ROWS + len(table.rows), 0, 1, len(columns)),
    )


def _headings(table: EffectiveTable) -> Iterator[str]:
    """Give the title as it is, or with a label where it would not be taken for a title."""
    title = table.title
    if title is not None:
        plain = line_kind(title) == "title" and clean_title(title) == title
        yield title if plain else f"{TITLE_LABEL}：{title}"
    if table.domain is not None and table.domain != find_domain_name(title):
        yield f"{DOMAIN_LABEL}：{table.domain}"


def _columns(rows: Sequence[CatalogRow]) -> Iterator[_PrintedColumn]:
    yield _PrintedColumn("", "序号", 4, lambda row: row.seq or "")
    yield _PrintedColumn("公开事项", "一级事项", 8, lambda row: row.level1 or "", merges=True)
    yield _PrintedColumn("公开事项", "二级事项", 8, lambda row: row.level2 or "", merges=True)
    if any(row.level3 is not None for row in rows):
        yield _PrintedColumn("公开事项", "三级事项", 8, lambda row: row.level3 or "")
    yield _PrintedColumn("", "公开内容（要素）", 20, lambda row: _numbered(row.content_elements))
    yield _PrintedColumn("", "公开依据", 18, lambda row: "\n".join(row.legal_basis or ()))
    yield _PrintedColumn("", "公开时限", 12, lambda row: row.time_limit or "")
    yield _PrintedColumn("", "公开主体", 10, lambda row: "\n".join(row.responsible_organ or ()))
    yield _PrintedColumn("", "公开渠道和载体", 18, lambda row: _boxes(row.channels))
    yield _PrintedColumn("公开对象", "全社会", 4, lambda row: _audience(row, "everyone"))
    yield _PrintedColumn("公开对象", "特定群体", 7, lambda row: _audience(row, "group"))
    yield _PrintedColumn("公开方式", "主动", 4, lambda row: _tick(row.mode == "proactive"))
    yield _PrintedColumn("公开方式", "依申请公开", 4, lambda row: _tick(row.mode == "on_request"))
    yield from _level_columns(rows)
    for key in dict.fromkeys(key for row in rows for key in row.extra):
        yield _PrintedColumn("", key, 8, _extra(key))


def _level_columns(rows: Sequence[CatalogRow]) -> Iterator[_PrintedColumn]:
    for level, name in _LEVEL_NAMES.items():
        if level != "city" or any(level in (row.levels or ()) for row in rows):
            yield _PrintedColumn("公开层级", name, 4, _level(level))


def _level(level: str) -> Callable[[CatalogRow], str]:
    return lambda row: _tick(level in (row.levels or ()))


def _extra(key: str) -> Callable[[CatalogRow], str]:
    return lambda row: row.extra.get(key, "")


def _tick(chosen: bool) -> str:
    return TICK if chosen else ""


def _audience(row: CatalogRow, kind: str) -> str:
    if row.audience is None or row.audience.kind != kind:
        return ""
    return TICK if row.audience.text is None else f"{TICK}\n{row.audience.text}"


def _numbered(elements: Sequence[str] | None) -> str:
    return "\n".join(f"{number}.{element}" for number, element in enumerate(elements or (), 1))


def _boxes(channels: Sequence[str] | None) -> str:
    """Print every official channel with its box, and others ticked.

    In the official order, unless the row has its channels in another: then those come first.
    """
    if channels is None:
        return ""
    official = [name for name in channels if name in OFFICIAL]
    others = [name for name in channels if name not in OFFICIAL]
    ordered = [name for name in OFFICIAL if name in official]
    if [*ordered, *others] == list(channels):
        boxes = [f"{'■' if name in official else '□'}{name}" for name in OFFICIAL]
        return "\n".join([*boxes, *(f"■{name}" for name in others)])
    unticked = [f"□{name}" for name in OFFICIAL if name not in official]
    return "\n".join([*(f"■{name}" for name in channels), *unticked])


def _header(columns: Sequence[_PrintedColumn]) -> Iterator[PrintedCell]:
    position = 0
    while position < len(columns):
        column = columns[position]
        if not column.group:
            yield PrintedCell(column.label, 0, position, HEADER_ROWS)
            position += 1
            continue
        grouped = [other for other in columns[position:] if other.group == column.group]
        yield PrintedCell(column.group, 0, position, 1, len(grouped))
        for offset, below in enumerate(grouped):
            yield PrintedCell(below.label, 1, position + offset)
        position += len(grouped)


def _body(
    columns: Sequence[_PrintedColumn], rows: Sequence[CatalogRow]
) -> Iterator[tuple[PrintedCell, ...]]:
    heights = _merged_heights(columns, rows)
    for number, row in enumerate(rows):
        yield tuple(
            PrintedCell(
                column.text(row), HEADER_ROWS + number, position, heights[number].get(position, 1)
            )
            for position, column in enumerate(columns)
            if heights[number].get(position, 1)
        )


def _merged_heights(
    columns: Sequence[_PrintedColumn], rows: Sequence[CatalogRow]
) -> list[dict[int, int]]:
    """Return by row and column how many rows a name covers; 0 where one above covers it.

    A name merges only where all names left of it do, and where its row has a cell of its own: a row
    that only merged cells cover looks like none.
    """
    heights: list[dict[int, int]] = [{} for _ in rows]
    merging = [position for position, column in enumerate(columns) if column.merges]
    origins: dict[int, int] = {}
    for number, row in enumerate(rows):
        same = number > 0
        own = _own_cell(columns, row)
        for position in merging:
            text = columns[position].text
            same = same and bool(text(row)) and text(row) == text(rows[number - 1])
            same = same and position != own
            if not same:
                origins[position] = number
                heights[number][position] = 1
                continue
            heights[number][position] = 0
            heights[origins[position]][position] += 1
    return heights


def _own_cell(columns: Sequence[_PrintedColumn], row: CatalogRow) -> int | None:
    """Return the last name of a row that has nothing but names, `None` for any other row."""
    filled = [position for position, column in enumerate(columns) if column.text(row)]
    only_names = all(columns[position].merges for position in filled)
    return filled[-1] if filled and only_names else None
