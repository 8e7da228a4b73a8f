"""Published texts are taken down, and put back, by two people; removed links say why."""

import sqlalchemy as sa
from alembic import op

from core.db.base import UtcDateTime
from core.db.rls import enforce

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

TABLE = "publication_request"
TABLES = {TABLE: False}
STATES = (
    ("draft", "in_review"),
    ("returned", "in_review"),
    ("in_review", "draft"),
    ("in_review", "returned"),
    ("in_review", "approved"),
    ("approved", "published"),
    ("published", "expired"),
    ("published", "withdrawn"),
    ("expired", "withdrawn"),
    ("withdrawn", "published"),
)
# The one that was decided last says what may be done.
_DECIDED = (
    "coalesce((SELECT r.kind FROM publication_request r WHERE r.publication_id = NEW.id "
    "AND r.outcome = 'approved' ORDER BY r.id DESC LIMIT 1), '-')"
)
# name: table, event, condition, message
RULES = {
    "publication_withdrawn_by_two": (
        "publication", "UPDATE",
        f"NEW.state = 'withdrawn' AND OLD.state <> 'withdrawn' AND {_DECIDED} <> 'withdraw'",
        "withdrawn without the approval of a second person",
    ),
    "publication_restored_by_two": (
        "publication", "UPDATE",
        f"OLD.state = 'withdrawn' AND NEW.state <> 'withdrawn' AND {_DECIDED} <> 'restore'",
        "put back without the approval of a second person",
    ),
    "request_is_decided_once": (
        "publication_request", "UPDATE", "OLD.outcome IS NOT NULL",
        "a decided request never changes",
    ),
    "request_is_kept": (
        "publication_request", "DELETE",
        "EXISTS (SELECT 1 FROM publication p WHERE p.id = OLD.publication_id)",
        "a request is kept",
    ),
}  # fmt: skip


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("publication_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column(
            "asked_by_id",
            sa.Integer(),
            nullable=True,
            comment="NULL: the operator's command line",
        ),
        sa.Column("asked_by_name", sa.String(length=64), nullable=False),
        sa.Column("asked_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_by_name", sa.String(length=64), nullable=True),
        sa.Column("decided_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("note", sa.Text(), nullable=False, comment="why it was declined"),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('withdraw','restore')", name=op.f("ck_publication_request_kind")
        ),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_publication_request_reason")),
        sa.CheckConstraint(
            "outcome IN ('approved','declined','taken_back')",
            name=op.f("ck_publication_request_outcome"),
        ),
        sa.CheckConstraint(
            "(outcome IS NULL) = (decided_at IS NULL)", name=op.f("ck_publication_request_decided")
        ),
        sa.CheckConstraint(
            "outcome <> 'approved' OR asked_by_id IS NULL OR decided_by_id IS NULL "
            "OR asked_by_id <> decided_by_id",
            name=op.f("ck_publication_request_second_person"),
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"],
            ["user_account.id"],
            name=op.f("fk_publication_request_asked_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"],
            ["user_account.id"],
            name=op.f("fk_publication_request_decided_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["publication_id"],
            ["publication.id"],
            name=op.f("fk_publication_request_publication_id_publication"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenant.id"],
            name=op.f("fk_publication_request_tenant_id_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publication_request")),
    )
    op.create_index(op.f("ix_publication_request_publication_id"), TABLE, ["publication_id"])
    op.create_index(op.f("ix_publication_request_tenant_id"), TABLE, ["tenant_id"])
    op.add_column(
        "item_link",
        sa.Column("decision_reason", sa.String(length=300), nullable=True),
    )
    enforce(op.get_bind(), TABLES)
    _replace_state_rule(STATES)
    for name, (table, event, condition, message) in RULES.items():
        _add_rule(name, table, event, condition, message)


def downgrade() -> None:
    for name, (table, *_rest) in RULES.items():
        _drop_rule(name, table)
    _replace_state_rule(STATES[:-1])
    op.drop_column("item_link", "decision_reason")
    op.drop_table(TABLE)


def _replace_state_rule(states: tuple[tuple[str, str], ...]) -> None:
    pairs = ", ".join(f"'{before}>{after}'" for before, after in states)
    condition = f"NEW.state <> OLD.state AND OLD.state || '>' || NEW.state NOT IN ({pairs})"
    _drop_rule("publication_state", "publication")
    _add_rule("publication_state", "publication", "UPDATE", condition, "illegal change of state")


def _add_rule(name: str, table: str, event: str, condition: str, message: str) -> None:
    trigger = f"CREATE TRIGGER {name} BEFORE {event} ON {table}"
    if op.get_bind().dialect.name != "postgresql":
        op.execute(f"{trigger} WHEN {condition} BEGIN SELECT RAISE(ABORT, '{message}'); END")
        return
    row = "OLD" if event == "DELETE" else "NEW"
    body = (
        f"IF ({condition}) THEN RAISE EXCEPTION '{message}' "
        f"USING ERRCODE = 'check_violation'; END IF; RETURN {row};"
    )
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$"
    )
    op.execute(f"{trigger} FOR EACH ROW EXECUTE FUNCTION {name}()")


def _drop_rule(name: str, table: str) -> None:
    if op.get_bind().dialect.name != "postgresql":
        op.execute(f"DROP TRIGGER {name}")
        return
    op.execute(f"DROP TRIGGER {name} ON {table}")
    op.execute(f"DROP FUNCTION {name}()")
