"""What a plugin's tables and migrations must hold to."""

import re
from collections.abc import Iterator
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, MetaData, Table, inspect

from core.authoring.sandbox_app import SandboxApp
from core.db.base import Base, TenantScoped, list_mappers
from core.db.engine import db
from core.db.migrate import alembic_config, chains

# Names of columns that hold something about a person, whatever the plugin calls the person.
_PERSONAL = re.compile(
    r"(^|_)(phone|mobile|telephone|email|id_number|id_card|passport|bank_card|address|birth\w*)(_|$)"
)


def list_tables(sandbox: SandboxApp) -> list[Table]:
    """Return the plugin's tables."""
    prefix = f"{sandbox.plugin.name}_"
    return [table for table in Base.metadata.sorted_tables if table.name.startswith(prefix)]


def unscoped(sandbox: SandboxApp) -> list[str]:
    """Tables that belong to no tenant: nothing would keep one county's rows from another."""
    scoped = {
        mapper.local_table for mapper in list_mappers() if issubclass(mapper.class_, TenantScoped)
    }
    return [table.name for table in list_tables(sandbox) if table not in scoped]


def personal_columns(sandbox: SandboxApp) -> list[str]:
    """Columns that seem to hold something about a person."""
    return [
        f"{table.name}.{column.name}"
        for table in list_tables(sandbox)
        for column in table.columns
        if _PERSONAL.search(column.name)
    ]


def migration_faults(sandbox: SandboxApp) -> Iterator[str]:
    """Go down to before the plugin, and up again; compare with the models at both ends."""
    names = {table.name for table in list_tables(sandbox)}
    if not names:
        return
    folder = sandbox.plugin.folder / "migrations"
    chain = next((one for one in chains() if one.folder == folder), None)
    if chain is None:
        yield "there are tables, but no migrations"
        return
    with db.engine.connect() as connection:
        config = alembic_config(chain, connection)
        yield from _difference(connection, names)
        if fault := _move(command.downgrade, config, "base"):
            yield fault
            return
        left = names & set(inspect(connection).get_table_names())
        if left:
            yield f"going down leaves {', '.join(sorted(left))}"
        if fault := _move(command.upgrade, config, "heads"):
            yield fault
            return
        yield from _difference(connection, names)
        connection.commit()


def _move(step: Any, config: Config, target: str) -> str:
    try:
        step(config, target)
    except Exception as error:  # noqa: BLE001 - whatever the plugin's migration does wrong
        return f"{step.__name__} {target}: {type(error).__name__}: {error}"
    return ""


def _difference(connection: Connection, names: set[str]) -> Iterator[str]:
    """Compare what the migrations make of the plugin's tables with what the models say."""
    own = MetaData(naming_convention=Base.metadata.naming_convention)
    for table in Base.metadata.sorted_tables:
        table.to_metadata(own)
    context = MigrationContext.configure(
        connection,
        opts={
            "compare_type": True,
            "include_name": lambda name, kind, _parents: kind != "table" or name in names,
        },
    )
    for change in compare_metadata(context, own):
        if any(name in str(change) for name in names):
            yield f"models and migrations differ: {change}"[:300]
