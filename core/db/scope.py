"""Sessions that carry one tenant scope, fixed when they open; without one, nothing is read.

A query on a tenant's table is narrowed here to the tenants of the session's scope. On PostgreSQL
row-level security (migrations) enforces the same rule a second time, from the same values.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from typing import Any, cast
from weakref import WeakKeyDictionary

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Table,
    bindparam,
    event,
    false,
    or_,
    select,
    text,
    true,
)
from sqlalchemy.orm import (
    Mapper,
    ORMExecuteState,
    Session,
    SessionTransaction,
    with_loader_criteria,
)
from sqlalchemy.sql.visitors import iterate

from core.db.base import Base, Inherited, TenantScoped, list_mappers
from core.db.engine import db
from core.db.idle import CONNECTION, note_end, note_flush, note_statement, release_idle, track
from core.db.tree import Tenant, between, ids_on, path_end


class UnscopedQuery(RuntimeError):  # noqa: N818 - named for what it reports
    """A tenant's table was read or written in a session without a scope: a programming error."""


class ScopeViolation(RuntimeError):  # noqa: N818 - named for what it reports
    """A row outside the session's scope was about to be written."""


class Reach(StrEnum):
    OWN = "own"
    PUBLIC = "public"
    SUBTREE = "subtree"
    PLATFORM = "platform"


@dataclass(frozen=True, slots=True)
class Scope:
    """Which tenants' rows a session may read and write.

    `path` is the tenant's materialised path (`/1/5/77/`); the ids on it are the tenant and those
    above. `purpose` names why a wide scope was opened.
    """

    reach: Reach
    path: str = ""
    purpose: str = ""

    @classmethod
    def own(cls, tenant: Tenant) -> "Scope":
        """Reach the tenant's rows, and the inherited rows of those above it."""
        return cls(Reach.OWN, tenant.path)

    @classmethod
    def public(cls, tenant: Tenant) -> "Scope":
        """Read only: the tenant, those above and everything below; pages filter by state."""
        return cls(Reach.PUBLIC, tenant.path)

    @classmethod
    def subtree(cls, tenant: Tenant, purpose: str) -> "Scope":
        """Reach the tenant and everything below it, for a named purpose."""
        return cls(Reach.SUBTREE, tenant.path, purpose)

    @classmethod
    def platform(cls, purpose: str) -> "Scope":
        """Everything, for a named purpose (operator, jobs)."""
        return cls(Reach.PLATFORM, "", purpose)

    @property
    def chain(self) -> tuple[int, ...]:
        """Ids from the root to the tenant itself."""
        return ids_on(self.path)

    @property
    def tenant_id(self) -> int:
        """Id of the tenant that the scope was opened for."""
        return self.chain[-1]


Values = Mapping[str, Any]
Condition = Callable[[type[TenantScoped]], ColumnElement[bool]]


def _named() -> Values:
    """Return what a scope stands for in a condition, as parameters.

    Statements that read name these instead of holding the values: so a statement is narrowed and
    compiled once, not once for each tenant. Each condition has parameters of its own, since the
    library compares those that are copies of one with each execution.
    """
    return {
        "scope_from": bindparam("scope_from"),
        "scope_to": bindparam("scope_to"),
        "scope_above": bindparam("scope_above", expanding=True),
        "scope_own": bindparam("scope_own"),
    }


@lru_cache(maxsize=2_000)
def _values(scope: Scope) -> Values:
    """Return the values of the parameters of a scope."""
    return {
        "scope_from": scope.path,
        "scope_to": path_end(scope.path),
        "scope_above": scope.chain[:-1],
        "scope_own": scope.tenant_id,
    }


def readable(reach: Reach, column: Any, values: Values, *, inherited: bool) -> ColumnElement[bool]:
    """Condition on a `tenant_id` column: rows that a scope of this reach may read."""
    if reach is Reach.PLATFORM:
        return true()
    below = between(values["scope_from"], values["scope_to"])
    subtree = column.in_(select(Tenant.id).where(below))
    if reach is Reach.PUBLIC:
        # In this order: the ids below are only collected where the row is of another place.
        own = column == values["scope_own"]
        return or_(own, column.in_(values["scope_above"]), subtree)
    own = column == values["scope_own"] if reach is Reach.OWN else subtree
    return or_(own, column.in_(values["scope_above"])) if inherited else own


