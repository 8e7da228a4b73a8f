"""Caches hold values, never rows: a row belongs to a session, and expires with its rollback."""

import gc
import sys
from collections import OrderedDict, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from threading import Lock
from weakref import WeakKeyDictionary, WeakValueDictionary

import pytest
from sqlalchemy import select

from core.db.base import Base
from core.db.tree import Tenant
from core.search.query.vocabulary import TtlCache
from core.search.registry import search_engine

OURS = ("core.", "plugins.")
WRAPPER = type(lru_cache(lambda: None))
CONTAINERS = (dict, list, tuple, set, frozenset, OrderedDict, deque)
WEAK = (WeakKeyDictionary, WeakValueDictionary)
PAGES = ("", "catalog/", "publications/", "search/?q=低保", "console/", "console/search/")
#: What is no data: a search goes no further there.
CLOSED = (type, type(sys), type(Lock()), type(lambda: None), type(print))


@dataclass
class Sample:
    """Something of ours that keeps values."""

    kept: dict = field(default_factory=dict)


Sample.__module__ = "core.sample"


def roots(app) -> Iterator[tuple[str, object]]:
    """Yield what lives as long as the process: memoised functions, extensions, module values."""
    for found in gc.get_objects():
        if isinstance(found, WRAPPER) and found.__module__.startswith(OURS):
            yield f"{found.__module__}.{found.__qualname__}", found
    for name, found in app.extensions.items():
        if type(found).__module__.startswith(OURS) or isinstance(found, CONTAINERS):
            yield f"extension {name}", found
    for module in [module for name, module in sys.modules.items() if name.startswith(OURS)]:
        for name, value in vars(module).items():
            if isinstance(value, (*CONTAINERS, *WEAK)) or is_ours(value):
                yield f"{module.__name__}.{name}", value


def is_ours(value: object) -> bool:
    return type(value).__module__.startswith(OURS) and not isinstance(value, type)


def parts(value: object) -> list[object]:
    """Return what a container, a memoised function or an object of ours holds."""
    if isinstance(value, WEAK):
        return list(value.values())
    opened = isinstance(value, (*CONTAINERS, WRAPPER)) or "lru" in type(value).__name__
    return gc.get_referents(value) if opened or is_ours(value) else []


def find_rows(name: str, root: object) -> Iterator[str]:
    """Yield the rows that a root leads to."""
    seen, waiting = {id(root)}, [root]
    while waiting:
        value = waiting.pop()
        if isinstance(value, Base):
            yield f"{name}: {type(value).__name__}"
            continue
        for part in parts(value):
            if id(part) not in seen and not isinstance(part, CLOSED):
                seen.add(id(part))
                waiting.append(part)


def test_no_cache_holds_rows_after_pages_were_read(app, client, tree, sign_in_as):
    sign_in_as("officer", tree.county)
    for place in (tree.county, tree.village):
        for page in (
            "",
            "catalog/",
            "publications/",
            "search/?q=低保",
            "console/",
            "console/search/",
        ):
            client.get(f"/{place.division_code}/{page}", allowed={404})
    gc.collect()
    assert [row for name, root in roots(app) for row in find_rows(name, root)] == []
    assert search_engine().vocabulary._tops._values  # they are filled


@pytest.mark.parametrize("keep", ["ttl", "memo", "object"])
def test_a_row_in_a_cache_is_found(platform, tree, keep):
    row = platform.scalars(select(Tenant).where(Tenant.id == tree.town.id)).one()
    if keep == "ttl":
        root = TtlCache()
        root.get("key", lambda: [row])
    elif keep == "memo":
        root = lru_cache(maxsize=2)(lambda key: (key, row))
        root(1)
    else:
        root = Sample({"a": {"b": row}})
    assert list(find_rows("cache", root)) == ["cache: Tenant"]
