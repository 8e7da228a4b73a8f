"""Publicity periods in working days; days of published texts are set back with a note only."""

import sqlalchemy as sa
from alembic import op

from core.db.rls import RowRule, add_row_rule, drop_row_rule

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

_DAYS = ("formed_on", "issued_on", "publicity_until")
_EARLIER = " OR ".join(f"NEW.{day} < OLD.{day}" for day in _DAYS)
_NOTED = (
    "EXISTS (SELECT 1 FROM publication_revision v WHERE v.publication_id = NEW.id "
    "AND v.number = NEW.published_revision AND (v.dates_imported OR v.note <> ''))"
)
RULES = (
    RowRule(
        "publication_day_set_back", "publication", "UPDATE",
        "OLD.published_revision IS NOT NULL "
        f"AND ({_EARLIER} OR (OLD.publicity_until IS NULL AND NEW.publicity_until IS NOT NULL)) "
        f"AND NOT {_NOTED}",
        "a day of a published text is set back without a note",
    ),
    RowRule(
        "publication_day_kind_is_reviewed", "publication", "UPDATE",
        "NEW.publicity_day_kind NOT IN ('calendar', 'working') "
        "OR (OLD.published_revision IS NOT NULL "
        "AND NEW.published_revision = OLD.published_revision "
        "AND NEW.publicity_day_kind <> OLD.publicity_day_kind)",
        "how days are counted changes by a reviewed revision only",
    ),
)  # fmt: skip


def upgrade() -> None:
    column = sa.Column(
        "publicity_day_kind",
        sa.String(length=10),
        nullable=False,
        server_default="calendar",
        comment="calendar or working",
    )
    op.add_column("publication", column)
    for rule in RULES:
        add_row_rule(op.get_bind(), rule)


def downgrade() -> None:
    for rule in RULES:
        drop_row_rule(op.get_bind(), rule)
    op.drop_column("publication", "publicity_day_kind")
