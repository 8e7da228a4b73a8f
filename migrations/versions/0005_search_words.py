"""Each county's own words for the search box."""

import sqlalchemy as sa
from alembic import op

from core.db.base import UtcDateTime
from core.db.rls import enforce

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TABLE = "search_word"
TABLES = {TABLE: True}


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("word", sa.String(length=40), nullable=False, comment="what people type"),
        sa.Column("other", sa.String(length=40), nullable=False, comment="what documents write"),
        sa.Column(
            "added_by", sa.Integer(), nullable=True, comment="NULL: the operator's command line"
        ),
        sa.Column("added_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('equal','official','banned')", name=op.f("ck_search_word_kind")
        ),
        sa.CheckConstraint("word <> other", name=op.f("ck_search_word_two_words")),
        sa.ForeignKeyConstraint(
            ["added_by"], ["user_account.id"], name=op.f("fk_search_word_added_by_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenant.id"],
            name=op.f("fk_search_word_tenant_id_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_word")),
        sa.UniqueConstraint(
            "tenant_id",
            "kind",
            "word",
            "other",
            name=op.f("uq_search_word_tenant_id_kind_word_other"),
        ),
    )
    op.create_index(op.f("ix_search_word_tenant_id"), TABLE, ["tenant_id"])
    enforce(op.get_bind(), TABLES)


def downgrade() -> None:
    op.drop_table(TABLE)
