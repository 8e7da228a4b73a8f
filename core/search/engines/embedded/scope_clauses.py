"""A scope as query clauses: what may be returned, and how near each document is to the asker."""

from collections.abc import Iterable
from datetime import datetime

from tantivy import Occur, Query

from core.search.engines.base import PER_STEP
from core.search.engines.embedded.terms import TermQueries, any_of, filter_only
from core.search.scope import DOWN, UP, SearchScope

# Levels of the tree that nearness tells apart: the deepest document earns nothing for its depth.
DEEPEST = 8


class ScopeClauses:
    """Builds the clauses of one scope; the same rule as `SearchScope.admits` and `distance`."""

    def __init__(self, terms: TermQueries, scope: SearchScope) -> None:
        self._terms = terms
        self._count = terms.dictionary.count
        self._scope = scope

    def allowed(self, now: datetime) -> Iterable[tuple[Occur, Query]]:
        """Yield what every query is held to: the scope, expiry and exclusions."""
        yield Occur.Must, filter_only(self.offered())
        yield Occur.MustNot, self._terms.between("expires", 0, int(now.timestamp()))
        for tenant in self._scope.base:
            if self._count("excluded", tenant):
                yield Occur.MustNot, self._terms.value("excluded", tenant)

    def offered(self) -> Query:
        """Return the documents of the subtree, and of those above as far as they hold here."""
        scope = self._scope
        offered = [self._terms.value("scope", scope.base[-1])]
        above = [self._terms.value("owner", tenant) for tenant in scope.base[:-1]]
        if above and scope.with_above:
            offered += above
        elif above:
            inherited = self._terms.value("inherits", True)
            offered.append(
                Query.boolean_query([(Occur.Must, any_of(above)), (Occur.Must, inherited)])
            )
        return any_of(offered)

    def size(self) -> int:
        """Return about how many documents `offered` has."""
        above = sum(self._count("owner", tenant) for tenant in self._scope.base[:-1])
        return self._count("scope", self._scope.base[-1]) + above

    def nearness(self) -> Iterable[Query]:
        """Yield what documents earn for each step that they are nearer than the farthest one.

        The farthest document is `DEEPEST` and shares no more with the asker than the subtree.
        """
        scope = self._scope
        base = len(scope.base)
        for tenant in scope.asker[base:]:  # shared: a step up and a step down are saved
            yield from self._points("scope", tenant, UP + DOWN)
        for depth in range(base, DEEPEST):
            yield from self._points("depth", depth, DOWN * (DEEPEST - depth))
        for depth, tenant in enumerate(scope.base[:-1], start=1):
            steps = UP * depth - (UP + DOWN) * base + DOWN * DEEPEST
            yield from self._points("owner", tenant, steps)

    def _points(self, field: str, value: int, steps: int) -> Iterable[Query]:
        if self._count(field, value):
            yield Query.const_score_query(self._terms.value(field, value), PER_STEP * steps)
