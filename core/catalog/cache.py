"""Cache of resolved catalogs and loaded layers in this process, for each database.

Keys name the exact revisions that a value was made from, so that an entry is never stale, only no
longer asked for: nothing is invalidated, and processes need not tell each other anything.
"""

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, field
from threading import Lock
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from core.catalog.domain.changes import Change
from core.catalog.domain.inheritance import EffectiveCatalog

V = TypeVar("V")

# A layer of 2,000 items takes about 5 MB; catalogs share the values of their layers.
MOST_LAYERS = 64
MOST_CATALOGS = 64


class LruCache(Generic[V]):
    """Thread-safe cache of the most recently used values, up to a size."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._values: OrderedDict[Hashable, V] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable) -> V | None:
        with self._lock:
            value = self._values.get(key)
            if value is not None:
                self._values.move_to_end(key)
            return value

    def put(self, key: Hashable, value: V) -> None:
        with self._lock:
            self._values[key] = value
            self._values.move_to_end(key)
            if len(self._values) > self._size:
                self._values.popitem(last=False)


@dataclass(frozen=True, slots=True)
class CatalogCache:
    """The cached layers and catalogs of one database."""

    layers: LruCache[tuple[Change, ...]] = field(default_factory=lambda: LruCache(MOST_LAYERS))
    catalogs: LruCache[EffectiveCatalog] = field(default_factory=lambda: LruCache(MOST_CATALOGS))


_caches: WeakKeyDictionary[Engine, CatalogCache] = WeakKeyDictionary()
_lock = Lock()


def get_cache(session: Session) -> CatalogCache:
    """Return the cache of the session's database."""
    engine = session.get_bind().engine
    with _lock:
        return _caches.setdefault(engine, CatalogCache())
