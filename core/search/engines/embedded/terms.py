"""One term in one field as tantivy queries, with their costs in postings."""

from collections.abc import Iterable, Sequence
from functools import lru_cache

from tantivy import FieldType, Occur, Query, Schema

from core.search.engines.embedded.dictionary import Dictionary, to_tokens
from core.search.engines.embedded.schema import CROSSING, build_schema
from core.search.query.planner import Term, TermForm

# tantivy scores a pattern as if it were a word that no document has: damped to a common word's.
PATTERN_BOOST = 0.3
# Checking the positions of a phrase, per posting of its rarest word: measured, 24 postings' time.
PHRASE_COST = 24


class TermQueries:
    """Builds the queries of terms, each once per request.

    `highest_cost` is the cost of the most expensive one built so far.
    """

    def __init__(self, schema: Schema, dictionary: Dictionary) -> None:
        self._schema = schema
        self.dictionary = dictionary
        self.highest_cost = 0
        self._made: dict[tuple[str, str, bool], list[tuple[Query, int]]] = {}

    def value(self, field: str, value: object) -> Query:
        """Return documents with a value."""
        return Query.term_query(self._schema, field, value)

    def one_of(self, field: str, values: Iterable[str]) -> Query:
        """Return documents with any of some values."""
        return any_of(self.value(field, value) for value in sorted(values))

    def between(self, field: str, first: int, last: int) -> Query:
        """Return documents with a number from the first to the last."""
        return Query.range_query(self._schema, field, FieldType.Unsigned, first, last)

    def in_field(self, field: str, term: Term) -> list[tuple[Query, int]]:
        """Return the ways a term may stand in a field, with costs; none where it cannot."""
        key = (field, term.text, term.prefix)
        if (queries := self._made.get(key)) is None:
            tokens = to_tokens(term.text)
            possible = self.dictionary.may_hold(field, term, tokens)
            queries = list(self._ways(field, term, tokens)) if possible else []
            self._made[key] = queries
            self.highest_cost = max(self.highest_cost, *(cost for _, cost in queries), 0)
        return queries

    def _ways(self, field: str, term: Term, tokens: Sequence[str]) -> Iterable[tuple[Query, int]]:
        if len(tokens) > 1 and term.prefix:
            # No phrase_prefix_query: it expands to the first fifty words with the prefix only.
            unfinished = Query.boost_query(self._unfinished(field, tokens), PATTERN_BOOST)
            yield unfinished, self._cost(field, tokens[:-1])
        elif len(tokens) > 1:
            yield self.phrase(field, tokens), self._cost(field, tokens)
        elif term.prefix:
            yield (
                self._beginning(field, tokens[0]),
                self.dictionary.prefix_frequency(field, tokens[0]),
            )
        if len(tokens) == 1:
            yield self._word(field, tokens[0])
        if len(term.text) == 2:
            yield self._word(field + CROSSING, term.text)
            if len(tokens) > 1:
                yield self._word(field, term.text)

    def _word(self, field: str, word: str) -> tuple[Query, int]:
        return self.value(field, word), self.dictionary.count(field, word)

    def phrase(self, field: str, tokens: Sequence[str]) -> Query:
        """Return tokens in a row."""
        return Query.phrase_query(self._schema, field, list(tokens))

    def _cost(self, field: str, tokens: Sequence[str]) -> int:
        return PHRASE_COST * min(self.dictionary.count(field, token) for token in tokens)

    def _beginning(self, field: str, token: str) -> Query:
        """Return words with a prefix; a lone character also stands inside a word."""
        if len(token) > 1 or token.isascii():
            return self._unfinished(field, [token])
        return _around(field, token)

    def _unfinished(self, field: str, tokens: Sequence[str]) -> Query:
        """Return tokens in a row, the last of which is a prefix; all its endings score alike.

        Each ending is a query of its own where they are few: much faster than a pattern.
        """
        *firm, last = tokens
        endings = self.dictionary.endings(field, last)
        if endings is None:
            return self.row(field, open_ended(tokens))
        if not firm:
            return Query.const_score_query(self.one_of(field, endings), 1.0)
        idf = self.dictionary.inverse_frequency
        known = sum(idf(field, token) for token in firm)
        most = known + idf(field, f"{last}.*")  # a pattern is a word that no text has
        return Query.disjunction_max_query(
            [
                Query.boost_query(
                    self.phrase(field, [*firm, ending]), most / (known + idf(field, ending))
                )
                for ending in endings
            ]
        )

    def spoken(self, term: Term) -> Query:
        """Return pinyin syllables in a row, or syllables with these initials."""
        if term.form is TermForm.INITIALS:
            return self.row("pinyin", [f"{letter}.*" for letter in term.text])
        syllables = term.text.split()
        if len(syllables) == 1:
            return self.value("pinyin", syllables[0])
        return self.phrase("pinyin", syllables)

    def row(self, field: str, patterns: Sequence[str]) -> Query:
        """Return tokens in a row that match regular expressions."""
        if len(patterns) == 1:
            return Query.regex_query(self._schema, field, patterns[0])
        return Query.regex_phrase_query(self._schema, field, list(patterns))


def any_of(queries: Iterable[Query]) -> Query:
    """Return the disjunction of some queries."""
    return Query.boolean_query([(Occur.Should, query) for query in queries])


def filter_only(query: Query) -> Query:
    """Return a condition that adds nothing to the score."""
    return Query.const_score_query(query, 0.0)


def add_scores(matches: Query, scores: Iterable[Query]) -> Query:
    """Add clauses that only score.

    They are nested around the matches instead of joined in one query: tantivy then looks each of
    them up for the matches only, where it would read a union of them to the end.
    """
    for score in scores:
        matches = Query.boolean_query([(Occur.Must, matches), (Occur.Should, score)])
    return matches


def open_ended(tokens: Sequence[str]) -> list[str]:
    """Return regular expressions for tokens of which the last is a prefix."""
    return [*tokens[:-1], f"{tokens[-1]}.*"] if tokens else []


@lru_cache(maxsize=500)
def _around(field: str, character: str) -> Query:
    """Return words with a character among their first three; compiling the pattern is slow."""
    return Query.regex_query(build_schema(), field, f"[^ ]?[^ ]?{character}.*")
