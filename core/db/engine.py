"""The Flask-SQLAlchemy extension (engines, metadata) and what SQLite needs to be safe."""

import sqlite3
from typing import Any

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event
from sqlalchemy.engine import Engine

from core.db.base import Base
from core.outages.retrying import LOCK_WAIT

# Models derive from our own `Base` (typed columns); the extension owns engines and their settings.
db = SQLAlchemy(metadata=Base.metadata, disable_autonaming=True)

# How long one statement waits for other writers.
BUSY_MS = int(LOCK_WAIT * 1000)
# A thread has one connection, and one more while the plugins of a page that has written work in a
# thread of their own (core.db.idle); the default of 8 threads needs 16. There is no limit: threads
# bound them, and one below could only have threads wait for each other.
POOL: dict[str, Any] = {"pool_size": 16, "max_overflow": -1}


def init_database(app: Flask, url: str) -> None:
    """Bind the extension to one database."""
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    kind: dict[str, Any] = (
        {"connect_args": {"check_same_thread": False}}
        if url.startswith("sqlite")
        else {
            "pool_pre_ping": True,
            "connect_args": {"options": f"-c lock_timeout={BUSY_MS}"},
        }
    )
    # Errors go to the log, and values of rows may be personal.
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = POOL | kind | {"hide_parameters": True}
    db.init_app(app)


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection: Any, record: Any) -> None:
    """Write-ahead log, foreign keys, and waiting instead of failing when another writes."""
    del record
    if not isinstance(connection, sqlite3.Connection):
        return
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute(f"PRAGMA busy_timeout={BUSY_MS}")
    cursor.close()
