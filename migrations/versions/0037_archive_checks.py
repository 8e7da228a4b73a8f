"""By which rules for personal data what is public was looked at."""

import sqlalchemy as sa
from alembic import op

from core.db.base import UtcDateTime
from core.db.rls import enforce

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

CHECK, PROGRESS = "archive_check", "archive_progress"
TABLES = {CHECK: False, PROGRESS: False}


def upgrade() -> None:
    op.create_table(
        CHECK,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("publication_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column(
            "rules",
            sa.String(length=16),
            nullable=False,
            comment="digest of the rules it was read by",
        ),
        sa.Column("checked_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["publication_id"],
            ["publication.id"],
            name=op.f("fk_archive_check_publication_id_publication"),
            ondelete="CASCADE",
        ),
        _tenant_key(CHECK),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_archive_check")),
        sa.UniqueConstraint("publication_id", name=op.f("uq_archive_check_publication_id")),
    )
    op.create_index(op.f("ix_archive_check_tenant_id"), CHECK, ["tenant_id"])
    op.create_table(
        PROGRESS,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False, comment="publications that are public"),
        sa.Column("still_left", sa.Integer(), nullable=False, comment="of them not looked at yet"),
        sa.Column("updated_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        _tenant_key(PROGRESS),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_archive_progress")),
        sa.UniqueConstraint("tenant_id", name=op.f("uq_archive_progress_tenant_id")),
    )
    op.create_index(op.f("ix_archive_progress_tenant_id"), PROGRESS, ["tenant_id"])
    enforce(op.get_bind(), TABLES)


def downgrade() -> None:
    op.drop_table(PROGRESS)
    op.drop_table(CHECK)


def _tenant_key(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["tenant_id"],
        ["tenant.id"],
        name=op.f(f"fk_{table}_tenant_id_tenant"),
        ondelete="RESTRICT",
    )
