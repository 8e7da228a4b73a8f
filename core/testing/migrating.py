"""Follow migrations step by step, and compare what the database has with what was declared.

SQLite changes a table by building a new one, and the triggers of the old one are gone unless the
migration makes them anew: nothing would fail, and a rule would hold no longer.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, event, inspect, text

from core.app import create_app
from core.db.base import Base
from core.db.engine import db
from core.db.migrate import Chain, alembic_config, chains
from core.settings import Settings
from core.testing.databases import BARE, Databases
from core.testing.filling import fill_tables

Named = tuple[str, str]  # a table, and the name of what belongs to it


@dataclass
class SchemaObjects:
    """What belongs to tables beside their columns; `secured` have row-level security on."""

    triggers: set[Named] = field(default_factory=set)
    policies: set[Named] = field(default_factory=set)
    secured: set[str] = field(default_factory=set)


def load_objects(connection: Connection) -> SchemaObjects:
    """Load the triggers and policies that the database has."""
    if connection.dialect.name == "sqlite":
        query = "SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger'"
        return SchemaObjects(triggers=_pairs(connection, query))
    return SchemaObjects(
        triggers=_pairs(
            connection,
            "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE NOT tgisinternal",
        ),
        policies=_pairs(connection, "SELECT tablename, policyname FROM pg_policies"),
        secured=set(connection.scalars(text("SELECT relname FROM pg_class WHERE relrowsecurity"))),
    )


def _pairs(connection: Connection, query: str) -> set[Named]:
    return {(table, name) for table, name in connection.execute(text(query))}


def load_indexes(connection: Connection) -> set[tuple[str, str, bool, tuple[Any, ...]]]:
    """Load the indexes that are not made by a constraint: table, name, unique, columns."""
    inspector = inspect(connection)
    return {
        (table, str(index["name"]), bool(index["unique"]), tuple(index["column_names"]))
        for table in inspector.get_table_names()
        for index in inspector.get_indexes(table)
        if "duplicates_constraint" not in index
    }


def declared_indexes() -> set[tuple[str, str, bool, tuple[Any, ...]]]:
    """Return the indexes of the models, in the same form."""
    return {
        (table.name, str(index.name), index.unique, tuple(column.name for column in index.columns))
        for table in Base.metadata.tables.values()
        for index in table.indexes
    }


_CREATE_TRIGGER = re.compile(
    r'CREATE (?:CONSTRAINT )?TRIGGER "?(\w+)"? .*?\bON "?(\w+)"?', re.DOTALL
)
_DROP_TRIGGER = re.compile(r'DROP TRIGGER (?:IF EXISTS )?"?(\w+)"?')
_CREATE_POLICY = re.compile(r'CREATE POLICY "?(\w+)"? ON "?(\w+)"?')
_DROP_POLICY = re.compile(r'DROP POLICY (?:IF EXISTS )?"?(\w+)"? ON "?(\w+)"?')
_SECURE = re.compile(r'ALTER TABLE "?(\w+)"? (ENABLE|DISABLE) ROW LEVEL SECURITY')
_RENAME_TABLE = re.compile(r'ALTER TABLE "?(\w+)"? RENAME TO "?(\w+)"?')
_DELETE = re.compile(r'DELETE FROM "?(\w+)"?')


class MigrationRecorder:
    """What the statements of migrations say there should be.

    Only a statement that names a trigger or a policy takes it away: one that goes with the old
    table of a rebuild is still declared. `emptied` are tables whose rows were deleted on purpose.
    """

    def __init__(self, connection: Connection) -> None:
        self.declared = SchemaObjects()
        self.emptied: set[str] = set()
        self._connection = connection
        event.listen(connection, "before_cursor_execute", self._record)

    def _record(self, _connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        declared = self.declared
        words = statement.strip()
        if found := _CREATE_TRIGGER.match(words):
            declared.triggers.add((found[2], found[1]))
        elif found := _DROP_TRIGGER.match(words):
            gone = found[1]
            declared.triggers -= {each for each in declared.triggers if each[1] == gone}
        elif found := _CREATE_POLICY.match(words):
            declared.policies.add((found[2], found[1]))
        elif found := _DROP_POLICY.match(words):
            declared.policies.discard((found[2], found[1]))
        elif found := _SECURE.match(words):
            change = declared.secured.add if found[2] == "ENABLE" else declared.secured.discard
            change(found[1])
        elif found := _RENAME_TABLE.match(words):
            self._rename(found[1], found[2])
        elif found := _DELETE.match(words):
            self.emptied.add(found[1])

    def _rename(self, old: str, new: str) -> None:
        def moved(named: set[Named]) -> set[Named]:
            return {(new if table == old else table, name) for table, name in named}

        declared = self.declared
        secured = {new if table == old else table for table in declared.secured}
        self.declared = SchemaObjects(moved(declared.triggers), moved(declared.policies), secured)

    def still_declared(self) -> SchemaObjects:
        """Return what is declared for tables that there are; a dropped table takes its own along.

        A rebuilt table is there again by then.
        """
        tables = set(inspect(self._connection).get_table_names())
        declared = self.declared
        return SchemaObjects(
            {each for each in declared.triggers if each[0] in tables},
            {each for each in declared.policies if each[0] in tables},
            declared.secured & tables,
        )


def list_steps() -> Iterator[tuple[Chain, str]]:
    """List every revision of every chain, the core's first, each the one after the other."""
    from alembic.script import ScriptDirectory

    for chain in chains():
        script = ScriptDirectory.from_config(alembic_config(chain))
        for revision in reversed(list(script.walk_revisions())):
            yield chain, revision.revision


def upgrade_one(connection: Connection, chain: Chain, revision: str) -> None:
    """Apply one revision, as the program does."""
    from alembic import command

    command.upgrade(alembic_config(chain, connection), revision)
    connection.commit()


def downgrade_one(connection: Connection, chain: Chain) -> None:
    """Take back the last revision of a chain."""
    from alembic import command

    command.downgrade(alembic_config(chain, connection), "-1")
    connection.commit()


@contextmanager
def filled_before(
    databases: Databases, kind: str, folder: Path, revision: str
) -> Iterator[Connection]:
    """Migrate a database up to just before a revision, filling all tables at each step."""
    with databases.fresh(kind, folder, BARE) as url:
        settings = Settings(
            data_dir=folder / "data", database_url=url, secret_key="tests", testing=True
        )
        with create_app(settings).app_context(), db.engine.connect() as connection:
            for chain, step in list_steps():
                if step == revision:
                    break
                upgrade_one(connection, chain, step)
                fill_tables(connection)
            yield connection
            connection.close()
            db.engine.dispose()
