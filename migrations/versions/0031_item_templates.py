"""Templates of catalog items: columns, standing words and publicity of what is published."""

import sqlalchemy as sa
from alembic import op

from core.db.base import UtcDateTime
from core.db.rls import enforce

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

TABLE = "item_template"
TABLES = {TABLE: True}


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.String(length=80), nullable=False),
        sa.Column(
            "fields",
            sa.JSON(),
            nullable=False,
            comment="what differs from the levels above; empty: nothing any more",
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column(
            "author_id", sa.Integer(), nullable=True, comment="NULL: the operator's command line"
        ),
        sa.Column("author_name", sa.String(length=64), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_item_template_reason")),
        sa.ForeignKeyConstraint(
            ["author_id"], ["user_account.id"], name=op.f("fk_item_template_author_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenant.id"],
            name=op.f("fk_item_template_tenant_id_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_template")),
    )
    op.create_index(op.f("ix_item_template_tenant_id"), TABLE, ["tenant_id"])
    op.create_index("ix_item_template_item", TABLE, ["tenant_id", "item_id", "id"])
    enforce(op.get_bind(), TABLES)


def downgrade() -> None:
    op.drop_table(TABLE)
