"""How far another system has been told of changes of registrations."""

import sqlalchemy as sa
from alembic import op

from core.sdk import UtcDateTime, enforce

revision = "open_day_0004"
down_revision = "open_day_0003"
branch_labels = None
depends_on = None

TABLE = "open_day_telling"
TABLES = {"open_day_telling": False}


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "upto",
            sa.Integer(),
            nullable=False,
            comment="id of the last event that was told, or given up",
        ),
        sa.Column(
            "attempts", sa.Integer(), nullable=False, comment="failures with the event after it"
        ),
        sa.Column("next_try_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenant.id"],
            name=op.f("fk_open_day_telling_tenant_id_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_open_day_telling")),
        sa.UniqueConstraint("tenant_id", name=op.f("uq_open_day_telling_tenant_id")),
    )
    op.create_index(op.f("ix_open_day_telling_tenant_id"), TABLE, ["tenant_id"], unique=False)
    enforce(op.get_bind(), TABLES)


def downgrade() -> None:
    op.drop_table(TABLE)
