"""Text helpers for Chinese tables: blanks, width folding, splitting outside brackets."""

import re
from collections import Counter

_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff]"
)
#: A control character as workbooks write it (_x000b_), where a program copied it unread.
_CODED = re.compile(r"_x00(?:[01][0-9a-fA-F]|7[fF])_")
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_ODD = re.compile(rf"{_INVISIBLE.pattern[:-1]}\r\x0b\x0c\x85\u2028\u2029]")
_CHINESE = (
    "\u00b7\u2014\u2018-\u201d\u2026\u2460-\u24ff\u25a0-\u27bf\u2e80-\ua4cf\uac00-\ud7ff"
    "\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003ffff"
)
_BLANK_BESIDE_CHINESE = re.compile(f"(?<=[{_CHINESE}]) | (?=[{_CHINESE}])")
_BLANKS = re.compile(r"\s+")
_LETTER_SPACED = re.compile(rf"(?:[{_CHINESE}][ \t\u00a0\u3000]+){{3}}")
_SINGLES = re.compile(r"(?<!\S)(?:\S[ \t\u00a0\u3000]+){4,}\S(?!\S)")
_BLANK_BETWEEN_DIGITS = re.compile(r"(?<=\d)[ \t\u00a0\u3000]+(?=\d)")


def visible(text: str) -> str:
    """Return the text without characters that print nothing, with plain line ends.

    Vertical tabs and form feeds are line ends, as in office programs.
    """
    if not _ODD.search(text):
        return text
    return _INVISIBLE.sub("", _LINE_ENDS.sub("\n", text))


def without_codes(text: str) -> str:
    """Return the text with control characters that are spelled out (_x000b_) as they are."""
    return _CODED.sub(lambda match: chr(int(match[0][2:6], 16)), text) if "_x00" in text else text


def tidy(text: str) -> str:
    """Return the text as one line: no blank beside a Chinese character, one elsewhere.

    Letters spaced out (制 定 或 获 取, 1 0 个) close up; a blank between two Latin words stays.
    """
    text = visible(text).strip()
    if len(text.split(None, 1)) < 2:
        return text
    if _is_letter_spaced(text):
        text = _BLANK_BETWEEN_DIGITS.sub("", text)
    return _BLANK_BESIDE_CHINESE.sub("", _BLANKS.sub(" ", text))


def _is_letter_spaced(text: str) -> bool:
    if _LETTER_SPACED.search(text):
        return True
    return any(not run[0].isascii() for run in _SINGLES.finditer(text))


def squeeze(text: str) -> str:
    """Return the text without any blank, to be compared with a known word."""
    return "".join(visible(text).split())


def split_lines(text: str) -> list[str]:
    """Return the cell's lines that hold something, each tidied."""
    return [line for line in map(tidy, visible(text).split("\n")) if line]


_HAS_FULL_WIDTH = re.compile("[\uff01-\uff5e]")
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}


def fold(text: str) -> str:
    """Return the text with full-width letters, digits and brackets as ASCII, length unchanged.

    For comparing only: what is kept keeps the width that it was printed in.
    """
    return text.translate(_FULL_WIDTH) if _HAS_FULL_WIDTH.search(text) else text


_PAIRS = {
    ")": "(",
    "]": "[",
    "}": "{",
    "〕": "〔",
    "】": "【",
    "》": "《",
    "」": "「",
    "』": "『",
    "\u201d": "\u201c",
}
_OPENING = frozenset(_PAIRS.values())
_BRACKET = re.compile(f"[{re.escape(''.join([*_PAIRS, *_OPENING]))}]")


def bracketed(text: str) -> list[tuple[int, int]]:
    """Return the outermost pairs of brackets, as positions of the opening and the closing one.

    A bracket without its partner is a character like any other.
    """
    stack: list[tuple[str, int]] = []
    waiting: Counter[str] = Counter()
    pairs: list[tuple[int, int]] = []
    for found in _BRACKET.finditer(fold(text)):
        character, position = found[0], found.start()
        if character in _OPENING:
            stack.append((character, position))
            waiting[character] += 1
        elif waiting[_PAIRS[character]]:
            while stack[-1][0] != _PAIRS[character]:
                waiting[stack.pop()[0]] -= 1
            waiting[_PAIRS[character]] -= 1
            pairs.append((stack.pop()[1], position))
    return _outermost(pairs)


def _outermost(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    outermost: list[tuple[int, int]] = []
    for start, end in sorted(pairs):
        if not outermost or start > outermost[-1][1]:
            outermost.append((start, end))
    return outermost


def split_outside(text: str, separators: str) -> list[str]:
    """Split at any of the (ASCII or Chinese) separators outside brackets; empty parts go."""
    folded = fold(text)
    if not any(separator in folded for separator in separators):
        return [text.strip()] if text.strip() else []
    parts: list[str] = []
    start = position = 0
    closings = dict(bracketed(text))
    while position < len(text):
        position = closings.get(position, position)
        if folded[position] in separators:
            parts.append(text[start:position])
            start = position + 1
        position += 1
    parts.append(text[start:])
    return [part.strip() for part in parts if part.strip()]


def open_brackets(text: str, before: int = 0) -> int:
    """Count the brackets that are open after a text, where so many were open before it."""
    depth = before
    for bracket in _BRACKET.findall(fold(text)):
        if bracket in _OPENING:
            depth += 1
        elif depth:
            depth -= 1
    return depth


def closing_bracket(text: str) -> tuple[str, str] | None:
    """Split `name(inner)` into name and inner, if a round bracket closes the text."""
    folded = fold(text)
    if not folded.endswith(")"):
        return None
    pairs = bracketed(text)
    if not pairs or pairs[-1][1] != len(text) - 1:
        return None
    start = pairs[-1][0]
    if start == 0 or folded[start] != "(":
        return None
    return text[:start].strip(), text[start + 1 : -1].strip()


def without_brackets(text: str) -> str:
    """Return the text without what stands in round brackets."""
    folded = fold(text)
    if "(" not in folded:
        return text
    kept: list[str] = []
    start = 0
    for opening, closing in bracketed(text):
        if folded[opening] == "(":
            kept.append(text[start:opening])
            start = closing + 1
    return "".join([*kept, text[start:]])
