"""Messages to people: who carried them, and those that nobody did."""

import sqlalchemy as sa
from alembic import op

from core.db.base import UtcDateTime
from core.db.rls import enforce

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TABLES = {"sent_message": False}


def upgrade() -> None:
    op.create_table(
        "sent_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column(
            "carrier",
            sa.String(length=30),
            nullable=False,
            comment="the plugin that took it; console: nobody did",
        ),
        sa.Column("recipient", sa.String(length=60), nullable=False, comment="masked"),
        sa.Column("about", sa.String(length=60), nullable=False),
        sa.Column(
            "text",
            sa.Text(),
            nullable=False,
            comment="only where nobody took it, for whoever passes it on",
        ),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenant.id"],
            name=op.f("fk_sent_message_tenant_id_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sent_message")),
    )
    op.create_index(op.f("ix_sent_message_at"), "sent_message", ["at"])
    op.create_index(op.f("ix_sent_message_tenant_id"), "sent_message", ["tenant_id"])
    enforce(op.get_bind(), TABLES)


def downgrade() -> None:
    op.drop_table("sent_message")
