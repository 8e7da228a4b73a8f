"""How often things are asked for, by month."""

import sqlalchemy as sa
from alembic import op

from core.db.rls import enforce

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

TABLES = {"usage_count": False}


def upgrade() -> None:
    op.create_table(
        "usage_count",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("topic", sa.String(length=60), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("month", sa.Date(), nullable=False, comment="its first day"),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenant.id"],
            name=op.f("fk_usage_count_tenant_id_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_usage_count")),
    )
    op.create_index(op.f("ix_usage_count_tenant_id"), "usage_count", ["tenant_id"])
    op.create_index(
        "uq_usage_count_thing", "usage_count", ["tenant_id", "topic", "month", "key"], unique=True
    )
    enforce(op.get_bind(), TABLES)


def downgrade() -> None:
    op.drop_table("usage_count")
