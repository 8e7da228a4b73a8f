"""From a question to a tantivy query. Terms are handed over as values, never as query text."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from tantivy import Occur, Query

from core.search.document import DocumentValidity
from core.search.engines.base import (
    AS_TYPED,
    BY_NUMBER,
    BY_OTHER_WORD,
    IN_ABOUT,
    IN_TITLE,
    NEVER,
    PER_STEP,
    POINTS,
    REPEALED,
    SearchRequest,
    SuggestRequest,
    encode_day,
)
from core.search.engines.embedded.dictionary import to_tokens
from core.search.engines.embedded.schema import START, WEIGHTS
from core.search.engines.embedded.score_bounds import DEEPEST, OWN_WEIGHT, as_typed, within
from core.search.engines.embedded.terms import TermQueries, any_of, going_on
from core.search.query.document_numbers import number_key, number_tokens
from core.search.query.planner import MAX_SPELLED, QueryVariant, Term, TermForm, TermGroup
from core.search.scope import DOWN, UP, SearchScope
from core.search.text.pinyin import begun_syllables
from core.search.text.tokenizer import fold

NUMBER_WEIGHT = 4.0
# So many titles are a crowd.
CROWD = 1_000
# What it costs to look at one document of a cover, where one of a word's costs 1; what is no cost.
COVER, FEW = 12, 7_200
# A cover of more than this share of all covers nothing.
MOST = 0.5


@dataclass(frozen=True, slots=True)
class Cover:
    """A cheap condition that all documents in question meet, and how many are looked at for it.

    What only says which words are in titles is of no use for titles.
    """

    query: Query
    size: int
    titles: bool = False


class QueryBuilder:
    """Builds the queries of one question; words are looked for in all texts or in titles alone.

    What is dear is read only where the `cover` lets something be found.
    """

    def __init__(
        self,
        terms: TermQueries,
        scope: SearchScope,
        *,
        titles_only: bool = False,
        cover: Cover | None = None,
    ) -> None:
        self._terms = terms
        self._dictionary = terms.dictionary
        self._scope = scope
        self._weights = {"title": WEIGHTS["title"]} if titles_only else WEIGHTS
        self._titles_only = titles_only
        self._cover = cover or self._cover_of_scope()
        self._dear = max(FEW, self._cover.size * COVER)
        self._made: dict[tuple[str, str, bool], list[Query]] = {}

    def found(self, request: SearchRequest) -> Query:
        """What may be answered and matches; counting needs no order."""
        clauses = list(self._allowed(request.now))
        clauses += [(Occur.Must, _silent(query)) for query in self._filters(request)]
        clauses.append((Occur.Must, self._matching(request.variant)))
        return Query.boolean_query(clauses)

    def ordered(self, found: Query, request: SearchRequest) -> Query:
        """The same documents, the best first."""
        lost = -POINTS / len(request.variant.groups) if request.variant.relaxed else REPEALED
        past = Query.const_score_query(self._past(), lost)
        worths = (worth for _, worth in self.worths(request))
        return _standing_around(found, [past, *worths, *self._nearness()])

    def titled(self, found: Query, request: SearchRequest, *, about: bool = False) -> Query:
        """Those found that are in force and whose titles say all that is required, the best first.

        Where nearly all else is worth less (`most_of_others`), the page is among these few. With
        `about`, only those that are about it too.
        """
        within = self._within(
            self._cover_of(group, ("title",)) for group in request.variant.required
        )
        if within is not self:
            found = within.found(request)
        found = Query.boolean_query([(Occur.Must, found), (Occur.MustNot, self._past())])
        for needed, worth in within.worths(request, about=about):
            found = Query.boolean_query([(Occur.Must, found), (needed, worth)])
        return _standing_around(found, self._nearness())

    def suggest(self, request: SuggestRequest) -> Query:
        """Titles that go on from what is typed; those that begin with it before the others."""
        begun = list(self._begun(fold(request.typed)))
        if not begun:
            return Query.empty_query()
        clauses = list(self._allowed(request.now))
        if request.kinds is not None:
            clauses.append((Occur.Must, _silent(self._terms.one_of("kind", request.kinds))))
        clauses.append((Occur.Must, any_of(query for query, _ in begun)))
        first = Query.const_score_query(any_of(query for _, query in begun), POINTS)
        found = Query.boolean_query(clauses)
        return _standing_around(found, [first, *self._nearness()])

    # What may be answered.

    def _allowed(self, now: datetime) -> Iterable[tuple[Occur, Query]]:
        """What every question is held to, whatever it asks."""
        yield Occur.Must, _silent(self._offered())
        yield Occur.MustNot, self._terms.between("expires", 0, int(now.timestamp()))
        for tenant in self._scope.base:
            if self._dictionary.count("excluded", tenant):
                yield Occur.MustNot, self._terms.value("excluded", tenant)

    def _filters(self, request: SearchRequest) -> Iterable[Query]:
        for facet, values in request.chosen.items():
            yield self._terms.one_of(facet, values)
        if request.date_from or request.date_to:
            last = NEVER if request.date_to is None else encode_day(request.date_to)
            yield self._terms.between("published", encode_day(request.date_from) or 1, last)

    def _offered(self) -> Query:
        scope = self._scope
        offered = [self._terms.value("scope", scope.base[-1])]
        above = [self._terms.value("owner", tenant) for tenant in scope.base[:-1]]
        if above and scope.with_above:
            offered += above
        elif above:
            inherited = self._terms.value("inherits", True)
            offered.append(
                Query.boolean_query([(Occur.Must, any_of(above)), (Occur.Must, inherited)])
            )
        return any_of(offered)

    def crowded(self, variant: QueryVariant) -> bool:
        """Whether so much is named like, and is about, all that is asked that it is enough."""
        [group, *others] = variant.groups
        if others:
            return False
        share = self._cover_of_scope().size / max(1, self._dictionary.documents)
        named, about = (self._dictionary.at_most(group, field) for field in ("title", "about"))
        return named * share > CROWD and about * share > CROWD / 10

    # Where what is dear need not be looked for.

    def _cover_of_scope(self) -> Cover:
        base, count = self._scope.base, self._dictionary.count
        above = sum(count("owner", tenant) for tenant in base[:-1])
        size, everything = count("scope", base[-1]) + above, self._dictionary.documents
        return Cover(self._offered(), size if size < everything * MOST else everything)

    def _cover_of(self, group: TermGroup, fields: Iterable[str] = ()) -> Cover | None:
        """Documents with the rarest word of one of the group's terms: all that it finds, and more.

        None where that cannot be told from single words.
        """
        found = self._dictionary.covering(group, tuple(fields) or tuple(self._weights))
        if found is None:
            return None
        words = any_of(self._terms.value(field, word) for field, word in found)
        return Cover(words, sum(found.values()), titles=tuple(fields) == ("title",))

    def _within(self, covers: Iterable[Cover | None]) -> "QueryBuilder":
        """The builder for documents that all these cover; the same where nothing is dear."""
        if self._terms.dearest < FEW:
            return self
        smallest = min(filter(None, covers), key=lambda cover: cover.size, default=None)
        if smallest is None or smallest.size >= self._cover.size:
            return self
        cover = self._both(self._cover, smallest)
        return QueryBuilder(self._terms, self._scope, titles_only=self._titles_only, cover=cover)

    def _both(self, wider: Cover, other: Cover) -> Cover:
        share = wider.size / max(1, self._dictionary.documents)
        if share > MOST:
            return other
        both = Query.boolean_query([(Occur.Must, wider.query), (Occur.Must, other.query)])
        return Cover(both, other.size)  # so many are looked at, though fewer are found

    def _is_dear(self, group: TermGroup) -> bool:
        """Whether anything that this group is looked for by is dear to read to the end."""
        for term in group.terms:
            if term.form is TermForm.TEXT:
                for field in self._weights:
                    self._terms.in_field(field, term)
        return self._terms.dearest >= FEW

    def _held(self, field: str, query: Query, cost: int) -> Query:
        """What is looked for, where the cover lets it be found, if that is the cheaper way."""
        if cost < self._dear or (self._cover.titles and field == "title"):
            return query
        held = _silent(self._cover.query)
        return Query.boolean_query([(Occur.Must, query), (Occur.Must, held)])

    # What matches.

    def _matching(self, variant: QueryVariant) -> Query:
        required = variant.required
        if _is_own(variant):
            return self.grouped(
                required[0], own=variant.raw_query
            )  # what is asked as typed: once is enough
        needed = [group for group in required if group.keep or not variant.relaxed]
        dear = any(self._is_dear(group) for group in required)
        covers = {group: self._cover_of(group) for group in needed} if dear else {}
        groups = [
            self._within(cover for other, cover in covers.items() if other != group).grouped(group)
            for group in required
        ]
        kept = [
            (Occur.Must, query) for query, group in zip(groups, required, strict=True) if group.keep
        ]
        free = [
            (Occur.Should, query)
            for query, group in zip(groups, required, strict=True)
            if not group.keep
        ]
        minimum = max(0, variant.minimum - len(kept))
        asked = Query.boolean_query(kept + free, minimum_number_should_match=minimum or None)
        own = None if _is_said_by_groups(variant) else self._own(variant)
        return asked if own is None else any_of([asked, own])

    def _own(self, variant: QueryVariant) -> Query | None:
        """The citizen's own words as they stand."""
        own = self._text(Term(variant.raw_query))
        return None if own is None else Query.boost_query(own, OWN_WEIGHT)

    def grouped(self, group: TermGroup, own: str = "") -> Query:
        """Any of the terms, in any field; the best field counts, not their sum."""
        found = [
            Query.boost_query(query, 1 + OWN_WEIGHT) if term.text == own else query
            for term in group.terms
            for query in self._everywhere(term)
        ]
        return Query.disjunction_max_query(found, 0.1) if found else Query.empty_query()

    def _everywhere(self, term: Term) -> Iterable[Query]:
        if term.form is TermForm.TEXT:
            whole = self._text(term)
            return [] if whole is None else [whole]
        return self._special(term)

    def _text(self, term: Term) -> Query | None:
        if not to_tokens(term.text):
            return None
        found = [
            Query.boost_query(query, weight)
            for field, weight in self._weights.items()
            for query in self._in_field(field, term)
        ]
        return Query.disjunction_max_query(found, 0.1)

    def _in_field(self, field: str, term: Term) -> list[Query]:
        key = (field, term.text, term.prefix)
        if (made := self._made.get(key)) is None:
            made = [self._held(field, *found) for found in self._terms.in_field(field, term)]
            self._made[key] = made
        return made

    def _special(self, term: Term) -> Iterable[Query]:
        if term.form is TermForm.NUMBER:
            yield from () if self._titles_only else self._number(term.text)
            return
        yield Query.boost_query(self._terms.spoken(term), WEIGHTS["title"])

    def _number(self, text: str) -> Iterable[Query]:
        tokens = number_tokens(text)
        exact = self._terms.value("number_key", number_key(text))
        yield Query.boost_query(exact, NUMBER_WEIGHT * 2)
        if len(tokens) > 1:
            part = self._terms.phrase("number", tokens)
            yield Query.boost_query(part, NUMBER_WEIGHT)

    def _begun(self, typed: str) -> Iterable[tuple[Query, Query]]:
        """Ways to read what is being typed: where a title goes on from it, where it begins so."""
        letters = "".join(typed.split())
        readings = [("title", going_on(to_tokens(typed)))]
        if letters.isascii() and letters.isalpha() and len(letters) <= MAX_SPELLED:
            readings.append(("pinyin", going_on(begun_syllables(letters) or [])))
            readings.append(("pinyin", [f"{letter}.*" for letter in letters]))
        for field, patterns in readings:
            if patterns:
                yield (
                    self._terms.row(field, patterns),
                    self._terms.row(field, [rf"\{START}", *patterns]),
                )

    # In which order.

    def worths(
        self, request: SearchRequest, *, about: bool = False
    ) -> Iterable[tuple[Occur, Query]]:
        """What documents are worth by what they say; what is a `Must` is one in titles only."""
        variant, may_say = request.variant, self._dictionary.may_say
        share = POINTS / len(variant.groups)
        if _is_said_by_groups(variant) and not _is_a_group(
            variant
        ):  # else it is a part of what matches
            yield from ((Occur.Should, own) for own in [self._own(variant)] if own)
        for group in variant.groups:
            needed = Occur.Should if group.optional else Occur.Must
            if may_say(group, "title"):
                yield needed, self._titled(group, share)
            if may_say(group, "about"):
                said = Query.const_score_query(self._named(group, "about"), IN_ABOUT * share)
                yield needed if about else Occur.Should, said
            for query, points in self._said(group, variant):
                yield Occur.Should, Query.const_score_query(query, points * share)
            if group.terms[0].form is TermForm.NUMBER:
                own = self._terms.value("number_key", number_key(group.terms[0].text))
                yield Occur.Should, Query.const_score_query(own, BY_NUMBER)

    def _said(self, group: TermGroup, variant: QueryVariant) -> Iterable[tuple[Query, float]]:
        """What else a group earns than in the title and the subject."""
        may_say = self._dictionary.may_say
        typed = as_typed(group)
        if typed is not group and not self._titles_only and may_say(typed, "body"):
            yield self._named(typed, "body"), AS_TYPED
        optional = group.optional or variant.relaxed
        if optional and any(may_say(group, field) for field in self._weights):
            yield self.grouped(group), 1.0

    def _past(self) -> Query:
        return self._terms.one_of("validity", (DocumentValidity.LAPSED, DocumentValidity.REPEALED))

    def _titled(self, group: TermGroup, share: float) -> Query:
        """What a group earns in a title; the typed word a little more than another one for it."""
        whole = Query.const_score_query(self._named(group, "title"), BY_OTHER_WORD * share)
        if len(group.terms) == 1:
            return Query.boost_query(whole, IN_TITLE / BY_OTHER_WORD)
        typed = self._named(as_typed(group), "title")
        own = Query.const_score_query(typed, IN_TITLE * share)
        return Query.disjunction_max_query([own, whole])

    def _named(self, group: TermGroup, field: str) -> Query:
        """The group in one field, or by a title's pinyin, or as the document's number."""
        found: list[Query] = []
        for term in group.terms:
            if term.form is not TermForm.TEXT:
                found += self._special(term)
            else:
                found += self._in_field(field, term)
        return any_of(found) if found else Query.empty_query()

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
            yield Query.const_score_query(self._terms.value(field, value), PER_STEP * steps)


