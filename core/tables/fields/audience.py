"""公开对象: everyone, or a group in words; never both."""

import re
from collections.abc import Sequence

from core.tables.fields.base import ColumnText, Parsed
from core.tables.fields.ticks import TICKED, UNTICKED, is_mark, read_mark
from core.tables.model import Audience, Note
from core.tables.text import fold, tidy

EVERYONE = "everyone"
GROUP = "group"

_EVERYONE_WORDS = frozenset(
    {
        "全社会",
        "面向全社会",
        "全体社会",
        "社会",
        "社会公众",
        "公众",
        "全体公众",
        "面向社会",
        "全社会公众",
    }
)
_GROUP = re.compile(r"^(?:面向)?特定(?:群体|群众|对象|人群)(?P<rest>.*)$", re.DOTALL)
_BOXES = re.compile(rf"([{TICKED}{UNTICKED}])([^{TICKED}{UNTICKED}]*)")


def read_audience(options: Sequence[ColumnText]) -> Parsed[Audience]:
    """Read the columns of 公开对象: ticks under 全社会 and 特定群体, or words in one column."""
    chosen: list[Audience] = []
    for option in options:
        if option.choice is None:
            found = _words(option.text)
        else:
            found = _ticked(option.choice, option.text)
        if found is None:
            return Parsed(None, (_unclear(option.text),))
        chosen += found
    if len({audience.kind for audience in chosen}) > 1:
        return Parsed(None, (Note("audience-conflict", "warning"),))
    return _with_text(chosen)


def _with_text(chosen: Sequence[Audience]) -> Parsed[Audience]:
    if not chosen:
        return Parsed(None)
    text = next((audience.text for audience in chosen if audience.text), None)
    if chosen[0].kind == GROUP and text is None:
        return Parsed(chosen[0], (Note("audience-text-missing"),))
    return Parsed(Audience(chosen[0].kind, text))


def _ticked(choice: str, cell: str) -> list[Audience] | None:
    mark = read_mark(cell)
    text = mark.text or None
    if mark.ticked is None:
        return _words_in_place(choice, mark.text)
    if not mark.ticked:
        return []
    return [Audience("group" if choice == GROUP else "everyone", text)]


def _words_in_place(choice: str, text: str) -> list[Audience] | None:
    found = _words(text)
    if found is None or any(audience.kind != choice for audience in found):
        return None
    return found


def _words(cell: str) -> list[Audience] | None:
    text = tidy(cell)
    if not text:
        return []
    boxes = _BOXES.findall(text)
    if boxes and not _BOXES.sub("", text).strip():
        ticked = [tidy(words) for box, words in boxes if box in TICKED and words.strip()]
        found = [_one(words) for words in ticked]
        return None if is_mark(text) and not ticked and boxes[0][0] in TICKED else found
    both = fold(text).replace(",", "、").replace("/", "、").split("、")
    if any(part in _EVERYONE_WORDS for part in both) and any(_GROUP.match(part) for part in both):
        return None
    return None if is_mark(text) else [_one(text)]


def _one(text: str) -> Audience:
    if fold(text) in _EVERYONE_WORDS:
        return Audience("everyone")
    match = _GROUP.match(text)
    if match is None:
        return Audience("group", text)
    rest = match["rest"].strip(" :\uff1a,\uff0c-\u2014")
    if fold(rest).startswith("(") and fold(rest).endswith(")"):
        rest = rest[1:-1].strip()
    return Audience("group", rest or None)


def _unclear(text: str) -> Note:
    return Note("audience-unclear", "warning", {"text": tidy(text)})
