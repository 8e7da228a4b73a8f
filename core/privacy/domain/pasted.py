"""Lists pasted into a text: a line of heads, then lines of as many cells.

Cells are parted by tabs, bars, commas or blanks.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

_TAB = re.compile(r"\t")
_GAPS = (_TAB, *(re.compile(gap) for gap in (r"\|", r"[,，]", r"[ \u3000]+")))
_HEAD = re.compile(
    r"[账帐卡证户]号|一卡通|存折|社保卡|账户|帐户|身份|证件|手机|电话|联系|编号|编码|代码|凭证|流水|合同|金额"
    r"|面积|住址|住所|居住地|户籍|地址|姓名|户主|车牌|号码"
)
_NO_HEAD = re.compile(r"\d{5}|[。;；:：]")
_FEWEST_CELLS, _FEWEST_NAMED, _LONGEST_HEAD, _LONGEST_TABLE_HEAD = 3, 2, 14, 30


@dataclass(frozen=True, slots=True)
class _Heads:
    """A line of heads: where it begins and ends, what parts its cells, and the cells."""

    start: int
    end: int
    gap: re.Pattern[str]
    cells: list[str]


class PastedLists:
    """The lists in a text, looked for once and only when a number is in doubt.

    `more`: heads by which a line is one of heads beside the usual ones.
    """

    def __init__(self, text: str, more: frozenset[str] = frozenset()) -> None:
        self._text, self._more = text, more

    def head_at(self, position: int) -> str:
        """Return the head of the column that a place of the text stands in, or nothing."""
        number = bisect_right(self._starts, position) - 1
        if number < 0:
            return ""
        heads = self._heads[number]
        start, end = self._line_at(position)
        if start == heads.start or len(_split(heads.gap, self._text[start:end])) != len(
            heads.cells
        ):
            return ""
        return heads.cells[len(_split(heads.gap, self._text[start:position], is_whole=False)) - 1]

    def list_cells(self, wanted: Callable[[str], object]) -> Iterator[tuple[str, int, str]]:
        """Yield the cells below wanted heads: the head, where the cell begins, the cell."""
        for heads in self._heads:
            for column, head in enumerate(heads.cells):
                if wanted(head):
                    yield from ((head, *cell) for cell in self._list_column(heads, column))

    def _list_column(self, heads: _Heads, column: int) -> Iterator[tuple[int, str]]:
        start, text = heads.end + 1, self._text
        while start < len(text):
            start, end = self._line_at(start)
            line = text[start:end]
            cells = _split(heads.gap, line)
            if len(cells) != len(heads.cells):
                return
            indent = 0 if heads.gap is _TAB else len(line) - len(line.lstrip())
            for number, gap in enumerate(heads.gap.finditer(line, indent), 1):
                indent = gap.end() if number <= column else indent
            yield start + indent, cells[column]
            start = end + 1

    def _line_at(self, position: int) -> tuple[int, int]:
        start = self._text.rfind("\n", 0, position) + 1
        end = self._text.find("\n", position)
        return start, end if end >= 0 else len(self._text)

    @cached_property
    def _heads(self) -> list[_Heads]:
        heads = list[_Heads]()
        end = -1
        for word in _head_pattern(self._more).finditer(self._text):
            if word.start() < end:
                continue
            start, end = self._line_at(word.start())
            heads += _read_heads(self._text[start:end], start, tuple(self._more))
        return heads

    @cached_property
    def _starts(self) -> list[int]:
        return [heads.start for heads in self._heads]


@lru_cache(maxsize=64)
def _head_pattern(more: frozenset[str]) -> re.Pattern[str]:
    return re.compile("|".join([_HEAD.pattern, *map(re.escape, sorted(more))])) if more else _HEAD


def are_heads(cells: Sequence[str]) -> bool:
    """Say whether the cells of a row are heads of columns: short, without numbers, known words."""
    return (
        len(cells) > 1
        and not any(_NO_HEAD.search(cell) or len(cell) > _LONGEST_TABLE_HEAD for cell in cells)
        and any(_HEAD.search(cell) for cell in cells)
    )


def _read_heads(line: str, start: int, more: tuple[str, ...]) -> Iterator[_Heads]:
    """Yield the line as one of heads if its cells are as short as heads are."""
    if _NO_HEAD.search(line):
        return
    for gap in _GAPS:
        cells = _split(gap, line)
        is_named = gap in _GAPS[:2] and any(cell.strip().endswith(more) for cell in cells)
        if len(cells) >= (_FEWEST_NAMED if is_named else _FEWEST_CELLS):
            if max(map(len, cells)) <= _LONGEST_HEAD:
                yield _Heads(start, start + len(line), gap, cells)
            return


def _split(gap: re.Pattern[str], line: str, *, is_whole: bool = True) -> list[str]:
    """Split a line into cells; an empty cell at either end counts where tabs part them."""
    if gap is _TAB:
        return gap.split(line)
    return gap.split(line.strip() if is_whole else line.lstrip())
