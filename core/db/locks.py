"""Locks among processes that need no clock, and that the end of a process frees, whatever ends it.

On PostgreSQL they are advisory locks of a connection of their own, and hold over machines; beside
SQLite, which is on one machine, they are locked files in the data folder.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from typing import Protocol

from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from core.db.engine import db
from core.settings import current_settings

LOOK_EVERY = 0.05


class ProcessLock(Protocol):
    """A lock that is held."""

    def is_held(self) -> bool:
        """Return whether it still is: a connection may have been lost."""

    def release(self) -> None:
        """Free the lock."""


class _FileLock:
    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def is_held(self) -> bool:
        return True

    def release(self) -> None:
        os.close(self._descriptor)


class _ConnectionLock:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def is_held(self) -> bool:
        try:
            self._connection.execute(text("SELECT 1"))
            self._connection.commit()
        except SQLAlchemyError:
            return False
        return True

    def release(self) -> None:
        with suppress(SQLAlchemyError):  # a connection that is gone holds nothing
            self._connection.close()


def try_lock(name: str, *, here: bool = False) -> ProcessLock | None:
    """Take a lock unless another process, or another call, holds it; `here`: on this machine."""
    if not here and db.engine.dialect.name == "postgresql":
        return _try_connection(name)
    return _try_file(name)


@contextmanager
def held_lock(name: str, *, wait: float = 0.0, here: bool = False) -> Iterator[bool]:
    """Hold a lock inside the block; yields whether it was got within `wait` seconds."""
    ends = time.monotonic() + wait
    lock = try_lock(name, here=here)
    while lock is None and time.monotonic() < ends:
        time.sleep(LOOK_EVERY)
        lock = try_lock(name, here=here)
    try:
        yield lock is not None
    finally:
        if lock is not None:
            lock.release()


def _try_file(name: str) -> ProcessLock | None:
    folder = current_settings().data_dir / "locks"
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder / name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        return None
    return _FileLock(descriptor)


def _try_connection(name: str) -> ProcessLock | None:
    number = int.from_bytes(sha256(f"gongkai:{name}".encode()).digest()[:8], signed=True)
    connection = db.engine.connect()
    connection.detach()  # closing it ends the lock; the pool would keep it
    got = connection.execute(text("SELECT pg_try_advisory_lock(:number)"), {"number": number})
    is_mine = bool(got.scalar())
    connection.commit()
    if not is_mine:
        connection.close()
        return None
    return _ConnectionLock(connection)
