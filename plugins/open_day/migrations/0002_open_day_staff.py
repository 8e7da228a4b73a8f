"""Nominations, notes of the door, questionnaires, replies, the year's plan."""

import sqlalchemy as sa
from alembic import op

from core.sdk import UtcDateTime, enforce

revision = "open_day_0002"
down_revision = "open_day_0001"
branch_labels = None
depends_on = None

TABLES = {
    "open_day_check": False,
    "open_day_nomination": False,
    "open_day_questionnaire": False,
    "open_day_reply": False,
    "open_day_survey_answer": False,
    "open_day_survey_use": False,
    "open_day_year_plan": False,
}


def upgrade() -> None:
    op.create_table(
        "open_day_nomination",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("open_day_id", sa.Integer(), nullable=False),
        sa.Column("slot_id", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(length=100), nullable=False),
        sa.Column("quota", sa.Integer(), nullable=False, comment="people"),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("quota >= 1", name=op.f("ck_open_day_nomination_quota")),
        sa.ForeignKeyConstraint(
            ["open_day_id", "slot_id"],
            ["open_day_slot.open_day_id", "open_day_slot.id"],
            name=op.f("fk_open_day_nomination_open_day_id_slot_id_open_day_slot"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "open_day_id"],
            ["open_day_day.tenant_id", "open_day_day.id"],
            name=op.f("fk_open_day_nomination_tenant_id_open_day_id_open_day_day"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenant.id"],
            name=op.f("fk_open_day_nomination_tenant_id_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_open_day_nomination")),
        sa.UniqueConstraint("slot_id", "unit", name=op.f("uq_open_day_nomination_slot_id_unit")),
    )
    op.create_index(
        op.f("ix_open_day_nomination_open_day_id"),
        "open_day_nomination",
        ["open_day_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_open_day_nomination_tenant_id"), "open_day_nomination", ["tenant_id"], unique=False
    )
    op.create_table(
        "open_day_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("open_day_id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("nonce", sa.String(length=64), nullable=False),
        sa.Column("act", sa.String(length=3), nullable=False),
        sa.Column("heads", sa.Integer(), nullable=False),
        sa.Column(
            "at",
            UtcDateTime(timezone=True),
            nullable=False,
            comment="when it was noted, by the device's clock",
        ),
        sa.Column("received_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("device", sa.String(length=40), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True, comment="NULL: the visitor"),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("act IN ('in','out')", name=op.f("ck_open_day_check_act")),
        sa.CheckConstraint("heads >= 0", name=op.f("ck_open_day_check_heads")),
        sa.ForeignKeyConstraint(
            ["by_id"], ["user_account.id"], name=op.f("fk_open_day_check_by_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["open_day_id", "registration_id"],
            ["open_day_registration.open_day_id", "open_day_registration.id"],
            name=op.f("fk_open_day_check_open_day_id_registration_id_open_day_registration"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "open_day_id"],
            ["open_day_day.tenant_id", "open_day_day.id"],
            name=op.f("fk_open_day_check_tenant_id_open_day_id_open_day_day"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenant.id"],
            name=op.f("fk_open_day_check_tenant_id_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_open_day_check")),
        sa.UniqueConstraint(
            "open_day_id", "nonce", name=op.f("uq_open_day_check_open_day_id_nonce")
        ),
    )
    op.create_index(
        "ix_open_day_check_of", "open_day_check", ["open_day_id", "registration_id"], unique=False
    )
    op.create_index(
        op.f("ix_open_day_check_tenant_id"), "open_day_check", ["tenant_id"], unique=False
    )
    op.create_table(
        "open_day_questionnaire",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("open_day_id", sa.Integer(), nullable=False),
        sa.Column("questions", sa.JSON(), nullable=False),
        sa.Column(
            "least", sa.Integer(), nullable=False, comment="fewer answers are shown to nobody"
        ),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("is_public", sa.Boolean(), nullable=False, comment="satisfaction on the page"),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "open_day_id"],
            ["open_day_day.tenant_id", "open_day_day.id"],
            name=op.f("fk_open_day_questionnaire_tenant_id_open_day_id_open_day_day"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenant.id"],
            name=op.f("fk_open_day_questionnaire_tenant_id_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_open_day_questionnaire")),
        sa.UniqueConstraint("open_day_id", name=op.f("uq_open_day_questionnaire_open_day_id")),
    )
    op.create_index(
        op.f("ix_open_day_questionnaire_tenant_id"),
        "open_day_questionnaire",
        ["tenant_id"],
        unique=False,
    )
    op.create_table(
        "open_day_survey_answer",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("open_day_id", sa.Integer(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "open_day_id"],
            ["open_day_day.tenant_id", "open_day_day.id"],
            name=op.f("fk_open_day_survey_answer_tenant_id_open_day_id_open_day_day"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenant.id"],
            name=op.f("fk_open_day_survey_answer_tenant_id_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_open_day_survey_answer")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("ix_open_day_survey_answer_open_day_id"),
        "open_day_survey_answer",
        ["open_day_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_open_day_survey_answer_tenant_id"),
        "open_day_survey_answer",
        ["tenant_id"],
        unique=False,
    )
    op.create_table(
        "open_day_survey_use",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("open_day_id", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "open_day_id"],
            ["open_day_day.tenant_id", "open_day_day.id"],
            name=op.f("fk_open_day_survey_use_tenant_id_open_day_id_open_day_day"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenant.id"],
            name=op.f("fk_open_day_survey_use_tenant_id_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_open_day_survey_use")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("ix_open_day_survey_use_open_day_id"),
        "open_day_survey_use",
        ["open_day_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_open_day_survey_use_tenant_id"), "open_day_survey_use", ["tenant_id"], unique=False
    )
    op.create_table(
        "open_day_reply",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("open_day_id", sa.Integer(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("organ_id", sa.Integer(), nullable=True),
        sa.Column("unit", sa.String(length=100), nullable=False, comment="where no organ is named"),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.Column("replied_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("replied_by_name", sa.String(length=64), nullable=False),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Column(
            "version", sa.Integer(), nullable=False, comment="counts changes, against lost ones"
        ),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organ_id"], ["organ.id"], name=op.f("fk_open_day_reply_organ_id_organ")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "open_day_id"],
            ["open_day_day.tenant_id", "open_day_day.id"],
            name=op.f("fk_open_day_reply_tenant_id_open_day_id_open_day_day"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenant.id"],
            name=op.f("fk_open_day_reply_tenant_id_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_open_day_reply")),
    )
    op.create_index(
        "ix_open_day_reply_due",
        "open_day_reply",
        ["tenant_id", "replied_at", "due_on"],
        unique=False,
    )
    op.create_index(
        op.f("ix_open_day_reply_open_day_id"), "open_day_reply", ["open_day_id"], unique=False
    )
    op.create_index(
        op.f("ix_open_day_reply_tenant_id"), "open_day_reply", ["tenant_id"], unique=False
    )
    op.create_table(
        "open_day_year_plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(length=100), nullable=False),
        sa.Column("planned", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("planned >= 0", name=op.f("ck_open_day_year_plan_planned")),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenant.id"],
            name=op.f("fk_open_day_year_plan_tenant_id_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_open_day_year_plan")),
        sa.UniqueConstraint(
            "tenant_id", "year", "unit", name=op.f("uq_open_day_year_plan_tenant_id_year_unit")
        ),
    )
    op.create_index(
        op.f("ix_open_day_year_plan_tenant_id"), "open_day_year_plan", ["tenant_id"], unique=False
    )
    enforce(op.get_bind(), TABLES)


def downgrade() -> None:
    for table in (
        "open_day_year_plan",
        "open_day_reply",
        "open_day_survey_use",
        "open_day_survey_answer",
        "open_day_questionnaire",
        "open_day_check",
        "open_day_nomination",
    ):
        op.drop_table(table)
