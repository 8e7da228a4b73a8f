"""Answer a citizen's question: plan, ask the engine, read the hits from the database, mark them."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy.orm import Session

from core.clock import today
from core.db.base import utc_now
from core.db.scope import Scope, open_session
from core.db.tree import Tenant
from core.plugins.api.contributions import AnswerCard
from core.search.analytics.promotions import find_promoted
from core.search.answer_cards import AnsweredQuery, answers_to
from core.search.answering.database_fallback import TitleSearch
from core.search.answering.highlight import HighlightTerms, to_highlight_terms
from core.search.answering.relaxation import RelaxingSearch, SearchOutcome, others
from core.search.answering.results import SearchResult, build_result
from core.search.answering.suggestions import related_to, suggested_for
from core.search.document import SearchDocument
from core.search.engines.base import (
    MAX_PER_PAGE,
    MAX_REACHABLE,
    Hit,
    SearchPage,
    SearchRequest,
    Sort,
)
from core.search.query.lexicon import Lexicon
from core.search.query.planner import QueryVariant
from core.search.registry import SearchEngine, read_documents
from core.search.scope import SearchArea, SearchScope, scope_for
from core.tenancy.service import tenants_by_id


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchQuery:
    """What was asked for: the words, and the choices beside the box.

    A filter that is `None` admits all. `facets` names what is counted beside the answers.
    """

    typed: str
    width: SearchArea = SearchArea.HERE
    kinds: frozenset[str] | None = None
    topics: frozenset[str] | None = None
    organs: frozenset[str] | None = None
    years: frozenset[str] | None = None
    levels: frozenset[str] | None = None
    validities: frozenset[str] | None = None
    titles_only: bool = False
    sort: Sort = Sort.RELEVANCE
    offset: int = 0
    limit: int = 10
    facets: tuple[str, ...] = ("kind",)

    @property
    def plain(self) -> bool:
        """Whether this asks for the beginning of an answer that nothing narrows."""
        chosen = (
            self.kinds, self.topics, self.organs, self.years, self.levels, self.validities,
        )  # fmt: skip
        return not (self.offset or self.titles_only or any(chosen))


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchAnswer:
    """A page of results.

    `cards` are direct answers to stand above the results, `promoted` are documents that the county
    recommends, which `results` leave out, `partial` are some that say only a part of what was
    asked, where the results leave room. `corrected` is what was searched instead of what was typed,
    `suggested` what may have been meant although something was found, `related` are other words for
    the same things.
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
    relaxed: bool = False
    degraded: bool = False
    backend: str = ""
    took_ms: float = 0.0

    @property
    def from_titles(self) -> bool:
        """Whether only titles were looked through, since no engine could answer."""
        return self.backend == TitleSearch.name


def search(
    engine: SearchEngine, directory: Session, tenant: Tenant, query: SearchQuery
) -> SearchAnswer:
    """Answer a question typed on a tenant's page; never raises for what was typed.

    `directory` reads the tree; the hits are read in a public scope of their own.
    """
    started = time.perf_counter()
    scope, base = scope_for(directory, tenant, query.width)
    kinds = engine.narrowed(tenant, query.kinds)
    answer = _Search(engine, scope, query, kinds, utc_now()).answer(directory, base, tenant)
    took = round((time.perf_counter() - started) * 1000, 2)
    return replace(answer, took_ms=took)


