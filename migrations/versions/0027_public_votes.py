"""Public votes of any feature: plans, subjects, paper and web ballots, tickets, remarks."""

import sqlalchemy as sa
from alembic import op

from core.db.base import UtcDateTime
from core.db.rls import enforce

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

TABLES = {
    "vote": False,
    "vote_record": False,
    "vote_subject": False,
    "vote_ticket": False,
    "vote_ballot": False,
    "vote_remark": False,
    "vote_sheet": False,
}


def upgrade() -> None:
    op.create_table(
        "vote",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind", sa.String(length=60), nullable=False, comment="whose vote, e.g. plugin.thing"
        ),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("introduction", sa.Text(), nullable=False),
        sa.Column(
            "weights",
            sa.JSON(),
            nullable=False,
            comment="percent by channel that is used: meeting, web, paper",
        ),
        sa.Column(
            "weight_reason",
            sa.String(length=300),
            nullable=False,
            comment="why the web weighs more than it does by default",
        ),
        sa.Column("aspects", sa.JSON(), nullable=False, comment="key, label, in their order"),
        sa.Column(
            "minimum", sa.Integer(), nullable=False, comment="grades below which a cell is withheld"
        ),
        sa.Column(
            "by_ticket",
            sa.Boolean(),
            nullable=False,
            comment="on the web: with a printed ticket only, not by device",
        ),
        sa.Column("opens_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("closes_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("published_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column(
            "results",
            sa.JSON(),
            nullable=False,
            comment="by subject: counts that may be shown, weights that held, rates",
        ),
        sa.Column(
            "version", sa.Integer(), nullable=False, comment="counts changes, against lost ones"
        ),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state <> 'published' OR published_at IS NOT NULL", name=op.f("ck_vote_published")
        ),
        sa.CheckConstraint(
            "state IN ('draft','open','counting','published')", name=op.f("ck_vote_state")
        ),
        sa.CheckConstraint("minimum >= 3", name=op.f("ck_vote_minimum")),
        sa.CheckConstraint("opens_at < closes_at", name=op.f("ck_vote_window")),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_vote_tenant_id_tenant"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vote")),
    )
    op.create_index("ix_vote_list", "vote", ["tenant_id", "kind", "year"], unique=False)
    op.create_index(op.f("ix_vote_tenant_id"), "vote", ["tenant_id"], unique=False)
    op.create_table(
        "vote_record",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("vote_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("place", sa.String(length=100), nullable=False),
        sa.Column("issued", sa.Integer(), nullable=False, comment="sheets handed out"),
        sa.Column("collected", sa.Integer(), nullable=False, comment="sheets that came back"),
        sa.Column("void", sa.Integer(), nullable=False, comment="of these spoilt"),
        sa.Column("scrutineers", sa.String(length=200), nullable=False, comment="监票"),
        sa.Column("tellers", sa.String(length=200), nullable=False, comment="计票"),
        sa.Column(
            "scan_digest", sa.String(length=64), nullable=True, comment="SHA-256 of the scan"
        ),
        sa.Column("scan_type", sa.String(length=100), nullable=False),
        sa.Column("closed_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column(
            "version", sa.Integer(), nullable=False, comment="counts changes, against lost ones"
        ),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("channel IN ('meeting','paper')", name=op.f("ck_vote_record_channel")),
        sa.CheckConstraint(
            "void >= 0 AND void <= collected AND collected <= issued",
            name=op.f("ck_vote_record_counts"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenant.id"],
            name=op.f("fk_vote_record_tenant_id_tenant"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["vote_id"], ["vote.id"], name=op.f("fk_vote_record_vote_id_vote"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vote_record")),
    )
    op.create_index(op.f("ix_vote_record_tenant_id"), "vote_record", ["tenant_id"], unique=False)
    op.create_index(op.f("ix_vote_record_vote_id"), "vote_record", ["vote_id"], unique=False)
    op.create_table(
        "vote_subject",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("vote_id", sa.Integer(), nullable=False),
        sa.Column(
            "key",
            sa.String(length=80),
            nullable=False,
            comment="which subject, in its feature's words",
        ),
        sa.Column("peer_group", sa.String(length=40), nullable=False, comment="is compared with"),
        sa.Column(
            "name", sa.String(length=100), nullable=False, comment="as it stood on the ballot"
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("mended", sa.Text(), nullable=False, comment="what was mended, for everybody"),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenant.id"],
            name=op.f("fk_vote_subject_tenant_id_tenant"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["vote_id"], ["vote.id"], name=op.f("fk_vote_subject_vote_id_vote"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vote_subject")),
        sa.UniqueConstraint("vote_id", "key", name=op.f("uq_vote_subject_vote_id_key")),
    )
    op.create_index(op.f("ix_vote_subject_tenant_id"), "vote_subject", ["tenant_id"], unique=False)
    op.create_index(op.f("ix_vote_subject_vote_id"), "vote_subject", ["vote_id"], unique=False)
    op.create_table(
        "vote_ticket",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("vote_id", sa.Integer(), nullable=False),
        sa.Column("code_digest", sa.String(length=64), nullable=False, comment="keyed hash"),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenant.id"],
            name=op.f("fk_vote_ticket_tenant_id_tenant"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["vote_id"], ["vote.id"], name=op.f("fk_vote_ticket_vote_id_vote"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vote_ticket")),
        sa.UniqueConstraint(
            "vote_id", "code_digest", name=op.f("uq_vote_ticket_vote_id_code_digest")
        ),
    )
    op.create_index(op.f("ix_vote_ticket_tenant_id"), "vote_ticket", ["tenant_id"], unique=False)
    op.create_table(
        "vote_ballot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("vote_id", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("voter_digest", sa.String(length=64), nullable=True, comment="keyed hash"),
        sa.Column("grades", sa.JSON(), nullable=False, comment="by key of the aspect"),
        sa.Column("cast_on", sa.Date(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["subject_id"],
            ["vote_subject.id"],
            name=op.f("fk_vote_ballot_subject_id_vote_subject"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenant.id"],
            name=op.f("fk_vote_ballot_tenant_id_tenant"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["vote_id"], ["vote.id"], name=op.f("fk_vote_ballot_vote_id_vote"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vote_ballot")),
        sa.UniqueConstraint(
            "subject_id", "voter_digest", name=op.f("uq_vote_ballot_subject_id_voter_digest")
        ),
    )
    op.create_index(op.f("ix_vote_ballot_tenant_id"), "vote_ballot", ["tenant_id"], unique=False)
    op.create_index(op.f("ix_vote_ballot_vote_id"), "vote_ballot", ["vote_id"], unique=False)
    op.create_table(
        "vote_remark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("vote_id", sa.Integer(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=False),
        sa.Column("decided_by", sa.String(length=64), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('waiting','shown','refused')", name=op.f("ck_vote_remark_state")
        ),
        sa.ForeignKeyConstraint(
            ["subject_id"],
            ["vote_subject.id"],
            name=op.f("fk_vote_remark_subject_id_vote_subject"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenant.id"],
            name=op.f("fk_vote_remark_tenant_id_tenant"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["vote_id"], ["vote.id"], name=op.f("fk_vote_remark_vote_id_vote"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vote_remark")),
    )
    op.create_index(op.f("ix_vote_remark_subject_id"), "vote_remark", ["subject_id"], unique=False)
    op.create_index(op.f("ix_vote_remark_tenant_id"), "vote_remark", ["tenant_id"], unique=False)
    op.create_index(op.f("ix_vote_remark_vote_id"), "vote_remark", ["vote_id"], unique=False)
    op.create_table(
        "vote_sheet",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column(
            "number",
            sa.Integer(),
            nullable=False,
            comment="written on the sheet when it is keyed in",
        ),
        sa.Column("turn", sa.String(length=8), nullable=False),
        sa.Column("is_void", sa.Boolean(), nullable=False),
        sa.Column(
            "rows",
            sa.JSON(),
            nullable=False,
            comment="by id of the subject: a digit for each aspect",
        ),
        sa.Column("keyed_by_id", sa.Integer(), nullable=True),
        sa.Column("keyed_by", sa.String(length=64), nullable=False),
        sa.Column("keyed_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("turn IN ('first','second','settled')", name=op.f("ck_vote_sheet_turn")),
        sa.CheckConstraint("number > 0", name=op.f("ck_vote_sheet_number")),
        sa.ForeignKeyConstraint(
            ["keyed_by_id"],
            ["user_account.id"],
            name=op.f("fk_vote_sheet_keyed_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["record_id"],
            ["vote_record.id"],
            name=op.f("fk_vote_sheet_record_id_vote_record"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenant.id"],
            name=op.f("fk_vote_sheet_tenant_id_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vote_sheet")),
        sa.UniqueConstraint(
            "record_id", "number", "turn", name=op.f("uq_vote_sheet_record_id_number_turn")
        ),
    )
    op.create_index(op.f("ix_vote_sheet_record_id"), "vote_sheet", ["record_id"], unique=False)
    op.create_index(op.f("ix_vote_sheet_tenant_id"), "vote_sheet", ["tenant_id"], unique=False)
    enforce(op.get_bind(), TABLES)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
