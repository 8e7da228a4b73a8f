"""What is typed and not saved yet, and drafts that were deleted."""

import sqlalchemy as sa
from alembic import op

from core.db.base import UtcDateTime
from core.db.rls import enforce

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

WORK, DRAFTS = "unsaved_work", "discarded_draft"
TABLES = {WORK: False, DRAFTS: False}


def upgrade() -> None:
    op.create_table(
        WORK,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("user_name", sa.String(length=64), nullable=False),
        sa.Column("publication_id", sa.Integer(), nullable=True, comment="NULL: a new one"),
        sa.Column(
            "form_key", sa.String(length=40), nullable=False, comment="edit:ID or new:RANDOM"
        ),
        sa.Column("device", sa.String(length=40), nullable=False, comment="random, of one browser"),
        sa.Column("device_name", sa.String(length=60), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False, comment="as typed"),
        sa.Column("based_on", sa.Integer(), nullable=False, comment="version of the publication"),
        sa.Column(
            "version", sa.Integer(), nullable=False, comment="counts changes, against lost ones"
        ),
        sa.Column("begun_at", UtcDateTime(), nullable=False),
        sa.Column("saved_at", UtcDateTime(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        _tenant(WORK),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user_account.id"],
            name=op.f("fk_unsaved_work_user_id_user_account"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["publication_id"],
            ["publication.id"],
            name=op.f("fk_unsaved_work_publication_id_publication"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unsaved_work")),
        sa.UniqueConstraint("user_id", "form_key", name=op.f("uq_unsaved_work_user_id_form_key")),
    )
    for column in ("tenant_id", "publication_id", "saved_at"):
        op.create_index(op.f(f"ix_unsaved_work_{column}"), WORK, [column])
    op.create_table(
        DRAFTS,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("snapshot", sa.JSON(), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False, comment="rows of its attachments"),
        sa.Column("discarded_at", UtcDateTime(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        _tenant(DRAFTS),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_discarded_draft_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discarded_draft")),
    )
    for column in ("tenant_id", "user_id"):
        op.create_index(op.f(f"ix_discarded_draft_{column}"), DRAFTS, [column])
    enforce(op.get_bind(), TABLES)


def downgrade() -> None:
    op.drop_table(DRAFTS)
    op.drop_table(WORK)


def _tenant(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["tenant_id"],
        ["tenant.id"],
        name=op.f(f"fk_{table}_tenant_id_tenant"),
        ondelete="RESTRICT",
    )