class _Search:
    """One search; keeps what its steps share."""

    def __init__(
        self,
        engine: SearchEngine,
        scope: SearchScope,
        query: SearchQuery,
        kinds: frozenset[str] | None,
        now: datetime,
    ) -> None:
        self._engine = engine
        self._scope = scope
        self._query = query
        self._kinds = kinds
        self._now = now

    def answer(self, directory: Session, base: Tenant, asker: Tenant) -> SearchAnswer:
        """Ask, then read and mark one page of hits."""
        with open_session(Scope.public(base)) as session:
            self._turn = self._engine.turn(TitleSearch(self._engine, session, base))
            words, learned = self._words(session, asker)
            found = RelaxingSearch(self._ask, words, learned).find(self._query.typed)
            if found is None:
                return SearchAnswer(backend=self._turn.name)
            behind = self._behind(found)
            documents = self._read(session, found.page.hits)
            cards = self._cards(session, asker, found, documents)
            promoted = self._promoted(session, found)
            partial = self._read(session, behind.page.hits) if behind else []
        first = {document.id for document in promoted}
        results = [document for document in documents if document.id not in first]
        shown = self._show(directory, [*promoted, *results], to_highlight_terms(found.variant))
        rest = [document for document in partial if document.id not in first]
        return SearchAnswer(
            cards=cards,
            promoted=tuple(shown[: len(promoted)]),
            results=tuple(shown[len(promoted) :]),
            partial=tuple(
                self._show(directory, rest, to_highlight_terms(behind.variant)) if behind else ()
            ),
            total=found.page.total - (len(found.page.hits) - len(documents)),
            total_exact=found.page.total_exact,
            facets=found.page.facets,
            corrected=found.corrected,
            suggested=suggested_for(self._query.typed, found, words),
            related=related_to(self._query.typed, found.variant),
            relaxed=found.variant.relaxed,
            degraded=self._turn.degraded,
            backend=self._turn.name,
        )

    def _words(
        self, session: Session, asker: Tenant
    ) -> tuple[Lexicon, Callable[[], frozenset[str]]]:
        """The words that hold for whoever asks, and how to learn more where that is needed."""
        engine = self._engine
        words = engine.vocabulary.words(session, asker)
        return words, lambda: engine.vocabulary.learned(
            session, asker, engine.offered(asker).values()
        )

    def _cards(
        self,
        session: Session,
        asker: Tenant,
        found: SearchOutcome,
        documents: Sequence[SearchDocument],
    ) -> tuple[AnswerCard, ...]:
        if not self._query.plain:
            return ()
        question = AnsweredQuery(self._query.typed, found.variant, tuple(documents))
        return answers_to(self._engine.answer_sources, session, asker, question)

    def _promoted(self, session: Session, found: SearchOutcome) -> list[SearchDocument]:
        if not self._query.plain:
            return []
        ids = find_promoted(session, self._scope.asker, self._query.typed, [found.variant], today())
        documents = read_documents(self._engine, session, ids, self._scope, self._now)
        offered = self._kinds
        return [one for one in documents if offered is None or one.kind in offered]

    def _behind(self, found: SearchOutcome) -> SearchOutcome | None:
        """What fills up the first page where too little has all that was asked."""
        query = self._query
        if query.offset or query.sort is not Sort.RELEVANCE:
            return None
        room = query.limit - found.page.total
        return others(self._ask_for_page, found, room)

    def _ask_for_page(self, variant: QueryVariant) -> SearchPage:
        return self._step(variant, 0, self._query.limit, facets=())

    def _ask(self, variant: QueryVariant) -> SearchPage:
        """Ask for the page in as many steps as the engine wants."""
        end = min(self._query.offset + self._query.limit, MAX_REACHABLE)
        offset = min(self._query.offset, MAX_REACHABLE - 1)
        page = self._step(variant, offset, end)
        while (offset := offset + MAX_PER_PAGE) < min(end, page.total):
            page = replace(page, hits=page.hits + self._step(variant, offset, end).hits)
        return page

    def _step(
        self, variant: QueryVariant, offset: int, end: int, facets: tuple[str, ...] | None = None
    ) -> SearchPage:
        query = self._query
        return self._turn.search(
            SearchRequest(
                variant=variant,
                scope=self._scope,
                now=self._now,
                kinds=self._kinds,
                topics=query.topics,
                organs=query.organs,
                years=query.years,
                levels=query.levels,
                validities=query.validities,
                titles_only=query.titles_only,
                sort=query.sort,
                offset=offset,
                limit=max(1, min(MAX_PER_PAGE, end - offset)),
                facets=query.facets if facets is None else facets,
            )
        )

    def _read(self, session: Session, hits: Sequence[Hit]) -> list[SearchDocument]:
        ids = [hit.id for hit in hits]
        return read_documents(self._engine, session, ids, self._scope, self._now)

    def _show(
        self, directory: Session, documents: Sequence[SearchDocument], terms: HighlightTerms
    ) -> list[SearchResult]:
        pages = {document.id: self._page_tenant(document) for document in documents}
        wanted = {*pages.values(), *(document.tenant_id for document in documents)}
        tenants = tenants_by_id(directory, wanted)
        return [
            build_result(document, terms, tenants[pages[document.id]], tenants[document.tenant_id])
            for document in documents
        ]

    def _page_tenant(self, document: SearchDocument) -> int:
        """Whose page it is: an inherited item's is the asker's, where it holds for the asker."""
        inherited = document.inherits and document.tenant_id in self._scope.base[:-1]
        if not inherited:
            return document.tenant_id
        replaced = set(document.excluded) & set(self._scope.asker)
        return (self._scope.base if replaced else self._scope.asker)[-1]
