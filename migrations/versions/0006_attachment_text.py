"""What is written in attachments, read by a job for the search box."""

import sqlalchemy as sa
from alembic import op

import core.db.base
from core.db.rls import enforce

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TABLES = {"attachment_text": False}


def upgrade() -> None:
    op.create_table(
        "attachment_text",
        sa.Column("attachment_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("text", sa.Text(), nullable=False, comment="numbers of persons masked"),
        sa.Column("read_at", core.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('text','empty','unreadable','too_costly')",
            name=op.f("ck_attachment_text_outcome"),
        ),
        sa.ForeignKeyConstraint(
            ["attachment_id"],
            ["attachment.id"],
            name=op.f("fk_attachment_text_attachment_id_attachment"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenant.id"],
            name=op.f("fk_attachment_text_tenant_id_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("attachment_id", name=op.f("pk_attachment_text")),
    )
    with op.batch_alter_table("attachment_text", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_attachment_text_tenant_id"), ["tenant_id"], unique=False
        )
    enforce(op.get_bind(), TABLES)


def downgrade() -> None:
    op.drop_table("attachment_text")
