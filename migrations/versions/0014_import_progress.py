"""How far an interrupted import has come."""

import sqlalchemy as sa
from alembic import op

from core.db.base import UtcDateTime
from core.db.rls import enforce

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

TABLE = "import_progress"
TABLES = {TABLE: False}


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False, comment="of the whole file"),
        sa.Column(
            "line", sa.Integer(), nullable=False, comment="all up to it are stored or rejected"
        ),
        sa.Column(
            "explaining_line",
            sa.Integer(),
            nullable=False,
            comment="the same of lines that explain others: they come last",
        ),
        sa.Column("started_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenant.id"],
            name=op.f("fk_import_progress_tenant_id_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_progress")),
        sa.UniqueConstraint(
            "tenant_id", "digest", name=op.f("uq_import_progress_tenant_id_digest")
        ),
    )
    op.create_index(op.f("ix_import_progress_tenant_id"), TABLE, ["tenant_id"])
    enforce(op.get_bind(), TABLES)


def downgrade() -> None:
    op.drop_table(TABLE)
