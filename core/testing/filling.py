"""Put rows into every table of a database as it is, whatever its revision."""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Date,
    DateTime,
    Integer,
    LargeBinary,
    MetaData,
    Numeric,
    PrimaryKeyConstraint,
    String,
    Table,
    UniqueConstraint,
    func,
    inspect,
    literal,
    select,
    union_all,
)
from sqlalchemy import table as table_named

ROWS = 2
VERSION_TABLES = re.compile(r"(\w+_)?alembic_version")
_ENDS = re.compile("ends|closes|until|to_day")
# What a trigger asks for and no constraint tells: the other row of the table it refers to.
_OTHER_ROW = frozenset({("decision_result", "publication_id")})
_ONE_OF_TWO = re.compile(r"\b(\w+) IS NULL\)* (?:<>|!=) \(*\w+ IS NULL")
# Words that stand there only beside a value that may be left out: (at IS NULL) = (reason = '').
_GOES_WITH = re.compile(r"\bIS NULL\)* = \(+(\w+)\)?(?:::\w+)? = ''")
_LITERAL = re.compile(r"'((?:[^']|'')*)'")


def count_rows(connection: Connection) -> dict[str, int]:
    """Count the rows of every table but those of the migrations themselves."""
    counts = [
        select(literal(name), func.count()).select_from(table_named(name))
        for name in inspect(connection).get_table_names()
        if not VERSION_TABLES.fullmatch(name)
    ]
    return {row[0]: row[1] for row in connection.execute(union_all(*counts))}


def fill_tables(connection: Connection) -> None:
    """Put two rows into each table that has none, with as little as the table accepts.

    Raises what the database refuses: a new table may need a value that is not found here.
    """
    empty = [name for name, number in count_rows(connection).items() if not number]
    if not empty:
        return
    metadata = MetaData()
    metadata.reflect(connection, only=empty)  # and what they refer to
    rows: dict[str, Sequence[Any]] = {}
    for each in metadata.sorted_tables:
        if each.name in empty:
            for number in range(ROWS):
                connection.execute(each.insert().values(_values(connection, each, rows, number)))
        first = select(each).order_by(*each.primary_key.columns).limit(ROWS)
        rows[each.name] = connection.execute(first).mappings().all()
    connection.commit()


def _values(
    connection: Connection, table: Table, rows: dict[str, Sequence[Any]], number: int
) -> dict[str, Any]:
    checks = [each["sqltext"] for each in inspect(connection).get_check_constraints(table.name)]
    words, least = _allowed_words(checks, table), _least_numbers(checks, table)
    needed_too = {name for check in checks for name in _ONE_OF_TWO.findall(check)}
    values = {
        column.name: words.get(column.name) or _example(column, number, least.get(column.name, 0))
        for column in table.columns
        if column.name in needed_too or not column.nullable
        if not _is_numbered(connection, column)
    }
    values |= {name: "" for check in checks for name in _GOES_WITH.findall(check)}
    links: Counter[str] = Counter()
    for constraint in sorted(table.foreign_key_constraints, key=lambda each: str(each.name)):
        needed = [
            each
            for each in constraint.elements
            if each.parent.name in needed_too or not each.parent.nullable
        ]
        if needed:
            target = constraint.referred_table.name
            # The second link to one table leads to its other row.
            other = any((table.name, each.parent.name) in _OTHER_ROW for each in needed)
            row = rows[target][(number + links[target] + other) % len(rows[target])]
            links[target] += 1
            values |= {each.parent.name: row[each.column.name] for each in needed}
    return values


def _is_numbered(connection: Connection, column: Column[Any]) -> bool:
    """Return whether the database gives the column's value itself."""
    if column.server_default is not None:
        return True
    is_row_id = column.primary_key and len(column.table.primary_key.columns) == 1
    return connection.dialect.name == "sqlite" and is_row_id and str(column.type) == "INTEGER"


def _allowed_words(checks: Sequence[str], table: Table) -> dict[str, str]:
    """Return for columns with a list of words (`state IN (…)`) the first of them.

    Checks of one column are read before those that join several.
    """
    named = {words: [c for c in table.columns if _names(words, c.name)] for words in checks}
    found: dict[str, str] = {}
    for words in sorted(checks, key=lambda each: len(named[each])):
        for column in named[words]:
            literal = re.search(rf"\b{column.name}\b[^']*'([^']+)'", words)
            if literal and isinstance(column.type, String):
                found.setdefault(column.name, literal[1])
    return found


def _names(check: str, column: str) -> bool:
    return re.search(rf"\b{column}\b", _LITERAL.sub("", check)) is not None


def _least_numbers(checks: Sequence[str], table: Table) -> dict[str, int]:
    """Return for columns with a lower bound (`quota >= 1`) the least number."""
    found = {}
    for words in checks:
        for column in table.columns:
            bound = re.search(rf"\b{column.name}\b\)? *(>=?) *(\d+)", words)
            if bound:
                found[column.name] = int(bound[2]) + (bound[1] == ">")
    return found


def _example(column: Column[Any], number: int, least: int) -> Any:
    """Return a value; it differs from row to row where it has to, and in columns of text."""
    kind = column.type
    if isinstance(kind, String):
        return f"{number}{column.name}"[: kind.length]
    day = date(2026, 1, 6 if _ENDS.match(column.name) else 5)
    for kinds, value in (
        (Boolean, False),
        (Integer, least + (number if _is_unique(column) else 0)),
        (Numeric, least),
        (DateTime, datetime.combine(day, time(8), UTC)),
        (Date, day),
        (JSON, {}),
        (LargeBinary, b"x"),
    ):
        if isinstance(kind, kinds):
            return value
    raise TypeError(f"{column.table.name}.{column.name}: no example of {kind!r}")


def _is_unique(column: Column[Any]) -> bool:
    kinds = (PrimaryKeyConstraint, UniqueConstraint)
    keys = [each for each in column.table.constraints if isinstance(each, kinds)]
    indexes = [each for each in column.table.indexes if each.unique]
    return any(column.name in each.columns for each in (*keys, *indexes))
