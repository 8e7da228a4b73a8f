"""Questionnaires of any feature, their anonymous answers, and the tokens that were used."""

import sqlalchemy as sa
from alembic import op

import core.db.base
from core.db.rls import enforce

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

TABLES = {"questionnaire": False, "questionnaire_answer": False, "questionnaire_use": False}


def _owned(table: str) -> tuple[sa.Column[int], sa.ForeignKeyConstraint]:
    return (
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenant.id"],
            name=op.f(f"fk_{table}_tenant_id_tenant"),
            ondelete="RESTRICT",
        ),
    )


def _of_questionnaire(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["tenant_id", "questionnaire_id"],
        ["questionnaire.tenant_id", "questionnaire.id"],
        name=op.f(f"fk_{table}_tenant_id_questionnaire_id_questionnaire"),
        ondelete="CASCADE",
    )


def upgrade() -> None:
    op.create_table(
        "questionnaire",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.String(length=60),
            nullable=False,
            comment="what the subject is, e.g. plugin.thing",
        ),
        sa.Column(
            "key", sa.String(length=80), nullable=False, comment="which subject of this kind"
        ),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("introduction", sa.Text(), nullable=False),
        sa.Column("questions", sa.JSON(), nullable=False),
        sa.Column(
            "minimum",
            sa.Integer(),
            nullable=False,
            comment="results of fewer answers are shown to nobody",
        ),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("is_public", sa.Boolean(), nullable=False, comment="results on public pages"),
        sa.Column(
            "is_blind",
            sa.Boolean(),
            nullable=False,
            comment="results only after closing, which is final then",
        ),
        sa.Column("opens_at", core.db.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("closes_at", core.db.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("created_at", core.db.base.UtcDateTime(timezone=True), nullable=False),
        *_owned("questionnaire"),
        sa.CheckConstraint("minimum >= 1", name=op.f("ck_questionnaire_minimum")),
        sa.CheckConstraint("opens_at < closes_at", name=op.f("ck_questionnaire_period")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questionnaire")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_questionnaire_tenant_id_id")),
        sa.UniqueConstraint(
            "tenant_id", "kind", "key", name=op.f("uq_questionnaire_tenant_id_kind_key")
        ),
    )
    op.create_table(
        "questionnaire_answer",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("questionnaire_id", sa.Integer(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        *_owned("questionnaire_answer"),
        _of_questionnaire("questionnaire_answer"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_questionnaire_answer")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "questionnaire_use",
        sa.Column("questionnaire_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        *_owned("questionnaire_use"),
        _of_questionnaire("questionnaire_use"),
        sa.PrimaryKeyConstraint("questionnaire_id", "digest", name=op.f("pk_questionnaire_use")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("ix_questionnaire_answer_questionnaire_id"),
        "questionnaire_answer",
        ["questionnaire_id"],
    )
    for table in TABLES:
        op.create_index(op.f(f"ix_{table}_tenant_id"), table, ["tenant_id"])
    enforce(op.get_bind(), TABLES)


def downgrade() -> None:
    for table in ("questionnaire_use", "questionnaire_answer", "questionnaire"):
        op.drop_table(table)
