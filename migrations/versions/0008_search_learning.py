"""What counties learn from their search boxes, and what they recommend there."""

import sqlalchemy as sa
from alembic import op

import core.db.base
from core.db.rls import enforce

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TABLES = {"search_count": False, "search_promotion": False, "search_wish": False}


def _owned(table: str) -> tuple[sa.Column[int], sa.ForeignKeyConstraint, sa.PrimaryKeyConstraint]:
    return (
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenant.id"],
            name=op.f(f"fk_{table}_tenant_id_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )


def upgrade() -> None:
    op.create_table(
        "search_count",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False, comment="its first day"),
        sa.Column("measure", sa.String(length=20), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        *_owned("search_count"),
        sa.UniqueConstraint(
            "tenant_id", "month", "measure", name=op.f("uq_search_count_tenant_id")
        ),
    )
    op.create_table(
        "search_wish",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False, comment="its first day"),
        sa.Column(
            "digest", sa.String(length=32), nullable=False, comment="keyed hash of the words"
        ),
        sa.Column(
            "words",
            sa.String(length=60),
            nullable=True,
            comment="NULL until enough different people have asked",
        ),
        sa.Column("in_vain", sa.Integer(), nullable=False, comment="times that nothing was found"),
        sa.Column(
            "partly", sa.Integer(), nullable=False, comment="times that only a part was found"
        ),
        sa.Column("corners", sa.Integer(), nullable=False, comment="bits of a sketch of 16 cells"),
        *_owned("search_wish"),
        sa.UniqueConstraint("tenant_id", "month", "digest", name=op.f("uq_search_wish_tenant_id")),
    )
    op.create_table(
        "search_promotion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(length=40), nullable=False, comment="in normal form"),
        sa.Column(
            "document", sa.String(length=130), nullable=False, comment="id of the search document"
        ),
        sa.Column(
            "title",
            sa.String(length=300),
            nullable=False,
            comment="when it was chosen, for the list",
        ),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False, comment="last day"),
        sa.Column("added_by", sa.Integer(), nullable=True),
        sa.Column("added_at", core.db.base.UtcDateTime(timezone=True), nullable=False),
        *_owned("search_promotion"),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_search_promotion_period")),
        sa.ForeignKeyConstraint(
            ["added_by"],
            ["user_account.id"],
            name=op.f("fk_search_promotion_added_by_user_account"),
        ),
        sa.UniqueConstraint(
            "tenant_id", "words", "document", name=op.f("uq_search_promotion_tenant_id")
        ),
    )
    for table in TABLES:
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.create_index(batch_op.f(f"ix_{table}_tenant_id"), ["tenant_id"], unique=False)
    enforce(op.get_bind(), TABLES)


def downgrade() -> None:
    for table in TABLES:
        op.drop_table(table)
