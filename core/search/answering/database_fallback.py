"""Search titles in the database, the last fallback where no engine can answer.

Words and synonyms are matched as substrings among the newest things of each kind. What may be
returned is decided by the scope, as ever.
"""

from datetime import date

from sqlalchemy import ColumnElement, and_, or_, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from core.db.tree import Tenant
from core.search.document import SearchDocument, document_id
from core.search.engines.base import (
    Facet,
    Hit,
    SearchPage,
    SearchRequest,
    Sort,
    SuggestRequest,
)
from core.search.geo import Vicinity, measure_metres
from core.search.query.planner import QueryVariant, TermForm
from core.search.registry import SearchEngine, WordGroups, read_documents
from core.search.scope import SearchScope

MAX_HITS = 20
# Rows loaded of each kind, some of which are out of scope.
CANDIDATES_PER_KIND = 100

Column = InstrumentedAttribute[str] | InstrumentedAttribute[str | None]


def says(wanted: WordGroups, *columns: Column) -> ColumnElement[bool]:
    """Build the SQL condition that some column contains a word of each group."""
    if not wanted:
        return true()
    return and_(
        *(
            or_(*(column.icontains(word, autoescape=True) for word in words for column in columns))
            for words in wanted
        )
    )


class TitleSearch:
    """Answers as an engine does, in the session of one search on a tenant's pages."""

    name = "titles"

    def __init__(self, engine: SearchEngine, session: Session, tenant: Tenant) -> None:
        self._engine = engine
        self._session = session
        self._tenant = tenant

    def search(self, request: SearchRequest) -> SearchPage:
        """Return a few documents whose titles have the words; facets are not counted."""
        kinds = request.filters.get(Facet.KIND)
        documents = [
            document
            for document in self._load(_word_groups(request.variant), request, kinds)
            if _passes(document, request)
        ]
        reachable = _in_order(documents, request)[:MAX_HITS]
        shown = reachable[request.offset : request.offset + request.limit]
        return SearchPage(
            hits=tuple(
                Hit(document.id, 0.0, metres=_metres(document, request.vicinity))
                for document in shown
            ),
            total=len(reachable),
            total_exact=len(documents) <= MAX_HITS,
            facets={name: {} for name in request.facets},
        )

    def suggest(self, request: SuggestRequest) -> tuple[str, ...]:
        """Return ids of documents whose titles contain what is typed, the nearest first."""
        documents = self._load([[request.typed.strip()]], request, request.kinds)
        nearest = _nearest_first(documents, request.scope)
        return tuple(document.id for document in nearest[: request.limit])

    def _load(
        self,
        wanted: WordGroups,
        request: SearchRequest | SuggestRequest,
        kinds: frozenset[str] | None,
    ) -> list[SearchDocument]:
        """Load documents of the allowed kinds whose titles have the words."""
        is_asked = wanted or (isinstance(request, SearchRequest) and request.variant.anything)
        ids = [
            document_id(name, key)
            for name, kind in self._engine.kinds.items()
            if is_asked and kind.titled and (kinds is None or name in kinds)
            for key in kind.titled(self._session, self._tenant, wanted, CANDIDATES_PER_KIND)
        ]
        documents = read_documents(self._engine, self._session, ids, request.scope, request.now)
        return [document for document in documents if _may_be_found_by(document, wanted)]


def _may_be_found_by(document: SearchDocument, wanted: WordGroups) -> bool:
    """Return whether a document says what its row does: documents leave names of persons out."""
    said = " ".join((document.title, document.alias, *document.numbers)).lower()
    return all(any(word.lower() in said for word in words) for words in wanted)


def _word_groups(variant: QueryVariant) -> WordGroups:
    """Return the words that can be matched as they stand; one group where a part is enough."""
    groups = [
        [term.text for term in group.terms if term.form in {TermForm.TEXT, TermForm.NUMBER}]
        for group in variant.required
    ]
    groups = [words for words in groups if words]
    return [[word for words in groups for word in words]] if variant.relaxed else groups


def _passes(document: SearchDocument, request: SearchRequest) -> bool:
    day = document.published_on
    if not all(getattr(document, facet) in values for facet, values in request.filters.items()):
        return False
    metres = _metres(document, request.vicinity)
    if request.vicinity is not None and (metres is None or not request.vicinity.has(metres)):
        return False
    if request.date_from and (day is None or day < request.date_from):
        return False
    return not (request.date_to and (day is None or day > request.date_to))


def _metres(document: SearchDocument, vicinity: Vicinity | None) -> float | None:
    if vicinity is None or document.position is None:
        return None
    return measure_metres(vicinity.centre, document.position)


def _in_order(documents: list[SearchDocument], request: SearchRequest) -> list[SearchDocument]:
    if request.sort is Sort.NEWEST:
        return _newest_first(documents)
    if request.sort is Sort.NEAREST:
        return sorted(documents, key=lambda one: _metres(one, request.vicinity) or 0.0)
    return _nearest_first(documents, request.scope)


def _newest_first(documents: list[SearchDocument]) -> list[SearchDocument]:
    return sorted(documents, key=lambda one: one.published_on or date.min, reverse=True)


def _nearest_first(documents: list[SearchDocument], scope: SearchScope) -> list[SearchDocument]:
    return sorted(_newest_first(documents), key=lambda one: (one.repealed, scope.distance(one)))
