"""Cached lexicons of tenants: national and county word lists, plugins' synonyms, place names."""

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from datetime import timedelta
from itertools import pairwise
from threading import Lock
from typing import Any, Generic, Protocol, TypeVar

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from core.clock import now_until
from core.db.reading import read_rows
from core.db.scope import Scope, open_session
from core.db.tree import Tenant, below
from core.plugins.calls.tenant_hooks import TenantHooks
from core.search.models import SearchWord, WordKind
from core.search.query.lexicon import Lexicon, merge_word_lists, national_lexicon, national_list
from core.search.scope import shared_depth
from core.search.text.tokenizer import fold, runs, words
from core.tenancy.domain import Level, short_name
from core.validity.answers import limit_validity

CACHE_SIZE = 128
# Cache lifetimes in seconds: places are renamed, and titles written, rarely.
PLACES_TTL, NAMES_TTL = 60.0, 600.0
LONGEST_NAME = 8
_ENDINGS = ("街道", "社区", "县", "区", "镇", "乡", "村")
# Executed with every search, so it is built once.
_STATE = (
    select(
        SearchWord.tenant_id,
        func.count(),
        func.max(SearchWord.id),
        func.max(SearchWord.added_at),
    )
    .where(SearchWord.tenant_id.in_(bindparam("chain", expanding=True)))
    .group_by(SearchWord.tenant_id)
    .order_by(SearchWord.tenant_id)
)

V = TypeVar("V")


class NamedKind(Protocol):
    """A kind that can list titles of its things (`SearchKind`)."""

    @property
    def names(self) -> Callable[[Session, Tenant], Iterable[str]] | None: ...


class TtlCache(Generic[V]):
    """A thread-safe LRU cache whose values expire after some seconds."""

    def __init__(self, seconds: float = float("inf"), size: int = CACHE_SIZE) -> None:
        self._seconds = seconds
        self._size = size
        self._values: OrderedDict[Hashable, tuple[float, V]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], V]) -> V:
        """Return the cached value of a key, or make and cache one."""
        with self._lock:
            known = self._values.get(key)
            left = known[0] - time.monotonic() if known else 0.0
            if known and left > 0:
                self._limit_page(left)
                self._values.move_to_end(key)
                return known[1]
        value = make()
        self._limit_page(self._seconds)
        with self._lock:
            self._values[key] = (time.monotonic() + self._seconds, value)
            self._values.move_to_end(key)
            if len(self._values) > self._size:
                self._values.popitem(last=False)
        return value

    def _limit_page(self, seconds: float) -> None:
        """Keep no page for longer than the value that it was made with."""
        if seconds < float("inf"):
            limit_validity(now_until() + timedelta(seconds=seconds))


class Vocabulary:
    """The lexicons of a process, cached.

    Cache keys contain the exact state of the lists that a lexicon was made from, so no process has
    to invalidate another's cache. Tenants without a list share the entry of those above.
    """

    def __init__(self) -> None:
        self._lexicons: TtlCache[Lexicon] = TtlCache()
        self._tops: TtlCache[str] = TtlCache(PLACES_TTL, 4_000)
        self._places: TtlCache[frozenset[str]] = TtlCache(PLACES_TTL)
        self._names: TtlCache[frozenset[str]] = TtlCache(NAMES_TTL)

    def words(self, session: Session, tenant: Tenant) -> Lexicon:
        """Return the lexicon of a tenant; the session must be able to read the tenants above it."""
        top = self._top(session, tenant)
        places = self._places.get(top, lambda: frozenset(place_names(session, _load(session, top))))
        given = _of_plugins(TenantHooks(tenant).search_synonyms())
        state = (_state(session, tenant.chain), given, places)
        if not any(state):
            return national_lexicon()
        return self._lexicons.get(state, lambda: _join(_rows(session, tenant.chain), given, places))

    def learned(
        self, session: Session, tenant: Tenant, kinds: Iterable[NamedKind]
    ) -> frozenset[str]:
        """Return the words in titles of what can be found in the tenant's county."""
        top = self._top(session, tenant)
        return self._names.get(top, lambda: _learn(_load(session, top), kinds))

    def _top(self, session: Session, tenant: Tenant) -> str:
        """Return the path of the tenant's county; above counties of the tenant itself.

        Rows are not cached: they belong to a session, and expire with it.
        """
        return self._tops.get(tenant.path, lambda: _find_county(session, tenant) or tenant.path)


