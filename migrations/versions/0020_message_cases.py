"""Message cases: what people write to the office, its term, its reply and its history."""

import sqlalchemy as sa
from alembic import op

from core.db.base import UtcDateTime
from core.db.rls import enforce

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

TABLES = {"message_case": False, "message_event": False}


def upgrade() -> None:
    op.create_table(
        "message_case",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "number", sa.String(length=20), nullable=False, comment="year and a running number"
        ),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column(
            "request_key",
            sa.String(length=80),
            nullable=True,
            comment="of the form that was sent, so that sending it twice is one act",
        ),
        sa.Column("kind", sa.String(length=60), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column(
            "subject",
            sa.String(length=200),
            nullable=False,
            comment="its title when the message came",
        ),
        sa.Column("text", sa.Text(), nullable=False, comment="empty once erased"),
        sa.Column("name", sa.String(length=50), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=False, comment="shown masked"),
        sa.Column(
            "phone_digest",
            sa.String(length=64),
            nullable=True,
            comment="keyed hash of the phone, for finding",
        ),
        sa.Column("may_be_published", sa.Boolean(), nullable=False, comment="the sender agrees"),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("organ_id", sa.Integer(), nullable=True, comment="who answers; NULL: the place"),
        sa.Column("received_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column(
            "is_provisional",
            sa.Boolean(),
            nullable=False,
            comment="the term reaches a year without an official calendar",
        ),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.Column("reply_author_id", sa.Integer(), nullable=True),
        sa.Column("reply_author_name", sa.String(length=64), nullable=False),
        sa.Column("approver_id", sa.Integer(), nullable=True),
        sa.Column("replied_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column(
            "closed_at",
            UtcDateTime(timezone=True),
            nullable=True,
            comment="replied, handed over, dismissed",
        ),
        sa.Column(
            "erased_at", UtcDateTime(timezone=True), nullable=True, comment="personal data removed"
        ),
        sa.Column("public_text", sa.Text(), nullable=False),
        sa.Column("public_reply", sa.Text(), nullable=False),
        sa.Column("published_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("satisfaction", sa.String(length=12), nullable=True),
        sa.Column("remark", sa.String(length=500), nullable=False),
        sa.Column(
            "version", sa.Integer(), nullable=False, comment="counts changes, against lost ones"
        ),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "published_at IS NULL OR state = 'replied'", name=op.f("ck_message_case_published")
        ),
        sa.CheckConstraint(
            "satisfaction IS NULL OR satisfaction IN ('satisfied', 'mostly', 'dissatisfied')",
            name=op.f("ck_message_case_satisfaction"),
        ),
        sa.CheckConstraint(
            "state <> 'replied' OR replied_at IS NOT NULL", name=op.f("ck_message_case_replied")
        ),
        sa.CheckConstraint(
            "state <> 'replied' OR reply_author_id IS NULL OR approver_id IS NULL OR reply_author_id <> approver_id",
            name=op.f("ck_message_case_second_person"),
        ),
        sa.CheckConstraint(
            "state IN ('open', 'in_review', 'replied', 'handed_over', 'dismissed')",
            name=op.f("ck_message_case_state"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('in_review','replied') OR reply_author_name <> ''",
            name=op.f("ck_message_case_author"),
        ),
        sa.ForeignKeyConstraint(
            ["approver_id"],
            ["user_account.id"],
            name=op.f("fk_message_case_approver_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["organ_id"],
            ["organ.id"],
            name=op.f("fk_message_case_organ_id_organ"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["reply_author_id"],
            ["user_account.id"],
            name=op.f("fk_message_case_reply_author_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenant.id"],
            name=op.f("fk_message_case_tenant_id_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_case")),
        sa.UniqueConstraint("code", name=op.f("uq_message_case_code")),
        sa.UniqueConstraint("request_key", name=op.f("uq_message_case_request_key")),
        sa.UniqueConstraint("tenant_id", "number", name=op.f("uq_message_case_tenant_id_number")),
    )
    op.create_index("ix_message_case_list", "message_case", ["tenant_id", "state", "due_on"])
    op.create_index("ix_message_case_phone", "message_case", ["tenant_id", "phone_digest"])
    op.create_index("ix_message_case_subject", "message_case", ["tenant_id", "kind", "key"])
    op.create_index(op.f("ix_message_case_tenant_id"), "message_case", ["tenant_id"])
    op.create_table(
        "message_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("move", sa.String(length=12), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("organ_name", sa.String(length=100), nullable=False, comment="who has it since"),
        sa.Column("due_on", sa.Date(), nullable=True, comment="the term that runs since"),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("actor_name", sa.String(length=64), nullable=False, comment="empty: the sender"),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["user_account.id"], name=op.f("fk_message_event_actor_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["message_case.id"],
            name=op.f("fk_message_event_case_id_message_case"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenant.id"],
            name=op.f("fk_message_event_tenant_id_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_event")),
    )
    op.create_index(op.f("ix_message_event_case_id"), "message_event", ["case_id"])
    op.create_index(op.f("ix_message_event_tenant_id"), "message_event", ["tenant_id"])
    enforce(op.get_bind(), TABLES)


def downgrade() -> None:
    op.drop_table("message_event")
    op.drop_table("message_case")
