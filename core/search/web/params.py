"""Parse the query string of the results page, and build links with changed parameters."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from urllib.parse import quote_plus, urlencode

from core.search.answering.service import SearchQuery
from core.search.engines.base import FACETS, MAX_REACHABLE, Facet, Sort
from core.search.query.planner import MAX_TYPED
from core.search.scope import SearchArea
from core.web import params
from core.web.urls import tenant_url

PER_PAGE = 10
MAX_VALUE_LENGTH = 100
TITLES = "title"
NEWEST = "date"
# A page has dozens of links with the same values.
_quoted = lru_cache(maxsize=2_000)(quote_plus)


@dataclass(frozen=True, slots=True)
class SearchParams:
    """The parameters of a results page; unknown values count as missing.

    `filters` has the value of each filtered facet; `path` is the page's path.
    """

    typed: str
    path: str
    area: SearchArea = SearchArea.HERE
    filters: Mapping[Facet, str] = field(default_factory=dict)
    titles_only: bool = False
    sort: Sort = Sort.RELEVANCE
    page: int = 1

    @property
    def kind(self) -> str | None:
        """The kind that is filtered by, if any."""
        return self.filters.get(Facet.KIND)

    @property
    def scope(self) -> str:
        """The search area as the box on every page sends it: empty for the usual one."""
        return "" if self.area is SearchArea.HERE else self.area.value

    @property
    def plain(self) -> bool:
        """Whether this is the first page of an unfiltered search."""
        return self.page == 1 and not self.filters and not self.titles_only

    def query(self) -> SearchQuery:
        """Build the query for the service."""
        return SearchQuery(
            typed=self.typed,
            area=self.area,
            filters={facet: frozenset({value}) for facet, value in self.filters.items()},
            titles_only=self.titles_only,
            sort=self.sort,
            offset=(self.page - 1) * PER_PAGE,
            limit=PER_PAGE,
            facets=FACETS,
        )

    def address(self, **changes: str | None) -> str:
        """Return the URL of the first page with changed parameters; `None` removes one."""
        values: dict[str, str | None] = {
            "q": self.typed,
            "scope": self.scope,
            **{facet.value: value for facet, value in self.filters.items()},
            "in": TITLES if self.titles_only else "",
            "sort": NEWEST if self.sort is Sort.NEWEST else "",
        }
        values |= changes
        return self._with({name: value for name, value in values.items() if value})

    def other(self, words: str) -> str:
        """Return the URL of a search for other words in the same area."""
        return self._with({"q": words} | ({"scope": self.scope} if self.scope else {}))

    def _with(self, parameters: Mapping[str, str]) -> str:
        return f"{self.path}?{urlencode(parameters, quote_via=_quoted)}"


def with_value(address: str, name: str, value: str) -> str:
    """Return an address of a search with one more parameter, which it does not have yet."""
    return f"{address}&{name}={_quoted(value)}"


def read_params(kinds: Mapping[str, Any]) -> SearchParams:
    """Parse parameters; never raises, whatever they contain."""
    filters = {facet: params.text(facet, MAX_VALUE_LENGTH) for facet in FACETS}
    if filters[Facet.KIND] not in kinds:
        del filters[Facet.KIND]
    return SearchParams(
        typed=params.text("q", MAX_TYPED),
        path=tenant_url("search.page"),
        area=SearchArea(params.word("scope", set(SearchArea), SearchArea.HERE)),
        filters={facet: value for facet, value in filters.items() if value},
        titles_only=params.word("in", (TITLES,)) == TITLES,
        sort=Sort.NEWEST if params.word("sort", (NEWEST,)) else Sort.RELEVANCE,
        # A page beyond the last one that can be reached is the last one.
        page=min(params.page_number(), MAX_REACHABLE // PER_PAGE),
    )
