"""Bring the database to the newest schema (Alembic), from the program instead of a shell."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Flask, current_app

from core.db.engine import db
from core.resources import resource

if TYPE_CHECKING:  # few commands need Alembic, and it takes a while to load
    from collections.abc import Iterator

    from alembic.config import Config
    from alembic.script import Script, ScriptDirectory


_FOLDERS = "migrations"


def add_version_folder(app: Flask, folder: Path) -> None:
    """Let the application's database follow the migrations of a plugin, a branch of their own."""
    app.extensions.setdefault(_FOLDERS, []).append(folder)


def alembic_config() -> "Config":
    """Alembic's configuration for the bundled migrations and those of the plugins."""
    from alembic.config import Config

    config = Config()
    folders = [resource("migrations", "versions"), *current_app.extensions.get(_FOLDERS, ())]
    config.set_main_option("script_location", str(resource("migrations")))
    config.set_main_option("path_separator", "os")
    config.set_main_option("version_locations", os.pathsep.join(map(str, folders)))
    return config


def upgrade_database() -> str:
    """Apply all pending migrations; return the revision reached. Needs an application context."""
    from alembic import command

    config = alembic_config()
    with db.engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "heads")
        connection.commit()
    return current_revision()


def current_revision() -> str:
    """The revision the database is at, or an empty string."""
    from alembic.runtime.migration import MigrationContext

    with db.engine.connect() as connection:
        return ",".join(sorted(MigrationContext.configure(connection).get_current_heads()))


def newest_revision() -> str:
    """The revision that this program expects: every branch's newest that no other one implies."""
    from alembic.script import ScriptDirectory

    script = ScriptDirectory.from_config(alembic_config())
    heads = script.get_revisions(script.get_heads())
    implied = {
        step.revision
        for head in heads
        for step in _all_before(script, head)
        if step.revision != head.revision
    }
    return ",".join(sorted(head.revision for head in heads if head.revision not in implied))


def _all_before(script: "ScriptDirectory", start: "Script") -> "Iterator[Script]":
    """A revision and everything that must have been applied before it."""
    queue, seen = [start], set[str]()
    while queue:
        step = queue.pop()
        if step.revision in seen:
            continue
        seen.add(step.revision)
        yield step
        named = (*_as_tuple(step.down_revision), *_as_tuple(step.dependencies))
        queue.extend(found for name in named for found in script.get_revisions(name))


def _as_tuple(names: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    if names is None:
        return ()
    return (names,) if isinstance(names, str) else tuple(names)
