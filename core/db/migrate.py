"""Bring the database to the newest schema (Alembic), from the program instead of a shell.

The core's migrations are one chain, each plugin's another, each with a version table of its own.
So a plugin that is taken away leaves its tables and their version behind, the core goes on, and
the plugin finds everything as it was when it comes back.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Flask, current_app
from sqlalchemy import Connection

from core.db.engine import db
from core.log.logger import get_logger
from core.settings import resource

if TYPE_CHECKING:  # few commands need Alembic, and it takes a while to load
    from alembic.config import Config

_CHAINS = "migrations"
CORE_TABLE = "alembic_version"

log = get_logger("gongkai.db")


@dataclass(frozen=True, slots=True)
class Chain:
    """A row of migrations, and the table that says how far the database has followed it."""

    folder: Path
    version_table: str


def add_plugin_chain(app: Flask, name: str, folder: Path) -> None:
    """Let the application's database follow a plugin's migrations, after those before it."""
    chain = Chain(folder, f"{name}_{CORE_TABLE}")
    app.extensions.setdefault(_CHAINS, []).append(chain)


def chains() -> Iterator[Chain]:
    """List the core's chain, then the plugins', those that others require first."""
    yield Chain(resource("migrations", "versions"), CORE_TABLE)
    yield from current_app.extensions.get(_CHAINS, ())


def alembic_config(chain: Chain, connection: Connection | None = None) -> "Config":
    """Alembic's configuration for one chain; with a connection, ready to migrate."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(resource("migrations")))
    config.set_main_option("path_separator", "os")
    config.set_main_option("version_locations", str(chain.folder))
    config.attributes["connection"] = connection
    config.attributes["version_table"] = chain.version_table
    return config


def upgrade_database() -> str:
    """Apply all pending migrations; return the revision reached. Needs an application context.

    What is wrong with the core's is raised; a plugin's failure is its own, and is logged.
    """
    for chain in chains():
        try:
            _upgrade(chain)
        except Exception:
            if chain.version_table == CORE_TABLE:
                raise
            log.exception("migrations of a plugin failed", folder=str(chain.folder))
    return current_revision()


def _upgrade(chain: Chain) -> None:
    from alembic import command

    with db.engine.connect() as connection:
        command.upgrade(alembic_config(chain, connection), "heads")
        connection.commit()


def current_revision() -> str:
    """Return the revisions the database is at, the core's first, or an empty string."""
    from alembic.runtime.migration import MigrationContext

    heads: list[str] = []
    with db.engine.connect() as connection:
        for chain in chains():
            options = {"version_table": chain.version_table}
            context = MigrationContext.configure(connection, opts=options)
            heads += sorted(context.get_current_heads())
    return ",".join(heads)


def newest_revision() -> str:
    """Return the revisions that this program expects, the core's first."""
    return ",".join(head for chain in chains() for head in _heads_of(chain))


def _heads_of(chain: Chain) -> list[str]:
    from alembic.script import ScriptDirectory

    try:
        return sorted(ScriptDirectory.from_config(alembic_config(chain)).get_heads())
    except Exception as error:
        if chain.version_table == CORE_TABLE:
            raise
        return [f"{chain.folder.parent.name}: {error}"]
