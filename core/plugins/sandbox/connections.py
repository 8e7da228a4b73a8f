"""Track the database connections of a plugin call, so that an abandoned call keeps no lock.

Ownership stays with the call's thread: only it returns a connection to the pool or closes it,
since closing one that another thread is using crashes SQLite's driver and confuses the pool. The
host does what is safe from another thread: it interrupts the running statement and rolls back
(SQLite, in serialized mode), or cancels and shuts down the socket (PostgreSQL). From then on each
checkout, statement and commit of the call raises `Abandoned`, and the pool recycles the connection.
"""

import os
import socket
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from sqlalchemy import Connection, Engine, Pool, event
from sqlalchemy.pool import ConnectionPoolEntry

_CALL = "plugin_call"
# A statement that goes on although it was interrupted is interrupted again (seconds).
INTERRUPT_EVERY, LONGEST_INTERRUPTING = 0.01, 5.0
CANCEL_SECONDS = 2.0

_thread = threading.local()


class Abandoned(RuntimeError):  # noqa: N818 - named for what it reports
    """A call that nobody waits for any more tried to use the database."""


class CallConnections:
    """The connections that one plugin call has checked out, and how long it waited for them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: dict[ConnectionPoolEntry, Any] = {}
        self._is_abandoned = False
        self._executing = False
        self._waited = 0.0
        self._waiting_since: float | None = None

    @contextmanager
    def tracked(self) -> Iterator[None]:
        """Record what the present thread checks out here."""
        _thread.call = self
        try:
            yield
        finally:
            _thread.call = None

    @property
    def seconds_waited(self) -> float:
        """Time spent connecting, and in SQLite's statements, which wait for its write lock."""
        since = self._waiting_since
        return self._waited + (time.monotonic() - since if since is not None else 0.0)

    def abandon(self) -> None:
        """Refuse all further use of the database; free what is held, in a thread of its own."""
        with self._lock:
            self._is_abandoned = True
            if not self._held:
                return
        threading.Thread(target=self._free, name="gongkai-reclaim", daemon=True).start()

    def check(self) -> None:
        """Raise `Abandoned` where nobody waits for the call any more."""
        if self._is_abandoned:
            raise Abandoned("this call was abandoned: it may not use the database any more")

    def hold(self, entry: ConnectionPoolEntry, connection: Any) -> None:
        """Record a connection that was checked out; raises `Abandoned`."""
        with self._lock:
            self.check()
            self._held[entry] = connection

    def release(self, entry: ConnectionPoolEntry) -> None:
        """Forget a connection that goes back; have one of an abandoned call recycled."""
        with self._lock:
            self._held.pop(entry, None)
            if self._is_abandoned:
                entry.invalidate(soft=True)

    def begin_statement(self, *, waits: bool) -> None:
        """Record that a statement begins; raises `Abandoned`."""
        self._executing = True
        if waits:
            self._waiting_since = time.monotonic()
        if self._is_abandoned:
            self.end_statement()
            self.check()

    def end_statement(self) -> None:
        """Record that a statement ended."""
        self._executing = False
        if self._waiting_since is not None:
            self._waited += time.monotonic() - self._waiting_since
            self._waiting_since = None

    def _free(self) -> None:
        """Interrupt the call's statement until it ends, then end its transactions."""
        until = time.monotonic() + LONGEST_INTERRUPTING
        while self._interrupt() and self._executing and time.monotonic() < until:
            time.sleep(INTERRUPT_EVERY)
        with self._lock:
            for connection in self._held.values():
                with suppress(Exception):  # its own thread may have closed it by itself
                    _end_transaction(connection)

    def _interrupt(self) -> bool:
        """Interrupt SQLite's statements; whether there are connections where that is of use."""
        with self._lock:
            found = [one for one in self._held.values() if isinstance(one, sqlite3.Connection)]
            for connection in found:
                with suppress(sqlite3.Error):
                    connection.interrupt()
        return bool(found)


def _end_transaction(connection: Any) -> None:
    """End the transaction of a connection that another thread uses."""
    if isinstance(connection, sqlite3.Connection):
        connection.rollback()
        return
    with suppress(Exception):  # a server that is gone has no statement to cancel
        connection.cancel_safe(timeout=CANCEL_SECONDS)
    with socket.socket(fileno=os.dup(connection.pgconn.socket)) as twin:
        twin.shutdown(socket.SHUT_RDWR)


def _current() -> CallConnections | None:
    return getattr(_thread, "call", None)


@event.listens_for(Pool, "checkout")
def _check_out(connection: Any, entry: ConnectionPoolEntry, proxy: Any) -> None:
    del proxy
    call = _current()
    if call is not None:
        call.hold(entry, connection)
        entry.info[_CALL] = call


@event.listens_for(Pool, "reset")
def _reset(connection: Any, entry: ConnectionPoolEntry, state: Any) -> None:
    del connection, state
    _release(entry)


@event.listens_for(Pool, "invalidate")
def _invalidate(connection: Any, entry: ConnectionPoolEntry, error: Any) -> None:
    del connection, error
    _release(entry)


def _release(entry: ConnectionPoolEntry | None) -> None:
    call: CallConnections | None = entry.info.pop(_CALL, None) if entry is not None else None
    if entry is not None and call is not None:
        call.release(entry)


@event.listens_for(Engine, "do_connect")
def _connect(dialect: Any, entry: Any, arguments: Any, options: Any) -> Any:
    """Count the time that a plugin call waits for a new connection; `None` connects as usual."""
    del entry
    call = _current()
    if call is None:
        return None
    call.begin_statement(waits=True)
    try:
        return dialect.connect(*arguments, **options)
    finally:
        call.end_statement()


@event.listens_for(Engine, "before_cursor_execute")
def _begin(connection: Connection, *_: Any) -> None:
    call = _current()
    if call is not None:
        call.begin_statement(waits=connection.dialect.name == "sqlite")


@event.listens_for(Engine, "after_cursor_execute")
def _end(connection: Connection, cursor: Any, *_: Any) -> None:
    """Undo a statement that had begun just before its call was abandoned."""
    del connection
    call = _current()
    if call is None:
        return
    call.end_statement()
    try:
        call.check()
    except Abandoned:
        with suppress(Exception):
            cursor.connection.rollback()
        raise


@event.listens_for(Engine, "handle_error")
def _fail(context: Any) -> None:
    del context
    call = _current()
    if call is not None:
        call.end_statement()


@event.listens_for(Engine, "commit")
def _commit(connection: Connection) -> None:
    """Refuse the commit of an abandoned call."""
    del connection
    call = _current()
    if call is not None:
        call.check()
