"""Row-level security on PostgreSQL for every tenant's table."""

from alembic import op

from core.db.rls import enforce

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# Table → whether the tenants below may read its rows.
TABLES = {
    "attachment": False,
    "audit_entry": False,
    "catalog_change": True,
    "catalog_revision": True,
    "catalog_upload": False,
    "index_counter": False,
    "interpretation": False,
    "item_link": True,
    "organ": True,
    "publication": False,
    "publication_review": False,
    "publication_revision": False,
}


def upgrade() -> None:
    enforce(op.get_bind(), TABLES)


def downgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    for table in TABLES:
        for policy in ("scope_read", "scope_add", "scope_change", "scope_remove"):
            op.execute(f"DROP POLICY {policy} ON {table}")
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
