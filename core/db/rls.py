"""Rules below the ORM: row-level security on PostgreSQL, and triggers on both databases.

Row-level security is the scope rule a second time.

`core.db.scope` hands `gongkai.reach` and `gongkai.path` to each transaction and takes the role
`gongkai_app`, which owns nothing and cannot bypass the policies.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection, text

from core.db.base import Inherited, TenantScoped, list_mappers

ROLE = "gongkai_app"
_REACH = "current_setting('gongkai.reach', true)"
_PATH = "current_setting('gongkai.path', true)"
_CHAIN = f"string_to_array(trim(both '/' from {_PATH}), '/')::integer[]"
_SELF = f"tenant_id = (SELECT ({_CHAIN})[array_upper({_CHAIN}, 1)])"
_SUBTREE = f"path >= {_PATH} AND path < left({_PATH}, -1) || '0'"
_BELOW = f"tenant_id IN (SELECT id FROM tenant WHERE {_SUBTREE})"  # noqa: S608 - constants
_ABOVE = f"tenant_id = ANY((SELECT {_CHAIN})::integer[])"
_WRITE = (
    f"({_REACH} = 'platform' OR ({_REACH} = 'own' AND {_SELF}) "
    f"OR ({_REACH} = 'subtree' AND {_BELOW}))"
)


def _read(*, inherited: bool) -> str:
    above = f"{_REACH} IN ('own', 'subtree', 'public')" if inherited else f"{_REACH} = 'public'"
    public = f"({_REACH} = 'public' AND {_BELOW})"
    return f"({_WRITE} OR {public} OR ({above} AND {_ABOVE}))"


def tenant_tables() -> dict[str, bool]:
    """Names of the tenants' tables, and whether those below may read their rows."""
    return {
        mapper.local_table.name: issubclass(mapper.class_, Inherited)  # type: ignore[attr-defined]
        for mapper in list_mappers()
        if issubclass(mapper.class_, TenantScoped)
    }


def role_statements() -> Iterator[str]:
    """Make the application role once per server and let the present user take it."""
    yield (
        f"DO $$ BEGIN CREATE ROLE {ROLE} NOLOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$"
    )
    yield f"GRANT {ROLE} TO CURRENT_USER"
    yield f"GRANT USAGE ON SCHEMA public TO {ROLE}"
    for kind, rights in (("TABLES", "SELECT, INSERT, UPDATE, DELETE"), ("SEQUENCES", "USAGE")):
        yield f"GRANT {rights} ON ALL {kind} IN SCHEMA public TO {ROLE}"
        yield f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT {rights} ON {kind} TO {ROLE}"


def policy_statements(table: str, *, inherited: bool) -> Iterator[str]:
    """Policies of one tenant's table."""
    yield f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"
    yield f"CREATE POLICY scope_read ON {table} FOR SELECT USING ({_read(inherited=inherited)})"
    yield f"CREATE POLICY scope_add ON {table} FOR INSERT WITH CHECK ({_WRITE})"
    yield f"CREATE POLICY scope_change ON {table} FOR UPDATE USING ({_WRITE}) WITH CHECK ({_WRITE})"
    yield f"CREATE POLICY scope_remove ON {table} FOR DELETE USING ({_WRITE})"


def enforce(connection: Connection, tables: dict[str, bool]) -> None:
    """Enforce the scope rule on these tables; other databases have no such thing."""
    if connection.dialect.name != "postgresql":
        return
    for statement in role_statements():
        connection.execute(text(statement))
    for table, inherited in tables.items():
        for statement in policy_statements(table, inherited=inherited):
            connection.execute(text(statement))


@dataclass(frozen=True, slots=True)
class RowRule:
    """Refuse an event on a row while the condition holds, in words of both databases."""

    name: str
    table: str
    event: Literal["INSERT", "UPDATE", "DELETE"]
    condition: str
    message: str


def add_row_rule(connection: Connection, rule: RowRule) -> None:
    """Make the trigger of a rule."""
    trigger = f"CREATE TRIGGER {rule.name} BEFORE {rule.event} ON {rule.table}"
    if connection.dialect.name != "postgresql":
        refusal = f"SELECT RAISE(ABORT, '{rule.message}');"
        connection.execute(text(f"{trigger} WHEN {rule.condition} BEGIN {refusal} END"))
        return
    row = "OLD" if rule.event == "DELETE" else "NEW"
    body = (
        f"IF ({rule.condition}) THEN RAISE EXCEPTION '{rule.message}' "
        f"USING ERRCODE = 'check_violation'; END IF; RETURN {row};"
    )
    connection.execute(
        text(
            f"CREATE FUNCTION {rule.name}() RETURNS trigger LANGUAGE plpgsql "
            f"AS $$ BEGIN {body} END $$"
        )
    )
    connection.execute(text(f"{trigger} FOR EACH ROW EXECUTE FUNCTION {rule.name}()"))


def drop_row_rule(connection: Connection, rule: RowRule) -> None:
    """Drop the trigger of a rule."""
    if connection.dialect.name != "postgresql":
        connection.execute(text(f"DROP TRIGGER {rule.name}"))
        return
    connection.execute(text(f"DROP TRIGGER {rule.name} ON {rule.table}"))
    connection.execute(text(f"DROP FUNCTION {rule.name}()"))
