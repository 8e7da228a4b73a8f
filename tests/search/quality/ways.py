"""Three ways to ask an engine, to be compared: as it stands, with its synonyms, and planned."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from core.search.answering.relaxation import ENOUGH, RelaxingSearch, find_partial_matches
from core.search.engines.base import SearchBackend, SearchPage, SearchRequest
from core.search.query.planner import QueryVariant, Term, TermForm, TermGroup, plan_query
from core.search.text.tokenizer import BREAK, cut, fold
from tests.search.quality.corpora import Place

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
LIMIT = 50
# Of what the page shows, its first sheet.
PAGE = 10


@dataclass(frozen=True, slots=True)
class Asker:
    """Somebody in one place with one engine."""

    engine: SearchBackend
    place: Place

    def put(self, ask: QueryVariant) -> SearchPage:
        """Ask one question for the first page."""
        place = self.place
        return self.engine.search(
            SearchRequest(
                variant=ask, scope=place.scope, now=NOW, filters=place.filters, limit=LIMIT
            )
        )

    def first_with_enough(self, asks: Iterable[QueryVariant]) -> list[str]:
        """Ask in turn until there is enough."""
        best: list[str] = []
        for ask in asks:
            found = ids(self.put(ask))
            best = found if len(found) > len(best) else best
            if len(best) >= ENOUGH:
                break
        return best


def ids(page: SearchPage) -> list[str]:
    return [hit.id for hit in page.hits]


def raw(asker: Asker, typed: str) -> list[str]:
    """All words of the query as the engine cuts them; where that finds too little, any of them."""
    tokens = dict.fromkeys(token for token in cut(fold(typed)) if token != BREAK)
    groups = tuple(TermGroup((Term(token),)) for token in tokens)
    minima = sorted({len(groups), 1} - {0}, reverse=True) if groups else []
    return asker.first_with_enough(QueryVariant(fold(typed), groups, minimum) for minimum in minima)


def with_synonyms(asker: Asker, typed: str) -> list[str]:
    """The same, and known words by their synonyms too: what engines do with a synonym table."""
    table = replace(asker.place.words, questions=(), fillers=frozenset(), spelled={})
    exact = [ask for ask in plan_query(typed, table).variants if not ask.relaxed]
    plain = [replace(ask, groups=tuple(map(_as_text, ask.groups))) for ask in exact]
    return asker.first_with_enough([*plain, *(replace(ask, minimum=1) for ask in plain[-1:])])


def _as_text(group: TermGroup) -> TermGroup:
    return TermGroup(tuple(Term(term.text) for term in group.terms if term.form is TermForm.TEXT))


def planned(asker: Asker, typed: str) -> list[str]:
    """As the search page asks."""
    found = RelaxingSearch(asker.put, asker.place.words, lambda: asker.place.learned).find(typed)
    if found is None:
        return []
    behind = find_partial_matches(asker.put, found, PAGE - found.page.total)
    return ids(found.page) + (ids(behind.page) if behind else [])


Way = Callable[[Asker, str], list[str]]
WAYS: dict[str, Way] = {"raw": raw, "synonyms": with_synonyms, "planned": planned}
