"""Publications may have a list of typed rows; a published one changes by a review only."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

NAME = "publication_list_is_reviewed"
CONDITION = (
    "OLD.published_revision IS NOT NULL AND NEW.published_revision = OLD.published_revision "
    "AND coalesce(NEW.list_data, '') <> coalesce(OLD.list_data, '')"
)
MESSAGE = "a published list changes by a reviewed revision only"


def upgrade() -> None:
    column = sa.Column("list_data", sa.Text(), nullable=True, comment="rows of a list, as JSON")
    op.add_column("publication", column)
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"CREATE FUNCTION {NAME}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            f"IF ({CONDITION}) THEN RAISE EXCEPTION '{MESSAGE}' USING ERRCODE = 'check_violation'; "
            f"END IF; RETURN NEW; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {NAME} BEFORE UPDATE ON publication "
            f"FOR EACH ROW EXECUTE FUNCTION {NAME}()"
        )
    else:
        op.execute(
            f"CREATE TRIGGER {NAME} BEFORE UPDATE ON publication WHEN {CONDITION} "
            f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
        )


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"DROP TRIGGER {NAME} ON publication")
        op.execute(f"DROP FUNCTION {NAME}()")
    else:
        op.execute(f"DROP TRIGGER {NAME}")
    op.drop_column("publication", "list_data")
