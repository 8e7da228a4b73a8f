"""Objections to lists: how a message came, its row and outcome, terms of a list, corrections."""

import sqlalchemy as sa
from alembic import op

from core.db.base import UtcDateTime
from core.db.rls import RowRule, add_row_rule, drop_row_rule, enforce

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

CASE = "message_case"
CONTACT, CORRECTION = "publication_objection_contact", "publication_objection_correction"
TABLES = {CONTACT: False, CORRECTION: False}
# name: type, whether it may be empty, default, comment
CASE_COLUMNS: dict[str, tuple[sa.types.TypeEngine[object], bool, str | None, str]] = {
    "channel": (sa.String(length=10), False, "web", "how it came"),
    "row_number": (sa.Integer(), True, None, "row of the list that it is about"),
    "outcome": (sa.String(length=20), True, None, "how the matter was decided, a word of its kind"),
}
RULE = RowRule(
    "message_channel_is_known", CASE, "INSERT",
    "NEW.channel NOT IN ('web', 'phone', 'paper', 'visit')",
    "no such channel",
)  # fmt: skip


def upgrade() -> None:
    for name, (kind, empty, default, comment) in CASE_COLUMNS.items():
        column = sa.Column(name, kind, nullable=empty, server_default=default, comment=comment)
        op.add_column(CASE, column)
    _create_contacts()
    _create_corrections()
    enforce(op.get_bind(), TABLES)
    add_row_rule(op.get_bind(), RULE)


def _create_contacts() -> None:
    op.create_table(
        CONTACT,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("publication_id", sa.Integer(), nullable=False),
        sa.Column("office", sa.String(length=100), nullable=False),
        sa.Column("phone", sa.String(length=50), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("hours", sa.String(length=200), nullable=False),
        sa.Column(
            "answer_days", sa.Integer(), nullable=True, comment="working days until the answer"
        ),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "answer_days IS NULL OR answer_days BETWEEN 1 AND 60",
            name=op.f(f"ck_{CONTACT}_answer_days"),
        ),
        *_keys(CONTACT),
        sa.UniqueConstraint("publication_id", name=op.f(f"uq_{CONTACT}_publication_id")),
    )
    op.create_index(op.f(f"ix_{CONTACT}_tenant_id"), CONTACT, ["tenant_id"])


def _create_corrections() -> None:
    op.create_table(
        CORRECTION,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("publication_id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column(
            "from_revision",
            sa.Integer(),
            nullable=False,
            comment="the one that was public when the correction was begun",
        ),
        sa.Column("begun_by_id", sa.Integer(), nullable=True),
        sa.Column("begun_by_name", sa.String(length=64), nullable=False),
        sa.Column("begun_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["message_case.id"],
            name=op.f(f"fk_{CORRECTION}_case_id_message_case"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["begun_by_id"],
            ["user_account.id"],
            name=op.f(f"fk_{CORRECTION}_begun_by_id_user_account"),
        ),
        *_keys(CORRECTION),
        sa.UniqueConstraint(
            "publication_id", "case_id", name=op.f(f"uq_{CORRECTION}_publication_id_case_id")
        ),
    )
    for column in ("case_id", "tenant_id"):
        op.create_index(op.f(f"ix_{CORRECTION}_{column}"), CORRECTION, [column])


def _keys(table: str) -> tuple[sa.Constraint, ...]:
    return (
        sa.ForeignKeyConstraint(
            ["publication_id"],
            ["publication.id"],
            name=op.f(f"fk_{table}_publication_id_publication"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenant.id"],
            name=op.f(f"fk_{table}_tenant_id_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )


def downgrade() -> None:
    drop_row_rule(op.get_bind(), RULE)
    op.drop_table(CORRECTION)
    op.drop_table(CONTACT)
    for name in CASE_COLUMNS:
        op.drop_column(CASE, name)
