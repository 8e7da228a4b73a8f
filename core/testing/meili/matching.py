"""Which documents answer a query, much simplified: it makes no claim to rank as the server does.

Documents and queries come as tokens with blanks between them; this reads nothing else.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Document = Mapping[str, Any]
Synonyms = Mapping[str, Sequence[str]]

# The server ignores what stands behind the tenth word or phrase.
MOST_TERMS = 10
_TERM = re.compile(r'"([^"]*)"|([^\s"]+)')


@dataclass(frozen=True, slots=True)
class Term:
    """A word or a phrase; the last word of a query may go on."""

    words: tuple[str, ...]
    begun: bool
    others: tuple[str, ...] = ()

    def within(self, text: str) -> bool:
        """Whether a text of tokens has it, or one of the phrases that are said to mean the same."""
        wanted = f" {' '.join(self.words)}" + ("" if self.begun else " ")
        return wanted in f" {text} " or any(f" {other} " in f" {text} " for other in self.others)


def terms_of(query: str, synonyms: Synonyms) -> list[Term]:
    """Words and phrases of a query; words by themselves may have synonyms."""
    found = [match.groups() for match in _TERM.finditer(query.lower())][:MOST_TERMS]
    last = len(found) - 1
    terms = [
        Term(
            words=tuple((phrase or word or "").split()),
            begun=word is not None and place == last,
            others=tuple(synonyms.get(word or "", ())),
        )
        for place, (phrase, word) in enumerate(found)
    ]
    return [term for term in terms if term.words]


def place_of(
    document: Document, query: str, attributes: Sequence[str], synonyms: Synonyms
) -> int | None:
    """How far back the last of the words is found among the attributes; `None` where one is not."""
    terms = terms_of(query, synonyms)
    places = [_place(document, term, attributes) for term in terms]
    if any(place is None for place in places):
        return None
    return max((place for place in places if place is not None), default=0)


def _place(document: Document, term: Term, attributes: Sequence[str]) -> int | None:
    for place, name in enumerate(attributes):
        if any(term.within(text) for text in _texts(document.get(name))):
            return place
    return None


def _texts(value: object) -> Iterable[str]:
    many = value if isinstance(value, list) else [value]
    return [str(one).lower() for one in many if one is not None]
