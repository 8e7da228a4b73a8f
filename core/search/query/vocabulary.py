"""The words that hold at a tenant: national and counties' lists, plugins' words, place names."""

import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from itertools import pairwise
from threading import Lock
from typing import Any, Generic, Protocol, TypeVar

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from core.db.scope import Scope, open_session
from core.db.tree import Tenant, below
from core.plugins.calls.tenant_hooks import TenantHooks
from core.search.models import SearchWord, WordKind
from core.search.query.lexicon import Lexicon, join, national_lexicon, national_list
from core.search.text.tokenizer import fold, runs, words
from core.tenancy.domain import Level, short_name

HELD = 128
# Places are renamed, and things newly named, so seldom that knowing it this late harms nobody.
PLACES_KNOWN_FOR, NAMES_KNOWN_FOR = 60.0, 600.0
LONGEST_NAME = 8
_ENDINGS = ("街道", "社区", "县", "区", "镇", "乡", "村")
# Asked for with every search, so it is made once.
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
    """A kind of things that can say what they are called (`SearchKind`)."""

    @property
    def names(self) -> Callable[[Session, Tenant], Iterable[str]] | None: ...


class TtlCache(Generic[V]):
    """The values used last, up to a number, each for some seconds; safe between threads."""

    def __init__(self, seconds: float = float("inf"), size: int = HELD) -> None:
        self._seconds = seconds
        self._size = size
        self._values: OrderedDict[Hashable, tuple[float, V]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], V]) -> V:
        """The value held for a key, or a new one."""
        with self._lock:
            known = self._values.get(key)
            if known and time.monotonic() < known[0]:
                self._values.move_to_end(key)
                return known[1]
        made = make()
        with self._lock:
            self._values[key] = (time.monotonic() + self._seconds, made)
            self._values.move_to_end(key)
            if len(self._values) > self._size:
                self._values.popitem(last=False)
        return made


class Vocabulary:
    """What a process remembers of the tenants' words.

    Keys name the exact state of the lists that a value was made from, so processes need not tell
    each other anything. Tenants without a list of their own share the entry of those above.
    """

    def __init__(self) -> None:
        self._words: TtlCache[Lexicon] = TtlCache()
        self._tops: TtlCache[Tenant] = TtlCache(PLACES_KNOWN_FOR, 4_000)
        self._places: TtlCache[frozenset[str]] = TtlCache(PLACES_KNOWN_FOR)
        self._names: TtlCache[frozenset[str]] = TtlCache(NAMES_KNOWN_FOR)

    def words(self, session: Session, tenant: Tenant) -> Lexicon:
        """The words for a tenant; the session must be able to read the tenants above it."""
        top = self._top(session, tenant)
        places = self._places.get(top.path, lambda: frozenset(place_names(session, top)))
        given = _of_plugins(TenantHooks(tenant).search_synonyms())
        state = (_state(session, tenant.chain), given, places)
        if not any(state):
            return national_lexicon()
        return self._words.get(state, lambda: _join(_rows(session, tenant.chain), given, places))

    def learned(
        self, session: Session, tenant: Tenant, kinds: Iterable[NamedKind]
    ) -> frozenset[str]:
        """Words in the names of what can be found in the tenant's county."""
        top = self._top(session, tenant)
        return self._names.get(top.path, lambda: _learn(top, kinds))

    def _top(self, session: Session, tenant: Tenant) -> Tenant:
        """The tenant's county; above counties the tenant itself."""
        return self._tops.get(tenant.path, lambda: _county_of(session, tenant) or tenant)


def _county_of(session: Session, tenant: Tenant) -> Tenant | None:
    query = select(Tenant).where(Tenant.id.in_(tenant.chain), Tenant.level == Level.COUNTY)
    return session.scalar(query)


def place_names(session: Session, top: Tenant) -> Iterator[str]:
    """Names of a county and of everything below it, with and without the kind of place."""
    if not top.has_portal:
        return
    for name in session.scalars(select(Tenant.name).where(below(top.path))):
        full = fold(short_name(name))
        yield full
        bare = next((full[: -len(end)] for end in _ENDINGS if full.endswith(end)), full)
        if len(bare) > 1:
            yield bare


def _state(session: Session, chain: tuple[int, ...]) -> tuple[tuple[Any, ...], ...]:
    """Which lists there are, and what tells whether one has changed."""
    return tuple(tuple(row) for row in session.execute(_STATE, {"chain": chain}))


def _rows(session: Session, chain: tuple[int, ...]) -> list[SearchWord]:
    query = select(SearchWord).where(SearchWord.tenant_id.in_(chain)).order_by(SearchWord.id)
    return list(session.scalars(query))


def _of_plugins(given: Mapping[str, Iterable[str]]) -> tuple[tuple[str, str], ...]:
    """Pairs that plugins offer, in normal form; what is no word is left out."""
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
    return join([national_list(), as_list(rows), others])


def as_list(rows: Iterable[SearchWord]) -> dict[str, Any]:
    """Rows of tenants' lists in the form of the national file."""
    made: dict[str, Any] = {"equal": [], "citizen": {}, "never": []}
    for row in rows:
        if row.kind == WordKind.EQUAL:
            made["equal"].append([row.word, row.other])
        elif row.kind == WordKind.OFFICIAL:
            made["citizen"].setdefault(row.word, []).append(row.other)
        else:
            made["never"].append([row.word, row.other])
    return made


def _learn(top: Tenant, kinds: Iterable[NamedKind]) -> frozenset[str]:
    with open_session(Scope.public(top)) as session:
        names = [name for kind in kinds if kind.names for name in kind.names(session, top)]
    return frozenset(word for name in dict.fromkeys(names) for word in _words_in(fold(name)))


def _words_in(name: str) -> Iterator[str]:
    """Words of a name, and two that stand together."""
    for run in runs(name):
        parts = words(run)
        yield from (part for part in parts if 1 < len(part) <= LONGEST_NAME)
        for left, right in pairwise(parts):
            if len(left) > 1 and len(right) > 1 and len(left + right) <= LONGEST_NAME:
                yield left + right
