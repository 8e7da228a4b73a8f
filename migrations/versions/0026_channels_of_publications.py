"""Publications that are on paper only, from the day a catalog says so; evidence of the board."""

import sqlalchemy as sa
from alembic import op

from core.db.base import UtcDateTime
from core.db.rls import enforce

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

POSTING = "board_posting"
TABLES = {POSTING: False}
FACETS = ("tenant_id", "state", "genre", "domain", "published_at", "publicity_until")
RULE = "catalog_takes_off_the_web"
# An undo gives no item: whatever its layer said of channels may be as it was before.
CONCERNED = """
UPDATE publication SET off_web_from = CASE
    WHEN off_web_from IS NULL OR off_web_from > NEW.effective_on THEN NEW.effective_on
    ELSE off_web_from END
WHERE published_revision IS NOT NULL
AND item_id IN (
    SELECT c.item_id FROM catalog_change c WHERE c.tenant_id = NEW.tenant_id
    AND (c.op = 'define' OR (c.op IN ('refine', 'reset') AND c.field IN ('channels', 'audience')))
    AND (c.revision_id = NEW.id OR EXISTS (
        SELECT 1 FROM catalog_change u WHERE u.revision_id = NEW.id AND u.op = 'undo')))
AND tenant_id IN (
    SELECT t.id FROM tenant t JOIN tenant layer ON layer.id = NEW.tenant_id
    WHERE t.path >= layer.path
    AND t.path < substr(layer.path, 1, length(layer.path) - 1) || '0')
"""
APPROVED = "NEW.state = 'approved' AND OLD.state <> 'approved' AND NEW.effective_on IS NOT NULL"


def upgrade() -> None:
    op.add_column(
        "publication",
        sa.Column(
            "off_web_from",
            sa.Date(),
            nullable=True,
            comment="from this day it is on paper only: no page, search, feed or file has it",
        ),
    )
    op.drop_index("ix_publication_facets", "publication")
    op.create_index("ix_publication_facets", "publication", [*FACETS, "off_web_from"])
    _create_postings()
    enforce(op.get_bind(), TABLES)
    _add_rule()


def downgrade() -> None:
    postgresql = op.get_bind().dialect.name == "postgresql"
    op.execute(f"DROP TRIGGER {RULE}" + (" ON catalog_revision" if postgresql else ""))
    if postgresql:
        op.execute(f"DROP FUNCTION {RULE}()")
    op.drop_table(POSTING)
    op.drop_index("ix_publication_facets", "publication")
    op.drop_column("publication", "off_web_from")
    op.create_index("ix_publication_facets", "publication", list(FACETS))


def _create_postings() -> None:
    op.create_table(
        POSTING,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("publication_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind", sa.String(length=10), nullable=False, comment="signed sheet, or photograph"
        ),
        sa.Column("posted_on", sa.Date(), nullable=False, comment="the day it was hung up"),
        sa.Column("taken_down_on", sa.Date(), nullable=True),
        sa.Column(
            "row_count", sa.Integer(), nullable=True, comment="households or rows on the sheet"
        ),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False, comment="bytes"),
        sa.Column("filename", sa.String(length=150), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("added_by_id", sa.Integer(), nullable=True),
        sa.Column("added_by_name", sa.String(length=64), nullable=False),
        sa.Column("added_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('sheet','photograph')", name=op.f("ck_board_posting_kind")),
        sa.CheckConstraint(
            "taken_down_on IS NULL OR taken_down_on >= posted_on",
            name=op.f("ck_board_posting_days"),
        ),
        sa.CheckConstraint(
            "row_count IS NULL OR row_count >= 0", name=op.f("ck_board_posting_row_count")
        ),
        sa.ForeignKeyConstraint(
            ["publication_id"],
            ["publication.id"],
            name=op.f("fk_board_posting_publication_id_publication"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["added_by_id"],
            ["user_account.id"],
            name=op.f("fk_board_posting_added_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenant.id"],
            name=op.f("fk_board_posting_tenant_id_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_board_posting")),
    )
    op.create_index(op.f("ix_board_posting_publication_id"), POSTING, ["publication_id"])
    op.create_index(op.f("ix_board_posting_tenant_id"), POSTING, ["tenant_id"])


def _add_rule() -> None:
    """Take off the web, in the transaction that approves a revision, what it may concern.

    It writes rows of the places below, which the session of a layer may not: on PostgreSQL the
    function runs with the rights of the owner of the tables.
    """
    if op.get_bind().dialect.name != "postgresql":
        op.execute(
            f"CREATE TRIGGER {RULE} AFTER UPDATE ON catalog_revision WHEN {APPROVED} "
            f"BEGIN {CONCERNED}; END"
        )
        return
    op.execute(
        f"CREATE FUNCTION {RULE}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER "
        f"SET search_path FROM CURRENT AS $$ BEGIN IF ({APPROVED}) THEN {CONCERNED}; END IF; "
        "RETURN NULL; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {RULE} AFTER UPDATE ON catalog_revision "
        f"FOR EACH ROW EXECUTE FUNCTION {RULE}()"
    )
