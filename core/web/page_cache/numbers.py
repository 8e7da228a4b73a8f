"""What this process knows of the versions of places: a hint over the database.

SQLite says in microseconds whether anything was committed since (`PRAGMA data_version` of a
connection of its own), so there the hint is never old. PostgreSQL is asked again after half a
second, and at once where this process itself committed a change.

A number may be older than what is read after it, never newer: numbers are read before a page is
made, so a page that is kept under them is made again once they are seen to differ.
"""

import os
import sqlite3
import time
from collections.abc import Iterable, Mapping
from threading import Lock
from typing import Any, Protocol

from sqlalchemy import Engine, bindparam, select

from core.db.engine import BUSY_MS
from core.db.tree import Tenant, ids_on
from core.db.versions import SELECT_VERSIONS, count_raises

Numbers = tuple[int, int]
FRESH_SECONDS = 0.5
MOST_KNOWN = 200_000
_NONE: Numbers = (0, 0)
_SQLITE_VERSIONS = "SELECT place_id, own, subtree FROM page_version WHERE place_id IN"
_PATH = select(Tenant.path).where(Tenant.division_code == bindparam("code"))


class KnownNumbers(Protocol):
    """The numbers of places, as a process knows them."""

    def load(self, ids: Iterable[int]) -> Mapping[int, Numbers]:
        """Return the numbers of these places (own, subtree), among others."""

    def find_chain(self, code: str) -> tuple[int, ...]:
        """Return the ids from the root to the place of a code, read from the database."""


def build_numbers(engine: Engine) -> KnownNumbers:
    """Return the numbers as this kind of database tells them."""
    if engine.dialect.name == "sqlite":
        return SqliteNumbers(engine.url.database or "")
    return PolledNumbers(engine)


class SqliteNumbers:
    """Numbers of an SQLite file, exact at each request."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._lock = Lock()
        self._connection: sqlite3.Connection | None = None
        self._owner = 0
        self._data_version = -1
        self._known: dict[int, Numbers] = {}

    def load(self, ids: Iterable[int]) -> Mapping[int, Numbers]:
        """Return the numbers of these places, asked for where anything was committed since."""
        with self._lock:
            connection = self._connect()
            version = connection.execute("PRAGMA data_version").fetchone()[0]
            if version != self._data_version or len(self._known) > MOST_KNOWN:
                self._known, self._data_version = {}, version
            missing = [each for each in ids if each not in self._known]
            if missing:
                self._known.update(dict.fromkeys(missing, _NONE))
                marks = ",".join("?" * len(missing))
                query = f"{_SQLITE_VERSIONS} ({marks})"
                for place, own, subtree in connection.execute(query, missing):
                    self._known[place] = (own, subtree)
            return self._known

    def find_chain(self, code: str) -> tuple[int, ...]:
        """Return the ids from the root to the place of a code."""
        query = "SELECT path FROM tenant WHERE division_code = ?"
        with self._lock:
            row = self._connect().execute(query, (code,)).fetchone()
        return ids_on(row[0]) if row else ()

    def _connect(self) -> sqlite3.Connection:
        """Return the connection of this process; one that was forked away is not used."""
        if self._connection is None or self._owner != os.getpid():
            self._connection = sqlite3.connect(
                self._file, timeout=BUSY_MS / 1000, isolation_level=None, check_same_thread=False
            )
            self._owner, self._data_version = os.getpid(), -1
        return self._connection


class PolledNumbers:
    """Numbers of a database server, at most half a second old."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._known: dict[int, Numbers] = {}
        self._read_at: dict[int, float] = {}
        self._raises = 0

    def load(self, ids: Iterable[int]) -> Mapping[int, Numbers]:
        """Return the numbers of these places, asked for again after half a second."""
        raises, started = count_raises(), time.monotonic()
        if raises != self._raises or len(self._known) > MOST_KNOWN:
            self._known, self._read_at, self._raises = {}, {}, raises
        known, read_at = self._known, self._read_at
        oldest = started - FRESH_SECONDS
        old = [each for each in ids if read_at.get(each, oldest) <= oldest]
        if old:
            numbers = dict.fromkeys(old, _NONE) | self._read(old)
            known.update(numbers)
            read_at.update(dict.fromkeys(old, started))
        return known

    def find_chain(self, code: str) -> tuple[int, ...]:
        """Return the ids from the root to the place of a code."""
        rows = self._execute(_PATH, {"code": code})
        return ids_on(rows[0][0]) if rows else ()

    def _read(self, ids: list[int]) -> dict[int, Numbers]:
        rows = self._execute(SELECT_VERSIONS, {"ids": ids})
        return {place: (own, subtree) for place, own, subtree in rows}

    def _execute(self, statement: Any, values: dict[str, Any]) -> list[Any]:
        with self._engine.connect() as connection:
            return list(connection.execute(statement, values))
