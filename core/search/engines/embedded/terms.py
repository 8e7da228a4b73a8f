"""How one term may stand in one field of the index, as queries."""

from collections.abc import Iterable, Sequence
from functools import lru_cache

from tantivy import FieldType, Occur, Query, Schema

from core.search.engines.embedded.dictionary import Dictionary, to_tokens
from core.search.engines.embedded.schema import CROSSING, build_schema
from core.search.query.planner import Term, TermForm

# Patterns count as words that hardly any document has.
OF_PATTERN = 0.3
# What it costs to look at one place of a phrase's rarest word, where one of a word's costs 1.
PHRASE = 24


class TermQueries:
    """Each is made once for a question, and told with about how dear it is to read to the end.

    `dearest` is the most that any of those costs that were made.
    """

    def __init__(self, schema: Schema, dictionary: Dictionary) -> None:
        self._schema = schema
        self.dictionary = dictionary
        self.dearest = 0
        self._made: dict[tuple[str, str, bool], list[tuple[Query, int]]] = {}

    def value(self, field: str, value: object) -> Query:
        """Documents with this value."""
        return Query.term_query(self._schema, field, value)

    def one_of(self, field: str, values: Iterable[str]) -> Query:
        """Documents with any of these values."""
        return any_of(self.value(field, value) for value in sorted(values))

    def between(self, field: str, first: int, last: int) -> Query:
        """Documents with a number from the first to the last."""
        return Query.range_query(self._schema, field, FieldType.Unsigned, first, last)

    def in_field(self, field: str, term: Term) -> list[tuple[Query, int]]:
        """Ways in which words may stand in a field; none where the field lacks them."""
        key = (field, term.text, term.prefix)
        if (made := self._made.get(key)) is None:
            tokens = to_tokens(term.text)
            held = self.dictionary.may_hold(field, term, tokens)
            made = list(self._standing(field, term, tokens)) if held else []
            self._made[key] = made
            self.dearest = max(self.dearest, *(cost for _, cost in made), 0)
        return made

    def _standing(
        self, field: str, term: Term, tokens: Sequence[str]
    ) -> Iterable[tuple[Query, int]]:
        if len(tokens) > 1 and term.prefix:
            # Not as a phrase with a beginning: that knows the first fifty words that begin so.
            unfinished = Query.boost_query(self._unfinished(field, tokens), OF_PATTERN)
            yield unfinished, self._cost(field, tokens[:-1])
        elif len(tokens) > 1:
            yield self.phrase(field, tokens), self._cost(field, tokens)
        elif term.prefix:
            yield self._beginning(field, tokens[0]), self.dictionary.begun(field, tokens[0])
        if len(tokens) == 1:
            yield self._word(field, tokens[0])
        if len(term.text) == 2:
            yield self._word(field + CROSSING, term.text)
            if len(tokens) > 1:
                yield self._word(field, term.text)

    def _word(self, field: str, word: str) -> tuple[Query, int]:
        return self.value(field, word), self.dictionary.count(field, word)

    def phrase(self, field: str, tokens: Sequence[str]) -> Query:
        """Tokens in a row."""
        return Query.phrase_query(self._schema, field, list(tokens))

    def _cost(self, field: str, tokens: Sequence[str]) -> int:
        return PHRASE * min(self.dictionary.count(field, token) for token in tokens)

    def _beginning(self, field: str, token: str) -> Query:
        """Words that begin with a token; a lone character also inside a word."""
        if len(token) > 1 or token.isascii():
            return self._unfinished(field, [token])
        return _around(field, token)

    def _unfinished(self, field: str, tokens: Sequence[str]) -> Query:
        """Tokens in a row, the last of which may go on; all its endings weigh the same.

        Each ending by itself where they are few, which is much faster than a pattern.
        """
        *firm, last = tokens
        endings = self.dictionary.endings(field, last)
        if endings is None:
            return self.row(field, going_on(tokens))
        if not firm:
            return Query.const_score_query(self.one_of(field, endings), 1.0)
        rarity = self.dictionary.rarity
        known = sum(rarity(field, token) for token in firm)
        most = known + rarity(field, f"{last}.*")  # a pattern is a word that no text has
        return Query.disjunction_max_query(
            [
                Query.boost_query(
                    self.phrase(field, [*firm, ending]), most / (known + rarity(field, ending))
                )
                for ending in endings
            ]
        )

    def spoken(self, term: Term) -> Query:
        """Syllables in a row, or syllables that begin with these letters."""
        if term.form is TermForm.INITIALS:
            return self.row("pinyin", [f"{letter}.*" for letter in term.text])
        syllables = term.text.split()
        if len(syllables) == 1:
            return self.value("pinyin", syllables[0])
        return self.phrase("pinyin", syllables)

    def row(self, field: str, patterns: Sequence[str]) -> Query:
        """Tokens in a row that fit patterns."""
        if len(patterns) == 1:
            return Query.regex_query(self._schema, field, patterns[0])
        return Query.regex_phrase_query(self._schema, field, list(patterns))


def any_of(queries: Iterable[Query]) -> Query:
    """Documents that one of these finds."""
    return Query.boolean_query([(Occur.Should, query) for query in queries])


def going_on(tokens: Sequence[str]) -> list[str]:
    """Patterns of these tokens, the last of which may be longer."""
    return [*tokens[:-1], f"{tokens[-1]}.*"] if tokens else []


@lru_cache(maxsize=500)
def _around(field: str, character: str) -> Query:
    """Words with a character among their first three; such patterns are dear to make."""
    return Query.regex_query(build_schema(), field, f"[^ ]?[^ ]?{character}.*")
