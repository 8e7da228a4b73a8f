"""Open days as announcements print them: without an end, a time, counted places; by telephone.

Sessions that are there keep what they announced: times and a number of places.
"""

import sqlalchemy as sa
from alembic import op

revision = "open_day_0006"
down_revision = "open_day_0005"
branch_labels = None
depends_on = None

FLAGS = ("start_shown", "end_shown", "is_counted")
TEXTS = {
    "time_text": "the time in the announcer's words",
    "capacity_text": "the number of people in the announcer's words",
}


def upgrade() -> None:
    for name in FLAGS:
        op.add_column(
            "open_day_slot",
            sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.true()),
        )
    for name, comment in TEXTS.items():
        op.add_column(
            "open_day_slot",
            sa.Column(name, sa.String(100), nullable=False, server_default="", comment=comment),
        )
    op.add_column(
        "open_day_day",
        sa.Column("by_telephone", sa.Boolean(), nullable=False, server_default=sa.false()),
    )


def downgrade() -> None:
    """Drop the announcers' words; the moments and bounds behind them stay."""
    op.drop_column("open_day_day", "by_telephone")
    for name in (*FLAGS, *TEXTS):
        op.drop_column("open_day_slot", name)
