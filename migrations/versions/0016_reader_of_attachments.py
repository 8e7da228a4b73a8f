"""Which version of the readers an attachment's text was extracted by; older texts are read again."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "attachment_text",
        sa.Column(
            "reader",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="version of the readers",
        ),
    )


def downgrade() -> None:
    op.drop_column("attachment_text", "reader")
