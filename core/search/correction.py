"""Repair what was mistyped, by sound: 底保 → 低保, dbsq → 低保申请; where nothing was found."""

from core.search.pinyin import syllables
from core.search.tokens import fold, runs
from core.search.words import Words, national_words

SHORTEST, LONGEST = 2, 8
FEWEST_LETTERS, MOST_LETTERS = 4, 16


def correct(typed: str, words: Words | None = None) -> str | None:
    """The query with known terms in place of what sounds like them; `None` if nothing changes."""
    words = words or national_words()
    found = runs(fold(typed))
    repaired = [
        _from_letters(run, words) if run.isascii() and run.isalpha() else _by_sound(run, words)
        for run in found
    ]
    return None if repaired == found else " ".join(repaired)


def _by_sound(run: str, words: Words) -> str:
    repaired, start = "", 0
    while start < len(run):
        part, term = _term_at(run, start, words)
        repaired += term
        start += len(part)
    return repaired


def _term_at(run: str, start: int, words: Words) -> tuple[str, str]:
    """The longest part here that is, or sounds like, a known term; else one character."""
    for length in range(min(LONGEST, len(run) - start), SHORTEST - 1, -1):
        part = run[start : start + length]
        if part in words.terms:
            return part, part
        for term in words.spelled.get("".join(syllables(part)), ()):
            if len(term) == length and words.may_replace(part, term):
                return part, term
    return run[start], run[start]


def _from_letters(letters: str, words: Words) -> str:
    if not FEWEST_LETTERS <= len(letters) <= MOST_LETTERS:
        return letters
    terms = _read(letters, words)
    return "".join(terms) if terms else letters


def _read(letters: str, words: Words) -> list[str] | None:
    """Read letters as initials or pinyin of known terms, as few as possible."""
    best: list[list[str] | None] = [[]] + [None] * len(letters)
    for end in range(1, len(letters) + 1):
        for start in range(max(0, end - MOST_LETTERS), end):
            before, term = best[start], words.spelled.get(letters[start:end])
            if before is None or not term:
                continue
            current = best[end]
            if current is None or len(before) + 1 < len(current):
                best[end] = [*before, term[0]]
    return best[-1]
