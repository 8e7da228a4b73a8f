"""Read text that is known to be a list, whatever parts its cells: one row for each line."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from core.tables.pasted.alignment import align
from core.tables.pasted.heads import is_surely_head
from core.tables.pasted.splitting import (
    Delimiter,
    TextLine,
    split_blanks,
    split_cells,
    split_text_lines,
)

_MARKS = (
    Delimiter.TAB, Delimiter.PIPE, Delimiter.COMMA, Delimiter.SEMICOLON, Delimiter.PAUSE,
)  # fmt: skip
_ANY_MARK = re.compile("|".join(mark.value for mark in _MARKS))
_HEAD_WITHIN = 30
_HALF, _MOST = 0.5, 0.8


@dataclass(frozen=True, slots=True)
class ListLine:
    """A row with its line's number; `unclear` where a cell is missing and nothing says which."""

    number: int
    cells: tuple[str, ...]
    unclear: bool = False


def read_list_lines(text: str) -> list[ListLine]:
    """Read the rows of a list: cells parted by the delimiter of most lines, else line by line."""
    lines = split_text_lines(text)
    delimiter, share = _find_delimiter(lines)
    if share >= _HALF:
        rows = [row for row in split_cells(lines, delimiter) if any(row.cells)]
        if share >= _MOST or _find_head(rows) is not None:
            return list(_in_columns(rows, delimiter))
    rows = [TextLine(line.number, line.text, _split_alone(line.text)) for line in lines]
    return list(_in_columns([row for row in rows if any(row.cells)], Delimiter.BLANKS))


def _find_delimiter(lines: Sequence[TextLine]) -> tuple[Delimiter, float]:
    """Return the delimiter that stands in most lines, and in what share of them."""
    filled = [line.text for line in lines if line.text.strip()]
    counts = {mark: sum(mark.stands_in(text) for text in filled) for mark in _MARKS}
    best = max(_MARKS, key=counts.__getitem__)
    return best, counts[best] / max(len(filled), 1)


def _split_alone(line: str) -> tuple[str, ...]:
    """Split a line by whatever delimiters it has, else at its blanks."""
    if _ANY_MARK.search(line):
        return tuple(cell.strip() for cell in _ANY_MARK.split(line))
    return split_blanks(line)


def _find_head(rows: Sequence[TextLine]) -> int | None:
    places = (place for place, row in enumerate(rows[:_HEAD_WITHIN]) if is_surely_head(row.cells))
    return next(places, None)


def _in_columns(rows: Sequence[TextLine], delimiter: Delimiter) -> Iterator[ListLine]:
    """Give the rows below the headings as many cells as there are headings."""
    head = _find_head(rows)
    if head is None or delimiter in {Delimiter.TAB, Delimiter.PIPE}:
        yield from (ListLine(row.number, row.cells) for row in rows)
        return
    heads = rows[head].cells
    full = [row.cells for row in rows[head + 1 :] if len(row.cells) == len(heads)][:200]
    for number, row in enumerate(rows):
        if number <= head or "" in row.cells or not 1 < len(row.cells) < len(heads):
            yield ListLine(row.number, row.cells)
            continue
        placed = align(row.cells, heads, full)
        yield ListLine(row.number, placed or row.cells, unclear=placed is None)
