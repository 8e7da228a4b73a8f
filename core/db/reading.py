"""Read columns by constant statements past the ORM: narrowed and compiled once, as SQL after that.

A statement through `Session.execute` costs five times what the database needs for it. What nearly
every page asks is therefore executed here, in the same transaction and the same scope, and gives
plain rows, or objects of the session that are made of them. See
`docs/decisions/0011-statements-made-once.md`.
"""

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any, NamedTuple, TypeVar, cast

from sqlalchemy import BindParameter, Connection, Dialect, Select
from sqlalchemy.orm import Mapper, Session, class_mapper
from sqlalchemy.orm.attributes import instance_dict, instance_state

from core.db.base import Base
from core.db.idle import CONNECTION
from core.db.scope import UnscopedQuery, narrow_for

Process = Callable[[Any], Any] | None
Rows = Sequence[tuple[Any, ...]]
M = TypeVar("M", bound=Base)

_NOTHING: Mapping[str, Any] = {}
# Of a statement, one for each length of its lists.
MOST_SHAPES = 100


class _ReadSlot(NamedTuple):
    """A parameter of the SQL: its position, the value it takes, which of a list, how to send it."""

    position: int
    name: str
    place: int | None
    process: Process


class _ReadShape(NamedTuple):
    """The SQL for lists of certain lengths; `fixed` are its parameters, gaps where `slots` go."""

    sql: str
    names: tuple[str, ...]
    is_positional: bool
    fixed: tuple[Any, ...]
    slots: tuple[_ReadSlot, ...]

    def fill(self, values: Mapping[str, Any]) -> Any:
        """Return the parameters for these values, as the driver wants them."""
        filled = list(self.fixed)
        for position, name, place, process in self.slots:
            value = values[name] if place is None else values[name][place]
            filled[position] = value if process is None else process(value)
        return tuple(filled) if self.is_positional else dict(zip(self.names, filled, strict=True))


class _CompiledRead:
    """A statement that was compiled for a kind of database."""

    def __init__(self, statement: Select[*tuple[Any, ...]], dialect: Dialect) -> None:
        self._dialect = dialect
        self._compiled: Any = statement.compile(dialect=dialect)
        self._types = [column.type for column in statement.selected_columns]
        binds: dict[str, BindParameter[Any]] = self._compiled.binds
        self._constants = {
            name: bind.value
            for name, bind in binds.items()
            if bind.callable is None and not bind.required
        }
        self._sent = {
            name: bind.type.dialect_impl(dialect).bind_processor(dialect)
            for name, bind in binds.items()
        }
        self._moving = {name: bind.callable for name, bind in binds.items() if bind.callable}
        self._lists = tuple(name for name, bind in binds.items() if bind.expanding)
        self._shapes: dict[tuple[int, ...], _ReadShape] = {}
        self.is_narrowed = any(name.startswith("scope_") for name in binds)
        self._processes: list[tuple[int, Any]] | None = None

    def execute(self, connection: Connection, values: Mapping[str, Any]) -> Rows:
        """Return the rows for these values."""
        moving = {name: read() for name, read in self._moving.items() if name not in values}
        every = {**self._constants, **moving, **values}
        shape = self._shape(every, values)
        rows, description = _fetch(connection, shape.sql, shape.fill(every))
        if self._processes is None:
            self._processes = self._list_processes(description)
        return _process(rows, self._processes)

    def _shape(self, every: Mapping[str, Any], given: Mapping[str, Any]) -> _ReadShape:
        lengths = tuple(len(every[name]) for name in self._lists)
        found = self._shapes.get(lengths)
        if found is None:
            if len(self._shapes) >= MOST_SHAPES:
                self._shapes.clear()
            found = self._shapes[lengths] = self._expand(every, frozenset(given))
        return found

    def _expand(self, every: Mapping[str, Any], given: frozenset[str]) -> _ReadShape:
        """Write out lists; what is the same at every execution is put in its place at once."""
        state = self._compiled.construct_expanded_state(dict(every))
        origins = {
            each: (name, index)
            for name, expanded in state.parameter_expansion.items()
            for index, each in enumerate(expanded)
        }
        names = tuple(state.positiontup or state.parameters)
        fixed: list[Any] = [None] * len(names)
        slots = []
        for position, each in enumerate(names):
            name, index = origins.get(each, (each, None))
            process: Process = state.processors.get(each, self._sent.get(name))
            if name in given or name in self._moving:
                slots.append(_ReadSlot(position, name, index, process))
                continue
            value = every[name] if index is None else every[name][index]
            fixed[position] = value if process is None else process(value)
        positional = state.positiontup is not None
        return _ReadShape(state.statement, names, positional, tuple(fixed), tuple(slots))

    def _list_processes(self, description: Sequence[Any]) -> list[tuple[int, Any]]:
        """List the columns whose values are converted after they were read."""
        found = (
            (position, kind.dialect_impl(self._dialect).result_processor(self._dialect, code[1]))
            for position, (kind, code) in enumerate(zip(self._types, description, strict=True))
        )
        return [(position, process) for position, process in found if process is not None]


