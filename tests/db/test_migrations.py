"""Every migration, applied to a filled database, keeps rows, triggers, policies and indexes."""

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import text

from core.app import create_app
from core.db.engine import db
from core.db.migrate import current_revision, newest_revision
from core.db.rls import tenant_tables
from core.settings import Settings
from core.testing.databases import BARE
from core.testing.filling import count_rows, fill_tables
from core.testing.migrating import (
    MigrationRecorder,
    declared_indexes,
    filled_before,
    list_steps,
    load_indexes,
    load_objects,
    upgrade_one,
)

POLICIES = ("scope_read", "scope_add", "scope_change", "scope_remove")


@pytest.fixture
def connection(databases, database_kind, tmp_path):
    """A connection to a database without tables, in an application with all plugins."""
    with databases.fresh(database_kind, tmp_path, BARE) as url:
        app = create_app(
            Settings(data_dir=tmp_path / "data", database_url=url, secret_key="t", testing=True)
        )
        with app.app_context():
            with db.engine.connect() as made:
                yield made
            db.engine.dispose()


@pytest.mark.both_databases
def test_each_step_keeps_what_was_there_and_the_last_has_what_the_models_declare(connection):
    recorder = MigrationRecorder(connection)
    rows = {}
    for chain, revision in list_steps():
        upgrade_one(connection, chain, revision)
        assert load_objects(connection) == recorder.still_declared(), revision
        now = count_rows(connection)
        lost = {
            table: (before, now[table])
            for table, before in rows.items()
            if table in now and now[table] < before and table not in recorder.emptied
        }
        assert lost == {}, revision
        fill_tables(connection)
        rows = count_rows(connection)
        assert [table for table, number in rows.items() if not number] == [], revision
    assert load_indexes(connection) == declared_indexes()
    assert load_objects(connection).triggers
    if connection.dialect.name == "postgresql":
        expected = {(table, policy) for table in tenant_tables() for policy in POLICIES}
        assert load_objects(connection).policies == expected
        assert load_objects(connection).secured == set(tenant_tables())
    else:
        assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
    assert current_revision() == newest_revision()


@pytest.fixture
def before_texts_went(databases, database_kind, tmp_path):
    """A filled database as it was when texts of plugins' exceptions were kept."""
    with filled_before(databases, database_kind, tmp_path, "0018") as made:
        yield made


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("error", "kept"),
    [("KeyError: '欧阳小三'", "KeyError"), ("13812345678", "-"), ("E: 1: 2", "E")],
)
def test_texts_of_exceptions_go(before_texts_went, error, kept):
    connection = before_texts_went
    values = {"error": error, "trace": "0123456789ab\nKeyError: '欧阳小三'"}
    connection.execute(text("UPDATE plugin_fault SET error = :error, trace = :trace"), values)
    connection.commit()
    chain = next(chain for chain, revision in list_steps() if revision == "0018")
    upgrade_one(connection, chain, "0018")
    found = connection.execute(text("SELECT DISTINCT error, trace FROM plugin_fault")).all()
    assert found == [(kept, "0123456789ab")]


def test_a_rebuild_that_loses_a_trigger_is_noticed(connection):
    """What the test above is for: SQLite builds a new table, the old one's trigger is gone."""
    recorder = MigrationRecorder(connection)
    for chain, revision in list_steps():
        upgrade_one(connection, chain, revision)
        if revision == "0003":
            break
    operations = Operations(MigrationContext.configure(connection))
    with operations.batch_alter_table("index_counter", recreate="always"):
        pass
    lost = recorder.still_declared().triggers - load_objects(connection).triggers
    assert lost == {("index_counter", "index_counter_rises")}
