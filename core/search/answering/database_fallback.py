"""The last resort: titles in the database, where no engine can answer.

The words and their synonyms are looked for as they stand, among the newest of each kind. What may
be answered is decided by the same rule as ever.
"""

from datetime import date

from sqlalchemy import ColumnElement, and_, or_
from sqlalchemy.orm import InstrumentedAttribute, Session

from core.db.tree import Tenant
from core.search.document import SearchDocument, document_id
from core.search.engines.base import Hit, SearchPage, SearchRequest, Sort, SuggestRequest
from core.search.query.planner import QueryVariant, TermForm
from core.search.registry import SearchEngine, WordGroups, read_documents
from core.search.scope import SearchScope

MOST = 20
# So many of a kind are read, of which some may not be for here.
LOOKED_AT = 100

Column = InstrumentedAttribute[str] | InstrumentedAttribute[str | None]


def says(wanted: WordGroups, *columns: Column) -> ColumnElement[bool]:
    """Condition: of each group of words one is in one of the columns."""
    return and_(
        *(
            or_(*(column.icontains(word, autoescape=True) for word in words for column in columns))
            for words in wanted
        )
    )


class TitleSearch:
    """Answers as an engine does, in the session of one search on the pages of a place."""

    name = "titles"

    def __init__(self, engine: SearchEngine, session: Session, place: Tenant) -> None:
        self._engine = engine
        self._session = session
        self._place = place

    def search(self, request: SearchRequest) -> SearchPage:
        """A few documents whose titles have what is asked; nothing is counted by facet."""
        found = [
            one for one in self._found(_wanted(request.variant), request) if _fits(one, request)
        ]
        newest = request.sort is Sort.NEWEST
        first = (_newest_first(found) if newest else _nearest_first(found, request.scope))[:MOST]
        shown = first[request.offset : request.offset + request.limit]
        return SearchPage(
            hits=tuple(Hit(document.id, 0.0) for document in shown),
            total=len(first),
            total_exact=len(found) <= MOST,
            facets={name: {} for name in request.facets},
        )

    def suggest(self, request: SuggestRequest) -> tuple[str, ...]:
        """Ids of documents whose titles have what is typed, in the order of answers."""
        found = _nearest_first(self._found([[request.typed.strip()]], request), request.scope)
        return tuple(document.id for document in found[: request.limit])

    def _found(
        self, wanted: WordGroups, request: SearchRequest | SuggestRequest
    ) -> list[SearchDocument]:
        """What may be answered of the kinds that are asked."""
        ids = [
            document_id(name, key)
            for name, kind in self._engine.kinds.items()
            if wanted and kind.titled and (request.kinds is None or name in request.kinds)
            for key in kind.titled(self._session, self._place, wanted, LOOKED_AT)
        ]
        return read_documents(self._engine, self._session, ids, request.scope, request.now)


def _wanted(variant: QueryVariant) -> WordGroups:
    """The words of a question that can be looked for as they stand; any, where a part is enough."""
    groups = [
        [term.text for term in group.terms if term.form in {TermForm.TEXT, TermForm.NUMBER}]
        for group in variant.required
    ]
    groups = [words for words in groups if words]
    return [[word for words in groups for word in words]] if variant.relaxed else groups


def _fits(document: SearchDocument, request: SearchRequest) -> bool:
    day = document.published_on
    if not all(getattr(document, facet) in values for facet, values in request.chosen.items()):
        return False
    if request.date_from and (day is None or day < request.date_from):
        return False
    return not (request.date_to and (day is None or day > request.date_to))


def _newest_first(found: list[SearchDocument]) -> list[SearchDocument]:
    return sorted(found, key=lambda one: one.published_on or date.min, reverse=True)


def _nearest_first(found: list[SearchDocument], scope: SearchScope) -> list[SearchDocument]:
    return sorted(_newest_first(found), key=lambda one: (one.repealed, scope.distance(one)))
