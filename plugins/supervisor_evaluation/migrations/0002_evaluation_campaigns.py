"""Campaigns with subjects, statements, assignments, scores, changes of scores, and evidence."""

import sqlalchemy as sa
from alembic import op

from core.sdk import UtcDateTime, enforce

revision = "supervisor_evaluation_0002"
down_revision = "supervisor_evaluation_0001"
branch_labels = None
depends_on = None

# Table → whether the tenants below may read its rows: never who scores whom, and with what.
TABLES = {
    "supervisor_evaluation_campaign": True,
    "supervisor_evaluation_subject": True,
    "supervisor_evaluation_statement": False,
    "supervisor_evaluation_fact_note": False,
    "supervisor_evaluation_assignment": False,
    "supervisor_evaluation_score": False,
    "supervisor_evaluation_score_change": False,
    "supervisor_evaluation_evidence": False,
}


def upgrade() -> None:
    op.create_table(
        "supervisor_evaluation_campaign",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("introduction", sa.Text(), nullable=False),
        sa.Column(
            "plan_number",
            sa.String(length=100),
            nullable=False,
            comment="of the year's plan of checks that names it",
        ),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column(
            "state_reason", sa.String(length=300), nullable=False, comment="of cancelling it"
        ),
        sa.Column("indicator_set_id", sa.Integer(), nullable=True, comment="fixed when it starts"),
        sa.Column("self_until", sa.Date(), nullable=False),
        sa.Column("scoring_until", sa.Date(), nullable=False),
        sa.Column(
            "verify_until", sa.Date(), nullable=False, comment="three working days after scoring"
        ),
        sa.Column("reply_until", sa.Date(), nullable=False),
        sa.Column("publish_on", sa.Date(), nullable=False),
        sa.Column("scores_per_subject", sa.Integer(), nullable=False),
        sa.Column(
            "minimum", sa.Integer(), nullable=False, comment="nothing is shown of fewer answers"
        ),
        sa.Column("level", sa.String(length=20), nullable=False, comment="what is published"),
        sa.Column(
            "seed",
            sa.String(length=40),
            nullable=False,
            comment="of the assignment and of the order of scorers; published",
        ),
        sa.Column("started_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("published_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column(
            "sheet_digest",
            sa.String(length=64),
            nullable=True,
            comment="SHA-256 of the published calculation sheet in the file store",
        ),
        sa.Column("results", sa.JSON(none_as_null=True), nullable=True, comment="as published"),
        sa.Column("cloned_from_id", sa.Integer(), nullable=True),
        sa.Column(
            "version", sa.Integer(), nullable=False, comment="counts changes, against lost ones"
        ),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'published') = (published_at IS NOT NULL)",
            name=op.f("ck_supervisor_evaluation_campaign_published"),
        ),
        sa.CheckConstraint(
            "level IN ('grades','grades_and_scores')",
            name=op.f("ck_supervisor_evaluation_campaign_level"),
        ),
        sa.CheckConstraint(
            "state IN ('draft','cancelled') OR indicator_set_id IS NOT NULL",
            name=op.f("ck_supervisor_evaluation_campaign_frozen"),
        ),
        sa.CheckConstraint(
            "state IN ('draft','self_assessment','scoring','verification','reply','published','cancelled')",
            name=op.f("ck_supervisor_evaluation_campaign_state"),
        ),
        sa.CheckConstraint("minimum >= 3", name=op.f("ck_supervisor_evaluation_campaign_minimum")),
        sa.CheckConstraint(
            "scores_per_subject >= 1",
            name=op.f("ck_supervisor_evaluation_campaign_scores_per_subject"),
        ),
        sa.CheckConstraint(
            "self_until <= scoring_until AND scoring_until <= verify_until AND verify_until <= reply_until AND reply_until <= publish_on",
            name=op.f("ck_supervisor_evaluation_campaign_dates"),
        ),
        sa.ForeignKeyConstraint(
            ["cloned_from_id"],
            ["supervisor_evaluation_campaign.id"],
            name="fk_supervisor_evaluation_campaign_cloned_from_id",
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["indicator_set_id"],
            ["supervisor_evaluation_indicator_set.id"],
            name="fk_supervisor_evaluation_campaign_indicator_set_id",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenant.id"],
            name=op.f("fk_supervisor_evaluation_campaign_tenant_id_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervisor_evaluation_campaign")),
    )
    op.create_index(
        "ix_supervisor_evaluation_campaign_list",
        "supervisor_evaluation_campaign",
        ["tenant_id", "state", "year"],
        unique=False,
    )
    op.create_index(
        op.f("ix_supervisor_evaluation_campaign_tenant_id"),
        "supervisor_evaluation_campaign",
        ["tenant_id"],
        unique=False,
    )
    op.create_table(
        "supervisor_evaluation_subject",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("subject_group", sa.String(length=12), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False, comment="as it was called then"),
        sa.Column(
            "peer_group",
            sa.String(length=40),
            nullable=False,
            comment="those it is compared with, in words",
        ),
        sa.Column(
            "disclosed",
            sa.JSON(),
            nullable=False,
            comment="what its people see of the scores: indicator, reason, links, in an order that says nothing of who wrote them; taken when scoring ends",
        ),
        sa.Column("organ_id", sa.Integer(), nullable=True),
        sa.Column("township_id", sa.Integer(), nullable=True),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(subject_group = 'department') = (organ_id IS NOT NULL)",
            name=op.f("ck_supervisor_evaluation_subject_kind"),
        ),
        sa.CheckConstraint(
            "subject_group IN ('department','township')",
            name=op.f("ck_supervisor_evaluation_subject_subject_group"),
        ),
        sa.CheckConstraint(
            "(organ_id IS NULL) <> (township_id IS NULL)",
            name=op.f("ck_supervisor_evaluation_subject_subject"),
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"],
            ["supervisor_evaluation_campaign.id"],
            name="fk_supervisor_evaluation_subject_campaign_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organ_id"], ["organ.id"], name=op.f("fk_supervisor_evaluation_subject_organ_id_organ")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenant.id"],
            name=op.f("fk_supervisor_evaluation_subject_tenant_id_tenant"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["township_id"],
            ["tenant.id"],
            name=op.f("fk_supervisor_evaluation_subject_township_id_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervisor_evaluation_subject")),
        sa.UniqueConstraint(
            "campaign_id",
            "organ_id",
            name=op.f("uq_supervisor_evaluation_subject_campaign_id_organ_id"),
        ),
        sa.UniqueConstraint(
            "campaign_id",
            "township_id",
            name=op.f("uq_supervisor_evaluation_subject_campaign_id_township_id"),
        ),
    )
    op.create_index(
        op.f("ix_supervisor_evaluation_subject_campaign_id"),
        "supervisor_evaluation_subject",
        ["campaign_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_supervisor_evaluation_subject_tenant_id"),
        "supervisor_evaluation_subject",
        ["tenant_id"],
        unique=False,
    )
    op.create_table(
        "supervisor_evaluation_statement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column(
            "self_assessment", sa.JSON(), nullable=False, comment="indicator key: text, links"
        ),
        sa.Column("self_submitted_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column(
            "facts_confirmed_at",
            UtcDateTime(timezone=True),
            nullable=True,
            comment="they have looked through the facts",
        ),
        sa.Column("reply", sa.Text(), nullable=False, comment="published once accepted"),
        sa.Column("reply_state", sa.String(length=12), nullable=False),
        sa.Column(
            "reply_note", sa.String(length=500), nullable=False, comment="why a reply was returned"
        ),
        sa.Column("mended", sa.Text(), nullable=False, comment="published with the results"),
        sa.Column(
            "version", sa.Integer(), nullable=False, comment="counts changes, against lost ones"
        ),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "reply_state IN ('none','submitted','returned','accepted')",
            name=op.f("ck_supervisor_evaluation_statement_reply_state"),
        ),
        sa.ForeignKeyConstraint(
            ["subject_id"],
            ["supervisor_evaluation_subject.id"],
            name="fk_supervisor_evaluation_statement_subject_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenant.id"],
            name=op.f("fk_supervisor_evaluation_statement_tenant_id_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervisor_evaluation_statement")),
    )
    op.create_index(
        "ix_supervisor_evaluation_statement_subject",
        "supervisor_evaluation_statement",
        ["subject_id"],
        unique=True,
    )
    op.create_index(
        op.f("ix_supervisor_evaluation_statement_tenant_id"),
        "supervisor_evaluation_statement",
        ["tenant_id"],
        unique=False,
    )
    op.create_table(
        "supervisor_evaluation_fact_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("statement_id", sa.Integer(), nullable=False),
        sa.Column(
            "item",
            sa.Integer(),
            nullable=False,
            comment="number of the reason among those disclosed",
        ),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False, comment="why it was decided so"),
        sa.Column("decided_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('open','accepted','refused')",
            name=op.f("ck_supervisor_evaluation_fact_note_state"),
        ),
        sa.ForeignKeyConstraint(
            ["statement_id"],
            ["supervisor_evaluation_statement.id"],
            name="fk_supervisor_evaluation_fact_note_statement_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenant.id"],
            name=op.f("fk_supervisor_evaluation_fact_note_tenant_id_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervisor_evaluation_fact_note")),
        sa.UniqueConstraint(
            "statement_id",
            "item",
            name=op.f("uq_supervisor_evaluation_fact_note_statement_id_item"),
        ),
    )
    op.create_index(
        op.f("ix_supervisor_evaluation_fact_note_statement_id"),
        "supervisor_evaluation_fact_note",
        ["statement_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_supervisor_evaluation_fact_note_tenant_id"),
        "supervisor_evaluation_fact_note",
        ["tenant_id"],
        unique=False,
    )
    op.create_table(
        "supervisor_evaluation_assignment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("campaign_id", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("supervisor_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=14), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column(
            "reason", sa.String(length=300), nullable=False, comment="of declining or a swap"
        ),
        sa.Column("text", sa.Text(), nullable=False, comment="what was seen on the whole"),
        sa.Column("visited_on", sa.Date(), nullable=True),
        sa.Column("assigned_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'submitted') = (submitted_at IS NOT NULL)",
            name=op.f("ck_supervisor_evaluation_assignment_submitted"),
        ),
        sa.CheckConstraint(
            "kind IN ('regular','spot_check','mystery_visit')",
            name=op.f("ck_supervisor_evaluation_assignment_kind"),
        ),
        sa.CheckConstraint(
            "state IN ('assigned','declined','swapped','submitted')",
            name=op.f("ck_supervisor_evaluation_assignment_state"),
        ),
        sa.ForeignKeyConstraint(
            ["campaign_id"],
            ["supervisor_evaluation_campaign.id"],
            name="fk_supervisor_evaluation_assignment_campaign_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["subject_id"],
            ["supervisor_evaluation_subject.id"],
            name="fk_supervisor_evaluation_assignment_subject_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["supervisor_id"],
            ["supervisor_evaluation_supervisor.id"],
            name="fk_supervisor_evaluation_assignment_supervisor_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenant.id"],
            name=op.f("fk_supervisor_evaluation_assignment_tenant_id_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervisor_evaluation_assignment")),
        sa.UniqueConstraint(
            "subject_id", "supervisor_id", "kind", name="uq_supervisor_evaluation_assignment_pair"
        ),
    )
    op.create_index(
        "ix_supervisor_evaluation_assignment_campaign",
        "supervisor_evaluation_assignment",
        ["campaign_id", "state"],
        unique=False,
    )
    op.create_index(
        op.f("ix_supervisor_evaluation_assignment_supervisor_id"),
        "supervisor_evaluation_assignment",
        ["supervisor_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_supervisor_evaluation_assignment_tenant_id"),
        "supervisor_evaluation_assignment",
        ["tenant_id"],
        unique=False,
    )
    op.create_table(
        "supervisor_evaluation_score",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("indicator", sa.String(length=40), nullable=False, comment="its key"),
        sa.Column("points", sa.Integer(), nullable=True, comment="NULL: not seen"),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("links", sa.JSON(), nullable=False, comment="addresses that show it"),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assignment_id"],
            ["supervisor_evaluation_assignment.id"],
            name="fk_supervisor_evaluation_score_assignment_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenant.id"],
            name=op.f("fk_supervisor_evaluation_score_tenant_id_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervisor_evaluation_score")),
        sa.UniqueConstraint(
            "assignment_id",
            "indicator",
            name=op.f("uq_supervisor_evaluation_score_assignment_id_indicator"),
        ),
    )
    op.create_index(
        op.f("ix_supervisor_evaluation_score_tenant_id"),
        "supervisor_evaluation_score",
        ["tenant_id"],
        unique=False,
    )
    op.create_table(
        "supervisor_evaluation_score_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("score_id", sa.Integer(), nullable=False),
        sa.Column("old_points", sa.Integer(), nullable=True),
        sa.Column("new_points", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.String(length=100), nullable=False, comment="an organ or post"),
        sa.Column(
            "note_item",
            sa.Integer(),
            nullable=True,
            comment="number of the disclosed reason whose facts were disputed",
        ),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["score_id"],
            ["supervisor_evaluation_score.id"],
            name="fk_supervisor_evaluation_score_change_score_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenant.id"],
            name=op.f("fk_supervisor_evaluation_score_change_tenant_id_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervisor_evaluation_score_change")),
    )
    op.create_index(
        op.f("ix_supervisor_evaluation_score_change_score_id"),
        "supervisor_evaluation_score_change",
        ["score_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_supervisor_evaluation_score_change_tenant_id"),
        "supervisor_evaluation_score_change",
        ["tenant_id"],
        unique=False,
    )
    op.create_table(
        "supervisor_evaluation_evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=True),
        sa.Column("statement_id", sa.Integer(), nullable=True),
        sa.Column("indicator", sa.String(length=40), nullable=False, comment="its key"),
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
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("added_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(assignment_id IS NULL) <> (statement_id IS NULL)",
            name=op.f("ck_supervisor_evaluation_evidence_owner"),
        ),
        sa.ForeignKeyConstraint(
            ["assignment_id"],
            ["supervisor_evaluation_assignment.id"],
            name="fk_supervisor_evaluation_evidence_assignment_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["statement_id"],
            ["supervisor_evaluation_statement.id"],
            name="fk_supervisor_evaluation_evidence_statement_id",
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenant.id"],
            name=op.f("fk_supervisor_evaluation_evidence_tenant_id_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supervisor_evaluation_evidence")),
    )
    op.create_index(
        op.f("ix_supervisor_evaluation_evidence_assignment_id"),
        "supervisor_evaluation_evidence",
        ["assignment_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_supervisor_evaluation_evidence_statement_id"),
        "supervisor_evaluation_evidence",
        ["statement_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_supervisor_evaluation_evidence_tenant_id"),
        "supervisor_evaluation_evidence",
        ["tenant_id"],
        unique=False,
    )
    enforce(op.get_bind(), TABLES)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
