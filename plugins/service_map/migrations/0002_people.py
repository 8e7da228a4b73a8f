"""People of villages, for the share of those who live near a service."""

import sqlalchemy as sa
from alembic import op

from core.sdk import enforce

revision = "service_map_0002"
down_revision = "service_map_0001"
branch_labels = None
depends_on = None

TABLES = {"service_map_people": False}


def upgrade() -> None:
    op.create_table(
        "service_map_people",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("households", sa.Integer(), nullable=True),
        sa.Column("entered_on", sa.Date(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "people >= 0 AND (households IS NULL OR households >= 0)",
            name=op.f("ck_service_map_people_counts"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenant.id"],
            name=op.f("fk_service_map_people_tenant_id_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_map_people")),
        sa.UniqueConstraint("tenant_id", name=op.f("uq_service_map_people_tenant_id")),
    )
    op.create_index(op.f("ix_service_map_people_tenant_id"), "service_map_people", ["tenant_id"])
    enforce(op.get_bind(), TABLES)


def downgrade() -> None:
    op.drop_table("service_map_people")
