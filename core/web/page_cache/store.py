"""The kept pages of one process: the longest unused go first where their room is used up.

Addresses with parameters can be made up without end. They have half of the room at most, so that
nobody who asks for them drives out the pages that everybody reads.
"""

from collections import OrderedDict
from threading import Lock

from core.web.page_cache.kept_page import KeptPage
from core.web.page_cache.keys import PageKey


class _Room:
    """Entries by key, of so many bytes at most."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._entries: OrderedDict[PageKey, tuple[KeptPage, int]] = OrderedDict()
        self._lock = Lock()
        self.size = 0

    def __len__(self) -> int:
        return len(self._entries)

    def get(self, key: PageKey) -> KeptPage | None:
        with self._lock:
            found = self._entries.get(key)
            if found is None:
                return None
            self._entries.move_to_end(key)
            if found[1] != found[0].size:  # its body was asked for without compression
                self._put(key, found[0])
            return found[0]

    def put(self, key: PageKey, entry: KeptPage) -> None:
        if entry.size * 4 > self._limit:
            return
        with self._lock:
            self._put(key, entry)

    def remove(self, key: PageKey) -> None:
        with self._lock:
            self._remove(key)

    def _put(self, key: PageKey, entry: KeptPage) -> None:
        self._remove(key)
        self._entries[key] = (entry, entry.size)
        self.size += entry.size
        while self.size > self._limit:
            _, (_, size) = self._entries.popitem(last=False)
            self.size -= size

    def _remove(self, key: PageKey) -> None:
        found = self._entries.pop(key, None)
        if found is not None:
            self.size -= found[1]


class PageStore:
    """Kept pages, of so many bytes at most."""

    def __init__(self, limit: int) -> None:
        self._plain, self._asked = _Room(limit - limit // 2), _Room(limit // 2)

    def __len__(self) -> int:
        return len(self._plain) + len(self._asked)

    @property
    def size(self) -> int:
        """About how many bytes the pages take."""
        return self._plain.size + self._asked.size

    def get(self, key: PageKey) -> KeptPage | None:
        """Return what is kept of a page."""
        return self._choose(key).get(key)

    def put(self, key: PageKey, entry: KeptPage) -> None:
        """Keep a page; others that were not asked for lately make room."""
        self._choose(key).put(key, entry)

    def remove(self, key: PageKey) -> None:
        """Drop a page that is valid no more."""
        self._choose(key).remove(key)

    def _choose(self, key: PageKey) -> _Room:
        return self._asked if key.query else self._plain
