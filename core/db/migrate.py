"""Bring the database to the newest schema (Alembic), from the program instead of a shell."""

from typing import TYPE_CHECKING

from core.db.engine import db
from core.resources import resource

if TYPE_CHECKING:  # few commands need Alembic, and it takes a while to load
    from alembic.config import Config


def alembic_config() -> "Config":
    """Alembic's configuration for the bundled migrations."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(resource("migrations")))
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
    """The revision that this program expects."""
    from alembic.script import ScriptDirectory

    script = ScriptDirectory.from_config(alembic_config())
    return ",".join(sorted(script.get_heads()))
