"""What is decided about plugins, their settings, faults, quarantines and erasures."""

from typing import Any

import sqlalchemy as sa
from alembic import op

import core.db.base
from core.db.rls import enforce

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# Table → whether the tenants below may read its rows.
TABLES = {
    "plugin_decision": True,
    "plugin_erasure": False,
    "plugin_fault": False,
    "plugin_quarantine": False,
    "plugin_setting": True,
}
OPERATOR = "NULL: the operator's command line"


def upgrade() -> None:
    clock = op.create_table(
        "plugin_clock",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plugin_clock")),
    )
    op.bulk_insert(clock, [{"id": 1, "version": 0}])
    _table(
        "plugin_decision",
        sa.Column(
            "own",
            sa.Boolean(),
            nullable=False,
            comment="said by people of the node itself or just above",
        ),
        sa.Column("word", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        _user(),
        sa.Column("decided_at", core.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "word IN ('on','off','pinned','forbidden','delegated')"
            " AND (NOT own OR word IN ('on','off'))",
            name=op.f("ck_plugin_decision_word"),
        ),
        sa.UniqueConstraint(
            "tenant_id", "plugin", "own", name=op.f("uq_plugin_decision_tenant_id_plugin_own")
        ),
    )
    _table(
        "plugin_setting",
        sa.Column("field", sa.String(length=60), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("locked", sa.Boolean(), nullable=False),
        _user(),
        sa.Column("set_at", core.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.UniqueConstraint(
            "tenant_id", "plugin", "field", name=op.f("uq_plugin_setting_tenant_id_plugin_field")
        ),
    )
    _table(
        "plugin_fault",
        sa.Column("hook", sa.String(length=60), nullable=False),
        sa.Column("error", sa.String(length=500), nullable=False),
        sa.Column("trace", sa.Text(), nullable=False),
        sa.Column("at", core.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column(
            "settled",
            sa.Boolean(),
            nullable=False,
            comment="from before a release: counts no more towards a quarantine",
        ),
    )
    op.create_index("ix_plugin_fault_recent", "plugin_fault", ["tenant_id", "plugin", "at"])
    _table(
        "plugin_quarantine",
        sa.Column("since", core.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.UniqueConstraint(
            "tenant_id", "plugin", name=op.f("uq_plugin_quarantine_tenant_id_plugin")
        ),
    )
    _table(
        "plugin_erasure",
        _user(),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("erased_at", core.db.base.UtcDateTime(timezone=True), nullable=False),
    )
    enforce(op.get_bind(), TABLES)


def _table(name: str, *parts: sa.Column[Any] | sa.Constraint) -> None:
    """Create a table about a plugin at a tenant."""
    columns = [part for part in parts if isinstance(part, sa.Column)]
    keys = [
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f(f"fk_{name}_user_id_user_account")
        )
        for column in columns
        if column.name == "user_id"
    ]
    op.create_table(
        name,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("plugin", sa.String(length=60), nullable=False),
        *columns,
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        *(part for part in parts if isinstance(part, sa.Constraint)),
        *keys,
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenant.id"],
            name=op.f(f"fk_{name}_tenant_id_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
    )
    op.create_index(op.f(f"ix_{name}_tenant_id"), name, ["tenant_id"])


def _user() -> sa.Column[int]:
    return sa.Column("user_id", sa.Integer(), nullable=True, comment=OPERATOR)


def downgrade() -> None:
    for table in (*TABLES, "plugin_clock"):
        op.drop_table(table)
