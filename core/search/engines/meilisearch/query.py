"""From a query variant to at most three federated Meilisearch queries.

Synonyms are part of one query where the server knows them (`synonyms`). A variant is sent with all
its groups, optional ones too, for the score, and with the least that has to match; other synonyms
become queries of their own, and so does the raw query where the others would not match it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, islice

from core.search.engines.meilisearch.synonyms import list_alternatives
from core.search.engines.meilisearch.terms import holds, phrase, term_tokens, to_tokens
from core.search.query.planner import QueryVariant, TermGroup

# Each query of a request costs about as much as the first. With two some answers are missed, more
# than three change nothing (docs/search-quality.md).
MAX_QUERIES = 3

Places = frozenset[int]


@dataclass(frozen=True, slots=True)
class FederatedQuery:
    """One query, and the positions of the groups that its hits certainly have.

    With `near` it is restricted to documents of the asker and the tenant above: among many equal
    hits the server would not return those first.
    """

    text: str
    groups: Places
    near: bool = False

    @property
    def ends_in_a_character(self) -> bool:
        """Whether it ends with a lone character as prefix: words may have it inside, too."""
        last = self.text.rpartition(" ")[2]
        return len(last) == 1 and not last.isascii()


def build_queries(variant: QueryVariant) -> list[FederatedQuery]:
    """Build the queries of a variant, the likeliest ones where there are too many.

    The raw query comes first, unless another query matches all documents that have it.
    """
    if variant.anything:
        return [FederatedQuery("", frozenset())]
    raw = to_tokens(variant.raw_query)
    queries: dict[str, Places] = {}
    for text, places in _rewrites(variant):
        queries.setdefault(text, places)
        if len(queries) == MAX_QUERIES:
            break
    if raw and not any(_is_said_by(raw, variant, places) for places in queries.values()):
        queries = {phrase(raw): frozenset(), **queries}
    result = [FederatedQuery(text, places) for text, places in islice(queries.items(), MAX_QUERIES)]
    if result and len(result) < MAX_QUERIES and not variant.relaxed:
        result.append(replace(result[-1], near=True))
    return result


def _is_said_by(raw: Sequence[str], variant: QueryVariant, places: Places) -> bool:
    """Return whether every document with the raw query has these groups too."""
    text = " ".join(raw)
    return all(_stands_in(text, variant.groups[place]) for place in places)


def _stands_in(text: str, group: TermGroup) -> bool:
    first = list_alternatives(group)[0]
    if first.isdigit():  # it stands for all of them
        return any(holds(text, term_tokens(term)) for term in group.terms)
    return holds(text, first.replace('"', "").split())


def _rewrites(variant: QueryVariant) -> Iterator[tuple[str, Places]]:
    """Yield all groups; then the required ones with each synonym; then more than required."""
    groups = [list_alternatives(group) for group in variant.groups]
    if not all(groups):
        return
    first_ways = [ways[:1] for ways in groups]
    whole = frozenset(range(len(groups)))
    required = frozenset(place for place in whole if not variant.groups[place].optional)
    if required != whole and not variant.relaxed:
        yield from _federated(first_ways, [whole])
    least, *more = _subsets(variant, required)
    yield from _federated(groups, least)
    for subsets in more:
        yield from _federated(first_ways, subsets)


def _subsets(variant: QueryVariant, required: Places) -> list[list[Places]]:
    """Return sufficient subsets of groups by size; among equals the longest words first."""
    kept = frozenset(place for place in required if variant.groups[place].keep)
    free = sorted(required - kept)
    least = max(0 if kept else 1, variant.minimum - len(kept))
    return [
        sorted(
            (kept | frozenset(choice) for choice in combinations(free, size)),
            key=lambda places: -sum(len(variant.groups[place].terms[0].text) for place in places),
        )
        for size in range(least, len(free) + 1)
    ]


def _federated(
    groups: Sequence[Sequence[str]], subsets: Sequence[Places]
) -> Iterator[tuple[str, Places]]:
    """Yield each subset with the first alternative of each group, then with others."""
    waiting = [
        (_combined([groups[place] for place in sorted(places)]), places) for places in subsets
    ]
    while waiting:
        for one in tuple(waiting):
            text = next(one[0], None)
            if text is None:
                waiting.remove(one)
            else:
                yield text, one[1]


def _combined(groups: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield first alternatives; then others, one group at a time, then all at once."""
    yield _joined([ways[0] for ways in groups])
    ranks = range(1, max(map(len, groups)))
    for rank in ranks:
        for place, ways in enumerate(groups):
            if rank < len(ways):
                first_ways = [other[0] for other in groups]
                yield _joined([*first_ways[:place], ways[rank], *first_ways[place + 1 :]])
    for rank in ranks:
        yield _joined([ways[min(rank, len(ways) - 1)] for ways in groups])


def _joined(ways: Sequence[str]) -> str:
    """Join alternatives to a query; what is a prefix has to stand last."""
    return " ".join(sorted(ways, key=_is_prefix))


def _is_prefix(way: str) -> bool:
    return not (way.endswith('"') or way.isdigit())
