"""Blanks in Chinese text: what a printed cell says once layout is taken off."""

import re

_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060-\u2064"
    "\ufe00-\ufe0f\ufeff\ufffe\uffff\ud800-\udfff]"
)
_ODD = re.compile(rf"{_INVISIBLE.pattern[:-1]}\r\x85\u2028\u2029]")
_CHINESE = (
    "\u00b7\u2014\u2018-\u201d\u2026\u2460-\u24ff\u25a0-\u27bf\u2e80-\ua4cf\uac00-\ud7ff"
    "\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\U00020000-\U0003ffff"
)
_BLANK_BESIDE_CHINESE = re.compile(f"(?<=[{_CHINESE}]) | (?=[{_CHINESE}])")
_BLANKS = re.compile(r"\s+")
_LETTER_SPACED = re.compile(rf"(?:[{_CHINESE}][ \t\u00a0\u3000]+){{3}}")
_BLANK_BETWEEN_DIGITS = re.compile(r"(?<=\d)[ \t\u00a0\u3000]+(?=\d)")


def visible(text: str) -> str:
    """Return the text without characters that print nothing, with plain line ends."""
    if not _ODD.search(text):
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n")
    return _INVISIBLE.sub("", text.replace("\u2029", "\n").replace("\x85", "\n"))


def tidy(text: str) -> str:
    """Return the text as one line: no blank beside a Chinese character, one elsewhere.

    Letters spaced out (制 定 或 获 取, 1 0 个) close up; a blank between two Latin words stays.
    """
    text = visible(text).strip()
    if not _BLANKS.search(text):
        return text
    if _LETTER_SPACED.search(text):
        text = _BLANK_BETWEEN_DIGITS.sub("", text)
    return _BLANK_BESIDE_CHINESE.sub("", _BLANKS.sub(" ", text))


def squeeze(text: str) -> str:
    """Return the text without any blank, to be compared with a known word."""
    return _BLANKS.sub("", visible(text))


def lines_of(text: str) -> list[str]:
    """Return the cell's lines that hold something, each tidied."""
    return [line for line in map(tidy, visible(text).split("\n")) if line]


_HAS_FULL_WIDTH = re.compile("[\uff01-\uff5e]")
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}


def fold(text: str) -> str:
    """Return the text with full-width letters, digits and brackets as ASCII, length unchanged.

    For comparing only: what is kept keeps the width that it was printed in.
    """
    return text.translate(_FULL_WIDTH) if _HAS_FULL_WIDTH.search(text) else text
