"""Term statistics of one commit: document frequencies, prefixes, inverse document frequency."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from math import log

from tantivy import Searcher

from core.search.engines.embedded.schema import CROSSING, START
from core.search.query.planner import Term, TermForm, TermGroup
from core.search.text.tokenizer import BREAK, cut

# A prefix with no more endings is looked for word by word, which is faster than a pattern.
MOST_ENDINGS = 64
REMEMBERED = 20_000


class Dictionary:
    """The words of one commit; look-ups are cached, results of queries never are."""

    def __init__(self, searcher: Searcher) -> None:
        self._searcher = searcher
        # Every title has the start token. Deleted documents count until their segment is merged.
        self.documents = searcher.doc_freq("title", START)
        self.count = lru_cache(maxsize=REMEMBERED)(self._count)
        self.endings = lru_cache(maxsize=REMEMBERED)(self._endings)

    def _count(self, field: str, value: str | int) -> int:
        """Return the document frequency of a value, deleted documents included until a merge."""
        return self._searcher.doc_freq(field, value)

    def _endings(self, field: str, beginning: str) -> tuple[str, ...] | None:
        """Return the words with a prefix; `None` where they are too many, or for ASCII."""
        if beginning.isascii():
            return None
        found = self._searcher.terms_with_prefix(field, beginning, limit=MOST_ENDINGS + 1)
        return tuple(word for word, _ in found) if len(found) <= MOST_ENDINGS else None

    def prefix_frequency(self, field: str, beginning: str) -> int:
        """Return an upper bound of how many texts have a word with a prefix."""
        words = self.endings(field, beginning)
        return self.documents if words is None else sum(self.count(field, word) for word in words)

    def inverse_frequency(self, field: str, token: str) -> float:
        """Return the inverse document frequency of a token, as BM25 has it."""
        number = self.count(field, token)
        return log(1 + (self.documents - number + 0.5) / (number + 0.5))

    def may_say(self, group: TermGroup, field: str) -> bool:
        """Return whether a field may have any of a group's terms, judged word by word."""
        return any(
            term.form is not TermForm.TEXT or self.may_hold(field, term, to_tokens(term.text))
            for term in group.terms
        )

    def may_hold(self, field: str, term: Term, tokens: Sequence[str]) -> bool:
        """Return whether a field may have a term; `False` is certain, `True` an upper bound."""
        if not tokens:
            return False
        if len(term.text) == 2 and (
            self.count(field, term.text) or self.count(field + CROSSING, term.text)
        ):
            return True
        firm = tokens[:-1] if term.prefix else tokens
        if not all(self.count(field, token) for token in firm):
            return False
        # A lone character may also stand within a word.
        return not term.prefix or len(tokens) == 1 or self.endings(field, tokens[-1]) != ()

    def covering(
        self, group: TermGroup, fields: Iterable[str]
    ) -> dict[tuple[str, str], int] | None:
        """Return (field, word) pairs one of which every match has, with document frequencies.

        `None` where a term is no text or has no word that is known in full.
        """
        found: dict[tuple[str, str], int] = {}
        for term in group.terms:
            tokens = to_tokens(term.text)
            firm = tokens[:-1] if term.prefix else tokens
            if term.form is not TermForm.TEXT or not firm:
                return None
            for field in fields:
                counts = [(self.count(field, token), token) for token in firm]
                words = [(field, min(counts)[1])]
                if len(term.text) == 2:
                    words += [(field, term.text), (field + CROSSING, term.text)]
                found |= {word: number for word in words if (number := self.count(*word))}
        return found


@lru_cache(maxsize=2_000)
def to_tokens(text: str) -> tuple[str, ...]:
    """Cut a term into tokens; cached, since a term is looked for in several fields."""
    return tuple(token for token in cut(text) if token != BREAK)