def _find_county(session: Session, tenant: Tenant) -> str | None:
    county = Tenant.id.in_(tenant.chain) & (Tenant.level == Level.COUNTY)
    return session.scalar(select(Tenant.path).where(county))


def _load(session: Session, path: str) -> Tenant:
    return session.scalars(select(Tenant).where(Tenant.path == path)).one()


def place_names(session: Session, top: Tenant) -> Iterator[str]:
    """Yield names of a county and everything below it, with and without the kind of place."""
    if not top.has_portal:
        return
    for name in session.scalars(select(Tenant.name).where(below(top.path))):
        yield from _names(name)


def _names(name: str) -> Iterator[str]:
    full = fold(short_name(name))
    yield full
    bare = next((full[: -len(end)] for end in _ENDINGS if full.endswith(end)), full)
    if len(bare) > 1:
        yield bare


def find_named(session: Session, tenant: Tenant, name: str) -> Tenant | None:
    """Find the place of a name of the lexicon in the tenant's county; of several, the nearest."""
    if not name:
        return None
    top = _find_county(session, tenant) or tenant.path
    query = select(Tenant).where(below(top), Tenant.name.contains(name, autoescape=True))
    named = [place for place in session.scalars(query) if name in _names(place.name)]
    return max(
        named,
        key=lambda place: (shared_depth(place.chain, tenant.chain), -len(place.chain), -place.id),
        default=None,
    )


def _state(session: Session, chain: tuple[int, ...]) -> tuple[tuple[Any, ...], ...]:
    """Return a fingerprint of the word lists of a chain: it changes when one of them does."""
    return tuple(read_rows(session, _STATE, {"chain": chain}))


def _rows(session: Session, chain: tuple[int, ...]) -> list[SearchWord]:
    query = select(SearchWord).where(SearchWord.tenant_id.in_(chain)).order_by(SearchWord.id)
    return list(session.scalars(query))


def _of_plugins(given: Mapping[str, Iterable[str]]) -> tuple[tuple[str, str], ...]:
    """Return the pairs of plugins, normalised; leave out what is no word."""
    pairs = ((fold(word), fold(other)) for word, others in given.items() for other in others)
    return tuple(
        (word, other)
        for word, other in pairs
        if word != other and runs(word) == [word] and runs(other) == [other]
    )


def _join(
    rows: Iterable[SearchWord], given: Iterable[tuple[str, str]], places: frozenset[str]
) -> Lexicon:
    others = {"equal": list(given), "places": places}
    return merge_word_lists([national_list(), as_list(rows), others])


def as_list(rows: Iterable[SearchWord]) -> dict[str, Any]:
    """Convert rows of tenants' lists to the format of the national file."""
    value: dict[str, Any] = {"equal": [], "citizen": {}, "never": []}
    for row in rows:
        if row.kind == WordKind.EQUAL:
            value["equal"].append([row.word, row.other])
        elif row.kind == WordKind.OFFICIAL:
            value["citizen"].setdefault(row.word, []).append(row.other)
        else:
            value["never"].append([row.word, row.other])
    return value


def _learn(top: Tenant, kinds: Iterable[NamedKind]) -> frozenset[str]:
    with open_session(Scope.public(top)) as session:
        names = [name for kind in kinds if kind.names for name in kind.names(session, top)]
    return frozenset(word for name in dict.fromkeys(names) for word in _words_in(fold(name)))


def _words_in(name: str) -> Iterator[str]:
    """Yield the words of a name, and pairs of neighbouring words."""
    for run in runs(name):
        parts = words(run)
        yield from (part for part in parts if 1 < len(part) <= LONGEST_NAME)
        for left, right in pairwise(parts):
            if len(left) > 1 and len(right) > 1 and len(left + right) <= LONGEST_NAME:
                yield left + right
