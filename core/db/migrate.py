"""Bring the database to the newest schema (Alembic), from the program instead of a shell."""

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from core.db.engine import db
from core.resources import resource


def alembic_config() -> Config:
    """Alembic's configuration for the bundled migrations."""
    config = Config()
    config.set_main_option("script_location", str(resource("migrations")))
    return config


def upgrade_database() -> str:
    """Apply all pending migrations; return the revision reached. Needs an application context."""
    config = alembic_config()
    with db.engine.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "heads")
        connection.commit()
    return current_revision()


def current_revision() -> str:
    """The revision the database is at, or an empty string."""
    with db.engine.connect() as connection:
        return ",".join(sorted(MigrationContext.configure(connection).get_current_heads()))


def newest_revision() -> str:
    """The revision that this program expects."""
    script = ScriptDirectory.from_config(alembic_config())
    return ",".join(sorted(script.get_heads()))
