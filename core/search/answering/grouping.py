"""One line for one thing that many places have a version of, instead of a page full of them.

Eight villages that refined one catalog item have eight documents of the same title, and a county
that words an item for its villages has one for each of them.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from core.search.document import SearchDocument, split_document_id
from core.search.engines.base import MAX_REACHABLE, Facet, Hit, SearchPage

# Hits that are looked through for documents of one thing: one request, which is needed anyway.
LOOKED_THROUGH = 50
# Other places of a thing that are shown with it.
MOST_OTHERS = 49

# Returns the hits from an offset up to an end.
FetchHits = Callable[[int, int], SearchPage]
# By kind, how the key of a thing is found in the key of a place's document of it.
ThingKeys = Mapping[str, Callable[[str], str]]
FacetCounts = Mapping[str, Mapping[str, int]]


def fetch_grouped(fetch: FetchHits, offset: int, end: int, things: ThingKeys) -> SearchPage:
    """Return hits `offset` to `end`, all documents of one thing as one hit.

    Where the first hits have several documents of a thing, most of them may follow, and everything
    that can be reached is looked through. Else what follows stays as it is. Either way each page
    decides the same, so that none repeats or skips a hit.
    """
    first = fetch(0, LOOKED_THROUGH)
    hits = first.hits
    grouped = group_hits(hits, things)
    if len(grouped) < len(hits) < first.total:
        hits = fetch(0, MAX_REACHABLE).hits
        grouped = group_hits(hits, things)
    saved = len(hits) - len(grouped)
    page = replace(first, hits=tuple(grouped[offset:end]), total=first.total - saved)
    if saved:
        page = replace(page, facets=_count_things(first.facets, hits, grouped))
    following = max(offset, len(grouped))
    if following >= min(end, page.total):
        return page
    rest = fetch(following + saved, end + saved)
    return replace(page, hits=page.hits + rest.hits)


def _count_things(facets: FacetCounts, hits: Iterable[Hit], grouped: Iterable[Hit]) -> FacetCounts:
    """Count things instead of documents by kind."""
    saved = _count_kinds(hits) - _count_kinds(grouped)
    counts = facets.get(Facet.KIND, {})
    return {**facets, Facet.KIND: {kind: n - saved[kind] for kind, n in counts.items()}}


def _count_kinds(hits: Iterable[Hit]) -> Counter[str]:
    return Counter(split_document_id(hit.id)[0] for hit in hits)


def group_hits(hits: Sequence[Hit], things: ThingKeys) -> list[Hit]:
    """Join the hits of one thing to the best of them, in its place."""
    groups: dict[str, list[Hit]] = {}
    for hit in hits:
        groups.setdefault(find_thing(hit.id, things), []).append(hit)
    return [
        replace(best, others=tuple(hit.id for hit in others[:MOST_OTHERS])) if others else best
        for best, *others in groups.values()
    ]


def find_thing(document_id: str, things: ThingKeys) -> str:
    """Return what a document is about: a thing of its kind, else the document itself."""
    kind, key = split_document_id(document_id)
    return f"{kind} {things[kind](key)}" if kind in things else document_id


def leave_out_shown(
    documents: Iterable[SearchDocument], shown: Iterable[SearchDocument], things: ThingKeys
) -> list[SearchDocument]:
    """Return the documents of things of which none is shown already."""
    known = {find_thing(document.id, things) for document in shown}
    if not known:
        return list(documents)
    return [document for document in documents if find_thing(document.id, things) not in known]
