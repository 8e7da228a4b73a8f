"""Digits in every script that people type or that disguises a number, and where they stand.

A number is found in a run: digits of any script (full-width, Arabic-Indic, Tibetan, superscript,
circled, Chinese numerals …) parted by blanks, hyphens or dots, with invisible marks between them.
Only runs are normalised, never a whole text: positions are those of the original.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

_CHINESE = {
    character: str(value)
    for value, characters in enumerate(
        ("〇零○", "一壹幺㈠㊀〡", "二贰貳㈡㊁〢", "三叁參叄㈢㊂〣", "四肆㈣㊃〤",
         "五伍㈤㊄〥", "六陆陸㈥㊅〦", "七柒㈦㊆〧", "八捌㈧㊇〨", "九玖㈨㊈〩")
    )
    for character in characters
}  # fmt: skip
# First code points of the digits 1 to 9 that are no decimal digits in Unicode (circled, in
# brackets, with a full stop, negative, double circled, superscript, subscript).
_ENCLOSED = (0x2460, 0x2474, 0x2488, 0x2776, 0x2780, 0x278A, 0x24F5, 0x2081)
_SPECIAL = (
    _CHINESE
    | {chr(first + value): str(value + 1) for first in _ENCLOSED for value in range(9)}
    | {"⁰": "0", "¹": "1", "²": "2", "³": "3", "⓪": "0", "⓿": "0", "₀": "0"}
    | {chr(0x2070 + value): str(value) for value in range(4, 10)}
)
_BLANK = " \u00a0\u2000-\u200a\u202f\u205f\u3000"
_HYPHEN = "\\-_‐‑‒–—―−﹣－"
_DOT = ".·•・．‧∙｡"
# Marks without width, variation selectors and the frame of keycap emoji.
_INVISIBLE = "\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ufe00-\ufe0f\u20e3"
_DIGIT = "\\d" + "".join(_SPECIAL)
_LETTER_X = "xXｘＸ"
# A dot before one or two digits is a decimal point.
_GAP = rf"(?:[{_BLANK}{_HYPHEN}{_INVISIBLE}]|[{_DOT}](?!\d{{1,2}}(?!\d))){{0,4}}+"
#: Runs of at least eleven places: shorter ones are no number of a person.
_RUN = re.compile(rf"(?<!\d)[{_DIGIT}](?:{_GAP}[{_DIGIT}{_LETTER_X}]){{10,}}+")
_PIECE = re.compile(rf"\d(?:{_GAP}[\d{_LETTER_X}]){{10,}}+")
_HYPHENS, _DOTS, _INVISIBLES = (re.compile(f"[{kind}]") for kind in (_HYPHEN, _DOT, _INVISIBLE))
_ASCII_GROUP = re.compile(r"[0-9xX]+")


@dataclass(slots=True)
class Group:
    """Digits of a run without a gap between them; `gap` before them is nothing, " ", "-" or "."."""

    digits: str
    gap: str
    start: int
    end: int


def find_runs(text: str) -> Iterator[tuple[int, int]]:
    """Yield where runs of digits stand that are long enough for a number of a person."""
    for run in _RUN.finditer(text):
        yield run.span()


def to_groups(text: str, start: int, end: int) -> list[Group]:
    """Split a run into its groups of digits, each with the positions it has in the text."""
    if text[start:end].isascii():
        return list(_split_ascii(text, start, end))
    groups = list[Group]()
    gap, is_open = "", False
    for position in range(start, end):
        character = text[position]
        digit = to_digit(character)
        if digit is not None:
            if not is_open:
                groups.append(Group("", gap, position, position))
            groups[-1].digits += digit
            groups[-1].end = position + 1
            gap, is_open = "", True
        elif not _INVISIBLES.match(character):
            gap, is_open = _wider(gap, _gap_kind(character)), False
    return groups


def _split_ascii(text: str, start: int, end: int) -> Iterator[Group]:
    gap_start = start
    for match in _ASCII_GROUP.finditer(text, start, end):
        gap = text[gap_start : match.start()]
        kind = "-" if "-" in gap or "_" in gap else gap[:1].replace("\xa0", " ")
        yield Group(match.group().upper(), "." if "." in gap else kind, *match.span())
        gap_start = match.end()


def split_scripts(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the pieces of a run in decimal digits: of 联系人一13800138000 without the 一."""
    return [piece.span() for piece in _PIECE.finditer(text, start, end)]


def to_digit(character: str) -> str | None:
    """Return the ASCII digit that a character stands for, X for the last place of an ID."""
    if "0" <= character <= "9":
        return character
    if character in _LETTER_X:
        return "X"
    special = _SPECIAL.get(character)
    if special is not None:
        return special
    value = unicodedata.decimal(character, None)
    return None if value is None else str(value)


def _gap_kind(character: str) -> str:
    if _HYPHENS.match(character):
        return "-"
    return "." if _DOTS.match(character) else " "


def _wider(gap: str, mark: str) -> str:
    return mark if gap in {"", " "} else gap
