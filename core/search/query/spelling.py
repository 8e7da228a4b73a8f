"""Spelling correction by pinyin, by similar characters, and by edit distance.

底保 → 低保, 危房改早 → 危房改造, 申清 → 申请, 法律助 → 法律援助, dbsq → 低保申请. Only words that
the lexicon or the documents know are substituted, and never a forbidden pair.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from core.search.query.lexicon import (
    PLACE_KINDS,
    Lexicon,
    national_lexicon,
    national_list,
)
from core.search.text.pinyin import initials, syllables
from core.search.text.tokenizer import fold, runs
from core.search.text.tokenizer import words as cut_words

SHORTEST, LONGEST = 2, 10
# A wrong, missing or additional character is only assumed in words as long as this: a short word
# with one other character is usually another word.
LONG_ENOUGH = 4
FEWEST_LETTERS, MOST_LETTERS = 4, 16
# Sounds that many speakers do not distinguish.
_ALIKE = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ng", "n"), ("l", "n"), ("hu", "fu"))


_PARTICLES = re.compile("[的了过着]")
_NEGATIONS = frozenset("不没无未别非勿")


@dataclass(frozen=True, slots=True)
class SpellingIndex:
    """Known words by pinyin, by approximate pinyin, with one character left out, by initials."""

    by_sound: Mapping[str, tuple[str, ...]]
    by_rough_sound: Mapping[str, tuple[str, ...]]
    by_gap: Mapping[str, tuple[str, ...]]
    by_letters: Mapping[str, tuple[str, ...]]


def correct(
    typed: str, words: Lexicon | None = None, learned: frozenset[str] = frozenset()
) -> str | None:
    """Correct a query with known words; `None` where nothing is corrected.

    `learned` are words of the documents, beside those of the lexicon.
    """
    return _corrected(typed, _Corrector(words or national_lexicon(), learned))


def resembling(typed: str, words: Lexicon) -> str | None:
    """Correct only homophones, similar characters and transpositions.

    For queries that have hits, and so may well be meant as typed.
    """
    return _corrected(typed, _CautiousCorrector(words, frozenset()))


def _corrected(typed: str, corrector: "_Corrector") -> str | None:
    typed_runs = runs(fold(typed))
    corrected = [
        _from_letters(run, corrector)
        if run.isascii() and run.isalpha()
        else corrector.correct_run(run)
        for run in typed_runs
    ]
    return None if corrected == typed_runs else " ".join(corrected)


class _Corrector:
    """Corrects runs of Chinese characters with the words of one lexicon."""

    def __init__(self, words: Lexicon, learned: frozenset[str]) -> None:
        self.words = words
        self._terms = words.terms | learned
        self.learned = _known(learned)
        self._known = (_known(words.terms), self.learned)

    def correct_run(self, run: str) -> str:
        """Correct a run from left to right, the longest words first."""
        borders, doubtful = _borders(run)
        corrected, start = "", 0
        while start < len(run):
            part, term = self._at(run, start, borders, doubtful)
            corrected += term
            start += len(part)
        return corrected

    def _at(self, run: str, start: int, borders: set[int], doubtful: set[int]) -> tuple[str, str]:
        """Return the longest part here that is or can be a known word, and that word."""
        lengths = range(min(LONGEST, len(run) - start), SHORTEST - 1, -1)
        for length in lengths:
            part = run[start : start + length]
            if part in self._terms:
                return part, part
            wordy = part.isalpha() and not _PARTICLES.match(part)
            if wordy and start in borders and start + length in borders:
                doubted = not doubtful.isdisjoint(range(start, start + length))
                term = self._corrected(part, doubted=doubted or part == run)
                if term:
                    return part, term
        return run[start], run[start]

    def _corrected(self, part: str, *, doubted: bool) -> str | None:
        """Return the likeliest known word; plausible words are only doubted if they are long."""
        likely = self._candidates(part) if doubted else self._sounding(part)
        candidates = likely if doubted or len(part) > SHORTEST else iter(())
        return next((term for term in candidates if self._may_replace(part, term)), None)

    def _may_replace(self, part: str, term: str) -> bool:
        """Return whether a correction leaves negations and real places as they were typed."""
        if part in self.words.questions:
            return False
        negated = _NEGATIONS.intersection(part) - set(term)
        moved = term in self.words.places and _is_place(part, self.words.places)
        return not negated and not moved and self.words.may_replace(part, term)

    def _sounding(self, part: str) -> Iterator[str]:
        if len(sounds := syllables(part)) == len(part):
            for known in self._known:
                yield from known.by_sound.get("".join(sounds), ())

    def _candidates(self, part: str) -> Iterator[str]:
        """Yield known words that a part may be a misspelling of, the likeliest first."""
        near = sorted(self._near(part), key=lambda term: (_distance(part, term), term))
        slips = [term for term in near if self._is_slip(part, term)]
        yield from (term for term in slips if sorted(term) == sorted(part))
        yield from self._sounding(part)
        yield from slips
        if len(part) > SHORTEST:
            for known in self._known:
                yield from known.by_rough_sound.get(_rough(part), ())

    def _is_slip(self, part: str, term: str) -> bool:
        return _is_slip(part, term)

    def _near(self, part: str) -> set[str]:
        """Return known words that differ by one character or one transposition."""
        gaps = {part, *_gaps(part)}
        typed_runs = {
            term for known in self._known for gap in gaps for term in known.by_gap.get(gap, ())
        }
        return typed_runs | ({*gaps, part[::-1]} & self._terms)


class _CautiousCorrector(_Corrector):
    """Corrects homophones, similar characters and transpositions only."""

    def _is_slip(self, part: str, term: str) -> bool:
        same_length = len(part) == len(term)
        alike = same_length and (_distance(part, term)[0] == 0 or sorted(part) == sorted(term))
        return alike and _is_slip(part, term)


def _is_place(part: str, places: frozenset[str]) -> bool:
    """Return whether text may name a real place, of this county (柳湾乡) or another (桃园村)."""
    name = PLACE_KINDS.sub("", part)
    return name in places or cut_words(name) == [name]


def _borders(run: str) -> tuple[set[int], set[int]]:
    """Return borders of dictionary words, and places of lone characters.

    Mistyped words fall apart into lone characters. A border between two words is sure: 水龙头|老是
    has no 头老 that could be meant for 投劳.
    """
    borders, doubtful, place = {0}, set[int](), 0
    for word in cut_words(run):
        if len(word) == 1:
            doubtful.add(place)
        place += len(word)
        borders.add(place)
    return borders, doubtful


def _distance(part: str, term: str) -> tuple[int, int]:
    """Return a sort key: similar characters first, then transpositions, then the rest."""
    if len(part) != len(term):
        return 2, abs(len(part) - len(term))
    differ = _differing(part, term)
    alike = len(differ) == 1 and _same_shape(part[differ[0]], term[differ[0]])
    return (0 if alike else 1), len(differ)


def _is_slip(part: str, term: str) -> bool:
    """Return whether a difference is a typing error rather than another word."""
    if len(part) != len(term):
        # At its ends it would be another word before or behind, not a slip.
        within = part[0] == term[0] and part[-1] == term[-1]
        said = _without_particles(part) == _without_particles(term)
        return within and not said and min(len(part), len(term)) >= LONG_ENOUGH - 1
    differ = _differing(part, term)
    if len(differ) == 1:
        [place] = differ
        return len(term) >= LONG_ENOUGH or _same_shape(part[place], term[place])
    left, right = (differ[0], differ[-1]) if differ else (0, 0)
    swapped = len(differ) == 2 and right == left + 1
    return swapped and part[left] == term[right] and part[right] == term[left]


def _without_particles(text: str) -> str:
    """Remove particles: 花了多少钱 and 花多少钱 mean the same."""
    return _PARTICLES.sub("", text)


def _differing(part: str, term: str) -> list[int]:
    return [place for place, (one, two) in enumerate(zip(part, term, strict=True)) if one != two]


def _gaps(text: str) -> Iterator[str]:
    """Yield the text with each character left out in turn."""
    return (text[:place] + text[place + 1 :] for place in range(len(text)))


@lru_cache(maxsize=1)
def _shapes() -> Mapping[str, frozenset[str]]:
    alike: dict[str, set[str]] = {}
    for row in national_list()["shapes"]:
        for character in row:
            alike.setdefault(character, set()).update(row)
    return {character: frozenset(others) for character, others in alike.items()}


def _same_shape(one: str, other: str) -> bool:
    return other in _shapes().get(one, ())


def _rough(text: str) -> str:
    """Return approximate pinyin: sounds of `_ALIKE` merged."""
    sound = " ".join(syllables(text))
    for careful, careless in _ALIKE:
        sound = sound.replace(careful, careless)
    return sound


@lru_cache(maxsize=64)
def _known(terms: frozenset[str]) -> SpellingIndex:
    """Index known words for correction."""
    by_sound: dict[str, list[str]] = {}
    by_rough: dict[str, list[str]] = {}
    by_gap: dict[str, list[str]] = {}
    by_letters: dict[str, list[str]] = {}
    for term in sorted(terms):
        if not SHORTEST <= len(term) <= LONGEST or len(sounds := syllables(term)) != len(term):
            continue
        by_sound.setdefault("".join(sounds), []).append(term)
        by_rough.setdefault(_rough(term), []).append(term)
        # Any two letters are the initials of some word of two characters.
        if len(term) > SHORTEST:
            by_letters.setdefault(initials(term), []).append(term)
        for gap in _gaps(term):
            if len(gap) >= SHORTEST:
                by_gap.setdefault(gap, []).append(term)
    return SpellingIndex(*map(_frozen, (by_sound, by_rough, by_gap, by_letters)))


def _frozen(typed_runs: Mapping[str, Iterable[str]]) -> dict[str, tuple[str, ...]]:
    return {key: tuple(dict.fromkeys(terms)) for key, terms in typed_runs.items()}


def _from_letters(letters: str, corrector: _Corrector) -> str:
    """Read letters as one known word, of the lexicon or the documents; else as several of them."""
    if not FEWEST_LETTERS <= len(letters) <= MOST_LETTERS:
        return letters
    terms = _read(letters, corrector.words) or []
    if len(terms) != 1 and (learned := corrector.learned.by_letters.get(letters)):
        return learned[0]
    # Nobody types a word twice: such letters are initials by chance.
    return "".join(terms) if terms and len(set(terms)) == len(terms) else letters


def _read(letters: str, words: Lexicon) -> list[str] | None:
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
