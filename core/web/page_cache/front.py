"""Answer pages that many read from memory, in front of Flask, as long as nothing has changed.

A page is kept with the versions of its place and of those above that were read before it was made
(docs/decisions/0020). Each request asks whether these stand; a change of any of them, the end of
the day or a moment that the page named ends it. `core.web.page_cache.verdict` says which answers
are kept.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from sqlite3 import Error as SqliteError
from typing import Any, NamedTuple

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wsgi import ClosingIterator

from core.clock import end_of_day, now_until
from core.db.engine import db
from core.db.versions import EVERYWHERE, SEARCH_INDEX
from core.validity.answers import Validity, attach_validity
from core.web.page_cache.kept_page import (
    OWN,
    SUBTREE,
    Conditions,
    Headers,
    KeptPage,
    Needs,
    keep_answer,
)
from core.web.page_cache.keys import PageKey, build_key
from core.web.page_cache.numbers import KnownNumbers, Numbers, build_numbers
from core.web.page_cache.shared import SharedPages
from core.web.page_cache.store import PageStore

MEGABYTE = 2**20
MOST_CODES = 100_000

StartResponse = Callable[..., Any]
Wsgi = Callable[[dict[str, Any], StartResponse], Iterable[bytes]]
EXTENSION = "page_cache"


@dataclass(frozen=True, slots=True)
class _Making:
    """A page that is being made: its key, what it may depend on, and the numbers of that."""

    key: PageKey
    chain: tuple[int, ...]
    numbers: Mapping[int, Numbers]
    validity: Validity


class PlaceNumbers(NamedTuple):
    """The ids from the root to a place, and the numbers of all, of the index and everywhere."""

    chain: tuple[int, ...]
    known: Mapping[int, Numbers]


class PageCache:
    """What an application knows about its kept pages; features tell it what they need."""

    def __init__(
        self, app: Flask, megabytes: int, proxy_seconds: int, shared: SharedPages | None = None
    ) -> None:
        self._app = app
        self._store = PageStore(megabytes * MEGABYTE)
        self._shared = shared
        self._cache_control = _build_cache_control(proxy_seconds)
        self._numbers: KnownNumbers | None = None
        self._chains: dict[str, tuple[int, ...]] = {}
        self._refreshed: dict[int, tuple[Numbers, ...]] = {}
        self._ends_at: datetime | None = None
        #: Called before a page is made under numbers that are new: other caches look again.
        self.refreshers: list[Callable[[], object]] = []
        #: Find the next moment at which something appears that is stored already, by name.
        self.schedules: dict[str, Callable[[Any], datetime | None]] = {}
        #: Count something with each answer, by name.
        self.counters: dict[str, Callable[..., object]] = {}
        self.statistics: Counter[str] = Counter()

    def find(self, key: PageKey) -> KeptPage | None:
        """Return a page that is still valid."""
        entry = self._store.get(key)
        if entry is None or self._holds(entry.conditions):
            return entry
        self._store.remove(key)
        return None

    def find_shared(self, key: PageKey) -> KeptPage | None:
        """Return a page that another process has made and that is still valid; it is kept here."""
        entry = self._shared.get(key) if self._shared else None
        if entry is None or not self._holds(entry.conditions):
            return None
        self.statistics["shared"] += 1
        self._store.put(key, entry)
        return entry

    def share(self, key: PageKey, entry: KeptPage) -> None:
        """Let other processes have a page."""
        if self._shared is not None:
            self._shared.put(key, entry)

    def _holds(self, conditions: Conditions) -> bool:
        known = self._load([each for each, _ in conditions.needs])
        stamp = tuple(known[each][which] for each, which in conditions.needs)
        return stamp == conditions.stamp and now_until() < conditions.until

    def begin(self, key: PageKey) -> _Making | None:
        """Read the numbers of a page before anything of it is read; `None` where no place is."""
        chain = self._find_chain(key.code)
        if not chain:
            return None
        ids = (SEARCH_INDEX, EVERYWHERE, *chain)
        known = self._load(ids)
        numbers = {each: known[each] for each in ids}
        self._refresh(chain[-1], tuple(numbers.values()))
        with self._app.app_context():
            return _Making(key, chain, numbers, Validity(end_of_day()))

    def keep(self, making: _Making, headers: Headers, body: bytes) -> KeptPage:
        """Keep a page that was made."""
        needs = _list_needs(making)
        stamp = tuple(making.numbers[each][which] for each, which in needs)
        conditions = Conditions(needs, stamp, making.validity.until)
        entry = keep_answer(conditions, headers, body, self._cache_control)
        entry.counts = tuple(making.validity.counts)
        self._store.put(making.key, entry)
        return entry

    def count(self, entry: KeptPage, environ: dict[str, Any]) -> None:
        """Count what the search statistics and others count with each answer."""
        with self._app.app_context():
            for name, arguments in entry.counts:
                self.counters[name](environ, *arguments)

    def forget_chain(self, code: str) -> None:
        """Look up the chain of a place anew: a page of it was made for another."""
        self._chains.pop(code, None)

    @property
    def size(self) -> tuple[int, int]:
        """How many pages there are, and about how many bytes they take."""
        return len(self._store), self._store.size

    def report(self) -> dict[str, int]:
        """Return figures of this process, for those who run it."""
        pages, size = self.size
        counted = {name: self.statistics[name] for name in ("hits", "misses", "shared", "faults")}
        redis_faults = self._shared.faults if self._shared else 0
        return counted | {"pages": pages, "bytes": size, "redis_faults": redis_faults}

    def read_numbers(self, code: str) -> PlaceNumbers | None:
        """Return the numbers of a place, for others that keep what depends on them.

        They must be read before anything that is kept under them; `None` where no place is.
        """
        chain = self._find_chain(code)
        if not chain:
            return None
        ids = (SEARCH_INDEX, EVERYWHERE, *chain)
        known = self._load(ids)
        return PlaceNumbers(chain, {each: known[each] for each in ids})

    def _find_chain(self, code: str) -> tuple[int, ...]:
        chain = self._chains.get(code)
        if chain is None:
            chain = self._open_numbers().find_chain(code)
            if len(self._chains) > MOST_CODES:
                self._chains.clear()
            if chain:
                self._chains[code] = chain
        return chain

    def _refresh(self, place: int, numbers: tuple[Numbers, ...]) -> None:
        """Have other caches look again where the numbers of a place are new to this process."""
        if self._refreshed.get(place) == numbers:
            return
        for refresh in self.refreshers:
            refresh()
        if len(self._refreshed) > MOST_CODES:
            self._refreshed.clear()
        self._refreshed[place] = numbers

    def _load(self, ids: Iterable[int]) -> Mapping[int, Numbers]:
        return self._open_numbers().load(ids)

    def _open_numbers(self) -> KnownNumbers:
        if self._numbers is None:
            with self._app.app_context():
                self._numbers = build_numbers(db.engine)
        return self._numbers


class PageFront:
    """WSGI middleware: a kept page where there is one, else the application's answer."""

    def __init__(self, application: Wsgi, cache: PageCache) -> None:
        self._application = application
        self._cache = cache

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """Answer; whatever is wrong with what is kept, the application answers."""
        key = build_key(environ)
        if key is None:
            return self._application(environ, start_response)
        making = None
        try:
            entry = self._cache.find(key) or self._cache.find_shared(key)
            if entry is not None:
                self._cache.statistics["hits"] += 1
                return self._answer(entry, environ, start_response)
            self._cache.statistics["misses"] += 1
            making = self._cache.begin(key) if environ["REQUEST_METHOD"] == "GET" else None
        except (SqliteError, SQLAlchemyError):
            self._cache.statistics["faults"] += 1
        if making is None:
            return self._application(environ, start_response)
        return self._make(making, environ, start_response)

    def _answer(
        self, entry: KeptPage, environ: dict[str, Any], start_response: StartResponse
    ) -> Iterable[bytes]:
        """Answer with a kept page; what is counted with it is counted once it has been sent."""
        chunks = entry.answer(environ, start_response)
        if not entry.counts:
            return chunks
        return ClosingIterator(chunks, partial(self._cache.count, entry, environ))

    def _make(
        self, making: _Making, environ: dict[str, Any], start_response: StartResponse
    ) -> Iterable[bytes]:
        attach_validity(environ, making.validity)
        answer: list[Any] = []
        chunks = self._application(environ, lambda *given: answer.extend(given))
        validity = making.validity
        if validity.chain and validity.chain != making.chain:
            self._cache.forget_chain(making.key.code)
            validity.refusals.add("another place")
        if not validity.is_kept or validity.refusals:
            self._cache.statistics.update(f"not kept: {why}" for why in validity.refusals)
            start_response(*answer)
            return chunks
        entry = self._cache.keep(making, answer[1], b"".join(chunks))
        share = partial(self._cache.share, making.key, entry)
        ends = [*filter(None, [getattr(chunks, "close", None)]), share]
        return ClosingIterator(entry.answer(environ, start_response), ends)


def _list_needs(making: _Making) -> Needs:
    """List the numbers that a page depends on."""
    validity = making.validity
    needs = [(EVERYWHERE, OWN), *((each, OWN) for each in making.chain)]
    below = validity.below & set(making.chain)
    if validity.shows_below or validity.has_part_of_rows:
        below.add(making.chain[-1])
    needs += [(each, SUBTREE) for each in sorted(below)]
    return (*needs, (SEARCH_INDEX, OWN)) if validity.uses_index else tuple(needs)


def _build_cache_control(proxy_seconds: int) -> str:
    """Browsers ask each time whether the page has changed; proxies after so many seconds."""
    shared = f", s-maxage={proxy_seconds}" if proxy_seconds else ""
    return f"public, max-age=0, must-revalidate{shared}"
