"""From a search request to tantivy queries. Terms are handed over as values, never as query text.

Every request is answered by up to three queries over the same clauses: `matches` (to count),
`title_pass` (matches whose titles say everything, in order) and `ranked` (all matches, in order).
"""

from collections.abc import Iterable
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
    POINTS,
    REPEALED,
    SearchRequest,
    SuggestRequest,
    encode_day,
)
from core.search.engines.embedded.dictionary import to_tokens
from core.search.engines.embedded.pruning.candidate_filter import (
    CandidateFilter,
    group_filter,
    is_expensive,
    scope_filter,
)
from core.search.engines.embedded.pruning.score_bounds import (
    RAW_QUERY_WEIGHT,
    as_typed,
    is_row_of,
)
from core.search.engines.embedded.schema import START, WEIGHTS
from core.search.engines.embedded.scope_clauses import ScopeClauses
from core.search.engines.embedded.terms import (
    TermQueries,
    add_scores,
    any_of,
    filter_only,
    open_ended,
)
from core.search.query.document_numbers import number_key, number_tokens
from core.search.query.planner import MAX_SPELLED, QueryVariant, Term, TermForm, TermGroup
from core.search.scope import SearchScope
from core.search.text.pinyin import begun_syllables
from core.search.text.tokenizer import fold

# A number is looked for where numbers stand, and is rarer than any word.
NUMBER_WEIGHT = 4.0
# The best field of a term counts; the others break ties (as Lucene's tie_breaker does).
TIE_BREAKER = 0.1


