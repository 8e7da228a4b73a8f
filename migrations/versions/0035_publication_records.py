"""Secrecy reviews and decisions about disclosure: where demanded, nothing goes on without them."""

import sqlalchemy as sa
from alembic import op

from core.db.base import UtcDateTime
from core.db.rls import RowRule, add_row_rule, drop_row_rule, enforce

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

SECRECY, DECISION = "secrecy_review", "disclosure_decision"
TABLES = {SECRECY: False, DECISION: False}
_HANDED_IN = (
    "((NEW.state = 'in_review' AND OLD.state <> 'in_review') OR "
    "(NEW.correction = 'in_review' AND coalesce(OLD.correction, '-') <> 'in_review'))"
)
_APPEARS = (
    "(NEW.published_revision IS NOT NULL "
    "AND NEW.published_revision <> coalesce(OLD.published_revision, 0))"
)
_GOES_ON = f"({_HANDED_IN} OR {_APPEARS})"
_STILL_THERE = "EXISTS (SELECT 1 FROM publication p WHERE p.id = OLD.publication_id)"
# The newest record of the round that the last publication began.
_NEWEST = (
    "coalesce((SELECT r.{column} FROM {table} r WHERE r.publication_id = NEW.id "
    "AND r.since_revision = coalesce(OLD.published_revision, 0) ORDER BY r.id DESC LIMIT 1), '-')"
)
_WRITTEN = (
    "NOT EXISTS (SELECT 1 FROM publication p WHERE p.id = NEW.publication_id "
    "AND p.tenant_id = NEW.tenant_id AND coalesce(p.published_revision, 0) = NEW.since_revision "
    "AND (p.state IN ('draft', 'returned') OR p.correction IN ('draft', 'returned')))"
)


def _keep(table: str) -> tuple[RowRule, ...]:
    """Rows of a record are added while a text is being written, and never change."""
    return (
        RowRule(f"{table}_of_what_is_written", table, "INSERT", _WRITTEN,
                "records belong to what is being written"),
        RowRule(f"{table}_never_changes", table, "UPDATE", "1 = 1", "a record never changes"),
        RowRule(f"{table}_is_kept", table, "DELETE", _STILL_THERE, "a record is kept"),
    )  # fmt: skip


RULES = (
    RowRule(
        "publication_demand_is_decided", "publication", "UPDATE",
        f"{_GOES_ON} AND coalesce(NEW.demanded_records, '-') "
        "NOT IN ('none', 'secrecy', 'decision', 'both', 'operator')",
        "handed in before it was decided which records it needs",
    ),
    RowRule(
        "publication_demand_stays", "publication", "UPDATE",
        "coalesce(NEW.demanded_records, '-') <> coalesce(OLD.demanded_records, '-') AND "
        "(OLD.state IN ('in_review', 'approved') OR coalesce(OLD.correction, '-') = 'in_review')",
        "which records a text needs is decided when it is handed in",
    ),
    RowRule(
        "publication_has_secrecy_review", "publication", "UPDATE",
        f"{_GOES_ON} AND NEW.demanded_records IN ('secrecy', 'both') AND "
        f"{_NEWEST.format(column='result', table=SECRECY)} NOT IN ('public', 'partly')",
        "no secrecy review lets this become public",
    ),
    RowRule(
        "publication_has_decision", "publication", "UPDATE",
        f"{_GOES_ON} AND NEW.demanded_records IN ('decision', 'both') AND "
        f"{_NEWEST.format(column='nature', table=DECISION)} NOT IN ('active', 'partly')",
        "no decision about disclosure lets this become public",
    ),
    *_keep(SECRECY),
    *_keep(DECISION),
)  # fmt: skip


def upgrade() -> None:
    _add_demand()
    _create(
        SECRECY,
        sa.Column("number", sa.String(length=60), nullable=False, comment="of the form"),
        sa.Column("reviewer_name", sa.String(length=64), nullable=False),
        sa.Column("reviewed_on", sa.Date(), nullable=False),
        sa.Column("result", sa.String(length=10), nullable=False),
        _check(SECRECY, "result", "result IN ('public','partly','withheld')"),
        _check(SECRECY, "complete", "number <> '' AND reviewer_name <> ''"),
    )
    _create(
        DECISION,
        sa.Column("nature", sa.String(length=10), nullable=False),
        sa.Column(
            "ground",
            sa.String(length=20),
            nullable=False,
            comment="of the closed list, where something is withheld",
        ),
        sa.Column("decided_by", sa.String(length=64), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        _check(DECISION, "nature", "nature IN ('partly','withheld','active','on_request')"),
        _check(
            DECISION,
            "ground",
            "ground IN ('state_secret','law','stability','trade_secret','privacy','internal',"
            "'process','enforcement','inquiry','')",
        ),
        _check(DECISION, "grounded", "(nature IN ('partly','withheld')) = (ground <> '')"),
        _check(DECISION, "decided_by", "decided_by <> ''"),
    )
    enforce(op.get_bind(), TABLES)
    for rule in RULES:
        add_row_rule(op.get_bind(), rule)


def downgrade() -> None:
    for rule in reversed(RULES):
        drop_row_rule(op.get_bind(), rule)
    for table in TABLES:
        op.drop_table(table)
    op.drop_column("publication", "demanded_records")


def _add_demand() -> None:
    """Add the column; what waits for review was handed in before anybody asked."""
    op.add_column(
        "publication",
        sa.Column(
            "demanded_records",
            sa.String(length=10),
            nullable=True,
            comment="which records it needs to be public; decided when it is handed in",
        ),
    )
    op.execute(
        "UPDATE publication SET demanded_records = 'none' "
        "WHERE state IN ('in_review', 'approved') OR correction = 'in_review'"
    )


def _create(table: str, *own: sa.Column[object] | sa.CheckConstraint) -> None:
    op.create_table(
        table,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("publication_id", sa.Integer(), nullable=False),
        sa.Column(
            "since_revision",
            sa.Integer(),
            nullable=False,
            comment="the published revision that it came after; 0 before the first",
        ),
        *own,
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("recorded_by_name", sa.String(length=64), nullable=False),
        sa.Column("recorded_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        _key(table, "publication_id", "publication", "CASCADE"),
        _key(table, "recorded_by_id", "user_account"),
        _key(table, "tenant_id", "tenant", "RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )
    op.create_index(f"ix_{table}_of", table, ["publication_id", "since_revision"])
    op.create_index(op.f(f"ix_{table}_tenant_id"), table, ["tenant_id"])


def _check(table: str, name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))


def _key(
    table: str, column: str, target: str, ondelete: str | None = None
) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{target}")
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name, ondelete=ondelete)
