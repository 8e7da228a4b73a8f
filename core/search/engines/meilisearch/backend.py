"""The Meilisearch engine: one index for all tenants, every query with a filter of its scope.

Writes are asynchronous tasks of the server; a ticket is a task's id.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any
from uuid import uuid4

from core.search.document import SearchDocument
from core.search.engines.base import (
    BackendHealth,
    BackendUnavailableError,
    Hit,
    IndexRebuild,
    SearchPage,
    SearchRequest,
    Sort,
    SuggestRequest,
    WriteOutcome,
    WriteTicket,
)
from core.search.engines.meilisearch.client import Connection, MeiliRequestError
from core.search.engines.meilisearch.filters import All, OneOf, allowed, to_condition
from core.search.engines.meilisearch.index import MeiliIndex
from core.search.engines.meilisearch.query import FederatedQuery, build_queries
from core.search.engines.meilisearch.ranking import (
    WINDOW,
    HitOrder,
    attributes_for,
    by_distance,
    measure,
    to_hits,
)
from core.search.engines.meilisearch.schema import (
    CHARACTERS,
    IN_TITLE,
    SEARCHABLE,
    differences,
    fingerprint,
    read_layout,
)
from core.search.engines.meilisearch.suggest import completions, readings

# Tasks of a rebuild that are queued at the server at once.
IN_FLIGHT = 4
# The last tenants of the asker's chain count as near; hits elsewhere get a smaller weight.
NEAR, FAR = 2, 0.9
# That many of the longest documents stay below the server's payload limit of 100 MB.
MOST_AT_ONCE = 250


class MeiliBackend:
    """Search on a Meilisearch server."""

    name = "meilisearch"
    batch = MOST_AT_ONCE

    def __init__(self, url: str, key: str, index: str) -> None:
        self._connection = Connection(url, key)
        self._index = MeiliIndex(self._connection, index)

    def ensure(self) -> bool:
        """Create the index or update its settings; `True` where it is new or of another layout."""
        current = self._index.settings()
        if current is None:
            self._index.create()
            return True
        if read_layout(current) != fingerprint():
            return True
        if differences(current):
            self._index.apply_settings()
        return False

    # Reading.

    def search(self, request: SearchRequest) -> SearchPage:
        """Answer one query with a few federated queries of phrases."""
        queries = build_queries(request.variant)
        if request.sort is Sort.NEAREST:
            queries = [query for query in queries if not query.near]
        if not queries or not all(request.filters.values()):
            return SearchPage((), 0, facets={name: {} for name in request.facets})
        end = request.offset + request.limit
        newest = request.sort is Sort.NEWEST
        answer = self._federated(
            [_query(query, request) for query in queries],
            end if newest else max(WINDOW, end),
            request.facets,
        )
        raw_hits = answer["hits"]
        hits = _in_order(raw_hits, request, queries)
        return SearchPage(
            hits=tuple(hits[request.offset : end]),
            total=answer["totalHits"],
            facets=self._counts(answer, request.facets),
        )

    def _federated(
        self,
        queries: Sequence[dict[str, Any]],
        limit: int,
        facets: Sequence[str] = (),
    ) -> dict[str, Any]:
        """Send several queries as one federated search, each with its own filter."""
        shared = {"indexUid": self._index.uid, "locales": ["cmn"], "matchingStrategy": "all"}
        federated = [{**shared, **query} for query in queries]
        federation: dict[str, Any] = {"page": 1, "hitsPerPage": limit}
        if facets:
            federation["facetsByIndex"] = {self._index.uid: list(facets)}
        with self._connection.reading() as client:
            answer: dict[str, Any] = client.multi_search(federated, federation=federation)
        return answer

    def _counts(self, answer: dict[str, Any], facets: Sequence[str]) -> dict[str, dict[str, int]]:
        counted = answer.get("facetsByIndex", {}).get(self._index.uid, {}).get("distribution", {})
        return {name: counted.get(name, {}) for name in facets}

    def suggest(self, request: SuggestRequest) -> tuple[str, ...]:
        """Ids of documents whose title goes on from what is typed."""
        ways = readings(request.typed)
        if not ways or request.kinds == frozenset():
            return ()
        parts = list(allowed(request.scope, request.now))
        if request.kinds is not None:
            parts.append(OneOf("kind", tuple(sorted(request.kinds))))
        condition = str(All(tuple(parts)))
        queries = [
            {"q": way.query, "attributesToSearchOn": [way.field], "filter": condition}
            for way in ways
        ]
        answer = self._federated(queries, max(WINDOW, request.limit))
        return completions(answer["hits"], ways, request)

    def versions(self) -> Iterator[tuple[str, int]]:
        """Yield id and version of every document held."""
        return self._index.versions()

    def health(self) -> BackendHealth:
        """Return whether the server answers with our layout, and how many documents it has."""
        try:
            fits = read_layout(self._index.settings() or {}) == fingerprint()
            documents = self._index.count() if fits else 0
        except (BackendUnavailableError, MeiliRequestError) as error:
            return BackendHealth(ok=False, documents=0, detail=str(error))
        detail = "" if fits else "there is no index of this version"
        return BackendHealth(ok=fits, documents=documents, detail=detail)

    def close(self) -> None:
        """Close this thread's connections."""
        self._connection.close()

    # Writing.

    def upsert(self, documents: Sequence[SearchDocument]) -> WriteTicket:
        """Add or replace documents in one task."""
        return self._index.add(documents)

    def delete(self, ids: Iterable[str]) -> WriteTicket:
        """Remove documents by id in one task."""
        return self._index.remove(ids)

    def delete_below(self, tenant: int) -> WriteTicket:
        """Remove what a tenant and those below it owned, by filter."""
        return self._index.remove_below(tenant)

    def wait(self, ticket: WriteTicket, timeout: float) -> WriteOutcome:
        """Wait for a task; a failure is returned, not raised."""
        return self._index.wait(ticket, timeout)

    def begin_rebuild(self) -> IndexRebuild:
        """Create a second index; drop what an interrupted rebuild left behind."""
        for left in self._index.namesakes(f"{self._index.uid}__"):
            left.drop()
        new_index = MeiliIndex(self._connection, f"{self._index.uid}__{uuid4().hex[:8]}")
        new_index.create()
        return MeiliRebuild(self._index, new_index)


