"""Fillers: marks and words that offices put into a cell to say that it holds nothing."""

import re
from functools import lru_cache

from core.tables.text import fold, squeeze, tidy

#: Dashes, slashes, stars and low lines in any number, in every width and length.
_MARKS = re.compile(
    r"[-_/\\*.~\u00b7\u2010-\u2015\u2026\u2212\u2500\u2501\u3002\u30fc\uff65\ufe58\ufe63]+"
)
_WORDS = frozenset(
    re.findall(r"\S+", "无 無 暂无 暫無 没有 沒有 空 空白 未填 未填写 n/a na none null nil")
)
#: A longer text holds something, whatever it is.
_LONGEST = 20
#: The same with blanks and line ends.
_LONGEST_CELL = 200


def is_filler(text: str) -> bool:
    """Say whether a cell's text stands for none: "-", "——", "/", 无, (无), N/A.

    An empty text is no filler.
    """
    if len(text) > _LONGEST:
        return False
    word = fold(squeeze(text)).lower()
    if _MARKS.fullmatch(word):
        return True
    return word.strip("()[]。.;,\u3001") in _WORDS


def holds_value(text: str) -> bool:
    """Say whether a cell's text is neither empty nor a filler; cells repeat those above them."""
    return len(text) > _LONGEST_CELL or _holds_value(text)


@lru_cache(maxsize=8192)
def _holds_value(text: str) -> bool:
    return find_value(text) is not None


def find_value(text: str | None) -> str | None:
    """Return a cell's text on one line; `None` for an empty cell and for a filler."""
    value = tidy(text or "")
    return None if not value or is_filler(value) else value
