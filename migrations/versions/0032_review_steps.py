"""Review steps that a signed form takes, remarks on passages, and how long a text has waited."""

import sqlalchemy as sa
from alembic import op

from core.db.base import UtcDateTime
from core.db.rls import RowRule, add_row_rule, drop_row_rule, enforce

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

TABLES = {"publication_remark": False}
REVIEW = "publication_review"
# name: type, whether it may be empty, default, comment
REVIEW_COLUMNS: dict[str, tuple[sa.types.TypeEngine[object], bool, str | None, str | None]] = {
    "step_name": (sa.String(length=20), False, "", "as the place calls it"),
    "taken_by": (sa.String(length=10), False, "account", "account or form"),
    "signed_on": (sa.Date(), True, None, "day on a signed form"),
    "scan_sha256": (sa.String(length=64), True, None, "the form, as scanned"),
    "scan_type": (sa.String(length=100), True, None, None),
    "recorded_by": (sa.String(length=64), False, "", "name of whoever sent the scan"),
}
_BY_ACCOUNT = (
    "EXISTS (SELECT 1 FROM publication_review r WHERE r.publication_id = NEW.id "
    "AND r.outcome = 'pass' AND r.taken_by = 'account' AND r.revision = NEW.{revision})"
)
RULES = (
    RowRule(
        "review_form_is_complete", REVIEW, "INSERT",
        "NEW.taken_by NOT IN ('account', 'form') OR (NEW.taken_by = 'form' AND "
        "(NEW.outcome <> 'pass' OR NEW.reviewer_id IS NOT NULL OR NEW.reviewer_name = '' "
        "OR NEW.signed_on IS NULL OR NEW.scan_sha256 IS NULL))",
        "a signed form has a name, a day and a scan",
    ),
    # Whoever writes may send scans; that alone publishes nothing.
    RowRule(
        "publication_approved_by_account", "publication", "UPDATE",
        "NEW.state = 'approved' AND OLD.state <> 'approved' "
        f"AND NOT {_BY_ACCOUNT.format(revision='revision')}",
        "approved by signed forms alone",
    ),
    RowRule(
        "publication_published_by_account", "publication", "UPDATE",
        "NEW.published_revision IS NOT NULL "
        "AND NEW.published_revision <> coalesce(OLD.published_revision, 0) "
        f"AND NOT {_BY_ACCOUNT.format(revision='published_revision')}",
        "published by signed forms alone",
    ),
)  # fmt: skip


def upgrade() -> None:
    for name, (kind, empty, default, comment) in REVIEW_COLUMNS.items():
        column = sa.Column(name, kind, nullable=empty, server_default=default, comment=comment)
        op.add_column(REVIEW, column)
    op.add_column(
        "publication",
        sa.Column(
            "waiting_since",
            UtcDateTime(timezone=True),
            nullable=True,
            comment="when it was handed in, or passed the step before",
        ),
    )
    op.execute(
        "UPDATE publication SET waiting_since = updated_at "
        "WHERE state = 'in_review' OR correction = 'in_review'"
    )
    op.create_table(
        "publication_remark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("publication_id", sa.Integer(), nullable=False),
        sa.Column(
            "revision",
            sa.Integer(),
            nullable=False,
            comment="number of the revision it was made on",
        ),
        sa.Column(
            "passage",
            sa.String(length=300),
            nullable=False,
            comment="as in the text; empty: the whole",
        ),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("author_name", sa.String(length=64), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column(
            "settled_at",
            UtcDateTime(timezone=True),
            nullable=True,
            comment="when it was dealt with",
        ),
        sa.Column("settled_by", sa.String(length=64), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("remark <> ''", name=op.f("ck_publication_remark_remark")),
        sa.ForeignKeyConstraint(
            ["author_id"],
            ["user_account.id"],
            name=op.f("fk_publication_remark_author_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["publication_id"],
            ["publication.id"],
            name=op.f("fk_publication_remark_publication_id_publication"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenant.id"],
            name=op.f("fk_publication_remark_tenant_id_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publication_remark")),
    )
    for column in ("publication_id", "tenant_id"):
        op.create_index(op.f(f"ix_publication_remark_{column}"), "publication_remark", [column])
    enforce(op.get_bind(), TABLES)
    for rule in RULES:
        add_row_rule(op.get_bind(), rule)


def downgrade() -> None:
    for rule in RULES:
        drop_row_rule(op.get_bind(), rule)
    op.drop_table("publication_remark")
    op.drop_column("publication", "waiting_since")
    for name in REVIEW_COLUMNS:
        op.drop_column(REVIEW, name)
