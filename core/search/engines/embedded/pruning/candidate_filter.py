"""Candidate filters: make an expensive clause skip documents that cannot match anyway.

tantivy reads a disjunction (synonyms, fields) to the end of its posting lists, even where another
clause of the query leaves few documents. A conjunction inside the disjunction is evaluated by
skipping. So what narrows a query down, the scope or a rare term, is repeated inside each expensive
clause. It changes no result and no score (docs/decisions/0013-pruning-in-the-embedded-engine.md).

Costs are counted in postings: reading one posting of a single term costs 1.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from tantivy import Occur, Query

from core.search.engines.embedded.dictionary import Dictionary
from core.search.engines.embedded.terms import TermQueries, any_of, filter_only
from core.search.query.planner import TermGroup

# Testing one candidate takes a seek in each posting list: measured, as long as reading 12 postings.
COST_PER_CANDIDATE = 12
# Below this a clause takes less than the seeks that a filter adds.
CHEAP = 7_200
# A filter that lets more than this share of all documents pass saves nothing.
MAX_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class CandidateFilter:
    """A condition that every matching document meets; `size` is an upper bound of how many do.

    `title_only`: built from words of titles, so it cannot make a clause on titles cheaper.
    """

    query: Query
    size: int
    title_only: bool = False

    @property
    def expensive_from(self) -> int:
        """The cost from which a clause is worth restricting to these candidates."""
        return max(CHEAP, self.size * COST_PER_CANDIDATE)

    def restrict(self, field: str, query: Query, cost: int) -> Query:
        """Return the clause, evaluated on candidates only where that is cheaper."""
        if cost < self.expensive_from or (self.title_only and field == "title"):
            return query
        candidates = (Occur.Must, filter_only(self.query))
        return Query.boolean_query([(Occur.Must, query), candidates])

    def combine(self, narrower: "CandidateFilter", documents: int) -> "CandidateFilter":
        """Return the conjunction with a narrower filter, in an index of so many documents."""
        if self.size > documents * MAX_SHARE:
            return narrower
        both = Query.boolean_query([(Occur.Must, self.query), (Occur.Must, narrower.query)])
        # Not smaller: all documents of the narrower one are tested.
        return CandidateFilter(both, narrower.size)


def is_expensive(cost: int) -> bool:
    """Return whether a clause costs more than the seeks that a filter adds."""
    return cost >= CHEAP


def scope_filter(offered: Query, size: int, dictionary: Dictionary) -> CandidateFilter:
    """Return the filter that the scope is; one that lets most documents pass counts as none."""
    documents = dictionary.documents
    return CandidateFilter(offered, size if size < documents * MAX_SHARE else documents)


def group_filter(
    terms: TermQueries, group: TermGroup, fields: Iterable[str]
) -> CandidateFilter | None:
    """Return documents with the rarest word of each of a group's terms; `None` for patterns."""
    names = tuple(fields)
    words = terms.dictionary.covering(group, names)
    if words is None:
        return None
    query = any_of(terms.value(field, word) for field, word in words)
    return CandidateFilter(query, sum(words.values()), title_only=names == ("title",))
