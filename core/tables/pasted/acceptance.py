"""Decide whether lines that one delimiter parts are a table, look like one, or are prose."""

import re
from collections import Counter
from collections.abc import Sequence

from core.tables.pasted.heads import count_heading_words, is_surely_head, is_value
from core.tables.pasted.rows import TextRow
from core.tables.pasted.splitting import Delimiter
from core.tables.text import fold

# 1. / 一、 / (二) / ● before a text: the numbering of a word processor, no column.
_LIST_MARK = re.compile(
    r"\(?(?:[一二三四五六七八九十]{1,3}|\d{1,2})[)、.:]|第[一二三四五六七八九十\d]+[条章节款]"
    r"|[\u2022\u25cf\u25cb\u25a0\u25c6\uf06c\uf0b7o·*-]"
)
_HEAD_WITHIN = 4
_FEWEST_ROWS = 3
_SHORT_CELL = 10
_SHARE = 0.7
_LATIN = re.compile(r"[A-Za-z]{2,}")
_LABELLED = re.compile(r"[^\s:]+:")


def is_table(rows: Sequence[TextRow]) -> bool:
    """Say whether lines are a table: at once with tabs and bars, else by headings or values."""
    delimiter = rows[0].delimiter
    filled = [row for row in rows if row.delimiter is delimiter and len(row.filled) > 1]
    if len(filled) < 2:
        return False
    if delimiter is Delimiter.TAB:
        return not all(_is_numbered(row) for row in filled)
    if delimiter is Delimiter.PIPE:
        return True
    return _has_head(filled) or _has_values(filled)


def _is_numbered(row: TextRow) -> bool:
    return len(row.filled) == 2 and bool(_LIST_MARK.fullmatch(fold(row.filled[0])))


def _has_head(rows: Sequence[TextRow]) -> bool:
    for place, row in enumerate(rows[:_HEAD_WITHIN]):
        if is_surely_head(row.cells):
            width, below = len(row.cells), rows[place + 1 :]
            fitting = [one for one in below if 1 < len(one.cells) <= width + 1]
            full = [one for one in below if len(one.cells) == width]
            if width == 2 and (count_heading_words(row.cells) < 2 or 2 * len(full) < len(below)):
                continue
            return bool(below) and 2 * len(fitting) >= len(below)
    return False


def _has_values(rows: Sequence[TextRow]) -> bool:
    """Say whether most rows have the same three or more columns, and one of these holds values."""
    width, count = Counter(len(row.cells) for row in rows).most_common(1)[0]
    alike = [row.cells for row in rows if len(row.cells) == width]
    if width < 3 or len(alike) < _FEWEST_ROWS or count < _SHARE * len(rows):
        return False
    if sum(bool(_LABELLED.match(fold(cell))) for row in alike for cell in row) * 2 > width * len(
        alike
    ):
        return False
    below = alike[1:]
    return any(
        sum(is_value(row[place]) for row in below) >= _SHARE * len(below) for place in range(width)
    )


def looks_like_table(rows: Sequence[TextRow]) -> bool:
    """Say whether lines that are no table might have been meant as one."""
    filled = [row for row in rows if row.delimiter is rows[0].delimiter and len(row.filled) > 2]
    cells = [cell for row in filled for cell in row.filled]
    if len(filled) < 2 or sum(bool(_LATIN.search(cell)) for cell in cells) * 2 > len(cells):
        return False
    alike = Counter(len(row.cells) for row in filled).most_common(1)[0][1]
    short = sum(map(len, cells)) <= _SHORT_CELL * len(cells)
    return short and (alike > 1 or any(is_surely_head(row.cells) for row in filled))
