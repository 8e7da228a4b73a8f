"""From a question to a tantivy query. Terms are handed over as values, never as query text."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from tantivy import FieldType, Occur, Query, Schema

from core.search.backend import SearchRequest, SuggestRequest
from core.search.document import Validity
from core.search.embedded_bounds import DEEPEST, OWN_WEIGHT, as_typed, within
from core.search.embedded_schema import CROSSING, START, WEIGHTS, build_schema
from core.search.embedded_words import Dictionary, tokens_of
from core.search.moments import NEVER, day_number
from core.search.numbers import number_key, number_tokens
from core.search.pinyin import begun_syllables
from core.search.plan import MAX_SPELLED, Ask, Form, Group, Term
from core.search.ranking import (
    AS_TYPED,
    BY_NUMBER,
    BY_OTHER_WORD,
    IN_ABOUT,
    IN_TITLE,
    PER_STEP,
    POINTS,
    REPEALED,
)
from core.search.scope import DOWN, UP, SearchScope
from core.search.tokens import fold

NUMBER_WEIGHT = 4.0
# Patterns count as words that hardly any document has.
OF_PATTERN = 0.3
# A cover with so many times as many documents as the phrase's rarest word is not looked at.
# Nor is one that has more than this share of all; nor where a word stands in few documents.
WORTHWHILE, MOST, FEW = 2, 0.5, 300


@dataclass(frozen=True, slots=True)
class Cover:
    """A cheap condition that all documents in question meet, and about how many others do."""

    query: Query
    size: int


class QueryBuilder:
    """Builds queries for one schema; words are looked for in all texts or in titles alone.

    A phrase is read only where the `cover` lets something be found: reading positions is dear.
    """

    def __init__(
        self,
        schema: Schema,
        dictionary: Dictionary,
        scope: SearchScope,
        *,
        titles_only: bool = False,
        cover: Cover | None = None,
    ) -> None:
        self._schema = schema
        self._dictionary = dictionary
        self._scope = scope
        self._weights = {"title": WEIGHTS["title"]} if titles_only else WEIGHTS
        self._titles_only = titles_only
        self._cover = cover or self._cover_of_scope()
        self._made: dict[tuple[str, Term], list[Query]] = {}

    def found(self, request: SearchRequest) -> Query:
        """What may be answered and matches; counting needs no order."""
        clauses = list(self._allowed(request.now))
        clauses += [(Occur.Must, _silent(query)) for query in self._filters(request)]
        clauses.append((Occur.Must, self._matching(request.ask)))
        return Query.boolean_query(clauses)

    def ordered(self, found: Query, request: SearchRequest) -> Query:
        """The same documents, the best first."""
        worths = [worth for _, worth in self.worths(request)]
        return _standing_around(found, [*worths, *self._nearness()])

    def titled(self, request: SearchRequest) -> Query:
        """Those of the documents in force whose titles say everything required, the best first.

        Where nearly all else is worth less (`most_of_others`), the page is among these few.
        """
        within = self._within(self._cover_of(group, ("title",)) for group in request.ask.required)
        clauses = [(Occur.Must, within.found(request)), (Occur.MustNot, self._past())]
        found = Query.boolean_query(clauses)
        for needed, worth in within.worths(request):
            found = Query.boolean_query([(Occur.Must, found), (needed, worth)])
        return _standing_around(found, self._nearness())

    def suggest(self, request: SuggestRequest) -> Query:
        """Titles that go on from what is typed; those that begin with it before the others."""
        begun = list(self._begun(fold(request.typed)))
        if not begun:
            return Query.empty_query()
        clauses = list(self._allowed(request.now))
        if request.kinds is not None:
            clauses.append((Occur.Must, _silent(self._one_of("kind", request.kinds))))
        clauses.append((Occur.Must, self._any(query for query, _ in begun)))
        first = Query.const_score_query(self._any(query for _, query in begun), POINTS)
        found = Query.boolean_query(clauses)
        return _standing_around(found, [first, *self._nearness()])

    def _term(self, field: str, value: object) -> Query:
        return Query.term_query(self._schema, field, value)

    def _any(self, queries: Iterable[Query]) -> Query:
        return Query.boolean_query([(Occur.Should, query) for query in queries])

    # What may be answered.

    def _allowed(self, now: datetime) -> Iterable[tuple[Occur, Query]]:
        """What every question is held to, whatever it asks."""
        yield Occur.Must, _silent(self._offered())
        yield Occur.MustNot, self._between("expires", 0, int(now.timestamp()))
        for tenant in self._scope.base:
            if self._dictionary.count("excluded", tenant):
                yield Occur.MustNot, self._term("excluded", tenant)

    def _one_of(self, field: str, values: Iterable[str]) -> Query:
        return self._any(self._term(field, value) for value in sorted(values))

    def _filters(self, request: SearchRequest) -> Iterable[Query]:
        for facet, values in request.chosen.items():
            yield self._one_of(facet, values)
        if request.date_from or request.date_to:
            last = NEVER if request.date_to is None else day_number(request.date_to)
            yield self._between("published", day_number(request.date_from) or 1, last)

    def _offered(self) -> Query:
        scope = self._scope
        offered = [self._term("scope", scope.base[-1])]
        above = [self._term("owner", tenant) for tenant in scope.base[:-1]]
        if above and scope.with_above:
            offered += above
        elif above:
            inherited = self._term("inherits", True)
            offered.append(
                Query.boolean_query([(Occur.Must, self._any(above)), (Occur.Must, inherited)])
            )
        return self._any(offered)

    def _between(self, field: str, first: int, last: int) -> Query:
        return Query.range_query(self._schema, field, FieldType.Unsigned, first, last)

    # Where a phrase need not be looked for.

    def _cover_of_scope(self) -> Cover:
        base, count = self._scope.base, self._dictionary.count
        above = sum(count("owner", tenant) for tenant in base[:-1])
        return Cover(self._offered(), count("scope", base[-1]) + above)

    def _cover_of(self, group: Group, fields: Iterable[str] = ()) -> Cover | None:
        """Documents with the rarest word of one of the group's terms: all that it finds, and more.

        None where that cannot be told from single words.
        """
        found: dict[tuple[str, str], int] = {}
        for term in group.terms:
            tokens = tokens_of(term.text)
            firm = tokens[:-1] if term.prefix else tokens
            if term.form is not Form.TEXT or not firm:
                return None
            for field in fields or self._weights:
                found |= self._dictionary.rarest(field, term, firm)
        words = self._any(self._term(field, word) for field, word in found)
        return Cover(words, sum(found.values()))

    def _within(self, covers: Iterable[Cover | None]) -> "QueryBuilder":
        """The builder for documents that all these cover."""
        smallest = min(filter(None, covers), key=lambda cover: cover.size, default=None)
        if smallest is None or smallest.size >= self._cover.size:
            return self
        return QueryBuilder(
            self._schema,
            self._dictionary,
            self._scope,
            titles_only=self._titles_only,
            cover=self._both(self._cover, smallest),
        )

    def _both(self, wider: Cover, other: Cover) -> Cover:
        share = wider.size / max(1, self._dictionary.documents)
        if share > MOST:
            return other
        both = Query.boolean_query([(Occur.Must, wider.query), (Occur.Must, other.query)])
        return Cover(both, int(other.size * share))

    def _beside(self, group: Group, ask: Ask) -> "QueryBuilder":
        """The builder for what only counts where the other groups stand too."""
        needed = (other for other in ask.required if other.keep or not ask.relaxed)
        return self._within(self._cover_of(other) for other in needed if other != group)

    def _phrase(self, field: str, tokens: Sequence[str]) -> Query:
        phrase = Query.phrase_query(self._schema, field, list(tokens))
        rarest = min(self._dictionary.count(field, token) for token in tokens)
        most = min(rarest * WORTHWHILE, self._dictionary.documents * MOST)
        if rarest < FEW or self._cover.size > most:
            return phrase
        held = _silent(self._cover.query)
        return Query.boolean_query([(Occur.Must, phrase), (Occur.Must, held)])

    # What matches.

    def _matching(self, ask: Ask) -> Query:
        required = ask.required
        if _is_own(ask):
            return self.grouped(required[0], own=ask.own)  # what is asked as typed: once is enough
        groups = [self._beside(group, ask).grouped(group) for group in required]
        kept = [
            (Occur.Must, query) for query, group in zip(groups, required, strict=True) if group.keep
        ]
        free = [
            (Occur.Should, query)
            for query, group in zip(groups, required, strict=True)
            if not group.keep
        ]
        minimum = max(0, ask.minimum - len(kept))
        asked = Query.boolean_query(kept + free, minimum_number_should_match=minimum or None)
        own = self._own(ask)
        if own is None or _is_said_by_groups(ask):
            return asked
        return self._any([asked, own])

    def _own(self, ask: Ask) -> Query | None:
        """The citizen's own words as they stand."""
        own = self._text(Term(ask.own))
        return None if own is None else Query.boost_query(own, OWN_WEIGHT)

    def grouped(self, group: Group, own: str = "") -> Query:
        """Any of the terms, in any field; the best field counts, not their sum."""
        found = [
            Query.boost_query(query, 1 + OWN_WEIGHT) if term.text == own else query
            for term in group.terms
            for query in self._everywhere(term)
        ]
        return Query.disjunction_max_query(found, 0.1) if found else Query.empty_query()

    def _everywhere(self, term: Term) -> Iterable[Query]:
        if term.form is Form.TEXT:
            whole = self._text(term)
            return [] if whole is None else [whole]
        return self._special(term)

    def _text(self, term: Term) -> Query | None:
        tokens = tokens_of(term.text)
        if not tokens:
            return None
        found = [
            Query.boost_query(query, weight)
            for field, weight in self._weights.items()
            for query in self._in_field(field, term, tokens)
        ]
        return Query.disjunction_max_query(found, 0.1)

    def _in_field(self, field: str, term: Term, tokens: Sequence[str]) -> list[Query]:
        """Ways in which a term may stand in a field; none where the field lacks its words."""
        if (made := self._made.get((field, term))) is None:
            held = self._dictionary.may_hold(field, term, tokens)
            made = list(self._standing(field, term, tokens)) if held else []
            self._made[field, term] = made
        return made

    def _standing(self, field: str, term: Term, tokens: Sequence[str]) -> Iterable[Query]:
        if len(tokens) > 1 and term.prefix:
            # Not as a phrase with a beginning: that knows the first fifty words that begin so.
            yield Query.boost_query(self._unfinished(field, tokens), OF_PATTERN)
        elif len(tokens) > 1:
            yield self._phrase(field, tokens)
        elif term.prefix:
            yield self._beginning(field, tokens[0])
        if len(tokens) == 1:
            yield self._term(field, tokens[0])
        if len(term.text) == 2:
            yield self._term(field + CROSSING, term.text)
            if len(tokens) > 1:
                yield self._term(field, term.text)

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
        endings = self._dictionary.endings(field, last)
        if endings is None:
            return self._row(field, _going_on(tokens))
        if not firm:
            return Query.const_score_query(self._one_of(field, endings), 1.0)
        rarity = self._dictionary.rarity
        known = sum(rarity(field, token) for token in firm)
        most = known + rarity(field, f"{last}.*")  # a pattern is a word that no text has
        return Query.disjunction_max_query(
            [
                Query.boost_query(
                    self._phrase(field, [*firm, ending]),
                    most / (known + rarity(field, ending)),
                )
                for ending in endings
            ]
        )

    def _special(self, term: Term) -> Iterable[Query]:
        if term.form is Form.NUMBER:
            yield from () if self._titles_only else self._number(term.text)
            return
        yield Query.boost_query(self._spoken(term), WEIGHTS["title"])

    def _spoken(self, term: Term) -> Query:
        """Syllables in a row, or syllables that begin with these letters."""
        if term.form is Form.INITIALS:
            return self._row("pinyin", [f"{letter}.*" for letter in term.text])
        syllables = term.text.split()
        if len(syllables) == 1:
            return self._term("pinyin", syllables[0])
        return Query.phrase_query(self._schema, "pinyin", list(syllables))

    def _row(self, field: str, patterns: Sequence[str]) -> Query:
        """Tokens in a row that fit patterns."""
        if len(patterns) == 1:
            return Query.regex_query(self._schema, field, patterns[0])
        return Query.regex_phrase_query(self._schema, field, list(patterns))

    def _number(self, text: str) -> Iterable[Query]:
        tokens = number_tokens(text)
        exact = self._term("number_key", number_key(text))
        yield Query.boost_query(exact, NUMBER_WEIGHT * 2)
        if len(tokens) > 1:
            part = Query.phrase_query(self._schema, "number", list(tokens))
            yield Query.boost_query(part, NUMBER_WEIGHT)

    def _begun(self, typed: str) -> Iterable[tuple[Query, Query]]:
        """Ways to read what is being typed: where a title goes on from it, where it begins so."""
        letters = "".join(typed.split())
        readings = [("title", _going_on(tokens_of(typed)))]
        if letters.isascii() and letters.isalpha() and len(letters) <= MAX_SPELLED:
            readings.append(("pinyin", _going_on(begun_syllables(letters) or [])))
            readings.append(("pinyin", [f"{letter}.*" for letter in letters]))
        for field, patterns in readings:
            if patterns:
                yield self._row(field, patterns), self._row(field, [rf"\{START}", *patterns])

    # In which order.

    def worths(self, request: SearchRequest) -> Iterable[tuple[Occur, Query]]:
        """What documents are worth by what they say; a `Must` in titles only where asked so."""
        ask = request.ask
        share = POINTS / len(ask.groups)
        if _is_said_by_groups(ask) and not _is_a_group(ask):  # else it is a part of what matches
            yield from ((Occur.Should, own) for own in [self._own(ask)] if own)
        worth = -share if ask.relaxed else REPEALED
        yield Occur.Should, Query.const_score_query(self._past(), worth)
        for group in ask.groups:
            needed = Occur.Should if group.optional else Occur.Must
            yield needed, self._titled(group, share)
            for query, points in self._said(group, ask):
                yield Occur.Should, Query.const_score_query(query, points * share)
            if group.terms[0].form is Form.NUMBER:
                own = self._term("number_key", number_key(group.terms[0].text))
                yield Occur.Should, Query.const_score_query(own, BY_NUMBER)

    def _said(self, group: Group, ask: Ask) -> Iterable[tuple[Query, float]]:
        """Where else than in the title a group may stand, and what it earns there."""
        may_say = self._dictionary.may_say
        if may_say(group, "about"):
            yield self._named(group, "about"), IN_ABOUT
        typed = as_typed(group)
        if typed != group and not self._titles_only and may_say(typed, "body"):
            yield self._named(typed, "body"), AS_TYPED
        if group.optional or ask.relaxed:
            yield self.grouped(group), 1.0

    def _past(self) -> Query:
        return self._one_of("validity", (Validity.LAPSED, Validity.REPEALED))

    def _titled(self, group: Group, share: float) -> Query:
        """What a group earns in a title; the typed word a little more than another one for it."""
        whole = Query.const_score_query(self._named(group, "title"), BY_OTHER_WORD * share)
        if len(group.terms) == 1:
            return Query.boost_query(whole, IN_TITLE / BY_OTHER_WORD)
        typed = self._named(as_typed(group), "title")
        own = Query.const_score_query(typed, IN_TITLE * share)
        return Query.disjunction_max_query([own, whole])

    def _named(self, group: Group, field: str) -> Query:
        """The group in one field, or by a title's pinyin, or as the document's number."""
        found: list[Query] = []
        for term in group.terms:
            tokens = tokens_of(term.text)
            if term.form is not Form.TEXT:
                found += self._special(term)
            elif tokens:
                found += self._in_field(field, term, tokens)
        return self._any(found) if found else Query.empty_query()

    def _nearness(self) -> Iterable[Query]:
        """What documents are worth beside the deepest that share no more than the asked subtree.

        Each step away from the asker costs the same.
        """
        scope = self._scope
        base = len(scope.base)
        for tenant in scope.asker[base:]:  # shared: a step up and a step down are saved
            yield from self._worth("scope", tenant, UP + DOWN)
        for depth in range(base, DEEPEST):
            yield from self._worth("depth", depth, DOWN * (DEEPEST - depth))
        for depth, tenant in enumerate(scope.base[:-1], start=1):
            worth = UP * depth - (UP + DOWN) * base + DOWN * DEEPEST
            yield from self._worth("owner", tenant, worth)

    def _worth(self, field: str, value: int, steps: int) -> Iterable[Query]:
        if self._dictionary.count(field, value):
            yield Query.const_score_query(self._term(field, value), PER_STEP * steps)


