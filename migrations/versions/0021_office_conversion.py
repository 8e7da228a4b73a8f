"""Old documents are converted in the background."""

import sqlalchemy as sa
from alembic import op

from core.db.base import UtcDateTime
from core.db.rls import enforce

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

TABLE = "office_conversion"
TABLES = {TABLE: False}


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column(
            "back",
            sa.String(length=500),
            nullable=False,
            comment="address of the page that goes on",
        ),
        sa.Column("asked_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("fault", sa.String(length=40), nullable=False, comment="a code of the messages"),
        sa.Column("source", sa.LargeBinary(), nullable=True),
        sa.Column("result", sa.LargeBinary(), nullable=True),
        sa.Column("made_id", sa.Integer(), nullable=True, comment="what the page has made of it"),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('waiting','done','failed')", name=op.f("ck_office_conversion_state")
        ),
        sa.CheckConstraint(
            "state <> 'failed' OR fault <> ''", name=op.f("ck_office_conversion_fault")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenant.id"],
            name=op.f("fk_office_conversion_tenant_id_tenant"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user_account.id"],
            name=op.f("fk_office_conversion_user_id_user_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_office_conversion")),
    )
    op.create_index(op.f("ix_office_conversion_tenant_id"), TABLE, ["tenant_id"])
    enforce(op.get_bind(), TABLES)


def downgrade() -> None:
    op.drop_table(TABLE)
