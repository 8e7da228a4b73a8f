"""Split numbered and bulleted text into entries."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from core.tables.text import fold, squeeze, tidy, visible

#: Bullets that never stand inside a word; · and - open an entry only at the start of a line.
BULLETS = "●•◆▪►➢❖♦⚫"
_LINE_BULLETS = BULLETS + "■▲·★※◇-–*"
#: The mark of an optional element, in its three printed forms; kept as 〇.
OPTIONAL = "〇○◯"
_NUMERALS = "一二三四五六七八九十"
_STYLES = (
    re.compile(r"(?<![\d.])(?P<number>\d{1,2})\s?[.、)](?![\d])"),
    re.compile(r"\((?P<number>\d{1,2})\)"),
    re.compile(r"(?P<number>[\u2460-\u2473])"),
    re.compile(rf"(?P<number>[{_NUMERALS}]{{1,3}})、"),
    re.compile(rf"\((?P<number>[{_NUMERALS}]{{1,3}})\)"),
)
_BULLET = re.compile(
    rf"[{BULLETS}]|(?:(?<=\s)|(?<=[;\uff1b。])|^)[{OPTIONAL}]"
    rf"|(?<![\d零{_NUMERALS}{OPTIONAL}])[{OPTIONAL}](?![\d零{_NUMERALS}{OPTIONAL}])"
)
_SEQ = re.compile(
    r"^(?:[A-Za-z]{0,4}\d[\dA-Za-z.\-\u2013\u2014]{0,15}[.、)]?|[一二三四五六七八九十]{1,3}[、.]?"
    r"|\(?\d{1,4}\)|[\u2460-\u2473])$"
)
_ENDINGS = " ;\uff1b。,\uff0c、"


@dataclass(frozen=True, slots=True)
class _Marker:
    start: int
    end: int
    number: int
    opens_line: bool


def split_marked(text: str) -> list[str] | None:
    """Split text whose entries carry numbers or bullets; `None` where they carry none.

    Numbers count only as a series in one style that opens the text, so that 第2.3条 and the
    numbers of a nested list stay inside their entry.
    """
    text = visible(text).strip()
    parts = _split_numbered(text)
    if parts is None:
        parts = _split_bulleted(text)
    if parts is None:
        return None
    return [entry for entry in map(clean_entry, parts) if entry]


def clean_entry(text: str) -> str:
    """Return an entry without its bullets, number and end mark; a leading 〇 stays."""
    text = tidy(text).lstrip(_LINE_BULLETS + " ").rstrip(_ENDINGS)
    if text[:1] and text[0] in OPTIONAL:
        return "〇" + text[1:].strip()
    return text


def unnumbered(text: str) -> str:
    """Return a line without the number that opens it."""
    folded = fold(text)
    for style in _STYLES:
        match = style.match(folded)
        if match:
            return text[match.end() :].strip()
    return text


def is_marked(line: str) -> bool:
    """Say whether a number or bullet opens the line, or an end mark of an entry closes it."""
    text = tidy(line)
    if not text:
        return False
    if text[0] in _LINE_BULLETS + OPTIONAL or text[-1] in ";\uff1b":
        return True
    folded = fold(text)
    return any(style.match(folded) for style in _STYLES)


def is_seq(text: str) -> bool:
    """Say whether a cell's text is a number of a row, as printed: 1, 0505, 十二、."""
    return bool(_SEQ.match(fold(squeeze(text))))


def number_value(printed: str) -> int:
    """Return the value of a number as printed: 12, ⑫, 十二; 0 where it is none."""
    if printed.isascii():
        return int(printed) if printed.isdigit() else 0
    if "\u2460" <= printed <= "\u2473":
        return ord(printed) - 0x245F
    tens, ten, units = printed.rpartition("十")
    if any(numeral not in _NUMERALS for numeral in tens + units) or len(tens + units) > 2:
        return 0
    value = _NUMERALS.find(units) + 1 if units else 0
    return value + (10 * (_NUMERALS.find(tens) + 1 if tens else 1) if ten else 0)


def _split_numbered(text: str) -> list[str] | None:
    folded = fold(text)
    for style in _STYLES:
        if style.match(folded):
            starts = list(_series(_markers(style, folded)))
            ends = [marker.start for marker in starts[1:]] + [len(text)]
            return [text[marker.end : end] for marker, end in zip(starts, ends, strict=True)]
    return None


def _markers(style: re.Pattern[str], text: str) -> Iterator[_Marker]:
    for match in style.finditer(text):
        before = text[text.rfind("\n", 0, match.start()) + 1 : match.start()]
        yield _Marker(match.start(), match.end(), number_value(match["number"]), not before.strip())


def _series(markers: Iterator[_Marker]) -> Iterator[_Marker]:
    """Keep the markers that go on counting; those that open a line always do."""
    last: int | None = None
    for marker in markers:
        if last is None or marker.opens_line or marker.number == last + 1:
            last = marker.number
            yield marker


def _split_bulleted(text: str) -> list[str] | None:
    if any(bullet in text for bullet in BULLETS):
        return _at_bullets(text)
    lines = text.split("\n")
    opened = [line for line in lines if line.strip()[:1] and line.strip()[0] in _LINE_BULLETS]
    optional = [line for line in lines if line.strip()[:1] and line.strip()[0] in OPTIONAL]
    if len(opened) + len(optional) < max(1, len([line for line in lines if line.strip()])):
        return None
    return lines


def _at_bullets(text: str) -> list[str]:
    starts = [match.start() for match in _BULLET.finditer(text)]
    return [text[start:end] for start, end in zip([0, *starts], [*starts, len(text)], strict=True)]
