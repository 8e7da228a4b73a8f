"""Messages that were passed on know the place that their subject belongs to."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "message_case",
        sa.Column(
            "subject_tenant_id",
            sa.Integer(),
            nullable=True,
            comment="place of the subject, where the message was passed on from there",
        ),
    )