class QueryBuilder:
    """Builds the queries of one request, in all texts or in titles alone.

    With `prune`, expensive clauses are evaluated on the documents of a candidate filter only; that
    changes what it costs, never what is returned.
    """

    def __init__(
        self,
        terms: TermQueries,
        scope: SearchScope,
        *,
        titles_only: bool = False,
        prune: bool = True,
        candidates: CandidateFilter | None = None,
    ) -> None:
        self._terms = terms
        self._dictionary = terms.dictionary
        self._scope = scope
        self._clauses = ScopeClauses(terms, scope)
        self._field_boosts = {"title": WEIGHTS["title"]} if titles_only else WEIGHTS
        self._titles_only = titles_only
        self._prune = prune
        self._candidates = candidates or scope_filter(
            self._clauses.offered(), self._clauses.size(), self._dictionary
        )
        self._made: dict[tuple[str, str, bool], list[Query]] = {}

    def matches(self, request: SearchRequest) -> Query:
        """Return all that may be returned and matches, in no order."""
        clauses = list(self._clauses.allowed(request.now))
        clauses += [(Occur.Must, filter_only(query)) for query in self._filters(request)]
        clauses.append((Occur.Must, self._matching(request.variant)))
        return Query.boolean_query(clauses)

    def ranked(self, matches: Query, request: SearchRequest) -> Query:
        """Return the same documents, the best first."""
        variant = request.variant
        lost = -POINTS / len(variant.groups) if variant.relaxed else REPEALED
        repealed = Query.const_score_query(self._not_in_force(), lost)
        scores = (query for _, query in self.score_clauses(request))
        return add_scores(matches, [repealed, *scores, *self._clauses.nearness()])

    def title_pass(self, matches: Query, request: SearchRequest) -> Query:
        """Return the matches in force whose titles say all that is required, the best first."""
        required = request.variant.required
        builder = self._restricted(
            group_filter(self._terms, group, ("title",)) for group in required
        )
        if builder is not self:
            matches = builder.matches(request)
        matches = Query.boolean_query(
            [(Occur.Must, matches), (Occur.MustNot, self._not_in_force())]
        )
        for occur, query in builder.score_clauses(request):
            matches = Query.boolean_query([(Occur.Must, matches), (occur, query)])
        return add_scores(matches, self._clauses.nearness())

    def suggest(self, request: SuggestRequest) -> Query:
        """Return titles that go on from what is typed; those that begin with it first."""
        readings = list(self._completions(fold(request.typed)))
        if not readings:
            return Query.empty_query()
        clauses = list(self._clauses.allowed(request.now))
        if request.kinds is not None:
            clauses.append((Occur.Must, filter_only(self._terms.one_of("kind", request.kinds))))
        clauses.append((Occur.Must, any_of(query for query, _ in readings)))
        at_start = Query.const_score_query(any_of(query for _, query in readings), POINTS)
        return add_scores(Query.boolean_query(clauses), [at_start, *self._clauses.nearness()])

    def _filters(self, request: SearchRequest) -> Iterable[Query]:
        for facet, values in request.filters.items():
            yield self._terms.one_of(facet, values)
        if request.date_from or request.date_to:
            last = NEVER if request.date_to is None else encode_day(request.date_to)
            yield self._terms.between("published", encode_day(request.date_from) or 1, last)

    # Candidate filters.

    def _restricted(self, filters: Iterable[CandidateFilter | None]) -> "QueryBuilder":
        """Return a builder restricted to the smallest candidate filter.

        `self` where no clause is expensive enough, or no filter is smaller than the present one.
        """
        if not self._prune or not is_expensive(self._terms.highest_cost):
            return self
        smallest = min(filter(None, filters), key=lambda one: one.size, default=None)
        if smallest is None or smallest.size >= self._candidates.size:
            return self
        candidates = self._candidates.combine(smallest, self._dictionary.documents)
        return QueryBuilder(
            self._terms, self._scope, titles_only=self._titles_only, candidates=candidates
        )

    def _is_expensive(self, groups: Iterable[TermGroup]) -> bool:
        """Return whether any clause of these groups costs more than a filter would."""
        for group in groups:
            for term in group.terms:
                if term.form is TermForm.TEXT:
                    for field in self._field_boosts:
                        self._terms.in_field(field, term)
        return is_expensive(self._terms.highest_cost)

    # What matches.

    def _matching(self, variant: QueryVariant) -> Query:
        required = variant.required
        if variant.anything:
            return filter_only(Query.all_query())
        if _is_raw_only(variant):
            return self._group(required[0], raw_query=variant.raw_query)
        kept = [(Occur.Must, self._required(group, variant)) for group in required if group.keep]
        free = [
            (Occur.Should, self._required(group, variant)) for group in required if not group.keep
        ]
        minimum = max(0, variant.minimum - len(kept))
        planned = Query.boolean_query(kept + free, minimum_number_should_match=minimum or None)
        raw = None if _is_said_by_groups(variant) else self._raw_query(variant)
        return planned if raw is None else any_of([planned, raw])

    def _required(self, group: TermGroup, variant: QueryVariant) -> Query:
        """Return one required group, restricted to documents that have the others."""
        if not self._prune or not self._is_expensive(variant.required):
            return self._group(group)
        filters = (
            group_filter(self._terms, other, self._field_boosts)
            for other in variant.required
            if other != group and (other.keep or not variant.relaxed)
        )
        return self._restricted(filters)._group(group)  # noqa: SLF001 - another of this class

    def _raw_query(self, variant: QueryVariant) -> Query | None:
        """Return the citizen's words as they stand."""
        raw = self._text(Term(variant.raw_query))
        return None if raw is None else Query.boost_query(raw, RAW_QUERY_WEIGHT)

    def _group(self, group: TermGroup, raw_query: str = "") -> Query:
        """Return any of the terms, in any field; the best field counts, not their sum."""
        queries = [
            Query.boost_query(query, 1 + RAW_QUERY_WEIGHT) if term.text == raw_query else query
            for term in group.terms
            for query in self._in_all_fields(term)
        ]
        return Query.disjunction_max_query(queries, TIE_BREAKER) if queries else Query.empty_query()

    def _in_all_fields(self, term: Term) -> Iterable[Query]:
        if term.form is TermForm.TEXT:
            whole = self._text(term)
            return [] if whole is None else [whole]
        return self._special(term)

    def _text(self, term: Term) -> Query | None:
        if not to_tokens(term.text):
            return None
        queries = [
            Query.boost_query(query, boost)
            for field, boost in self._field_boosts.items()
            for query in self._in_field(field, term)
        ]
        return Query.disjunction_max_query(queries, TIE_BREAKER)

    def _in_field(self, field: str, term: Term) -> list[Query]:
        key = (field, term.text, term.prefix)
        if (made := self._made.get(key)) is None:
            made = [
                self._candidates.restrict(field, query, cost) if self._prune else query
                for query, cost in self._terms.in_field(field, term)
            ]
            self._made[key] = made
        return made

    def _special(self, term: Term) -> Iterable[Query]:
        """Yield the queries of a number, or of letters that may be a title's pinyin."""
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

    def _completions(self, typed: str) -> Iterable[tuple[Query, Query]]:
        """Yield each reading of what is being typed: titles that have it, that begin with it."""
        letters = "".join(typed.split())
        readings = [("title", open_ended(to_tokens(typed)))]
        if letters.isascii() and letters.isalpha() and len(letters) <= MAX_SPELLED:
            readings.append(("pinyin", open_ended(begun_syllables(letters) or [])))
            readings.append(("pinyin", [f"{letter}.*" for letter in letters]))
        for field, patterns in readings:
            if patterns:
                yield (
                    self._terms.row(field, patterns),
                    self._terms.row(field, [rf"\{START}", *patterns]),
                )

    # In which order.

    def score_clauses(self, request: SearchRequest) -> Iterable[tuple[Occur, Query]]:
        """Yield what each group earns and where; a `Must` is required of the title pass only."""
        variant, may_say = request.variant, self._dictionary.may_say
        if variant.anything:
            return
        share = POINTS / len(variant.groups)
        if _is_said_by_groups(variant) and not _is_a_group(variant):  # else it is among the matches
            yield from ((Occur.Should, raw) for raw in [self._raw_query(variant)] if raw)
        for group in variant.groups:
            if may_say(group, "title"):
                yield Occur.Should if group.optional else Occur.Must, self._titled(group, share)
            if may_say(group, "about"):
                about = self._named(group, "about")
                yield Occur.Should, Query.const_score_query(about, IN_ABOUT * share)
            for query, points in self._in_texts(group, variant):
                yield Occur.Should, Query.const_score_query(query, points * share)
            if group.terms[0].form is TermForm.NUMBER:
                exact = self._terms.value("number_key", number_key(group.terms[0].text))
                yield Occur.Should, Query.const_score_query(exact, BY_NUMBER)

    def _in_texts(self, group: TermGroup, variant: QueryVariant) -> Iterable[tuple[Query, float]]:
        """Yield what a group earns elsewhere than in the title and the subject."""
        may_say = self._dictionary.may_say
        typed = as_typed(group)
        if typed is not group and not self._titles_only and may_say(typed, "body"):
            yield self._named(typed, "body"), AS_TYPED
        optional = group.optional or variant.relaxed
        if optional and any(may_say(group, field) for field in self._field_boosts):
            yield self._group(group), 1.0

    def _not_in_force(self) -> Query:
        return self._terms.one_of("validity", (DocumentValidity.LAPSED, DocumentValidity.REPEALED))

    def _titled(self, group: TermGroup, share: float) -> Query:
        """Return what a group earns in a title; the typed word a little more than a synonym."""
        whole = Query.const_score_query(self._named(group, "title"), BY_OTHER_WORD * share)
        if len(group.terms) == 1:
            return Query.boost_query(whole, IN_TITLE / BY_OTHER_WORD)
        typed = self._named(as_typed(group), "title")
        return Query.disjunction_max_query(
            [Query.const_score_query(typed, IN_TITLE * share), whole]
        )

    def _named(self, group: TermGroup, field: str) -> Query:
        """Return the group in one field, or by a title's pinyin, or as the document's number."""
        queries: list[Query] = []
        for term in group.terms:
            if term.form is not TermForm.TEXT:
                queries += self._special(term)
            else:
                queries += self._in_field(field, term)
        return any_of(queries) if queries else Query.empty_query()


def _is_a_group(variant: QueryVariant) -> bool:
    """Return whether one group is all that was typed, and so counts it."""
    raw = to_tokens(variant.raw_query)
    return any(to_tokens(group.terms[0].text) == raw for group in variant.groups)


def _is_raw_only(variant: QueryVariant) -> bool:
    """Return whether nothing else is looked for than what was typed."""
    required = variant.required
    return len(required) == 1 and required[0].terms[0].text == variant.raw_query


@lru_cache(maxsize=500)
def _is_said_by_groups(variant: QueryVariant) -> bool:
    """Return whether all that has the raw query has every required group: it adds no match."""
    raw = to_tokens(variant.raw_query)
    return len(variant.raw_query) > 2 and all(
        any(
            term.form is TermForm.TEXT and is_row_of(to_tokens(term.text), raw)
            for term in group.terms
        )
        for group in variant.required
    )
