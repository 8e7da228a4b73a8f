"""The arrangement of holidays of a year, imported from the State Council's notice."""

import sqlalchemy as sa
from alembic import op

from core.db.base import UtcDateTime

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "holiday_notice",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "days",
            sa.JSON(),
            nullable=False,
            comment="days off, and weekend days that are worked",
        ),
        sa.Column("imported_at", UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_holiday_notice")),
    )


def downgrade() -> None:
    op.drop_table("holiday_notice")
