"""Insert many rows at once, with ids that are known beforehand, and rows that may be there."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.dialects import sqlite
from sqlalchemy.orm import Session

from core.db.base import Base
from core.db.turns import begin_writing

BATCH = 5_000


def reserve_ids(session: Session, model: type[Base], count: int) -> Sequence[int]:
    """Return ids for so many new rows; nobody else gets them until the transaction ends.

    On SQLite this takes the write lock, and rows have to be inserted before more ids are reserved.
    """
    table = model.__tablename__
    column: Any = model.__mapper__.primary_key[0]
    if session.get_bind().dialect.name == "postgresql":
        sequence = func.nextval(func.pg_get_serial_sequence(table, column.name))
        numbers = func.generate_series(1, count).table_valued("number")
        return session.scalars(select(sequence).select_from(numbers)).all()
    begin_writing(session)
    first = (session.scalar(select(func.max(column))) or 0) + 1
    return range(first, first + count)


def insert_rows(session: Session, model: type[Base], rows: Iterable[Mapping[str, Any]]) -> None:
    """Insert rows of a model in batches, without loading any of them into the session."""
    left = iter(rows)
    while batch := list(islice(left, BATCH)):
        session.execute(insert(model), batch)


def insert_or_update(session: Session, model: type[Base]) -> Any:
    """Return an `INSERT` of a model in the session's dialect: `on_conflict_do_update` completes it.

    PostgreSQL's dialect is loaded where it is used.
    """
    if session.get_bind().dialect.name == "postgresql":
        from sqlalchemy.dialects import postgresql

        return postgresql.insert(model)
    return sqlite.insert(model)