def writable(scope: Scope, column: Any) -> ColumnElement[bool]:
    """Condition on a `tenant_id` column: rows that a bulk change in the scope may touch."""
    if scope.reach is Reach.PUBLIC:
        return false()
    # With the values: those of a statement that writes would be taken for new ones of the rows.
    return readable(scope.reach, column, _values(scope), inherited=False)


def _narrow(state: ORMExecuteState) -> None:
    """Add the scope's condition to every statement that mentions a tenant's table."""
    mentioned = _scoped_tables(state.statement)
    if not mentioned:
        return
    scope = _scope_for(state.session, state.statement)
    if scope.reach is Reach.PLATFORM:
        return
    if not (state.is_orm_statement or state.is_relationship_load):
        msg = f"a scope cannot narrow this Core statement, select the model: {state.statement}"
        raise UnscopedQuery(msg)
    if state.is_select:
        state.statement = _narrowed(state.statement, scope.reach)
        own = cast(Values, state.parameters or {})  # what reads takes one set of values
        state.parameters = {**own, **_values(scope)}
    else:
        state.statement = state.statement.options(*_criteria_of_writing(scope, mentioned))


def _scope_for(session: Session, statement: Any) -> Scope:
    """Return the session's scope for a statement that mentions a tenant's table."""
    scope: Scope | None = session.info.get("scope")
    if scope is None:
        msg = f"no tenant scope for {statement}"
        raise UnscopedQuery(msg)
    return scope


def narrow_for(session: Session, statement: Any) -> tuple[Any, Values]:
    """Add the scope's condition to a statement that reads; return it with the scope's values.

    For those who execute it past the session; raises `UnscopedQuery`.
    """
    if not _scoped_tables(statement):
        return statement, {}
    scope = _scope_for(session, statement)
    if scope.reach is Reach.PLATFORM:
        return statement, {}
    return _narrowed(statement, scope.reach), _values(scope)


# What is known of statements that are executed again and again. It ends with the statement: most
# are built for one request, and a cache of the latest would keep hundreds of them, megabytes.
_NARROWED: WeakKeyDictionary[Any, dict[Reach, Any]] = WeakKeyDictionary()
_TABLES: WeakKeyDictionary[Any, frozenset[str]] = WeakKeyDictionary()


def _narrowed(statement: Any, reach: Reach) -> Any:
    """Add its scope's condition to a statement."""
    by_reach = _NARROWED.setdefault(statement, {})
    if reach not in by_reach:
        criteria = _criteria_of_reading(reach, _scoped_tables(statement))
        by_reach[reach] = statement.options(*criteria)
    return by_reach[reach]


def _scoped_tables(statement: Any) -> frozenset[str]:
    """Names of the tenants' tables in a statement, subqueries included."""
    found = _TABLES.get(statement)
    if found is None:
        found = _TABLES[statement] = _find_scoped_tables(statement)
    return found


def _find_scoped_tables(statement: Any) -> frozenset[str]:
    names = _tenant_table_names(len(Base.metadata.tables))
    return frozenset(
        element.name
        for element in iterate(statement)
        if isinstance(element, Table) and element.name in names
    )


@cache
def _tenant_table_names(known_tables: int) -> frozenset[str]:
    """Names of the tenants' tables; asked anew when a plugin has brought more tables."""
    del known_tables
    return frozenset(_table_of(mapper) for mapper in _scoped_mappers())


def forget_tables() -> None:
    """Ask anew which tables there are: some were taken away."""
    _tenant_table_names.cache_clear()
    _reachable.cache_clear()
    _criteria_of_reading.cache_clear()
    _NARROWED.clear()
    _TABLES.clear()


def _table_of(mapper: Mapper[Any]) -> str:
    return cast(Table, mapper.local_table).name


def _scoped_mappers() -> list[Mapper[Any]]:
    return [mapper for mapper in list_mappers() if issubclass(mapper.class_, TenantScoped)]


@cache
def _reachable(table: str) -> frozenset[Mapper[Any]]:
    """Mappers of a table and of what its relationships may load along with it."""
    found = {mapper for mapper in _scoped_mappers() if _table_of(mapper) == table}
    queue = list(found)
    while queue:
        targets = {relation.mapper for relation in queue.pop().relationships}
        fresh = {m for m in targets if issubclass(m.class_, TenantScoped)} - found
        found |= fresh
        queue.extend(fresh)
    return frozenset(found)


@lru_cache(maxsize=500)
def _criteria_of_reading(reach: Reach, tables: frozenset[str]) -> list[Any]:
    """Loader criteria for the mentioned tables; the same for all scopes of a reach."""

    def condition(model: type[TenantScoped]) -> ColumnElement[bool]:
        return readable(reach, model.tenant_id, _named(), inherited=issubclass(model, Inherited))

    return _criteria(tables, condition)


