"""What an index holds of words, as far as a question needs to know it before it is asked."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from math import log

from tantivy import Searcher

from core.search.engines.embedded.schema import CROSSING, START
from core.search.query.planner import Term, TermForm, TermGroup
from core.search.text.tokenizer import BREAK, cut

# Words that begin alike are looked for one by one where there are no more than these.
MOST_ENDINGS = 64
REMEMBERED = 20_000


class Dictionary:
    """The words of one commit. What was looked up is remembered, never what a question found."""

    def __init__(self, searcher: Searcher) -> None:
        self._searcher = searcher
        # All that are not gone yet: every title has a beginning.
        self.documents = searcher.doc_freq("title", START)
        self.count = lru_cache(maxsize=REMEMBERED)(self._count)
        self.endings = lru_cache(maxsize=REMEMBERED)(self._endings)

    def _count(self, field: str, value: str | int) -> int:
        """How many documents have a value, those included that are deleted but not yet gone."""
        return self._searcher.doc_freq(field, value)

    def _endings(self, field: str, beginning: str) -> tuple[str, ...] | None:
        """The words that begin so; `None` where they are many, as those with digits may be."""
        if beginning.isascii():
            return None
        found = self._searcher.terms_with_prefix(field, beginning, limit=MOST_ENDINGS + 1)
        return tuple(word for word, _ in found) if len(found) <= MOST_ENDINGS else None

    def begun(self, field: str, beginning: str) -> int:
        """About how many texts have a word that begins so; all of them where words are many."""
        words = self.endings(field, beginning)
        return self.documents if words is None else sum(self.count(field, one) for one in words)

    def rarity(self, field: str, token: str) -> float:
        """What a token weighs in a text: the rarer, the more. One that no text has weighs most."""
        number = self.count(field, token)
        return log(1 + (self.documents - number + 0.5) / (number + 0.5))

    def may_say(self, group: TermGroup, field: str) -> bool:
        """Whether any text of a field may say a group, as far as its words tell one by one."""
        return any(
            term.form is not TermForm.TEXT or self.may_hold(field, term, to_tokens(term.text))
            for term in group.terms
        )

    def may_hold(self, field: str, term: Term, tokens: Sequence[str]) -> bool:
        """Whether a term of these tokens may stand in a field."""
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
        """Words one of which is in every text that says a group, and in how many each is.

        None where that cannot be told from single words.
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

    def at_most(self, group: TermGroup, field: str) -> int:
        """About how many texts may say a group; 0 where words do not tell.

        Of a lone character, those that begin with it.
        """
        covering = self.covering(group, (field,))
        if covering is not None:
            return sum(covering.values())
        text = group.terms[0].text
        return 0 if self.endings(field, text) is None else self.begun(field, text)


@lru_cache(maxsize=2_000)
def to_tokens(text: str) -> tuple[str, ...]:
    """A term is looked for in several fields and questions; it is cut once."""
    return tuple(token for token in cut(text) if token != BREAK)
