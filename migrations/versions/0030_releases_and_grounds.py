"""What the public saw of each publication, one release after the other; grounds of withdrawals."""

import sqlalchemy as sa
from alembic import op

from core.db.base import UtcDateTime
from core.db.rls import enforce

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None

RELEASE = "publication_release"
TABLES = {RELEASE: False}
# name: event, condition, message
RULES = {
    "release_never_changes": ("UPDATE", "1 = 1", "a release never changes"),
    "release_is_kept": (
        "DELETE",
        "EXISTS (SELECT 1 FROM publication p WHERE p.id = OLD.publication_id)",
        "a release is kept",
    ),
}


def upgrade() -> None:
    op.create_table(
        RELEASE,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("publication_id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False, comment="the one that became public"),
        sa.Column("note", sa.Text(), nullable=False, comment="更正说明, for everybody to read"),
        sa.Column(
            "hides_comparison",
            sa.Boolean(),
            nullable=False,
            comment="what it takes out is not shown again beside it",
        ),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["publication_id"],
            ["publication.id"],
            name=op.f("fk_publication_release_publication_id_publication"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenant.id"],
            name=op.f("fk_publication_release_tenant_id_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publication_release")),
        sa.UniqueConstraint(
            "publication_id", "revision", name=op.f("uq_publication_release_publication_id")
        ),
    )
    op.create_index(op.f("ix_publication_release_tenant_id"), RELEASE, ["tenant_id"])
    op.add_column(
        "publication_request",
        sa.Column(
            "ground",
            sa.String(length=20),
            nullable=False,
            server_default="other",
            comment="what the page says of it; the reason is for staff",
        ),
    )
    # What is public now, was; of corrections before this, nobody noted which they were.
    op.execute(
        "INSERT INTO publication_release (publication_id, revision, note, hides_comparison, at, "
        "tenant_id) SELECT id, published_revision, '', true, published_at, tenant_id "
        "FROM publication WHERE published_revision IS NOT NULL AND published_at IS NOT NULL"
    )
    enforce(op.get_bind(), TABLES)
    for name, (event, condition, message) in RULES.items():
        _add_rule(name, event, condition, message)


def downgrade() -> None:
    postgresql = op.get_bind().dialect.name == "postgresql"
    for name in RULES:
        op.execute(f"DROP TRIGGER {name}" + (f" ON {RELEASE}" if postgresql else ""))
        if postgresql:
            op.execute(f"DROP FUNCTION {name}()")
    op.drop_column("publication_request", "ground")
    op.drop_table(RELEASE)


def _add_rule(name: str, event: str, condition: str, message: str) -> None:
    trigger = f"CREATE TRIGGER {name} BEFORE {event} ON {RELEASE}"
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
