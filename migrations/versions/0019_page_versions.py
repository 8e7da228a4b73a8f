"""Versions of what the pages of places show; places without a row have the numbers 0."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "page_version",
        sa.Column(
            "place_id",
            sa.Integer(),
            autoincrement=False,
            nullable=False,
            comment="tenant, 0 all places, -1 the search index",
        ),
        sa.Column("own", sa.BigInteger(), nullable=False),
        sa.Column("subtree", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("own >= 0 AND subtree >= 0", name=op.f("ck_page_version_rises")),
        sa.PrimaryKeyConstraint("place_id", name=op.f("pk_page_version")),
    )


def downgrade() -> None:
    op.drop_table("page_version")
