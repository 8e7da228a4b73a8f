"""Changes of registrations that wait to be told to another system."""

import sqlalchemy as sa
from alembic import op

from core.sdk import UtcDateTime, enforce

revision = "open_day_0004"
down_revision = "open_day_0003"
branch_labels = None
depends_on = None

TABLE = "open_day_delivery"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_try_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["event_id"],
            ["open_day_event.id"],
            name=op.f("fk_open_day_delivery_event_id_open_day_event"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenant.id"],
            name=op.f("fk_open_day_delivery_tenant_id_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_open_day_delivery")),
    )
    op.create_index(op.f("ix_open_day_delivery_event_id"), TABLE, ["event_id"], unique=False)
    op.create_index(op.f("ix_open_day_delivery_tenant_id"), TABLE, ["tenant_id"], unique=False)
    enforce(op.get_bind(), {TABLE: False})


def downgrade() -> None:
    op.drop_table(TABLE)
