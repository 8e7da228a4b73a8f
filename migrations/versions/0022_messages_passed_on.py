"""Messages are passed on to other places; numbers that are told of them."""

import sqlalchemy as sa
from alembic import op

from core.db.base import UtcDateTime
from core.db.rls import enforce

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

TABLES = {"message_transfer": False, "message_contact": False}


def upgrade() -> None:
    op.create_table(
        "message_transfer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("place_code", sa.String(length=12), nullable=False, comment="division code"),
        sa.Column("place_name", sa.String(length=100), nullable=False),
        sa.Column("number", sa.String(length=20), nullable=False, comment="of the case there"),
        sa.Column(
            "code", sa.String(length=40), nullable=False, comment="of its sender's page there"
        ),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["message_case.id"],
            name=op.f("fk_message_transfer_case_id_message_case"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenant.id"],
            name=op.f("fk_message_transfer_tenant_id_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_transfer")),
        sa.UniqueConstraint("case_id", name=op.f("uq_message_transfer_case_id")),
    )
    op.create_index(op.f("ix_message_transfer_tenant_id"), "message_transfer", ["tenant_id"])
    op.create_table(
        "message_contact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "organ_id",
            sa.Integer(),
            nullable=True,
            comment="whose messages; NULL: the place's",
        ),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("added_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organ_id"],
            ["organ.id"],
            name=op.f("fk_message_contact_organ_id_organ"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenant.id"],
            name=op.f("fk_message_contact_tenant_id_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_contact")),
        sa.UniqueConstraint(
            "tenant_id",
            "organ_id",
            "phone",
            name=op.f("uq_message_contact_tenant_id_organ_id_phone"),
        ),
    )
    op.create_index(op.f("ix_message_contact_tenant_id"), "message_contact", ["tenant_id"])
    enforce(op.get_bind(), TABLES)


def downgrade() -> None:
    op.drop_table("message_contact")
    op.drop_table("message_transfer")
