"""Long writing in short transactions, so that whoever saves a form meanwhile has a turn.

SQLite has one writer at a time, and who waits for it looks again every 100 ms: a writer that ends
and begins anew at once would be met again and again. So each piece of long work holds the lock for
a moment only, and a pause follows that is longer than those between two looks.
"""

import gc
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.db.idle import keep_transaction
from core.db.locks import held_lock
from core.outages.retrying import LOCK_WAIT, try_while_busy

T = TypeVar("T")

# What one piece should take (seconds); the estimate may be wrong: less than 0.2 in the end.
TARGET_SECONDS = 0.08
# Longer than the longest sleep of SQLite's busy handler, 0.1.
PAUSE_SECONDS = 0.11
FIRST_SIZE, LARGEST_SIZE = 5, 500
# Other writers may be in the way of a long piece of work for longer than a person would wait.
PATIENCE = 60.0


def begin_writing(session: Session) -> None:
    """Take SQLite's write lock now, so that what is read from here on stays true until the end.

    A transaction that has read first cannot begin to write once another process has committed,
    however long it waits. PostgreSQL locks rows as they are written.

    SQLite has whoever waits look the less often the longer he waits, so that newcomers would be
    first again and again. So only one at a time waits at its lock, and the others for their turn.
    """
    keep_transaction(session)
    connection = session.connection()
    driver = connection.connection.driver_connection
    if isinstance(driver, sqlite3.Connection) and not driver.in_transaction:
        with held_lock("writers", wait=LOCK_WAIT, here=True):
            connection.exec_driver_sql("BEGIN IMMEDIATE")


@contextmanager
def without_garbage_collection() -> Iterator[None]:
    """Put off looking for garbage: a full look takes 0.2 s of the processor while others wait."""
    wanted = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if wanted:
            gc.enable()  # what is due is done at the next object, outside of the transaction


class WriterTurns:
    """Splits long work in a session into transactions, each of `size` items or fewer."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._paused_since: float | None = None
        self.size = FIRST_SIZE

    def take(self, work: Callable[[], T], items: int = 1) -> T:
        """Do one piece of work in a transaction of its own; other writers come before it.

        It is done again where it lost a conflict, so it must not keep what it did in memory.
        """
        self._pause()
        try:
            return try_while_busy(lambda: self._work(work, items), seconds=PATIENCE)
        except IntegrityError:  # another process stored the same at this moment: it is seen now
            return try_while_busy(lambda: self._work(work, items), seconds=PATIENCE)
        finally:
            self._paused_since = time.monotonic()

    def _work(self, work: Callable[[], T], items: int) -> T:
        with without_garbage_collection():
            return self._commit(work, items)

    def _commit(self, work: Callable[[], T], items: int) -> T:
        try:
            begin_writing(self._session)
            started = time.monotonic()
            result = work()
            self._session.commit()
        except BaseException:
            self._session.rollback()
            raise
        self._adapt(items, time.monotonic() - started)
        return result

    def _adapt(self, items: int, seconds: float) -> None:
        """Choose the size of the next piece by what this one took; grow by half at most."""
        fitting = int(items * TARGET_SECONDS / max(seconds, 0.001))
        self.size = max(1, min(fitting, self.size + self.size // 2 + 1, LARGEST_SIZE))

    def _pause(self) -> None:
        """Leave others time to get SQLite's lock; what was prepared meanwhile counts."""
        if self._paused_since is None or self._session.get_bind().dialect.name != "sqlite":
            return
        left = self._paused_since + PAUSE_SECONDS - time.monotonic()
        if left > 0:
            time.sleep(left)
