"""公开层级: words for the levels of government, and columns of ticks."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from core.tables.fields.base import ColumnText, Parsed
from core.tables.fields.ticks import TICKED, UNTICKED, read_mark
from core.tables.model import LEVELS, Level, Note
from core.tables.text import fold, split_outside, squeeze, without_brackets

_WORDS: dict[str, Level] = dict.fromkeys(
    ("地市", "市州", "州市", "设区的市", "州", "盟", "市"), "city"
)
_WORDS |= dict.fromkeys(
    ("县市区", "县区市", "市县区", "县区", "区县", "县市", "旗县", "县级市", "县", "区", "旗"),
    "county",
)
_WORDS |= dict.fromkeys(
    ("乡镇街道", "镇街道", "乡镇街", "乡镇", "镇街", "街镇", "街道", "乡", "镇", "街", "苏木"),
    "township",
)
_WORDS |= dict.fromkeys(("行政村", "村社区", "村居", "居村", "社区", "村", "居", "嘎查"), "village")
_WORD = re.compile("|".join(sorted(_WORDS, key=len, reverse=True)))
_RUN = re.compile(f"(?:{_WORD.pattern})+")
_LEVEL_ENDING = re.compile(r"(?:[一二两三四]?级)+$")
_SEPARATORS = "、,;/和与及\n "
_TOWN = re.compile(r"^[\u4e00-\u9fff]{1,7}(?:镇|乡|街道|苏木)(?:办事处)?$")


def in_order(levels: Iterable[Level]) -> tuple[Level, ...]:
    """Return the levels without repetition, from the city down."""
    wanted = set(levels)
    return tuple(level for level in LEVELS if level in wanted)


@lru_cache(maxsize=4096)
def read_level_words(text: str) -> tuple[Level, ...] | None:
    """Read words such as 县级, 乡、村级, 县(市、区)级; `None` if any of them is no level."""
    found: list[Level] = []
    for part in split_outside(fold(text).strip(), _SEPARATORS):
        word = _LEVEL_ENDING.sub("", without_brackets(squeeze(part)))
        if not _RUN.fullmatch(word):
            return None
        found += [_WORDS[match[0]] for match in _WORD.finditer(word)]
    return in_order(found) or None


def is_town_name(label: str) -> bool:
    """Say whether a column's label names one township (胡集镇)."""
    return read_level_words(label) is None and bool(_TOWN.match(squeeze(label)))


def read_levels(options: Sequence[ColumnText]) -> Parsed[tuple[Level, ...]]:
    """Read the columns of 公开层级: ticks under levels, or words in one column."""
    found: list[Level] = []
    notes: list[Note] = []
    for option in options:
        if option.choice is None:
            levels, problem = _words(option.text)
        else:
            levels, problem = _ticks(option)
        found += levels
        notes += problem
    if any(note.code == "levels-unclear" for note in notes):
        return Parsed(None, tuple(notes))
    return Parsed(in_order(found) or None, tuple(notes))


def _words(text: str) -> tuple[Sequence[Level], list[Note]]:
    if any(mark in text for mark in TICKED):
        pieces = re.findall(rf"[{TICKED}]([^{TICKED}{UNTICKED}]*)", text)
        text = "、".join(pieces)
    elif any(box in text for box in UNTICKED):
        return (), []
    if not squeeze(text):
        return (), []
    levels = read_level_words(text)
    if levels is None:
        return (), [Note("levels-unclear", "warning", {"text": squeeze(text)})]
    return levels, []


def _ticks(option: ColumnText) -> tuple[Sequence[Level], list[Note]]:
    mark = read_mark(option.text)
    levels = read_level_words(option.choice or "") or ("township",)
    if mark.ticked is None and read_level_words(mark.text) != levels:
        return (), [Note("levels-unclear", "warning", {"text": mark.text})]
    return (levels if mark.ticked is not False else ()), []
