"""Findings that have to be mended, with the files that show that they are."""

import sqlalchemy as sa
from alembic import op

from core.sdk import UtcDateTime, enforce

revision = "supervisor_evaluation_0004"
down_revision = "supervisor_evaluation_0003"
branch_labels = None
depends_on = None

TABLES = {
    "supervisor_evaluation_finding": False,
    "supervisor_evaluation_finding_file": False,
}


def upgrade() -> None:
    op.create_table(
        "supervisor_evaluation_finding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("origin_id", sa.Integer(), nullable=False),
        sa.Column("organ_id", sa.Integer(), nullable=True),
        sa.Column(
            "subject", sa.String(length=100), nullable=False, comment="its name when it was found"
        ),
        sa.Column("source", sa.String(length=12), nullable=False),
        sa.Column(
            "reference",
            sa.String(length=60),
            nullable=False,
            comment="campaign, number of the message",
        ),
        sa.Column(
            "text", sa.Text(), nullable=False, comment="what is wrong; shown once it is mended"
        ),
        sa.Column(
            "page_url",
            sa.String(length=500),
            nullable=False,
            comment="path on this site of the page it is about",
        ),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("report", sa.Text(), nullable=False, comment="what was mended"),
        sa.Column("reported_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("reported_by_name", sa.String(length=64), nullable=False),
        sa.Column("recheck_note", sa.String(length=500), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column(
            "escalated_at",
            UtcDateTime(timezone=True),
            nullable=True,
            comment="overdue: the origin is told",
        ),
        sa.Column(
            "version", sa.Integer(), nullable=False, comment="counts changes, against lost ones"
        ),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "source IN ('campaign','tip','vote','other')",
            name=op.f("ck_supervisor_evaluation_finding_source"),
        ),
        sa.CheckConstraint(
            "state <> 'closed' OR closed_on IS NOT NULL",
            name=op.f("ck_supervisor_evaluation_finding_closed"),
        ),
        sa.CheckConstraint(
            "state <> 'reported' OR reported_at IS NOT NULL",
            name=op.f("ck_supervisor_evaluation_finding_reported"),
        ),
        sa.CheckConstraint(
            "state IN ('open','reported','closed','reopened')",
            name=op.f("ck_supervisor_evaluation_finding_state"),
        ),
        sa.ForeignKeyConstraint(
            ["organ_id"],
            ["organ.id"],
            name=op.f("fk_supervisor_evaluation_finding_organ_id_organ"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["origin_id"],
            ["tenant.id"],
            name=op.f("fk_supervisor_evaluation_finding_origin_id_tenant"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenant.id"],
            name=op.f("fk_supervisor_evaluation_finding_tenant_id_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervisor_evaluation_finding")),
    )
    op.create_index(
        "ix_supervisor_evaluation_finding_desk",
        "supervisor_evaluation_finding",
        ["tenant_id", "state", "due_on"],
        unique=False,
    )
    op.create_index(
        "ix_supervisor_evaluation_finding_origin",
        "supervisor_evaluation_finding",
        ["origin_id", "state", "due_on"],
        unique=False,
    )
    op.create_index(
        op.f("ix_supervisor_evaluation_finding_tenant_id"),
        "supervisor_evaluation_finding",
        ["tenant_id"],
        unique=False,
    )
    op.create_table(
        "supervisor_evaluation_finding_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("finding_id", sa.Integer(), nullable=False),
        sa.Column(
            "name",
            sa.String(length=200),
            nullable=False,
            comment="file name; no name of a photograph",
        ),
        sa.Column(
            "digest", sa.String(length=64), nullable=False, comment="SHA-256 of the stored file"
        ),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("is_picture", sa.Boolean(), nullable=False),
        sa.Column("added_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["finding_id"],
            ["supervisor_evaluation_finding.id"],
            name="fk_supervisor_evaluation_finding_file_finding_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenant.id"],
            name=op.f("fk_supervisor_evaluation_finding_file_tenant_id_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervisor_evaluation_finding_file")),
    )
    op.create_index(
        op.f("ix_supervisor_evaluation_finding_file_finding_id"),
        "supervisor_evaluation_finding_file",
        ["finding_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_supervisor_evaluation_finding_file_tenant_id"),
        "supervisor_evaluation_finding_file",
        ["tenant_id"],
        unique=False,
    )
    enforce(op.get_bind(), TABLES)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
