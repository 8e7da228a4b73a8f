"""One line for one thing that many places have a version of, instead of a page full of them.

Eight villages that refined one catalog item have eight documents of the same title.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from core.search.document import split_document_id
from core.search.engines.base import MAX_PER_PAGE, Hit, SearchPage

# Returns a page of hits from an offset on; how many is up to the engine's largest page.
FetchHits = Callable[[int, int], SearchPage]
# By kind, how the key of a thing is found in the key of a place's document of it.
ThingKeys = Mapping[str, Callable[[str], str]]


def fetch_grouped(fetch: FetchHits, offset: int, end: int, things: ThingKeys) -> SearchPage:
    """Return hits `offset` to `end`, documents of one thing among the first hits as one hit.

    Only an engine's first page is grouped: it costs one request, and what follows stays where it
    was, so that no page repeats or skips a hit.
    """
    first = fetch(0, MAX_PER_PAGE)
    grouped = group_hits(first.hits, things)
    saved = len(first.hits) - len(grouped)
    page = replace(first, hits=tuple(grouped[offset:end]), total=first.total - saved)
    following = max(offset, len(grouped))
    if following >= min(end, page.total):
        return page
    rest = fetch_hits(fetch, following + saved, end + saved)
    return replace(page, hits=page.hits + rest.hits)


def fetch_hits(fetch: FetchHits, offset: int, end: int) -> SearchPage:
    """Return hits `offset` to `end`, in several requests where they are more than one answers."""
    page = fetch(offset, end)
    while (offset := offset + MAX_PER_PAGE) < min(end, page.total):
        page = replace(page, hits=page.hits + fetch(offset, end).hits)
    return page


def group_hits(hits: Sequence[Hit], things: ThingKeys) -> list[Hit]:
    """Join the hits of one thing to the best of them, in its place."""
    groups: dict[str, list[Hit]] = {}
    for hit in hits:
        groups.setdefault(_thing(hit.id, things), []).append(hit)
    return [
        replace(best, others=tuple(hit.id for hit in others)) if others else best
        for best, *others in groups.values()
    ]


def _thing(document_id: str, things: ThingKeys) -> str:
    kind, key = split_document_id(document_id)
    return f"{kind} {things[kind](key)}" if kind in things else document_id
