"""Alembic environment: runs on the connection that the program hands over."""

from alembic import context

import core.models  # noqa: F401 - every table is known to the metadata
from core.db.base import Base

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    version_table=context.config.attributes["version_table"],
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
