"""Find the nearest things of one kind in a county: for answers and pages of features."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from core.clock import now_until
from core.db.scope import Scope, open_session
from core.db.tree import Tenant
from core.search.answering.database_fallback import TitleSearch
from core.search.document import split_document_id
from core.search.engines.base import Facet, Hit, SearchRequest, Sort
from core.search.geo import Vicinity
from core.search.query.planner import ANYTHING, QueryVariant
from core.search.registry import search_engine
from core.search.scope import SearchArea, scope_for
from core.validity.answers import depends_on_index, refuse_keeping

MOST_NEAREST = 10


@dataclass(frozen=True, slots=True)
class NearestThing:
    """The key of a thing, and its straight distance in metres; `None` where no place is known."""

    key: str
    metres: float | None = None


def find_nearest(
    session: Session,
    tenant: Tenant,
    kind: str,
    around: Vicinity | None = None,
    ways: Sequence[QueryVariant] = (ANYTHING,),
) -> tuple[NearestThing, ...]:
    """Find the things of a kind in the tenant's county that are nearest to a place, ten at most.

    `ways` (`Asked.ways`) say what they are about: the first that finds anything is enough. Where
    there is no place to measure from, the nearest in the tree of places come first, whether they
    have a position or not. `session` reads the tree.
    """
    scope, base = scope_for(session, tenant, SearchArea.COUNTY)
    depends_on_index((base.id, tenant.id))
    engine, now = search_engine(), now_until()
    with open_session(Scope.public(base)) as everywhere:
        backends = engine.failover(TitleSearch(engine, everywhere, base))
        for variant in ways:
            request = SearchRequest(
                variant=variant,
                scope=scope,
                now=now,
                filters={Facet.KIND: frozenset({kind})},
                vicinity=around,
                sort=Sort.NEAREST if around else Sort.RELEVANCE,
                limit=MOST_NEAREST,
            )
            page = backends.search(request)
            if backends.degraded:
                refuse_keeping("search is degraded")
            if page.hits:
                return tuple(_to_things(page.hits))
    return ()


def _to_things(hits: Sequence[Hit]) -> Iterator[NearestThing]:
    for hit in hits:
        yield NearestThing(split_document_id(hit.id)[1], hit.metres)
