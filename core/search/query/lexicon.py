"""The lexicon of query planning: synonyms, known terms, question words, places."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import permutations
from pathlib import Path
from typing import Any

from core.search.text.pinyin import initials, syllables

PLACE_KINDS = re.compile("(?:街道|社区|[县区镇乡村])$")
_LEVELS = {"县": 0, "区": 0, "镇": 1, "乡": 1, "街道": 1, "村": 2, "社区": 2}
_NATIONAL = Path(__file__).parents[1] / "data" / "words.toml"


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The words that hold in one place.

    `synonyms`: words of documents for a typed word. `spelled`: terms by pinyin and initials (dibao
    and db mean 低保). `never`: pairs that must not be taken for synonyms. `aspects`: what one wants
    to know of a matter (电话, 条件), which only score. `places`: place names with their kind.
    `common` are words of nearly every matter (政府, 老人), which are none by themselves.
    `questions` and `fillers` are removed from queries. `longest` is the length of the longest word.
    """

    synonyms: Mapping[str, tuple[str, ...]]
    terms: frozenset[str]
    spelled: Mapping[str, tuple[str, ...]]
    never: frozenset[frozenset[str]]
    aspects: frozenset[str]
    common: frozenset[str]
    places: frozenset[str]
    questions: tuple[str, ...]
    fillers: frozenset[str]
    longest: int

    def knows(self, part: str) -> bool:
        """Return whether text is one word, whatever the tokenizer says."""
        return part in self.synonyms or part in self.places

    def are_equal(self, word: str, other: str) -> bool:
        """Return whether either of two words finds the other, so that they name one matter."""
        return other in self.synonyms.get(word, ()) and word in self.synonyms.get(other, ())

    def level(self, place: str) -> int | None:
        """Return 0 for a county's name, 1 for a township's, 2 for a village's; else `None`."""
        if place not in self.places:
            return None
        kind = PLACE_KINDS.search(place)
        kinds = [kind.group()] if kind else [end for end in _LEVELS if place + end in self.places]
        levels = {_LEVELS[kind] for kind in kinds}
        return levels.pop() if len(levels) == 1 else None

    def may_replace(self, word: str, other: str) -> bool:
        """Return whether two words are not forbidden as synonyms."""
        return frozenset({word, other}) not in self.never


def merge_word_lists(lists: Sequence[Mapping[str, Any]]) -> Lexicon:
    """Merge word lists; a pair that one of them forbids is forbidden in all.

    A list has `equal` (groups), `citizen` (word → words of documents), `never` (pairs), `terms`,
    `aspects`, `common`, `places`, `questions` and `fillers`; each may be missing.
    """
    never = frozenset(frozenset(pair) for one in lists for pair in one.get("never", ()))
    synonyms: dict[str, dict[str, None]] = {}
    for word, other in _directions(lists):
        # What contains a word is found by the word itself.
        if word not in other and frozenset({word, other}) not in never:
            synonyms.setdefault(word, {})[other] = None
    # The commonest words come first: letters are read as the first term that they can spell.
    known = dict.fromkeys(
        term for one in lists for name in ("terms", "aspects") for term in one.get(name, ())
    )
    known |= dict.fromkeys(synonyms)
    known |= dict.fromkeys(other for others in synonyms.values() for other in others)
    # Nobody types the initials of a colloquial phrase.
    spoken = {word for one in lists for word in one.get("citizen", {}) if len(word) > 2}
    spoken -= {term for one in lists for term in one.get("terms", ())}
    places = frozenset(place for one in lists for place in one.get("places", ()))
    known |= dict.fromkeys(places)
    questions = {question for one in lists for question in one.get("questions", ())}
    return Lexicon(
        synonyms={word: tuple(others) for word, others in synonyms.items()},
        terms=frozenset(known),
        spelled=_Spellings(tuple(word for word in known if word not in spoken)),
        never=never,
        questions=tuple(sorted(questions, key=len, reverse=True)),
        fillers=frozenset("".join(one.get("fillers", "") for one in lists)),
        aspects=frozenset(aspect for one in lists for aspect in one.get("aspects", ())),
        common=frozenset(word for one in lists for word in one.get("common", ())),
        places=places,
        longest=max(map(len, (*synonyms, *places)), default=0),
    )


def _directions(lists: Sequence[Mapping[str, Any]]) -> Iterable[tuple[str, str]]:
    for one in lists:
        for group in one.get("equal", ()):
            yield from permutations(group, 2)
        for word, others in one.get("citizen", {}).items():
            yield from ((word, other) for other in others)


class _Spellings(Mapping[str, tuple[str, ...]]):
    """Terms by their pinyin and initials, spelled when letters are looked up for the first time.

    Pinyin takes long to load, and most queries are Chinese.
    """

    def __init__(self, terms: Sequence[str]) -> None:
        self._terms = terms

    def __getitem__(self, letters: str) -> tuple[str, ...]:
        return self._found[letters]

    def __iter__(self) -> Iterator[str]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)

    @cached_property
    def _found(self) -> dict[str, tuple[str, ...]]:
        spelled: dict[str, dict[str, None]] = {}
        for term in self._terms:
            for letters in ("".join(syllables(term)), initials(term)):
                spelled.setdefault(letters, {})[term] = None
        return {letters: tuple(found) for letters, found in spelled.items() if len(letters) > 1}


@cache
def national_list() -> Mapping[str, Any]:
    """Load the word list that ships with the program, as its file has it."""
    import tomllib  # read once

    return tomllib.loads(_NATIONAL.read_text(encoding="utf-8"))


@cache
def national_lexicon() -> Lexicon:
    """Return the lexicon of the word list that ships with the program."""
    return merge_word_lists([national_list()])
