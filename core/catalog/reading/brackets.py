"""Splitting and cutting text with respect for brackets, of either width."""

import re
from collections import Counter

from core.catalog.reading.blanks import fold

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
