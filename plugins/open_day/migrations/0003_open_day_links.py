"""Links by which units enter their own nominations."""

import sqlalchemy as sa
from alembic import op

from core.sdk import UtcDateTime

revision = "open_day_0003"
down_revision = "open_day_0002"
branch_labels = None
depends_on = None

TABLE = "open_day_nomination"


def upgrade() -> None:
    digest = "keyed hash of the unit's link; NULL: none, or withdrawn"
    op.add_column(TABLE, sa.Column("link_digest", sa.String(64), nullable=True, comment=digest))
    op.add_column(TABLE, sa.Column("link_expires_at", UtcDateTime(timezone=True), nullable=True))
    op.create_index("ix_open_day_nomination_link", TABLE, ["link_digest"], unique=True)


def downgrade() -> None:
    op.drop_index("ix_open_day_nomination_link", table_name=TABLE)
    op.drop_column(TABLE, "link_expires_at")
    op.drop_column(TABLE, "link_digest")
