"""Published texts that one person hides at once, and what a second person decides about them."""

import sqlalchemy as sa
from alembic import op

from core.db.base import UtcDateTime
from core.db.rls import RowRule, add_row_rule, drop_row_rule, enforce

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

TABLE = "publication_takedown"
TABLES = {TABLE: False}
FACETS = (
    "tenant_id", "state", "genre", "domain", "published_at", "publicity_until", "off_web_from",
)  # fmt: skip
KEPT = ("publication_id", "reason", "taken_down_by_id", "taken_down_at", "due_on", "tenant_id")
_LIVE = "('published', 'expired')"
# The newest record says what may be done.
_LAST = (
    "coalesce((SELECT coalesce(t.outcome, 'open') FROM publication_takedown t "
    "WHERE t.publication_id = NEW.id ORDER BY t.id DESC LIMIT 1), '-')"
)
_WAITS = (
    "EXISTS (SELECT 1 FROM publication_takedown t WHERE t.publication_id = NEW.id "
    "AND t.outcome IS NULL)"
)
_CHANGED = " OR ".join(
    f"(NEW.{c} <> OLD.{c} OR (NEW.{c} IS NULL) <> (OLD.{c} IS NULL))" for c in KEPT
)
RULES = (
    RowRule(
        "publication_hidden_from_the_start", "publication", "INSERT",
        "NEW.hidden_since IS NOT NULL", "only what is published is taken offline",
    ),
    RowRule(
        "publication_hidden_on_record", "publication", "UPDATE",
        f"NEW.hidden_since IS NOT NULL AND (NEW.state NOT IN {_LIVE} "
        f"OR (OLD.hidden_since IS NULL AND {_LAST} <> 'open') "
        "OR OLD.hidden_since <> NEW.hidden_since)",
        "taken offline without a record",
    ),
    RowRule(
        "publication_shown_again_by_two", "publication", "UPDATE",
        f"OLD.hidden_since IS NOT NULL AND NEW.hidden_since IS NULL AND ({_WAITS} OR NOT ("
        f"(NEW.state = 'withdrawn' AND {_LAST} = 'confirmed') "
        f"OR (NEW.state IN {_LIVE} AND {_LAST} = 'restored')))",
        "what was taken offline waits for a second person",
    ),
    RowRule(
        "takedown_is_decided_once", TABLE, "UPDATE",
        f"OLD.outcome IS NOT NULL OR NEW.outcome IS NULL OR {_CHANGED}",
        "a takedown is decided once and never changes",
    ),
    RowRule(
        "takedown_is_kept", TABLE, "DELETE",
        "EXISTS (SELECT 1 FROM publication p WHERE p.id = OLD.publication_id)",
        "a takedown is kept",
    ),
)  # fmt: skip


def upgrade() -> None:
    op.add_column(
        "publication",
        sa.Column(
            "hidden_since",
            UtcDateTime(timezone=True),
            nullable=True,
            comment="taken offline in an emergency: only staff see it, "
            "until a second person decides",
        ),
    )
    op.drop_index("ix_publication_facets", "publication")
    op.create_index("ix_publication_facets", "publication", [*FACETS, "hidden_since"])
    _create_takedowns()
    enforce(op.get_bind(), TABLES)
    for rule in RULES:
        add_row_rule(op.get_bind(), rule)


def downgrade() -> None:
    for rule in RULES:
        drop_row_rule(op.get_bind(), rule)
    op.drop_table(TABLE)
    op.drop_index("ix_publication_facets", "publication")
    op.drop_column("publication", "hidden_since")
    op.create_index("ix_publication_facets", "publication", list(FACETS))


def _create_takedowns() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("publication_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False, comment="only staff read it"),
        sa.Column(
            "taken_down_by_id",
            sa.Integer(),
            nullable=True,
            comment="NULL: the operator's command line",
        ),
        sa.Column("taken_down_by_name", sa.String(length=64), nullable=False),
        sa.Column("taken_down_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column(
            "due_on",
            sa.Date(),
            nullable=False,
            comment="the working day by which another decides",
        ),
        sa.Column("outcome", sa.String(length=10), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_by_name", sa.String(length=64), nullable=True),
        sa.Column("decided_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("note", sa.Text(), nullable=False, comment="why it is shown again"),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_publication_takedown_reason")),
        sa.CheckConstraint(
            "outcome IN ('confirmed','restored')", name=op.f("ck_publication_takedown_outcome")
        ),
        sa.CheckConstraint(
            "(outcome IS NULL) = (decided_at IS NULL)",
            name=op.f("ck_publication_takedown_decided"),
        ),
        sa.CheckConstraint(
            "outcome IS NULL OR taken_down_by_id IS NULL OR decided_by_id IS NULL "
            "OR taken_down_by_id <> decided_by_id",
            name=op.f("ck_publication_takedown_second_person"),
        ),
        sa.ForeignKeyConstraint(
            ["taken_down_by_id"],
            ["user_account.id"],
            name=op.f("fk_publication_takedown_taken_down_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"],
            ["user_account.id"],
            name=op.f("fk_publication_takedown_decided_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["publication_id"],
            ["publication.id"],
            name=op.f("fk_publication_takedown_publication_id_publication"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenant.id"],
            name=op.f("fk_publication_takedown_tenant_id_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publication_takedown")),
    )
    for column in ("publication_id", "tenant_id"):
        op.create_index(op.f(f"ix_{TABLE}_{column}"), TABLE, [column])
    is_open = sa.text("outcome IS NULL")
    op.create_index(
        "ix_publication_takedown_open",
        TABLE,
        ["publication_id"],
        unique=True,
        sqlite_where=is_open,
        postgresql_where=is_open,
    )
