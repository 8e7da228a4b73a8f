"""Find the columns of a row that has fewer cells than its table, where that is certain."""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import combinations, islice

from core.tables.names import is_name_like
from core.tables.pasted.heads import is_remark_heading
from core.tables.text import fold, squeeze

_MOST_TRIES = 500
_ANYTHING = "anything"
_KINDS = (
    ("phone", re.compile(r"1[3-9][\d*]{9}|0\d{2,3}-?\d{7,8}")),
    ("identity", re.compile(r"[\d*]{14,18}[\dXx*]")),
    ("date", re.compile(r"\d{4}[-/.年]\d{1,2}.*")),
    ("number", re.compile(r"[-+¥￥]?\d[\d,.]*(?:元|万元|人|户|亩|%|岁)?")),
    ("sex", re.compile("[男女]")),
    (_ANYTHING, re.compile(r"[-/—－无]+")),
)
_PLACE = re.compile(r"[村组镇乡县街路区社]$")


def align(
    cells: Sequence[str], heads: Sequence[str], full: Sequence[Sequence[str]]
) -> tuple[str, ...] | None:
    """Return the cells in their columns, or `None` where more than one way is possible.

    `full` are rows without a gap: a cell fits a column that holds its kind of value there. Where
    nothing tells, an empty end below 备注 or 签名 is the common case.
    """
    width = len(heads)
    if len(cells) >= width:
        return tuple(cells) if len(cells) == width else None
    kinds = [{find_kind(row[place]) for row in full if row[place]} for place in range(width)]
    ways = [
        places
        for places in islice(combinations(range(width), len(cells)), _MOST_TRIES)
        if all(_fits(cell, kinds[place]) for cell, place in zip(cells, places, strict=True))
    ]
    at_end = tuple(range(len(cells)))
    if all(map(is_remark_heading, heads[len(cells) :])) and at_end in ways:
        return tuple(cells) + ("",) * (width - len(cells))
    return _put(cells, ways[0], width) if len(ways) == 1 and full else None


def fits_first_column(text: str, full: Sequence[Sequence[str]]) -> bool:
    """Say whether a text alone on its line is a first cell, the others of its row being empty."""
    kinds = Counter(find_kind(cells[0]) for cells in full if cells[0])
    return bool(kinds) and find_kind(text) == kinds.most_common(1)[0][0]


def find_kind(cell: str) -> str:
    """Return the kind of a value: number, phone, date, name or text."""
    plain = squeeze(fold(cell))
    for kind, pattern in _KINDS:
        if pattern.fullmatch(plain):
            return kind
    return "name" if is_name_like(cell) and not _PLACE.search(plain) else "text"


def _fits(cell: str, kinds: set[str]) -> bool:
    return not kinds or find_kind(cell) in kinds | {_ANYTHING}


def _put(cells: Sequence[str], places: Sequence[int], width: int) -> tuple[str, ...]:
    placed = dict(zip(places, cells, strict=True))
    return tuple(placed.get(place, "") for place in range(width))