def _in_order(
    raw_hits: Sequence[dict[str, Any]], request: SearchRequest, queries: Sequence[FederatedQuery]
) -> list[Hit]:
    """Return the hits in the order that is asked for, with their distances where they count."""
    vicinity = request.vicinity
    if request.sort is Sort.NEAREST and vicinity is not None:
        return by_distance(raw_hits, vicinity)
    if request.sort is Sort.NEWEST:
        hits = to_hits(raw_hits)
    else:
        hits = HitOrder(request.variant, request.scope, queries).sort(raw_hits)
    if vicinity is None:
        return hits
    metres = measure(raw_hits, vicinity)
    return [replace(hit, metres=metres[hit.id]) for hit in hits]


def _query(query: FederatedQuery, request: SearchRequest) -> dict[str, Any]:
    """Build one query, weighted by the share of groups that its hits have."""
    share = len(query.groups) / len(request.variant.groups) if query.groups else 1.0
    fields = IN_TITLE if request.titles_only else SEARCHABLE
    condition = to_condition(request)
    if query.near:
        condition = All((condition, OneOf("owner", request.scope.asker[-NEAR:])))
    return {
        "q": query.text,
        "filter": str(condition),
        "federationOptions": {"weight": share if query.near else FAR * share},
        "attributesToSearchOn": [
            name for name in fields if query.ends_in_a_character or name != CHARACTERS
        ],
        "attributesToRetrieve": [
            *attributes_for(request.variant),
            *(["_geo"] if request.vicinity else []),
        ],
        **({"sort": sort} if (sort := _sort(request)) else {}),
    }


def _sort(request: SearchRequest) -> list[str]:
    if request.sort is Sort.NEWEST:
        return ["published:desc"]
    if request.sort is Sort.NEAREST and request.vicinity is not None:
        centre = request.vicinity.centre
        return [f"_geoPoint({centre.lat:.6f}, {centre.lng:.6f}):asc"]
    return []


class MeiliRebuild:
    """A second index; the server indexes while the next documents are loaded."""

    def __init__(self, current_index: MeiliIndex, new_index: MeiliIndex) -> None:
        self._current_index = current_index
        self._new_index = new_index
        self._tasks: list[WriteTicket] = []

    def upsert(self, documents: Sequence[SearchDocument]) -> None:
        """Add documents."""
        for start in range(0, len(documents), MOST_AT_ONCE):
            self._enqueued(self._new_index.add(documents[start : start + MOST_AT_ONCE]))

    def delete(self, ids: Iterable[str]) -> None:
        """Remove documents by id."""
        self._enqueued(self._new_index.remove(ids))

    def _enqueued(self, ticket: WriteTicket) -> None:
        self._tasks.append(ticket)
        self._await(IN_FLIGHT)

    def _await(self, most: int) -> None:
        while len(self._tasks) > most:
            self._new_index.finish(self._tasks.pop(0).key)

    def publish(self) -> None:
        """Swap the indexes, once every task has succeeded."""
        self._await(0)
        self._current_index.swap_with(self._new_index)
        self._new_index.drop()

    def abort(self) -> None:
        """Drop the new index; where that fails too, the next rebuild does."""
        with suppress(BackendUnavailableError, MeiliRequestError):
            self._new_index.drop()
