"""What a process remembers of layers and resolved catalogs; nothing here is ever out of date.

Keys name the exact revisions that a value was made from, so that entries are never wrong, only
no longer asked for, and several processes need not tell each other anything.
"""

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, field
from threading import Lock
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from core.catalog.changes import Change
from core.catalog.inheritance import EffectiveCatalog

V = TypeVar("V")

# A layer of 2,000 items takes about 5 MB; catalogs share the values of their layers.
LAYERS_HELD = 64
CATALOGS_HELD = 64


class Held(Generic[V]):
    """The values used last, up to a number; safe between threads."""

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
class Memory:
    """What is held of one database."""

    layers: Held[tuple[Change, ...]] = field(default_factory=lambda: Held(LAYERS_HELD))
    catalogs: Held[EffectiveCatalog] = field(default_factory=lambda: Held(CATALOGS_HELD))


_memories: WeakKeyDictionary[Engine, Memory] = WeakKeyDictionary()
_lock = Lock()


def memory_of(session: Session) -> Memory:
    """The memory of the session's database."""
    engine = session.get_bind().engine
    with _lock:
        return _memories.setdefault(engine, Memory())
