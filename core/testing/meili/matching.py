"""Which documents match a query, much simplified: no claim to rank as the server does.

Documents and queries are tokens with blanks between them.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Synonyms = Mapping[str, Sequence[str]]

# The server ignores what stands behind the tenth word or phrase.
MAX_TERMS = 10
_TERM = re.compile(r'"([^"]*)"|([^\s"]+)')


@dataclass(frozen=True, slots=True)
class QueryTerm:
    """A word or a phrase; the last word of a query is a prefix."""

    words: str
    prefix: bool
    synonyms: tuple[str, ...] = ()

    def within(self, text: str) -> bool:
        """Return whether a text of tokens has the term or one of its synonyms."""
        wanted = f" {self.words}" + ("" if self.prefix else " ")
        return wanted in f" {text} " or any(f" {one} " in f" {text} " for one in self.synonyms)


def parse_terms(query: str, synonyms: Synonyms) -> list[QueryTerm]:
    """Parse words and phrases; only words have synonyms."""
    found = [match.groups() for match in _TERM.finditer(query.lower())][:MAX_TERMS]
    return [
        QueryTerm(
            words=" ".join((phrase or word or "").split()),
            prefix=word is not None and place == len(found) - 1,
            synonyms=tuple(synonyms.get(word or "", ())),
        )
        for place, (phrase, word) in enumerate(found)
        if phrase or word
    ]


def attribute_rank(
    document: Mapping[str, Any], query: str, attributes: Sequence[str], synonyms: Synonyms
) -> int | None:
    """Return the rank of the last attribute needed to match all terms; `None` for no match."""
    ranks = [_rank(document, term, attributes) for term in parse_terms(query, synonyms)]
    known = [rank for rank in ranks if rank is not None]
    return max(known, default=0) if len(known) == len(ranks) else None


def _rank(document: Mapping[str, Any], term: QueryTerm, attributes: Sequence[str]) -> int | None:
    for rank, name in enumerate(attributes):
        value = document.get(name) or ""
        texts = value if isinstance(value, list) else [value]
        if any(term.within(str(text).lower()) for text in texts):
            return rank
    return None
