"""The batch (批次, 期次) that a list is about: what two lists must share to be compared.

A key is a year and what it names within it: `2026`, `2026-q3`, `2026-m10`, `2026-h1`, `2026-b2`,
`2026-q3-b2`. A calendar day is no batch; where texts contradict themselves there is none.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator

_DIGITS = {sign: number for number, sign in enumerate("零一二三四五六七八九十")} | {"〇": 0}
_COUNT = r"(\d{1,3}|[一二三四五六七八九十]{1,3})"
# A day is the day of something, not a batch.
_DAY = re.compile(r"(?:19|20|21)\d\d(?:年\d{1,2}月\d{1,2}[日号]|([-/.])\d{1,2}\1\d{1,2})")
_DAY_OF_YEAR = re.compile(r"\d{1,2}月\d{1,2}[日号]")
_YEARS = re.compile(r"((?:19|20|21)\d\d)年?[-—–~至]+((?:19|20|21)\d\d)年")
_YEAR = re.compile(r"(?<!\d)((?:19|20|21)\d\d)(?=年|第|[-/.]|\s|$)")
_PARTS = (
    ("h", re.compile(r"([上下])半年")),
    ("q", re.compile(r"第?([1-4一二三四])季度?")),
    ("m", re.compile(r"(?<!\d)(0?[1-9]|1[0-2])月份?(?!\d)")),
    ("b", re.compile(rf"第{_COUNT}(?:批次?|期)(?!\d)|^{_COUNT}$")),
)
_HALVES = {"上": 1, "下": 2}
_TEN = 10


def find_batch(*texts: str) -> str:
    """Return the key of the batch that texts name, the most telling first; "" where none is sure.

    Year and part may stand in two texts: 第二批 in a column, 2026年 in the title.
    """
    folded = [_fold(text) for text in texts]
    year = _first(_list_years(text) for text in folded)
    if not year:
        return ""
    return "-".join((year, *_list_parts(folded)))


def _first(named: Iterable[set[str]]) -> str:
    """Return the one value that the first text with any names; "" where it names several."""
    values = next((found for found in named if found), set())
    return values.pop() if len(values) == 1 else ""


def _list_parts(texts: list[str]) -> Iterator[str]:
    for letter, pattern in _PARTS:
        numbers = _first({str(n) for n in _list_numbers(letter, pattern, text)} for text in texts)
        if numbers:
            yield f"{letter}{numbers}"


def _list_years(text: str) -> set[str]:
    spans = {f"{first}/{last}" for first, last in _YEARS.findall(text)}
    return spans or set(_YEAR.findall(text))


def _list_numbers(letter: str, pattern: re.Pattern[str], text: str) -> Iterator[int]:
    for match in pattern.finditer(text):
        sign = next(group for group in match.groups() if group)
        yield _HALVES[sign] if letter == "h" else to_count(sign)


def _fold(text: str) -> str:
    plain = "".join(unicodedata.normalize("NFKC", text).split())
    return _DAY_OF_YEAR.sub("", _DAY.sub("", plain))


def to_count(sign: str) -> int:
    """Return the number of 3, 三, 十二 or 二十."""
    if sign.isdigit():
        return int(sign)
    tens, ten, ones = sign.partition("十")
    if not ten:
        return _DIGITS[sign[-1]]
    return (_DIGITS[tens[-1]] if tens else 1) * _TEN + (_DIGITS[ones[0]] if ones else 0)


def split_batch(key: str) -> tuple[str, dict[str, int]]:
    """Return year and parts of a key, to be said in words: `2026-q3-b2` is 2026, q 3, b 2."""
    year, *parts = key.split("-")
    return year, {part[0]: int(part[1:]) for part in parts}
