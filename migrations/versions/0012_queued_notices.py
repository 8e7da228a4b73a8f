"""Notices to people that wait to be sent, or were."""

import sqlalchemy as sa
from alembic import op

from core.db.base import UtcDateTime
from core.db.rls import enforce

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

TABLE = "queued_notice"
TABLES = {TABLE: False}


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "topic", sa.String(length=60), nullable=False, comment="its template: feature.name"
        ),
        sa.Column(
            "recipient",
            sa.String(length=60),
            nullable=False,
            comment="phone or address; masked once it was sent or printed",
        ),
        sa.Column(
            "facts", sa.JSON(), nullable=False, comment="of the text; empty once sent or printed"
        ),
        sa.Column(
            "subject",
            sa.String(length=80),
            nullable=False,
            comment="row it is about, for withdrawing it",
        ),
        sa.Column("dedupe_key", sa.String(length=120), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column(
            "next_try_at", UtcDateTime(timezone=True), nullable=False, comment="not sent before"
        ),
        sa.Column("claim", sa.String(length=32), nullable=True),
        sa.Column("claimed_until", UtcDateTime(timezone=True), nullable=True),
        sa.Column(
            "handed_at",
            UtcDateTime(timezone=True),
            nullable=True,
            comment="last given to a carrier",
        ),
        sa.Column("carrier", sa.String(length=30), nullable=False, comment="plugin that took it"),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('queued','claimed','handed','sent','printed','failed')",
            name=op.f("ck_queued_notice_state"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenant.id"],
            name=op.f("fk_queued_notice_tenant_id_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_queued_notice")),
        sa.UniqueConstraint(
            "tenant_id", "dedupe_key", name=op.f("uq_queued_notice_tenant_id_dedupe_key")
        ),
    )
    op.create_index("ix_queued_notice_due", TABLE, ["state", "next_try_at"])
    op.create_index("ix_queued_notice_subject", TABLE, ["tenant_id", "subject"])
    op.create_index(op.f("ix_queued_notice_tenant_id"), TABLE, ["tenant_id"])
    enforce(op.get_bind(), TABLES)


def downgrade() -> None:
    op.drop_table(TABLE)
