"""公开方式: on the organ's own initiative, or on request; never both."""

import re
from collections.abc import Sequence

from core.tables.fields.base import ColumnText, Parsed
from core.tables.fields.ticks import TICKED, UNTICKED, read_mark
from core.tables.model import Mode, Note
from core.tables.text import squeeze

_WORDS: dict[str, Mode] = {
    "主动": "proactive",
    "主动公开": "proactive",
    "依申请": "on_request",
    "依申请公开": "on_request",
}
_PARTS = re.compile(r"[、,;\uff0c\uff1b/和及]")


def find_mode(word: str) -> Mode | None:
    """Return the mode that a word names, `None` for any other word."""
    return _WORDS.get(squeeze(word))


def read_mode(options: Sequence[ColumnText]) -> Parsed[Mode]:
    """Read the columns of 公开方式: ticks under 主动 and 依申请, or a word in one column."""
    chosen: set[Mode] = set()
    for option in options:
        words = _chosen_words(option)
        modes = [find_mode(word) for word in words]
        if None in modes:
            return Parsed(None, (Note("mode-unclear", "warning", {"text": squeeze(option.text)}),))
        chosen.update(mode for mode in modes if mode is not None)
    if len(chosen) > 1:
        return Parsed(None, (Note("mode-conflict", "warning"),))
    return Parsed(next(iter(chosen), None))


def _chosen_words(option: ColumnText) -> list[str]:
    """Return the words that the column's cell chooses."""
    if option.choice is None:
        return _words(squeeze(option.text))
    mark = read_mark(option.text)
    if mark.ticked is None:
        return [mark.text if find_mode(mark.text) == find_mode(option.choice) else "?"]
    return [option.choice] if mark.ticked else []


def _words(text: str) -> list[str]:
    if any(mark in text for mark in TICKED):
        return re.findall(rf"[{TICKED}]([^{TICKED}{UNTICKED}]*)", text)
    if any(box in text for box in UNTICKED):
        return []
    return [word for word in _PARTS.split(text) if word]
