"""Build tables of lines that are one: titles, headings, rows, each cell below its heading."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from core.tables.pasted.alignment import align, fits_first_column
from core.tables.pasted.heads import is_head, is_second_head, is_surely_head, join_heads
from core.tables.pasted.model import PastedRemark, PastedRow, PastedTable
from core.tables.pasted.rows import TextRow
from core.tables.pasted.splitting import Delimiter

_HEAD_WITHIN = 5
_MOST_COLUMNS = 100
_THOUSANDS = re.compile(r"-?\d{1,3}")
_REST = re.compile(r"\d{3}(?:\.\d+)?元?")
BuiltTable = tuple[PastedTable, list[PastedRemark]]


def build_tables(rows: Sequence[TextRow]) -> Iterator[BuiltTable]:
    """Build the tables of a run of lines: a new one begins where other headings stand."""
    part: list[TextRow] = []
    head: tuple[str, ...] = ()
    for row in rows:
        if not row.cells and not row.text.strip():
            continue
        if is_surely_head(row.cells) and not (part and is_second_head(part[-1].cells, row.cells)):
            if row.cells == head:
                continue  # the headings again, as on the next page
            if head or len(part) >= _HEAD_WITHIN:
                above = _take_titles(part)
                yield _build(part)
                part = above
            head = row.cells
        part.append(row)
    if part:
        yield _build(part)


def _take_titles(part: list[TextRow]) -> list[TextRow]:
    """Take the lines of one cell off the end of a table: they are the title of the next one."""
    above: list[TextRow] = []
    while len(part) > 2 and _is_single(part[-1]):
        above.insert(0, part.pop())
    return above


def _is_single(row: TextRow) -> bool:
    return row.delimiter is None or len(row.filled) < 2


def _build(rows: Sequence[TextRow]) -> BuiltTable:
    first = _find_head(rows)
    titles, rest = rows[:first], rows[first:]
    remarks: list[PastedRemark] = []
    heads: tuple[str, ...] = ()
    if is_head(rest[0].cells, [row.cells for row in rest[1:]]):
        heads, rest = rest[0].cells, rest[1:]
        if rest and is_second_head(heads, rest[0].cells):
            heads, rest = join_heads(heads, rest[0].cells), rest[1:]
    else:
        remarks.append(PastedRemark("heads-missing", rest[0].number, rest[-1].number))
    built = _Rows(heads, rest)
    table = PastedTable(
        rows[0].number, " ".join(map(_to_line, titles)), built.heads, tuple(built.build(remarks))
    )
    return _without_empty_columns(table), remarks


def _find_head(rows: Sequence[TextRow]) -> int:
    """Return where the headings stand: below the lines of a title, which have one cell."""
    for place, row in enumerate(rows[:_HEAD_WITHIN]):
        if is_surely_head(row.cells):
            return place
    single = 0
    while single < len(rows) - 1 and _is_single(rows[single]):
        single += 1
    return single


def _to_line(row: TextRow) -> str:
    return " ".join(row.filled) or row.text.strip()


class _Rows:
    """The rows below some headings, each cell in its column."""

    def __init__(self, heads: tuple[str, ...], rows: Sequence[TextRow]) -> None:
        self._rows = rows
        counts = Counter(len(row.cells) for row in rows if row.delimiter)
        is_fixed = all(row.delimiter is not Delimiter.TAB for row in rows)
        usual = counts.most_common(1)[0][0] if counts else 1
        widest = max(counts, default=1)
        width = len(heads) or usual if is_fixed else max(len(heads), widest)
        self._width = min(max(width, 1), _MOST_COLUMNS)
        self._full = [row.cells for row in rows if len(row.cells) == self._width][:200]
        self.heads = heads + ("",) * (self._width - len(heads)) if heads else ()

    def build(self, remarks: list[PastedRemark]) -> Iterator[PastedRow]:
        for row in self._rows:
            cells = self._place(row)
            if cells is not None:
                yield PastedRow(row.number, cells)
                continue
            if row.delimiter and not row.is_labelled:
                remarks.append(PastedRemark("row-unclear", row.number, row.number))
            yield PastedRow(row.number, (), whole=_to_line(row))

    def _place(self, row: TextRow) -> tuple[str, ...] | None:
        """Return the cells of a row in their columns, `None` where that is not certain."""
        if row.delimiter is None and self._width == 2 and fits_first_column(row.text, self._full):
            return (row.text.strip(), "")
        if row.delimiter is None or row.is_labelled:
            return None
        cells = row.cells
        if row.delimiter is Delimiter.COMMA and len(cells) > self._width:
            cells = _join_thousands(cells)
        if row.delimiter in {Delimiter.TAB, Delimiter.PIPE} or "" in cells or row.ends_empty:
            is_placed = len(cells) <= self._width
            return cells + ("",) * (self._width - len(cells)) if is_placed else None
        return align(cells, self.heads or ("",) * self._width, self._full)


def _join_thousands(cells: Sequence[str]) -> tuple[str, ...]:
    """Join the parts of a number that has commas: 1 and 200 to 1,200."""
    joined: list[str] = []
    for cell in cells:
        if joined and _REST.fullmatch(cell) and _THOUSANDS.fullmatch(joined[-1].rsplit(",")[-1]):
            joined[-1] += f",{cell}"
        else:
            joined.append(cell)
    return tuple(joined)


def _without_empty_columns(table: PastedTable) -> PastedTable:
    """Return the table without columns that have neither heading nor value."""
    kept = [
        place
        for place in range(table.width)
        if any(cells[place] for cells in _every(table) if place < len(cells))
    ]
    if len(kept) == table.width:
        return table
    rows = tuple(
        PastedRow(row.number, tuple(row.cells[place] for place in kept), row.whole)
        if row.cells
        else row
        for row in table.rows
    )
    heads = tuple(table.heads[place] for place in kept) if table.heads else ()
    return PastedTable(table.number, table.title, heads, rows)


def _every(table: PastedTable) -> Iterator[tuple[str, ...]]:
    yield table.heads
    yield from (row.cells for row in table.rows)
