"""From a question to what Meilisearch is asked: at most three federated queries.

What may stand for a word is part of the same query where the server knows it (`meili_words`). A
question is then asked with all that may raise a document, and with the least that has to match;
other ways to say a part of it become queries of their own, and so do the citizen's own words where
the others would not find them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, islice

from core.search.engines.meilisearch.synonyms import list_alternatives
from core.search.engines.meilisearch.terms import holds, phrase, term_tokens, to_tokens
from core.search.query.planner import QueryVariant, TermGroup

# Each query of a request costs about as much as the first. With two fewer questions are answered,
# more than three change nothing (docs/search-quality.md).
MOST_QUERIES = 3

Places = frozenset[int]


@dataclass(frozen=True, slots=True)
class FederatedQuery:
    """One query, and the parts of the question (their places) that what it finds surely has.

    With `near` it is asked again of what the asker's place and the one above it own: of many that
    match as well, the server would not send those first.
    """

    text: str
    groups: Places
    near: bool = False

    @property
    def ends_in_a_character(self) -> bool:
        """Whether it ends with a lone character that may go on: words may have it inside, too."""
        last = self.text.rpartition(" ")[2]
        return len(last) == 1 and not last.isascii()


def build_queries(variant: QueryVariant) -> list[FederatedQuery]:
    """The queries for a question, the likeliest ways to say it where there are too many.

    The citizen's own words come first, unless another one finds all that has them in a row.
    """
    own = to_tokens(variant.raw_query)
    found: dict[str, Places] = {}
    for text, places in _rewrites(variant):
        found.setdefault(text, places)
        if len(found) == MOST_QUERIES:
            break
    if own and not any(_is_said_by(own, variant, places) for places in found.values()):
        found = {phrase(own): frozenset(), **found}
    words = [FederatedQuery(text, places) for text, places in islice(found.items(), MOST_QUERIES)]
    if words and len(words) < MOST_QUERIES and not variant.relaxed:
        words.append(replace(words[-1], near=True))
    return words


def _is_said_by(own: Sequence[str], variant: QueryVariant, places: Places) -> bool:
    """Whether whatever has the own words in a row has these parts too, each in its first way."""
    text = " ".join(own)
    return all(_stands_in(text, variant.groups[place]) for place in places)


def _stands_in(text: str, group: TermGroup) -> bool:
    first = list_alternatives(group)[0]
    if first.isdigit():  # it stands for all of them
        return any(holds(text, term_tokens(term)) for term in group.terms)
    return holds(text, first.replace('"', "").split())


def _rewrites(variant: QueryVariant) -> Iterator[tuple[str, Places]]:
    """All that may raise a document; the least that is enough, in each way; then more than that."""
    groups = [list_alternatives(group) for group in variant.groups]
    if not all(groups):
        return
    firsts = [ways[:1] for ways in groups]
    whole = frozenset(range(len(groups)))
    required = frozenset(place for place in whole if not variant.groups[place].optional)
    if required != whole and not variant.relaxed:
        yield from _said(firsts, [whole])
    least, *more = _subsets(variant, required)
    yield from _said(groups, least)
    for subsets in more:
        yield from _said(firsts, subsets)


def _subsets(variant: QueryVariant, required: Places) -> list[list[Places]]:
    """What is enough, from the least number of parts to all of them; the longest words first."""
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


def _said(
    groups: Sequence[Sequence[str]], subsets: Sequence[Places]
) -> Iterator[tuple[str, Places]]:
    """Each subset with the first way of each part, then each with other ways."""
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
    """The first way of each part; then other ways, one at a time, then all at once."""
    yield _joined([ways[0] for ways in groups])
    ranks = range(1, max(map(len, groups)))
    for rank in ranks:
        for place, ways in enumerate(groups):
            if rank < len(ways):
                firsts = [other[0] for other in groups]
                yield _joined([*firsts[:place], ways[rank], *firsts[place + 1 :]])
    for rank in ranks:
        yield _joined([ways[min(rank, len(ways) - 1)] for ways in groups])


def _joined(ways: Sequence[str]) -> str:
    """A query; what may go on stands last."""
    return " ".join(sorted(ways, key=_may_go_on))


def _may_go_on(way: str) -> bool:
    return not (way.endswith('"') or way.isdigit())
