"""Tell what keeps a database or disk from working for a while from what is wrong with a statement.

Nothing of a transaction that ends so is stored.
"""

import errno
import sqlite3
from collections.abc import Iterator
from enum import StrEnum

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

_PRIMARY = 0xFF  # SQLite's extended codes carry the primary one in their last byte
_SQLITE_BUSY = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
_SQLITE_DOWN = frozenset({
    sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CORRUPT,
})  # fmt: skip
# Serialization failure, deadlock, lock timeout; https://www.postgresql.org/docs/current/errcodes-appendix.html
_POSTGRESQL_BUSY = frozenset({"40001", "40P01", "55P03"})
_POSTGRESQL_FULL = "53100"
# Connection lost or refused, too few resources, shutting down, read-only, broken files.
_POSTGRESQL_DOWN = ("08", "53", "57P", "25006", "58")
_DISK_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


class Outage(StrEnum):
    """Why nothing can be stored now."""

    BUSY = "busy"
    FULL = "full"
    DOWN = "down"


def find_outage(error: BaseException) -> Outage | None:
    """Return what keeps the database or the disk from working; `None` for any other fault."""
    for each in _with_causes(error):
        found = _classify(each)
        if found is not None:
            return found
    return None


def _with_causes(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    following: BaseException | None = error
    while following is not None and id(following) not in seen:
        seen.add(id(following))
        yield following
        following = following.__cause__ or following.__context__


def _classify(error: BaseException) -> Outage | None:
    if isinstance(error, PoolTimeout):
        return Outage.BUSY
    if isinstance(error, OSError) and error.errno in _DISK_FULL:
        return Outage.FULL
    if not isinstance(error, DBAPIError):
        return None
    if isinstance(error.orig, sqlite3.Error):
        return _classify_sqlite(getattr(error.orig, "sqlite_errorcode", 0) & _PRIMARY)
    return _classify_postgresql(getattr(error.orig, "sqlstate", None), error)


def _classify_sqlite(code: int) -> Outage | None:
    if code in _SQLITE_BUSY:
        return Outage.BUSY
    if code == sqlite3.SQLITE_FULL:
        return Outage.FULL
    return Outage.DOWN if code in _SQLITE_DOWN else None


def _classify_postgresql(state: str | None, error: DBAPIError) -> Outage | None:
    if state is None:  # no answer of the server's
        return Outage.DOWN if error.connection_invalidated or _is_lost(error) else None
    if state in _POSTGRESQL_BUSY:
        return Outage.BUSY
    if state == _POSTGRESQL_FULL:
        return Outage.FULL
    return Outage.DOWN if state.startswith(_POSTGRESQL_DOWN) else None


def _is_lost(error: DBAPIError) -> bool:
    """Return whether the server could not be reached: the driver then knows no state."""
    return type(error.orig).__name__ in {"OperationalError", "ConnectionTimeout"}
