"""Installations to be measured: applications on a database, their page cache off."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from sqlalchemy import text

from core.app import create_app
from core.db.engine import db
from core.settings import Settings

WARM, UNCACHED = {"GONGKAI_PAGE_CACHE": "on"}, {"GONGKAI_PAGE_CACHE": "off"}


def bench_settings(folder: Path, url: str = "") -> Settings:
    """Return settings of an installation in a folder; by default its database is SQLite there."""
    return Settings(
        data_dir=folder / "data",
        database_url=url or f"sqlite:///{folder / 'gongkai.sqlite3'}",
        secret_key="key-of-the-tests",
    )


def create_uncached(folder: Path, url: str = "") -> Flask:
    """Build an application that keeps no pages."""
    return create_app(bench_settings(folder, url).changed(page_cache="off"))


@contextmanager
def uncached_application(folder: Path, url: str = "") -> Iterator[Flask]:
    """Enter the context of an application that keeps no pages."""
    app = create_uncached(folder, url)
    with app.app_context():
        yield app
        db.engine.dispose()


def analyze() -> None:
    """Have the database learn how its rows are spread."""
    with db.engine.connect() as connection:
        connection.execute(text("ANALYZE"))
        connection.commit()
