"""Decisions that wait for their results (两公开), the results, and later days with their reasons."""

import sqlalchemy as sa
from alembic import op

from core.db.base import UtcDateTime
from core.db.rls import RowRule, add_row_rule, drop_row_rule, enforce

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

DECISION, RESULT, EXTENSION = "publication_decision", "decision_result", "decision_extension"
TABLES = {DECISION: False, RESULT: False, EXTENSION: False}
_GONE = "NOT EXISTS (SELECT 1 FROM publication_decision d WHERE d.id = OLD.decision_id)"
RULES = (
    RowRule(
        "decision_is_not_its_result", RESULT, "INSERT",
        "EXISTS (SELECT 1 FROM publication_decision d WHERE d.id = NEW.decision_id "
        "AND (d.publication_id = NEW.publication_id OR d.tenant_id <> NEW.tenant_id))",
        "a decision is not its own result",
    ),
    RowRule(
        "decision_term_is_not_shortened", DECISION, "UPDATE",
        "NEW.due_on < OLD.due_on", "a term is not shortened",
    ),
    RowRule(
        "decision_term_has_reason", DECISION, "UPDATE",
        "NEW.due_on > OLD.due_on AND NOT EXISTS (SELECT 1 FROM decision_extension e "
        "WHERE e.decision_id = NEW.id AND e.to_day = NEW.due_on)",
        "more time has a reason",
    ),
    RowRule("extension_never_changes", EXTENSION, "UPDATE", "1 = 1", "an extension never changes"),
    RowRule(
        "extension_is_kept", EXTENSION, "DELETE", f"NOT ({_GONE})", "an extension is kept",
    ),
)  # fmt: skip


def upgrade() -> None:
    op.create_table(
        DECISION,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("publication_id", sa.Integer(), nullable=False),
        sa.Column(
            "due_on", sa.Date(), nullable=False, comment="last day of the term, with extensions"
        ),
        sa.Column(
            "begun_by_id",
            sa.Integer(),
            nullable=True,
            comment="NULL: the operator's command line",
        ),
        sa.Column("begun_by_name", sa.String(length=64), nullable=False),
        sa.Column("begun_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column(
            "version", sa.Integer(), nullable=False, comment="counts changes, against lost ones"
        ),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        *_keys(DECISION, "begun_by_id", "publication_id", "publication"),
        sa.UniqueConstraint("publication_id", name=op.f(f"uq_{DECISION}_publication_id")),
    )
    op.create_table(
        RESULT,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("publication_id", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(length=60), nullable=False, comment="as staff call it"),
        sa.Column("is_final", sa.Boolean(), nullable=False),
        sa.Column("linked_by_id", sa.Integer(), nullable=True),
        sa.Column("linked_by_name", sa.String(length=64), nullable=False),
        sa.Column("linked_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["decision_id"],
            ["publication_decision.id"],
            name=op.f(f"fk_{RESULT}_decision_id_publication_decision"),
            ondelete="CASCADE",
        ),
        *_keys(RESULT, "linked_by_id", "publication_id", "publication"),
        sa.UniqueConstraint(
            "decision_id", "publication_id", name=op.f(f"uq_{RESULT}_decision_id_publication_id")
        ),
    )
    op.create_table(
        EXTENSION,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("to_day", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("extended_by_id", sa.Integer(), nullable=True),
        sa.Column("extended_by_name", sa.String(length=64), nullable=False),
        sa.Column("extended_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f(f"ck_{EXTENSION}_reason")),
        sa.CheckConstraint("to_day > from_day", name=op.f(f"ck_{EXTENSION}_later")),
        *_keys(EXTENSION, "extended_by_id", "decision_id", DECISION),
    )
    for table, column in (
        (DECISION, "tenant_id"),
        (RESULT, "publication_id"),
        (RESULT, "tenant_id"),
        (EXTENSION, "decision_id"),
        (EXTENSION, "tenant_id"),
    ):
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column])
    enforce(op.get_bind(), TABLES)
    for rule in RULES:
        add_row_rule(op.get_bind(), rule)


def _keys(table: str, person: str, parent: str, target: str) -> tuple[sa.Constraint, ...]:
    return (
        sa.ForeignKeyConstraint(
            [person], ["user_account.id"], name=op.f(f"fk_{table}_{person}_user_account")
        ),
        sa.ForeignKeyConstraint(
            [parent],
            [f"{target}.id"],
            name=op.f(f"fk_{table}_{parent}_{target}"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenant.id"],
            name=op.f(f"fk_{table}_tenant_id_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )


def downgrade() -> None:
    for rule in RULES:
        drop_row_rule(op.get_bind(), rule)
    for table in (EXTENSION, RESULT, DECISION):
        op.drop_table(table)