def _criteria_of_writing(scope: Scope, tables: frozenset[str]) -> list[Any]:
    return _criteria(tables, lambda model: writable(scope, model.tenant_id))


def _criteria(tables: frozenset[str], condition: Condition) -> list[Any]:
    mappers = frozenset[Mapper[Any]]().union(*(_reachable(name) for name in tables))
    return [
        with_loader_criteria(mapper.class_, condition(mapper.class_), include_aliases=True)
        for mapper in sorted(mappers, key=lambda mapper: mapper.class_.__name__)
    ]


def _guard_writes(session: Session, *_: Any) -> None:
    """Refuse new, changed and deleted rows outside the scope."""
    rows = [
        row
        for row in (*session.new, *session.dirty, *session.deleted)
        if isinstance(row, TenantScoped)
    ]
    if not rows:
        return
    scope: Scope | None = session.info.get("scope")
    if scope is None:
        msg = f"no tenant scope for writing {rows[0]!r}"
        raise UnscopedQuery(msg)
    if scope.reach is Reach.PLATFORM:
        return
    with session.no_autoflush:
        for row in rows:
            if not _writable(session, scope, row):
                msg = f"{type(row).__name__} of tenant {row.tenant_id} in scope {scope}"
                raise ScopeViolation(msg)


def _writable(session: Session, scope: Scope, row: TenantScoped) -> bool:
    if scope.reach is Reach.PUBLIC:
        return not session.is_modified(row) and row not in session.new
    if row.tenant_id == scope.tenant_id:
        return True
    if scope.reach is Reach.OWN:
        # An inherited row of a tenant above that was only read is no write.
        return row not in session.new and not session.is_modified(row)
    tenant = session.get(Tenant, row.tenant_id)
    return tenant is not None and tenant.path.startswith(scope.path)


def _begin(session: Session, transaction: SessionTransaction, conn: Connection) -> None:
    """Keep the connection of a transaction at hand, and hand the scope to its database."""
    del transaction
    session.info[CONNECTION] = conn
    _tell_database(session, conn)


def _tell_database(session: Session, conn: Connection) -> None:
    """Hand the scope to PostgreSQL's row-level security for this transaction."""
    if conn.dialect.name != "postgresql":
        return
    scope: Scope | None = session.info.get("scope")
    values = {"reach": scope.reach.value if scope else "none", "path": scope.path if scope else ""}
    conn.execute(
        text(
            "SELECT set_config('gongkai.reach', :reach, true), "
            "set_config('gongkai.path', :path, true), set_config('role', 'gongkai_app', true)"
        ),
        values,
    )


class ScopedSession(Session):
    """A session that knows which tenants it may touch, and borrows its thread's connection."""

    def get_bind(self, *arguments: Any, **options: Any) -> Engine | Connection:
        """Return the engine that a statement goes to; asked before each one."""
        release_idle(self)
        return super().get_bind(*arguments, **options)


event.listen(ScopedSession, "do_orm_execute", note_statement)
event.listen(ScopedSession, "before_flush", note_flush)
event.listen(ScopedSession, "after_transaction_end", note_end)
event.listen(ScopedSession, "do_orm_execute", _narrow)
event.listen(ScopedSession, "before_flush", _guard_writes)
event.listen(ScopedSession, "after_begin", _begin)


@contextmanager
def open_session(scope: Scope | None) -> Iterator[Session]:
    """Open a session for one scope; commit at the end, roll back on any error.

    `None` reads directory tables (tenants, users) only. Needs an application context.
    """
    session = new_session(scope)
    try:
        yield session
        session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.close()


def set_scope(session: Session, scope: Scope) -> None:
    """Give a session its scope that was opened without one; what it has loaded it keeps.

    Raises `RuntimeError` where it has one: a scope never changes.
    """
    if "scope" in session.info:
        msg = "the session has a scope already"
        raise RuntimeError(msg)
    session.info["scope"] = scope
    if CONNECTION in session.info:
        _tell_database(session, session.info[CONNECTION])


def new_session(scope: Scope | None) -> Session:
    """Make a session that the caller closes (the request's; elsewhere use `open_session`)."""
    session = ScopedSession(
        bind=db.engine, info={"scope": scope} if scope else {}, expire_on_commit=False
    )
    track(session)
    return session
