"""The register of supervisors with conflicts of interest, and sets of indicators."""

import sqlalchemy as sa
from alembic import op

from core.sdk import UtcDateTime, enforce

revision = "supervisor_evaluation_0001"
down_revision = None
branch_labels = ("supervisor_evaluation",)
depends_on = None

# Table → whether the tenants below may read its rows (they inherit the county's indicators).
TABLES = {
    "supervisor_evaluation_indicator_set": True,
    "supervisor_evaluation_supervisor": False,
    "supervisor_evaluation_conflict": False,
}


def upgrade() -> None:
    op.create_table(
        "supervisor_evaluation_indicator_set",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "number",
            sa.Integer(),
            nullable=False,
            comment="the version, counted from 1 at its place",
        ),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("note", sa.Text(), nullable=False, comment="what is new, and why"),
        sa.Column(
            "indicators",
            sa.JSON(),
            nullable=False,
            comment="key, name, weight, anchors, evidence, group, source, measure",
        ),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("comment_until", sa.Date(), nullable=True),
        sa.Column("in_force_on", sa.Date(), nullable=True),
        sa.Column("superseded_on", sa.Date(), nullable=True),
        sa.Column(
            "derived_from_id",
            sa.Integer(),
            nullable=True,
            comment="the set it was copied from, perhaps of a place above; no key: it may be gone",
        ),
        sa.Column(
            "version", sa.Integer(), nullable=False, comment="counts changes, against lost ones"
        ),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('draft','comment','in_force','superseded')",
            name=op.f("ck_supervisor_evaluation_indicator_set_state"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenant.id"],
            name=op.f("fk_supervisor_evaluation_indicator_set_tenant_id_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervisor_evaluation_indicator_set")),
        sa.UniqueConstraint(
            "tenant_id",
            "number",
            name=op.f("uq_supervisor_evaluation_indicator_set_tenant_id_number"),
        ),
    )
    op.create_index(
        op.f("ix_supervisor_evaluation_indicator_set_tenant_id"),
        "supervisor_evaluation_indicator_set",
        ["tenant_id"],
        unique=False,
    )
    op.create_table(
        "supervisor_evaluation_supervisor",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column(
            "name", sa.String(length=40), nullable=False, comment="empty once the data are erased"
        ),
        sa.Column("gender", sa.String(length=10), nullable=False),
        sa.Column("birth_year", sa.Integer(), nullable=True),
        sa.Column("background", sa.String(length=12), nullable=False),
        sa.Column("unit", sa.String(length=100), nullable=False, comment="unit or village"),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("phone_digest", sa.String(length=64), nullable=True, comment="keyed hash"),
        sa.Column("source", sa.String(length=12), nullable=False),
        sa.Column("nominated_by", sa.String(length=100), nullable=False, comment="a unit"),
        sa.Column("statement", sa.Text(), nullable=False, comment="why the person applies"),
        sa.Column("areas", sa.JSON(), nullable=False, comment="what they supervise, in words"),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column(
            "reason",
            sa.String(length=300),
            nullable=False,
            comment="of declining, suspending or ending; for the office",
        ),
        sa.Column("appointed_on", sa.Date(), nullable=True),
        sa.Column("term_ends_on", sa.Date(), nullable=True),
        sa.Column("confirmed_until", sa.Date(), nullable=True, comment="confirmed year by year"),
        sa.Column("ended_on", sa.Date(), nullable=True, comment="ended, or declined"),
        sa.Column("letter_number", sa.String(length=40), nullable=True),
        sa.Column(
            "link_digest",
            sa.String(length=64),
            nullable=True,
            comment="keyed hash of the private link; NULL: none, or withdrawn",
        ),
        sa.Column(
            "version", sa.Integer(), nullable=False, comment="counts changes, against lost ones"
        ),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("erased_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "background IN ('deputy','adviser','media','enterprise','resident','other')",
            name=op.f("ck_supervisor_evaluation_supervisor_background"),
        ),
        sa.CheckConstraint(
            "gender IN ('female','male','unknown')",
            name=op.f("ck_supervisor_evaluation_supervisor_gender"),
        ),
        sa.CheckConstraint(
            "kind IN ('supervisor','experience_officer')",
            name=op.f("ck_supervisor_evaluation_supervisor_kind"),
        ),
        sa.CheckConstraint(
            "source IN ('application','nomination')",
            name=op.f("ck_supervisor_evaluation_supervisor_source"),
        ),
        sa.CheckConstraint(
            "state IN ('applied','nominated','appointed','suspended','ended','declined')",
            name=op.f("ck_supervisor_evaluation_supervisor_state"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('appointed','suspended') OR (appointed_on IS NOT NULL AND term_ends_on IS NOT NULL AND confirmed_until IS NOT NULL)",
            name=op.f("ck_supervisor_evaluation_supervisor_term"),
        ),
        sa.CheckConstraint(
            "confirmed_until <= term_ends_on",
            name=op.f("ck_supervisor_evaluation_supervisor_confirmed"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenant.id"],
            name=op.f("fk_supervisor_evaluation_supervisor_tenant_id_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervisor_evaluation_supervisor")),
        sa.UniqueConstraint(
            "tenant_id",
            "letter_number",
            name=op.f("uq_supervisor_evaluation_supervisor_tenant_id_letter_number"),
        ),
    )
    op.create_index(
        "ix_supervisor_evaluation_supervisor_link",
        "supervisor_evaluation_supervisor",
        ["link_digest"],
        unique=True,
    )
    op.create_index(
        "ix_supervisor_evaluation_supervisor_list",
        "supervisor_evaluation_supervisor",
        ["tenant_id", "state"],
        unique=False,
    )
    op.create_index(
        "ix_supervisor_evaluation_supervisor_phone",
        "supervisor_evaluation_supervisor",
        ["tenant_id", "phone_digest"],
        unique=False,
    )
    op.create_index(
        op.f("ix_supervisor_evaluation_supervisor_tenant_id"),
        "supervisor_evaluation_supervisor",
        ["tenant_id"],
        unique=False,
    )
    op.create_table(
        "supervisor_evaluation_conflict",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("supervisor_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("declared_by", sa.String(length=12), nullable=False),
        sa.Column("declared_on", sa.Date(), nullable=False),
        sa.Column("organ_id", sa.Integer(), nullable=True),
        sa.Column("township_id", sa.Integer(), nullable=True),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "declared_by IN ('supervisor','office')",
            name=op.f("ck_supervisor_evaluation_conflict_declared_by"),
        ),
        sa.CheckConstraint(
            "(organ_id IS NULL) <> (township_id IS NULL)",
            name=op.f("ck_supervisor_evaluation_conflict_subject"),
        ),
        sa.ForeignKeyConstraint(
            ["organ_id"],
            ["organ.id"],
            name=op.f("fk_supervisor_evaluation_conflict_organ_id_organ"),
        ),
        sa.ForeignKeyConstraint(
            ["supervisor_id"],
            ["supervisor_evaluation_supervisor.id"],
            name="fk_supervisor_evaluation_conflict_supervisor_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenant.id"],
            name=op.f("fk_supervisor_evaluation_conflict_tenant_id_tenant"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["township_id"],
            ["tenant.id"],
            name=op.f("fk_supervisor_evaluation_conflict_township_id_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervisor_evaluation_conflict")),
    )
    op.create_index(
        "ix_supervisor_evaluation_conflict_organ",
        "supervisor_evaluation_conflict",
        ["supervisor_id", "organ_id"],
        unique=True,
    )
    op.create_index(
        op.f("ix_supervisor_evaluation_conflict_tenant_id"),
        "supervisor_evaluation_conflict",
        ["tenant_id"],
        unique=False,
    )
    op.create_index(
        "ix_supervisor_evaluation_conflict_township",
        "supervisor_evaluation_conflict",
        ["supervisor_id", "township_id"],
        unique=True,
    )
    enforce(op.get_bind(), TABLES)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