def read_rows(
    session: Session, statement: Select[*tuple[Any, ...]], values: Mapping[str, Any] = _NOTHING
) -> Rows:
    """Execute a constant statement that selects columns, in the session's scope.

    The statement must be one that is kept (a constant of a module, or cached): it is compiled at
    its first execution. Raises `UnscopedQuery`. What the session has not written yet is flushed.
    """
    if session.autoflush:
        session.flush()
    connection: Connection = session.info.get(CONNECTION) or session.connection()
    narrowed, scope_values = narrow_for(session, statement)
    plan = _plan(narrowed, connection.dialect)
    if scope_values and not plan.is_narrowed:
        msg = f"a scope cannot narrow this Core statement, select the model: {statement}"
        raise UnscopedQuery(msg)
    return plan.execute(connection, {**values, **scope_values})


def read_named_rows(
    session: Session, statement: Select[*tuple[Any, ...]], values: Mapping[str, Any] = _NOTHING
) -> list[Any]:
    """Read rows as `read_rows` does, their values under the names of the columns."""
    return list(map(_named_row(statement)._make, read_rows(session, statement, values)))


@lru_cache(maxsize=500)
def _named_row(statement: Select[*tuple[Any, ...]]) -> Any:
    return namedtuple("_NamedRow", statement.selected_columns.keys())  # noqa: PYI024 - the columns of a statement


def read_objects(
    session: Session,
    model: type[M],
    statement: Select[*tuple[Any, ...]],
    values: Mapping[str, Any] = _NOTHING,
) -> list[M]:
    """Read rows as `read_rows` does, as objects of the session, like those that it loads itself.

    The statement selects the `columns_of` one model. An object that the session has stays as it is.
    """
    return [to_object(session, model, row) for row in read_rows(session, statement, values)]


@cache
def columns_of(model: type[Base]) -> list[Any]:
    """List the columns of a model, as `to_object` wants their values."""
    return [attribute.class_attribute for attribute in class_mapper(model).column_attrs]


def to_object(session: Session, model: type[M], row: Sequence[Any]) -> M:
    """Return the object of a row of `columns_of`: that of the session, or a new one in it."""
    mapper, names, key = _shape_of(model)
    identity = mapper.identity_key_from_primary_key(tuple(row[each] for each in key))
    known = session.identity_map.get(identity)
    if known is not None:
        return cast(M, known)
    made = mapper.class_manager.new_instance()
    instance_dict(made).update(zip(names, row, strict=True))
    # As the library's loading does it: what `Session.add` does for objects of strangers, it need
    # not do for one that has just been made of a row.
    state = instance_state(made)
    state.key, state.session_id = identity, session.hash_key
    session.identity_map.add(state)
    return cast(M, made)


@cache
def _shape_of(model: type[Base]) -> tuple[Mapper[Any], list[str], list[int]]:
    """Return the mapper of a model, the names of its columns, and where its primary key stands."""
    mapper = class_mapper(model)
    names = [attribute.key for attribute in mapper.column_attrs]
    key = [names.index(mapper.get_property_by_column(each).key) for each in mapper.primary_key]
    return mapper, names, key


@lru_cache(maxsize=1_000)
def _plan(statement: Select[*tuple[Any, ...]], dialect: Dialect) -> _CompiledRead:
    return _CompiledRead(statement, dialect)


def _fetch(connection: Connection, sql: str, parameters: Any) -> tuple[Rows, Sequence[Any]]:
    """Execute SQL as the connection does, and return the rows and what the driver says of them.

    A result of the library describes each column anew, for three times what a short query costs.
    """
    cursor = connection.connection.cursor()
    listeners = connection.dispatch
    try:
        for listener in listeners.before_cursor_execute:
            sql, parameters = listener(connection, cursor, sql, parameters, None, False)
        connection.dialect.do_execute(cursor, sql, parameters)
        listeners.after_cursor_execute(connection, cursor, sql, parameters, None, False)
        return cursor.fetchall(), cursor.description
    except BaseException as error:
        # As its own methods do: classes of errors, lost connections, listeners.
        connection._handle_dbapi_exception(error, sql, parameters, cursor, None)  # noqa: SLF001
        raise
    finally:
        cursor.close()


def _process(rows: Rows, processes: Sequence[tuple[int, Callable[[Any], Any]]]) -> Rows:
    if not processes:
        return rows
    converted = []
    for row in rows:
        values = list(row)
        for position, process in processes:
            value = values[position]
            if value is not None:  # no column's type makes anything of nothing
                values[position] = process(value)
        converted.append(tuple(values))
    return converted