def _is_a_group(variant: QueryVariant) -> bool:
    """Whether one group is all that was typed, and so counts it."""
    own = to_tokens(variant.raw_query)
    return any(to_tokens(group.terms[0].text) == own for group in variant.groups)


def _is_own(variant: QueryVariant) -> bool:
    """Whether nothing else is asked than what was typed."""
    return len(variant.required) == 1 and variant.required[0].terms[0].text == variant.raw_query


@lru_cache(maxsize=500)
def _is_said_by_groups(variant: QueryVariant) -> bool:
    """Whether all that has the own words has every required group too: they add no document."""
    own = to_tokens(variant.raw_query)
    return len(variant.raw_query) > 2 and all(
        any(
            term.form is TermForm.TEXT and within(to_tokens(term.text), own) for term in group.terms
        )
        for group in variant.required
    )


def _standing_around(found: Query, worths: Iterable[Query]) -> Query:
    """Documents with what they are worth beside: each is looked up for what was found.

    They stand around each other, not side by side: a union of them would be read from end to end.
    """
    for worth in worths:
        found = Query.boolean_query([(Occur.Must, found), (Occur.Should, worth)])
    return found


def _silent(query: Query) -> Query:
    """A condition that adds nothing to the score."""
    return Query.const_score_query(query, 0.0)
