"""A cache in this process, bounded in the size of all its values together."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

V = TypeVar("V")


class LruCache(Generic[V]):
    """Thread-safe cache of the most recently used values, up to a size of all together."""

    def __init__(self, size: int, measure: Callable[[V], int] = lambda _: 1) -> None:
        self._size = size
        self._measure = measure
        self._used = 0
        self._values: OrderedDict[Hashable, V] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable) -> V | None:
        with self._lock:
            value = self._values.get(key)
            if value is not None:
                self._values.move_to_end(key)
            return value

    def put(self, key: Hashable, value: V) -> None:
        """Hold a value, and drop those that were not used for longest; the newest one stays."""
        with self._lock:
            before = self._values.pop(key, None)
            self._used -= 0 if before is None else self._measure(before)
            self._values[key] = value
            self._used += self._measure(value)
            while self._used > self._size and len(self._values) > 1:
                self._used -= self._measure(self._values.popitem(last=False)[1])