def _is_a_group(ask: Ask) -> bool:
    """Whether one group is all that was typed, and so counts it."""
    own = tokens_of(ask.own)
    return any(tokens_of(group.terms[0].text) == own for group in ask.groups)


def _is_own(ask: Ask) -> bool:
    """Whether nothing else is asked than what was typed."""
    return len(ask.required) == 1 and ask.required[0].terms[0].text == ask.own


@lru_cache(maxsize=500)
def _is_said_by_groups(ask: Ask) -> bool:
    """Whether all that has the own words has every required group too: they add no document."""
    own = tokens_of(ask.own)
    return len(ask.own) > 2 and all(
        any(term.form is Form.TEXT and within(tokens_of(term.text), own) for term in group.terms)
        for group in ask.required
    )


def _standing_around(found: Query, worths: Iterable[Query]) -> Query:
    """Documents with what they are worth beside: each is looked up for what was found.

    They stand around each other, not side by side: a union of them would be read from end to end.
    """
    for worth in worths:
        found = Query.boolean_query([(Occur.Must, found), (Occur.Should, worth)])
    return found


@lru_cache(maxsize=500)
def _around(field: str, character: str) -> Query:
    """Words with a character among their first three; such patterns are dear to make."""
    return Query.regex_query(build_schema(), field, f"[^ ]?[^ ]?{character}.*")


def _silent(query: Query) -> Query:
    """A condition that adds nothing to the score."""
    return Query.const_score_query(query, 0.0)


def _going_on(tokens: Sequence[str]) -> list[str]:
    """Patterns of these tokens, the last of which may be longer."""
    return [*tokens[:-1], f"{tokens[-1]}.*"] if tokens else []
