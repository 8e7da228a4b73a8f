"""Changes that people ask for after the deadline, kept until the staff has decided."""

import sqlalchemy as sa
from alembic import op

revision = "open_day_0007"
down_revision = "open_day_0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "open_day_registration",
        sa.Column(
            "change_request",
            sa.JSON(),
            comment="slot, people, name or phone wanted after the deadline; the staff decides",
        ),
    )


def downgrade() -> None:
    op.drop_column("open_day_registration", "change_request")
