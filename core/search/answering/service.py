"""Answer a search: plan the query, ask the engine, load the hits, highlight them."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy.orm import Session

from core.clock import now_until, today
from core.db.scope import Scope, open_session
from core.db.tree import Tenant
from core.plugins.api.contributions import AnswerCard
from core.search.analytics.promotions import find_promoted
from core.search.answer_cards import AnsweredQuery, build_answer_cards
from core.search.answering.database_fallback import TitleSearch
from core.search.answering.grouping import ThingKeys, fetch_grouped, group_hits, leave_out_shown
from core.search.answering.highlight import to_highlight_terms
from core.search.answering.relaxation import RelaxingSearch, SearchOutcome, find_partial_matches
from core.search.answering.results import SearchResult, build_result
from core.search.answering.suggestions import related_terms, suggest_spelling
from core.search.document import SearchDocument
from core.search.engines.base import (
    MAX_REACHABLE,
    Facet,
    Filters,
    Hit,
    SearchPage,
    SearchRequest,
    Sort,
)
from core.search.query.dates import PublicationPeriod, without_period
from core.search.query.lexicon import Lexicon
from core.search.query.planner import QueryVariant
from core.search.registry import SearchEngine, read_documents
from core.search.scope import SearchArea, SearchScope, scope_for
from core.search.text.tokenizer import fold
from core.tenancy.service import tenants_by_id
from core.validity.answers import depends_on_index, refuse_keeping


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchQuery:
    """What is searched for: the words, the area, and the choices beside the box.

    `facets` are counted over all answers.
    """

    typed: str
    area: SearchArea = SearchArea.HERE
    filters: Filters = field(default_factory=dict)
    titles_only: bool = False
    sort: Sort = Sort.RELEVANCE
    offset: int = 0
    limit: int = 10
    facets: tuple[Facet, ...] = (Facet.KIND,)

    @property
    def plain(self) -> bool:
        """Whether this is the first page of an unfiltered search: only it has cards."""
        return not (self.offset or self.titles_only or any(self.filters.values()))


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchAnswer:
    """One page of results.

    `cards` are direct answers above the results. `promoted` are documents that the county
    recommends; `results` leave them out. `partial` are partial matches that fill up a short page.
    `corrected` was searched for instead of what was typed, `suggested` may have been meant though
    something was found, `related` are synonyms of what was typed. `published` is the period that a
    date in the query stands for, `undated` the query without it. `degraded`: the usual engine is
    down and a fallback answered.
    """

    results: tuple[SearchResult, ...] = ()
    cards: tuple[AnswerCard, ...] = ()
    promoted: tuple[SearchResult, ...] = ()
    partial: tuple[SearchResult, ...] = ()
    total: int = 0
    total_exact: bool = True
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    corrected: str | None = None
    suggested: str | None = None
    related: tuple[str, ...] = ()
    published: PublicationPeriod | None = None
    undated: str = ""
    relaxed: bool = False
    degraded: bool = False
    backend: str = ""
    took_ms: float = 0.0

    @property
    def from_titles(self) -> bool:
        """Whether no engine could answer and titles in the database were searched."""
        return self.backend == TitleSearch.name


def search(
    engine: SearchEngine, directory: Session, tenant: Tenant, query: SearchQuery
) -> SearchAnswer:
    """Answer a query typed on a tenant's page; never raises for what was typed.

    `directory` reads the tree; the hits are loaded in a session with a public scope.
    """
    started = time.perf_counter()
    scope, base = scope_for(directory, tenant, query.area)
    depends_on_index((base.id, tenant.id))
    kinds = engine.allowed_kinds(tenant, query.filters.get(Facet.KIND))
    filters = query.filters if kinds is None else {**query.filters, Facet.KIND: kinds}
    single = _SingleSearch(engine, scope, replace(query, filters=filters), now_until())
    answer = single.answer(base, tenant, plain=query.plain)
    if answer.degraded or answer.from_titles:
        refuse_keeping("search is degraded")
    took = round((time.perf_counter() - started) * 1000, 2)
    return replace(answer, took_ms=took)


class _SingleSearch:
    """The steps of one search and what they share."""

    def __init__(
        self, engine: SearchEngine, scope: SearchScope, query: SearchQuery, now: datetime
    ) -> None:
        self._engine = engine
        self._scope = scope
        self._query = query
        self._now = now
        # By document: those of the same thing in other places, which are shown with it.
        self._others: dict[str, list[SearchDocument]] = {}

    def answer(self, base: Tenant, asker: Tenant, *, plain: bool) -> SearchAnswer:
        """Search, then load and highlight one page of hits."""
        with open_session(Scope.public(base)) as session:
            self._backends = self._engine.failover(TitleSearch(self._engine, session, base))
            lexicon, learned = self._lexicon(session, asker)
            relaxing = RelaxingSearch(self._execute, lexicon, learned, today())
            outcome = relaxing.find(self._query.typed)
            if outcome is None:
                return SearchAnswer(backend=self._backends.name)
            partial_outcome = self._partial_matches(outcome)
            documents = self._load(session, outcome.page.hits)
            asked = AnsweredQuery(self._query.typed, outcome.variant, lexicon, tuple(documents))
            cards = (
                build_answer_cards(self._engine.answer_sources, session, asker, asked)
                if plain
                else ()
            )
            promoted = self._promoted(session, outcome) if plain else []
            partial = self._load(session, partial_outcome.page.hits) if partial_outcome else []
            things = self._things()
            results = leave_out_shown(documents, promoted, things)
            shown = self._show(session, [*promoted, *results], outcome)
            rest = leave_out_shown(partial, [*promoted, *results] if partial else [], things)
            shown_partly = self._show(session, rest, partial_outcome) if partial_outcome else []
        return SearchAnswer(
            cards=cards,
            promoted=tuple(shown[: len(promoted)]),
            results=tuple(shown[len(promoted) :]),
            partial=tuple(shown_partly),
            total=outcome.page.total - (len(outcome.page.hits) - len(documents)),
            total_exact=outcome.page.total_exact,
            facets=outcome.page.facets,
            corrected=outcome.corrected,
            suggested=suggest_spelling(self._query.typed, outcome, lexicon),
            related=related_terms(self._query.typed, outcome.variant),
            published=outcome.variant.published,
            undated=without_period(fold(self._query.typed), today()),
            relaxed=outcome.variant.partial,
            degraded=self._backends.degraded,
            backend=self._backends.name,
        )

    def _lexicon(
        self, session: Session, asker: Tenant
    ) -> tuple[Lexicon, Callable[[], frozenset[str]]]:
        """Return the lexicon of a tenant, and a loader of the words that documents use."""
        engine = self._engine
        lexicon = engine.vocabulary.words(session, asker)
        return lexicon, lambda: engine.vocabulary.learned(
            session, asker, engine.offered(asker).values()
        )

    def _promoted(self, session: Session, outcome: SearchOutcome) -> list[SearchDocument]:
        typed, variants = self._query.typed, [outcome.variant]
        ids = find_promoted(session, self._scope.asker, typed, variants, today())
        documents = read_documents(self._engine, session, ids, self._scope, self._now)
        kinds = self._query.filters.get(Facet.KIND)
        return [document for document in documents if kinds is None or document.kind in kinds]

    def _partial_matches(self, outcome: SearchOutcome) -> SearchOutcome | None:
        """Return partial matches for the free slots of the first page."""
        query = self._query
        if query.offset or query.sort is not Sort.RELEVANCE:
            return None
        free_slots = query.limit - outcome.page.total
        return find_partial_matches(self._execute_uncounted, outcome, free_slots)

    def _execute_uncounted(self, variant: QueryVariant) -> SearchPage:
        page = self._request(variant, 0, self._query.limit, facets=())
        return replace(page, hits=tuple(group_hits(page.hits, self._things())))

    def _execute(self, variant: QueryVariant) -> SearchPage:
        """Execute one variant for the page that is asked for."""
        end = min(self._query.offset + self._query.limit, MAX_REACHABLE)
        offset = min(self._query.offset, MAX_REACHABLE - 1)

        def fetch(first: int, last: int) -> SearchPage:
            return self._request(variant, first, last)

        things = self._things()
        return fetch_grouped(fetch, offset, end, things) if things else fetch(offset, end)

    def _things(self) -> ThingKeys:
        return self._engine.things(self._query.filters.get(Facet.KIND))

    def _request(
        self, variant: QueryVariant, offset: int, end: int, facets: tuple[Facet, ...] | None = None
    ) -> SearchPage:
        query, published = self._query, variant.published
        return self._backends.search(
            SearchRequest(
                variant=variant,
                scope=self._scope,
                now=self._now,
                date_from=published.first if published else None,
                date_to=published.last if published else None,
                filters=query.filters,
                titles_only=query.titles_only,
                sort=query.sort,
                offset=offset,
                limit=max(1, end - offset),
                facets=query.facets if facets is None else facets,
            )
        )

    def _load(self, session: Session, hits: Sequence[Hit]) -> list[SearchDocument]:
        """Load the documents of hits that are still public, each with those of the same thing."""
        ids = [document_id for hit in hits for document_id in (hit.id, *hit.others)]
        read = read_documents(self._engine, session, ids, self._scope, self._now)
        by_id = {document.id: document for document in read}
        documents: list[SearchDocument] = []
        for hit in hits:
            same = [by_id[known] for known in (hit.id, *hit.others) if known in by_id]
            documents += same[:1]
            self._others |= {document.id: same[1:] for document in same[:1]}
        return documents

    def _show(
        self, session: Session, documents: Sequence[SearchDocument], outcome: SearchOutcome
    ) -> list[SearchResult]:
        terms = to_highlight_terms(outcome.variant)
        others = {document.id: self._others.get(document.id, []) for document in documents}
        every = [*documents, *(other for same in others.values() for other in same)]
        pages = {document.id: self._page_tenant(document) for document in every}
        tenants = tenants_by_id(
            session, {*pages.values(), *(document.tenant_id for document in every)}
        )

        def page_of(document: SearchDocument) -> Tenant:
            return tenants[pages[document.id]]

        return [
            build_result(
                document,
                terms,
                page_of(document),
                tenants[document.tenant_id],
                [(page_of(other), other.path) for other in others[document.id]],
            )
            for document in documents
        ]

    def _page_tenant(self, document: SearchDocument) -> int:
        """Return whose page shows a document: the asker's where an inherited item holds there."""
        inherited = document.inherits and document.tenant_id in self._scope.base[:-1]
        if not inherited:
            return document.tenant_id
        replaced = set(document.excluded) & set(self._scope.asker)
        return (self._scope.base if replaced else self._scope.asker)[-1]
