"""The words that hold at a tenant: the national list, and the lists of the tenants above it."""

from collections import OrderedDict
from collections.abc import Hashable, Iterable
from threading import Lock
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.search.models import SearchWord, WordKind
from core.search.words import Words, join, national_list, national_words

HELD = 128


class Vocabulary:
    """What a process remembers of the tenants' words; nothing here is ever out of date.

    Keys name the exact state of the lists that a value was made from, so processes need not tell
    each other anything. Tenants without a list of their own share the entry of those above.
    """

    def __init__(self) -> None:
        self._words: OrderedDict[Hashable, Words] = OrderedDict()
        self._lock = Lock()

    def words(self, session: Session, chain: tuple[int, ...]) -> Words:
        """The words for the last tenant of a chain; the session must be able to read all of it."""
        state = _state(session, chain)
        if not state:
            return national_words()
        with self._lock:
            if state in self._words:
                self._words.move_to_end(state)
                return self._words[state]
        made = join([national_list(), as_list(_rows(session, chain))])
        with self._lock:
            self._words[state] = made
            if len(self._words) > HELD:
                self._words.popitem(last=False)
        return made


def _state(session: Session, chain: tuple[int, ...]) -> tuple[tuple[Any, ...], ...]:
    """Which lists there are, and what tells whether one has changed."""
    query = (
        select(
            SearchWord.tenant_id,
            func.count(),
            func.max(SearchWord.id),
            func.max(SearchWord.added_at),
        )
        .where(SearchWord.tenant_id.in_(chain))
        .group_by(SearchWord.tenant_id)
        .order_by(SearchWord.tenant_id)
    )
    return tuple(tuple(row) for row in session.execute(query))


def _rows(session: Session, chain: tuple[int, ...]) -> list[SearchWord]:
    query = select(SearchWord).where(SearchWord.tenant_id.in_(chain)).order_by(SearchWord.id)
    return list(session.scalars(query))


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
