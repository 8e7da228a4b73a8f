"""Read the tables in pasted or typed text: what the form, imports and lists of people share.

A table is parted by tabs, bars, commas or blanks, with a title above its headings, empty cells and
empty rows, cells of several lines. What is not certainly a table stays lines, and is told.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from core.tables.pasted.acceptance import is_table, looks_like_table
from core.tables.pasted.alignment import fits_first_column
from core.tables.pasted.building import build_tables
from core.tables.pasted.model import PastedLine, PastedRemark, PastedTable
from core.tables.pasted.rows import TextRow, read_rows
from core.tables.pasted.splitting import Delimiter, split_text_lines
from core.tables.text import fold

_MOST_EMPTY_LINES = 3
_LONGEST_TITLE = 60
_TITLE = re.compile(
    r"(?:表|名单|名册|公示|公布|情况|明细|台账|清单|一览|统计|目录|结果)(?:\([^()]*\))?$"
)


@dataclass(slots=True)
class PastedText:
    """Tables and lines in their order, and remarks for whoever pasted them."""

    blocks: list[PastedTable | PastedLine] = field(default_factory=list)
    remarks: list[PastedRemark] = field(default_factory=list)

    @property
    def tables(self) -> list[PastedTable]:
        """The tables alone."""
        return [block for block in self.blocks if isinstance(block, PastedTable)]


def read_pasted(text: str) -> PastedText:
    """Read a text into tables and lines; never raises, loses nothing but empty rows."""
    read = PastedText()
    rows = list(read_rows(text))
    start = 0
    while start < len(rows):
        end = _find_end(rows, start)
        _read_run(read, rows[start:end])
        start = end
    read.blocks = list(_with_titles(read.blocks))
    return read


def _find_end(rows: Sequence[TextRow], start: int) -> int:
    """Return the end of the lines from `start` on that one delimiter parts."""
    delimiter = rows[start].delimiter
    end = place = start + 1
    while delimiter and place < len(rows) and place - end < _MOST_EMPTY_LINES:
        place += 1
        if rows[place - 1].delimiter is delimiter:
            end = place
        elif not rows[place - 1].may_stand_between:
            break
    return _with_first_cells(rows, start, end)


def _with_first_cells(rows: Sequence[TextRow], start: int, end: int) -> int:
    """Return the end with the lines below that are rows of two columns whose second is empty.

    What is pasted loses the tab at its very end.
    """
    full = [row.cells for row in rows[start:end] if len(row.cells) > 1]
    if rows[start].delimiter is Delimiter.TAB and {len(cells) for cells in full} == {2}:
        while end < len(rows) and rows[end].delimiter is None and rows[end].text.strip():
            if not fits_first_column(rows[end].text, full[1:]):
                break
            end += 1
    return end


def _read_run(read: PastedText, rows: Sequence[TextRow]) -> None:
    if rows[0].delimiter and is_table(rows):
        for table, remarks in build_tables(rows):
            read.blocks.append(table)
            read.remarks += remarks
        return
    if rows[0].delimiter and looks_like_table(rows):
        read.remarks.append(PastedRemark("table-unclear", rows[0].number, rows[-1].number))
    for row in rows:
        read.blocks += [
            PastedLine(line.number, line.text) for line in split_text_lines(row.text, row.number)
        ]


def _with_titles(
    blocks: Sequence[PastedTable | PastedLine],
) -> Iterator[PastedTable | PastedLine]:
    """Give a table the line directly above it as its title, where that names a table."""
    lines: list[PastedLine] = []
    for block in blocks:
        if isinstance(block, PastedLine):
            lines.append(block)
            continue
        filled = [line for line in lines if line.text.strip()]
        if filled and _is_title(filled[-1].text.strip()):
            above = lines.pop(lines.index(filled[-1])).text.strip()
            block = replace(block, title=" ".join(filter(None, (above, block.title))))  # noqa: PLW2901 - the same table with its title
        yield from lines
        lines = []
        yield block
    yield from lines


def _is_title(text: str) -> bool:
    return len(text) <= _LONGEST_TITLE and bool(_TITLE.search(fold(text)))
