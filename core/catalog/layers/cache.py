"""What this process holds of catalogs, for each database: layers, and the catalogs they make.

Keys name the exact revisions that a value was made from, so that an entry is never stale, only no
longer asked for: nothing is invalidated, and processes need not tell each other anything. Values
are plain: no rows, no sessions. A catalog shares what it has from the one above it.
"""

from dataclasses import dataclass, field
from threading import Lock
from weakref import WeakKeyDictionary

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from core.catalog.domain.changes import Change
from core.catalog.domain.inheritance import EffectiveCatalog
from core.validity.lru_cache import LruCache

# A definition takes about 2.5 kB: 2,000 of them, as the nation's layer has, about 5 MB.
MOST_CHANGES = 12_000
# A catalog's own share are references to items, about 100 bytes each, and what its layer refined.
MOST_ITEMS = 120_000
# Layers of which it is known whether they speak to all kinds of tenants, 200 bytes each.
MOST_KNOWN = 20_000


def _count_items(catalog: EffectiveCatalog) -> int:
    return 1 + len(catalog.items) + len(catalog.withdrawn)


@dataclass(frozen=True, slots=True)
class CatalogCache:
    """What is held of one database.

    `kinds` has, for each layer that was loaded, the kinds of tenants that its changes are limited
    to: layers make the same catalog for all others.
    """

    layers: LruCache[tuple[Change, ...]] = field(
        default_factory=lambda: LruCache(MOST_CHANGES, lambda changes: 1 + len(changes))
    )
    kinds: LruCache[frozenset[str]] = field(default_factory=lambda: LruCache(MOST_KNOWN))
    catalogs: LruCache[EffectiveCatalog] = field(
        default_factory=lambda: LruCache(MOST_ITEMS, _count_items)
    )


_caches: WeakKeyDictionary[Engine, CatalogCache] = WeakKeyDictionary()
_lock = Lock()


def get_cache(session: Session) -> CatalogCache:
    """Return the cache of the session's database."""
    engine = session.get_bind().engine
    with _lock:
        return _caches.setdefault(engine, CatalogCache())
