"""Many publications at once: what was chosen, and what became of each."""

import sqlalchemy as sa
from alembic import op

from core.db.base import UtcDateTime
from core.db.rls import enforce

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

BATCH, ROW = "publication_batch", "publication_batch_row"
TABLES = {BATCH: False, ROW: False}


def upgrade() -> None:
    op.create_table(
        BATCH,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column(
            "act", sa.String(length=20), nullable=False, comment="an act of the list, or import"
        ),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False, comment="as chosen for all rows"),
        sa.Column("filename", sa.String(length=200), nullable=False, comment="of an import"),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        _tenant(BATCH),
        sa.CheckConstraint(
            "state IN ('reading','preview','waiting','done','failed')",
            name=op.f("ck_publication_batch_state"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user_account.id"],
            name=op.f("fk_publication_batch_user_id_user_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publication_batch")),
    )
    for column in ("tenant_id", "state"):
        op.create_index(op.f(f"ix_publication_batch_{column}"), BATCH, [column])
    _create_rows()
    enforce(op.get_bind(), TABLES)


def _create_rows() -> None:
    op.create_table(
        ROW,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column(
            "number",
            sa.Integer(),
            nullable=False,
            comment="of the row in its file, or in the list",
        ),
        sa.Column("publication_id", sa.Integer(), nullable=True),
        sa.Column(
            "version", sa.Integer(), nullable=True, comment="of the publication as it was chosen"
        ),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("message", sa.Text(), nullable=False, comment="why it was refused"),
        sa.Column(
            "source",
            sa.LargeBinary(),
            nullable=True,
            comment="a document that has still to be read",
        ),
        sa.Column(
            "line",
            sa.JSON(),
            nullable=True,
            comment="the fields of a row of a file; NULL once it is stored",
        ),
        sa.Column("plan", sa.String(length=10), nullable=False, comment="what an import would do"),
        sa.Column("findings", sa.JSON(), nullable=False, comment="what is to be said of it"),
        sa.Column("choice", sa.String(length=10), nullable=False, comment="about personal data"),
        sa.Column("reason", sa.String(length=500), nullable=False, comment="why it is kept"),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        _tenant(ROW),
        sa.ForeignKeyConstraint(
            ["batch_id"],
            [f"{BATCH}.id"],
            name=op.f("fk_publication_batch_row_batch_id_publication_batch"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["publication_id"],
            ["publication.id"],
            name=op.f("fk_publication_batch_row_publication_id_publication"),
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publication_batch_row")),
        sa.UniqueConstraint(
            "batch_id", "number", name=op.f("uq_publication_batch_row_batch_id_number")
        ),
    )
    for column in ("tenant_id", "publication_id"):
        op.create_index(op.f(f"ix_publication_batch_row_{column}"), ROW, [column])


def downgrade() -> None:
    op.drop_table(ROW)
    op.drop_table(BATCH)


def _tenant(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["tenant_id"],
        ["tenant.id"],
        name=op.f(f"fk_{table}_tenant_id_tenant"),
        ondelete="RESTRICT",
    )
