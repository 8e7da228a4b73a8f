"""Public votes move into the core's tables, with every voice; their numbers and addresses stay.

Numbers are moved on only where another feature's votes are there before: `vote_sheet.rows` and
`vote.results` name subjects by their numbers, and are written anew then.
"""

from typing import Any

import sqlalchemy as sa
from alembic import context, op

from core.sdk import UtcDateTime

revision = "supervisor_evaluation_0005"
down_revision = "supervisor_evaluation_0004"
branch_labels = None
depends_on = None

OLD = "supervisor_evaluation_"
KIND = "supervisor_evaluation.vote"
# Those that others point to first.
MOVED = ("vote", "vote_record", "vote_subject", "vote_ticket", "vote_ballot", "vote_remark",
         "vote_sheet")  # fmt: skip
# Tables that go; their row-level-security policies go with them.
DROPPED = tuple(f"{OLD}{table}" for table in MOVED)
LINKS = {"vote_id": "vote", "record_id": "vote_record", "subject_id": "vote_subject"}
JSON = {"weights", "aspects", "results", "rows", "grades"}


def upgrade() -> None:
    bind = op.get_bind()
    tables = _reflect(bind, (*MOVED, *DROPPED))
    begins = {table: _find_last(bind, tables[table]) for table in MOVED}
    for name in MOVED:
        for row in bind.execute(sa.select(tables[f"{OLD}{name}"])).mappings().all():
            values = _move(name, dict(row), begins)
            bind.execute(tables[name].insert().values(**values))
        _go_on_counting(bind, name)
    for table in reversed(DROPPED):
        op.drop_table(table)


def _reflect(bind: sa.Connection, names: tuple[str, ...]) -> dict[str, sa.Table]:
    """Read the tables, with the types that times and JSON have on every database."""
    metadata = sa.MetaData()
    metadata.reflect(bind, only=names)
    for table in metadata.tables.values():
        for column in table.columns:
            if isinstance(column.type, sa.DateTime):
                column.type = UtcDateTime(timezone=True)
            elif column.name in JSON:
                column.type = sa.JSON()
    return dict(metadata.tables)


def _find_last(bind: sa.Connection, table: sa.Table) -> int:
    return int(bind.scalar(sa.select(sa.func.max(table.c.id))) or 0)


def _move(name: str, row: dict[str, Any], begins: dict[str, int]) -> dict[str, Any]:
    """Write a row as the core has it."""
    row["id"] += begins[name]
    row |= {link: row[link] + begins[table] for link, table in LINKS.items() if link in row}
    subject = begins["vote_subject"]
    if name == "vote":
        row["kind"] = KIND
        row["results"] = [each | {"subject": each["subject"] + subject} for each in row["results"]]
    elif name == "vote_subject":
        organ, township = row.pop("organ_id"), row.pop("township_id")
        row["key"] = f"organ-{organ}" if organ else f"township-{township}"
        row["peer_group"] = "department" if organ else "township"
    elif name == "vote_sheet":
        row["rows"] = {str(int(key) + subject): digits for key, digits in row["rows"].items()}
    return row


def _go_on_counting(bind: sa.Connection, table: str) -> None:
    """Have PostgreSQL number new rows after those that were moved; SQLite does so by itself."""
    if bind.dialect.name == "postgresql":
        number: sa.ColumnElement[int] = sa.column("id", sa.Integer())
        last = sa.select(sa.func.max(number)).select_from(sa.table(table))
        sequence = sa.func.pg_get_serial_sequence(table, "id")
        # `false`: the number itself is given next.
        begin = sa.func.coalesce(last.scalar_subquery(), 0) + 1
        bind.execute(sa.select(sa.func.setval(sequence, begin, sa.false())))


def downgrade() -> None:
    """Have the old tables made again by the revision that made them, and move the votes back."""
    bind = op.get_bind()
    context.script.get_revision("supervisor_evaluation_0003").module.upgrade()
    tables = _reflect(bind, (*MOVED, *DROPPED))
    vote, record, sheet = (tables[name] for name in ("vote", "vote_record", "vote_sheet"))
    own = sa.select(vote.c.id).where(vote.c.kind == KIND)
    records = sa.select(record.c.id).where(record.c.vote_id.in_(own))
    for name in MOVED:
        table = tables[name]
        if table is vote:
            query = sa.select(vote).where(vote.c.kind == KIND)
        elif table is sheet:
            query = sa.select(sheet).where(sheet.c.record_id.in_(records))
        else:
            query = sa.select(table).where(table.c.vote_id.in_(own))
        for row in bind.execute(query).mappings().all():
            bind.execute(tables[f"{OLD}{name}"].insert().values(**_return(name, dict(row))))
        _go_on_counting(bind, f"{OLD}{name}")
    bind.execute(sa.delete(vote).where(vote.c.kind == KIND))


def _return(name: str, row: dict[str, Any]) -> dict[str, Any]:
    """Write a row as the plugin had it."""
    if name == "vote":
        del row["kind"]
    elif name == "vote_subject":
        subject, _dash, number = row.pop("key").partition("-")
        del row["peer_group"]
        row |= {"organ_id": None, "township_id": None, f"{subject}_id": int(number)}
    return row
