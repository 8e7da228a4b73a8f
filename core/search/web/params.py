"""What the address of a results page asks for, and the addresses of pages that ask otherwise."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from urllib.parse import quote_plus, urlencode

from werkzeug.datastructures import MultiDict

from core.search.answering.service import SearchQuery
from core.search.engines.base import FACETS, MAX_REACHABLE, Facet, Sort
from core.search.query.planner import MAX_TYPED
from core.search.scope import SearchArea
from core.web.urls import tenant_url

PER_PAGE = 10
LONGEST_VALUE = 100
TITLES = "title"
NEWEST = "date"
# A page has dozens of links that say the same again.
_quoted = lru_cache(maxsize=2_000)(quote_plus)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for; what it does not understand counts as not said.

    `chosen` is the value of each facet that is narrowed to one; `path` is the page's own address.
    """

    typed: str
    path: str
    width: SearchArea = SearchArea.HERE
    chosen: Mapping[Facet, str] = field(default_factory=dict)
    titles_only: bool = False
    sort: Sort = Sort.RELEVANCE
    page: int = 1

    @property
    def kind(self) -> str | None:
        """The kind of things asked for, where there is one."""
        return self.chosen.get(Facet.KIND)

    @property
    def scope(self) -> str:
        """The width as the box on every page sends it: empty where nothing was chosen."""
        return "" if self.width is SearchArea.HERE else self.width.value

    @property
    def plain(self) -> bool:
        """Whether this is the first page of an answer that nothing narrows."""
        return self.page == 1 and not self.chosen and not self.titles_only

    def query(self) -> SearchQuery:
        """The question for the service."""
        return SearchQuery(
            typed=self.typed,
            area=self.width,
            filters={facet: frozenset({value}) for facet, value in self.chosen.items()},
            titles_only=self.titles_only,
            sort=self.sort,
            offset=(self.page - 1) * PER_PAGE,
            limit=PER_PAGE,
            facets=FACETS,
        )

    def address(self, **changes: str | None) -> str:
        """This search with other choices, from its first page; `None` takes a choice back."""
        values: dict[str, str | None] = {
            "q": self.typed,
            "scope": self.scope,
            **{facet.value: value for facet, value in self.chosen.items()},
            "in": TITLES if self.titles_only else "",
            "sort": NEWEST if self.sort is Sort.NEWEST else "",
        }
        values |= changes
        return self._with({name: value for name, value in values.items() if value})

    def other(self, words: str) -> str:
        """A search for other words at the same place."""
        return self._with({"q": words} | ({"scope": self.scope} if self.scope else {}))

    def _with(self, parameters: Mapping[str, str]) -> str:
        return f"{self.path}?{urlencode(parameters, quote_via=_quoted)}"


def read_address(arguments: MultiDict[str, str], kinds: Mapping[str, Any]) -> Asked:
    """Read the parameters of an address, whatever they hold."""
    width = arguments.get("scope", "")
    chosen = {facet: arguments.get(facet, "")[:LONGEST_VALUE] for facet in FACETS}
    if chosen[Facet.KIND] not in kinds:
        del chosen[Facet.KIND]
    return Asked(
        typed=read_words(arguments),
        path=tenant_url("search.page"),
        width=SearchArea(width) if width in set(SearchArea) else SearchArea.HERE,
        chosen={facet: value for facet, value in chosen.items() if value},
        titles_only=arguments.get("in") == TITLES,
        sort=Sort.NEWEST if arguments.get("sort") == NEWEST else Sort.RELEVANCE,
        page=_page(arguments.get("page", "1")),
    )


def read_words(arguments: MultiDict[str, str]) -> str:
    """The words that were typed, blanks folded."""
    return " ".join(arguments.get("q", "").split())[:MAX_TYPED]


def _page(number: str) -> int:
    # Ten pages more than can be reached end on the last one that exists.
    wanted = int(number) if number.isascii() and number.isdigit() and len(number) < 6 else 1
    return min(max(1, wanted), MAX_REACHABLE // PER_PAGE)
