"""Tokenizer: fold Chinese text and cut it into tokens, documents and queries alike.

jieba's words (without its guessing model) are cut again into non-overlapping words of two or three
characters, so that a part of a long word is found too: 危房改造 becomes 危房 and 改造.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from opencc import OpenCC

# Raise it whenever the same text would be cut differently: indexes are then built anew.
CUT_VERSION = 1

# Between sentences stands a token of its own, so that no phrase reaches across them.
BREAK = "。"

CJK = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f〇々"
_LETTERS = rf"(?:(?![{CJK}])[^\W\d_])+"
_RUN = re.compile(rf"[{CJK}\d]+|{_LETTERS}")
_PIECE = re.compile(
    rf"(?P<cjk>[{CJK}]+)|(?P<digits>\d+)|(?P<letters>{_LETTERS})|(?P<stop>[。;!?\n\r])"
)


_PUNCTUATION = tuple(zip("，：；（）！？％－～　", ",:;()!?%-~ ", strict=True))
# In lower case another letter at the end of a word, so not the same by itself.
_FINAL_SIGMA = "Σ"


@dataclass(frozen=True, slots=True)
class Folded:
    """Folded text and, for each of its characters, the index of the original character."""

    text: str
    origins: Sequence[int]


@cache
def _simplifier() -> "OpenCC":
    from opencc import OpenCC  # its dictionaries take a while to load, once

    return OpenCC("t2s")


@cache
def _jieba() -> Any:
    import rjieba  # its dictionary takes a while to load, once

    return rjieba


def simplify(text: str) -> str:
    """Turn traditional characters into simplified ones."""
    return str(_simplifier().convert(text))


def fold(text: str) -> str:
    """Make full-width narrow, letters small and traditional characters simplified."""
    return simplify(unicodedata.normalize("NFKC", _narrow_punctuation(text)).lower())


def fold_with_origins(text: str) -> Folded:
    """Fold as `fold` does, keeping where each character came from (for highlighting)."""
    narrow = _narrow_punctuation(text)
    if unicodedata.is_normalized("NFKC", narrow) and _FINAL_SIGMA not in narrow:
        narrow = narrow.lower()
    else:
        narrow = narrow.translate(_FOLDING)
    # No character becomes nothing: where the length is the same, all are in their places.
    origins: Sequence[int] = range(len(text))
    if len(narrow) != len(text):
        origins = [index for index, one in enumerate(text) for _ in one.translate(_FOLDING)]
    simplified = simplify(narrow)
    if len(simplified) != len(narrow):  # a phrase changed its length: keep the places true
        simplified = "".join(simplify(character)[:1] or character for character in narrow)
    return Folded(simplified, origins)


def _narrow_punctuation(text: str) -> str:
    """Replace the usual punctuation by what normalising makes of it.

    It is all that is not normalised already in nearly every Chinese text, and normalising, or
    translating by character, takes twenty times as long.
    """
    for wide, narrow in _PUNCTUATION:
        text = text.replace(wide, narrow)
    return text


class _Folding(dict[int, str]):
    """Folded form of each character, computed at first use."""

    def __missing__(self, code: int) -> str:
        self[code] = unicodedata.normalize("NFKC", chr(code)).lower()
        return self[code]


_FOLDING = _Folding()


def pieces(folded: str) -> Iterator[tuple[str, str]]:
    """Yield (`cjk`, `digits`, `letters` or `stop`, text) runs; other characters part them."""
    for match in _PIECE.finditer(folded):
        yield str(match.lastgroup), match.group()


def runs(folded: str) -> list[str]:
    """Return the runs of a query between blanks and punctuation; letters are runs of their own."""
    return _RUN.findall(folded)


def cut(folded: str) -> list[str]:
    """Return tokens of folded text in order, `BREAK` between sentences."""
    return analyse(folded)[0]


def words(folded: str) -> list[str]:
    """Return the dictionary words of folded text, which `cut` cuts further."""
    return [
        word
        for name, piece in pieces(folded)
        if name != "stop"
        for word in (_jieba().cut(piece, hmm=False) if name == "cjk" else [piece])
    ]


def analyse(folded: str) -> tuple[list[str], list[str]]:
    """Return tokens, and the two-character words across their borders (路灯 in 道路|灯).

    The latter are indexed beside the tokens: a two-character word is found wherever it stands.
    """
    tokens: list[str] = []
    crossing: list[str] = []
    found = list(pieces(folded))
    # Cut in one go, which costs half as much: no word reaches across the end of a line.
    chinese = "\n".join(piece for name, piece in found if name == "cjk")
    cut_words = iter(_jieba().cut(chinese, hmm=False))
    for name, piece in found:
        if name == "cjk":
            _add(iter(cut_words.__next__, "\n"), tokens, crossing)
        elif name != "stop":
            tokens.append(piece)
        elif tokens and tokens[-1] != BREAK:
            tokens.append(BREAK)
    return tokens, crossing


def _add(cut_words: Iterable[str], tokens: list[str], crossing: list[str]) -> None:
    has_word, last = _jieba().has_word, ""
    for word in cut_words:
        parts, within = _parts(word)
        tokens += parts
        crossing += within
        if last and has_word(pair := last + word[0]):
            crossing.append(pair)
        last = word[-1]


@lru_cache(maxsize=100_000)
def _parts(word: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Cut a word of jieba's again from the left into words of two, else three characters.

    Also returns the two-character words in it across the borders of these, or within one.
    """
    parts: list[str] = []
    start = 0
    while start < len(word):
        sizes = (2, 3) if len(word) > 2 else (len(word),)
        size = next((n for n in sizes if _is_word(word[start : start + n], n)), 1)
        parts.append(word[start : start + size])
        start += size
    pairs = {left + right for left, right in pairwise(word)} - set(parts)
    return tuple(parts), tuple(sorted(pair for pair in pairs if _is_word(pair, 2)))


def _is_word(part: str, size: int) -> bool:
    return len(part) == size and bool(_jieba().has_word(part))
