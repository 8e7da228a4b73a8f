"""The register of withheld items and its re-evaluations: numbers, grounds and days."""

import sqlalchemy as sa
from alembic import op

from core.db.base import UtcDateTime
from core.db.rls import RowRule, add_row_rule, drop_row_rule, enforce

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

ITEM, EVALUATION = "withheld_item", "withheld_evaluation"
TABLES = {ITEM: False, EVALUATION: False}
_GROUNDS = (
    "ground IN ('state_secret','law','stability','trade_secret','privacy','internal','process',"
    "'enforcement','inquiry')"
)
_FIXED = ("tenant_id", "organ_id", "number", "nature", "decided_by", "decided_on", "entered_at")
RULES = (
    RowRule(
        "withheld_item_stays", ITEM, "UPDATE",
        " OR ".join(f"NEW.{column} <> OLD.{column}" for column in _FIXED)
        + " OR OLD.released_on IS NOT NULL AND NEW.released_on IS NULL",
        "what was entered of a withheld item never changes",
    ),
    RowRule(
        "withheld_item_is_evaluated", ITEM, "UPDATE",
        "coalesce(CAST(NEW.next_on AS VARCHAR), '-') <> coalesce(CAST(OLD.next_on AS VARCHAR), '-')"
        " AND NOT EXISTS (SELECT 1 FROM withheld_evaluation e WHERE e.item_id = NEW.id AND "
        "coalesce(CAST(e.next_on AS VARCHAR), '-') = coalesce(CAST(NEW.next_on AS VARCHAR), '-'))",
        "the day of the next evaluation moves by an evaluation only",
    ),
    RowRule(
        "withheld_item_is_kept", ITEM, "DELETE",
        "NOT EXISTS (SELECT 1 FROM tenant t WHERE t.id = OLD.tenant_id "
        "AND t.status = 'suspended')",
        "the register is kept, until its tenant is suspended and erased",
    ),
    RowRule(
        "withheld_evaluation_never_changes", EVALUATION, "UPDATE", "1 = 1",
        "an evaluation never changes",
    ),
    RowRule(
        "withheld_evaluation_is_kept", EVALUATION, "DELETE",
        "EXISTS (SELECT 1 FROM withheld_item i WHERE i.id = OLD.item_id)",
        "an evaluation is kept",
    ),
)  # fmt: skip


def upgrade() -> None:
    op.create_table(
        ITEM,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organ_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=40), nullable=False, comment="given by the register"),
        sa.Column(
            "reference",
            sa.String(length=40),
            nullable=False,
            comment="number of the organ's own file",
        ),
        sa.Column("nature", sa.String(length=10), nullable=False),
        sa.Column("ground", sa.String(length=20), nullable=False, comment="as it was found last"),
        sa.Column("third_party", sa.String(length=12), nullable=False),
        sa.Column("decided_by", sa.String(length=64), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("next_on", sa.Date(), nullable=True, comment="to be evaluated by this day"),
        sa.Column("released_on", sa.Date(), nullable=True),
        sa.Column(
            "publication_id",
            sa.Integer(),
            nullable=True,
            comment="whose withheld part it is, or what became of it",
        ),
        sa.Column("entered_by_id", sa.Integer(), nullable=True),
        sa.Column("entered_by_name", sa.String(length=64), nullable=False),
        sa.Column("entered_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column(
            "version", sa.Integer(), nullable=False, comment="counts changes, against lost ones"
        ),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        _check(ITEM, "nature", "nature IN ('withheld','partly')"),
        _check(ITEM, "ground", _GROUNDS),
        _check(ITEM, "third_party", "third_party IN ('refused','unanswered','')"),
        _check(ITEM, "released", "released_on IS NULL OR next_on IS NULL"),
        _key(ITEM, "organ_id", "organ"),
        _key(ITEM, "publication_id", "publication", "SET NULL"),
        _key(ITEM, "entered_by_id", "user_account"),
        _key(ITEM, "tenant_id", "tenant", "RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{ITEM}")),
        sa.UniqueConstraint("tenant_id", "number", name=op.f(f"uq_{ITEM}_tenant_id")),
    )
    op.create_table(
        EVALUATION,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("item_id", sa.Integer(), nullable=False),
        sa.Column("evaluated_on", sa.Date(), nullable=False),
        sa.Column("decided_by", sa.String(length=64), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("ground", sa.String(length=20), nullable=False),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("recorded_by_id", sa.Integer(), nullable=True),
        sa.Column("recorded_by_name", sa.String(length=64), nullable=False),
        sa.Column("recorded_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        _check(EVALUATION, "outcome", "outcome IN ('kept','released')"),
        _check(EVALUATION, "ground", _GROUNDS),
        _key(EVALUATION, "item_id", ITEM, "CASCADE"),
        _key(EVALUATION, "recorded_by_id", "user_account"),
        _key(EVALUATION, "tenant_id", "tenant", "RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{EVALUATION}")),
    )
    for column in ("organ_id", "next_on", "publication_id", "tenant_id"):
        op.create_index(op.f(f"ix_{ITEM}_{column}"), ITEM, [column])
    for column in ("item_id", "tenant_id"):
        op.create_index(op.f(f"ix_{EVALUATION}_{column}"), EVALUATION, [column])
    enforce(op.get_bind(), TABLES)
    for rule in RULES:
        add_row_rule(op.get_bind(), rule)


def downgrade() -> None:
    for rule in reversed(RULES):
        drop_row_rule(op.get_bind(), rule)
    op.drop_table(EVALUATION)
    op.drop_table(ITEM)


def _check(table: str, name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))


def _key(
    table: str, column: str, target: str, ondelete: str | None = None
) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_{column}_{target}")
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=name, ondelete=ondelete)
