"""Counters in memory that are written to the database after the response, many at once."""

import threading
import time
from collections.abc import Callable, Sized
from typing import Any, Generic, TypeVar, cast

from flask import Flask, Response, current_app
from sqlalchemy import CursorResult, Update
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from core.db.base import Base
from core.db.transactions import savepoint
from core.log.logger import get_logger

# Seconds between flushes, and entries that cause one earlier.
FLUSH_SECONDS = 10.0
MAX_PENDING = 500

log = get_logger("gongkai.usage")

Pending = TypeVar("Pending", bound=Sized)


class FlushedCounters(Generic[Pending]):
    """Counters of one process; a kill loses what is not flushed, which is accepted."""

    def __init__(
        self,
        make: Callable[[], Pending],
        write: Callable[[Pending], None],
        *,
        every: float = FLUSH_SECONDS,
    ) -> None:
        self._make, self._write, self._every = make, write, every
        self._lock = threading.Lock()
        self._pending = make()
        self._flushed = time.monotonic()

    def add(self, count: Callable[[Pending], None]) -> None:
        """Count something; no other thread counts meanwhile."""
        with self._lock:
            count(self._pending)

    def is_due(self) -> bool:
        """Return whether it is time to flush."""
        waited = time.monotonic() - self._flushed >= self._every
        return bool(len(self._pending)) and (waited or len(self._pending) >= MAX_PENDING)

    def flush(self) -> None:
        """Write the counts; drop them on a database error. Needs an application context."""
        with self._lock:
            pending, self._pending = self._pending, self._make()
            self._flushed = time.monotonic()
        try:
            self._write(pending)
        except OperationalError as error:
            log.warning("statistics lost", error=str(error.orig))

    def flush_if_due(self) -> None:
        """Flush where it is time to. Needs an application context."""
        if self.is_due():
            self.flush()

    def flush_after(self, response: Response) -> None:
        """Flush, if it is time to, once the response has been sent."""
        app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 - Flask's own name
        if self.is_due():
            response.call_on_close(lambda: self._flush_within(app))

    def _flush_within(self, app: Flask) -> None:
        with app.app_context():
            self.flush()


def update_or_insert(session: Session, statement: Update, row: Base) -> None:
    """Update a row atomically, or insert it; another process may insert it first."""
    options = {"synchronize_session": False}
    changed = cast(CursorResult[Any], session.execute(statement, execution_options=options))
    if changed.rowcount:
        return
    try:
        with savepoint(session):
            session.add(row)
    except IntegrityError:
        session.execute(statement, execution_options=options)
