"""Pinyin without tones: of titles, of known terms, and split out of what was typed."""

from functools import cache, lru_cache

LONGEST_SYLLABLE = 6


@lru_cache(maxsize=50_000)
def syllables(text: str) -> tuple[str, ...]:
    """Return one toneless syllable for each Chinese character; skip other characters."""
    from pypinyin import lazy_pinyin  # its phrases take half a second to load, once

    return tuple(lazy_pinyin(text, errors="ignore"))


def initials(text: str) -> str:
    """Return the initials of a text's syllables: 低保申请 → dbsq."""
    return "".join(syllable[0] for syllable in syllables(text))


@cache
def known_syllables() -> frozenset[str]:
    """Return all toneless syllables of the language."""
    from pypinyin.constants import PINYIN_DICT, Style
    from pypinyin.style import convert

    readings = {reading for value in PINYIN_DICT.values() for reading in value.split(",")}
    plain = {convert(reading, Style.NORMAL, strict=False) for reading in readings}
    return frozenset(syllable for syllable in plain if syllable.isascii() and syllable.isalpha())


@cache
def _beginnings() -> frozenset[str]:
    """Return all prefixes of syllables."""
    return frozenset(one[:end] for one in known_syllables() for end in range(1, len(one) + 1))


def begun_syllables(letters: str) -> list[str] | None:
    """Read letters as whole syllables of which the last may be unfinished: dib → di b."""
    for length in range(min(LONGEST_SYLLABLE, len(letters)), 0, -1):
        if length == len(letters) and letters in _beginnings():
            return [letters]
        if letters[:length] in known_syllables():
            rest = begun_syllables(letters[length:])
            if rest is not None:
                return [letters[:length], *rest]
    return None


def split_syllables(letters: str) -> list[str] | None:
    """Read letters as whole syllables, the longest first: gaoling → gao ling; else `None`."""
    if not letters:
        return []
    for length in range(min(LONGEST_SYLLABLE, len(letters)), 0, -1):
        if letters[:length] not in known_syllables():
            continue
        rest = split_syllables(letters[length:])
        if rest is not None:
            return [letters[:length], *rest]
    return None
