"""People: sessions in the database, roles between two days and for several organs, one-time codes."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from core.db.base import UtcDateTime

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

SESSION, USER, MEMBERSHIP = "user_session", "user_account", "membership"


def upgrade() -> None:
    op.create_table(
        SESSION,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False, comment="of the cookie's secret"),
        sa.Column(
            "device",
            sa.String(length=60),
            nullable=False,
            comment="browser and system, as it says itself",
        ),
        sa.Column("begun_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column(
            "seen_at", UtcDateTime(timezone=True), nullable=False, comment="within five minutes"
        ),
        sa.Column(
            "idle_minutes",
            sa.Integer(),
            nullable=False,
            comment="without a request it ends after these",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user_account.id"],
            name=op.f("fk_user_session_user_id_user_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_session")),
        sa.UniqueConstraint("digest", name=op.f("uq_user_session_digest")),
    )
    op.create_index(op.f("ix_user_session_user_id"), SESSION, ["user_id"])
    op.add_column(
        USER,
        sa.Column(
            "code_digest",
            sa.String(length=64),
            nullable=True,
            comment="of the one-time code with which a password is chosen",
        ),
    )
    op.add_column(USER, sa.Column("code_until", UtcDateTime(timezone=True), nullable=True))
    op.add_column(USER, sa.Column("last_sign_in_at", UtcDateTime(timezone=True), nullable=True))
    _add_office()
    with _change_membership() as table:
        table.add_column(
            sa.Column(
                "since", sa.Date(), nullable=True, comment="first day; NULL: from the beginning"
            )
        )
        table.add_column(
            sa.Column("until", sa.Date(), nullable=True, comment="last day; NULL: without an end")
        )
        table.drop_constraint(op.f("uq_membership_user_id_tenant_id_role"), type_="unique")
        table.create_unique_constraint(
            op.f("uq_membership_user_id_tenant_id_role_organ_id"),
            ["user_id", "tenant_id", "role", "organ_id"],
        )
        table.create_check_constraint(
            op.f("ck_membership_days"), "since IS NULL OR until IS NULL OR since <= until"
        )
    op.create_index(
        "uq_membership_of_place",
        MEMBERSHIP,
        ["user_id", "tenant_id", "role"],
        unique=True,
        sqlite_where=sa.text("organ_id IS NULL"),
        postgresql_where=sa.text("organ_id IS NULL"),
    )


def downgrade() -> None:
    op.drop_index("uq_membership_of_place", MEMBERSHIP)
    # One role at a node was held once: for the organ that was named first.
    op.execute(
        "DELETE FROM membership WHERE id NOT IN"
        " (SELECT min(id) FROM membership GROUP BY user_id, tenant_id, role)"
    )
    with _change_membership() as table:
        table.drop_constraint(op.f("ck_membership_days"), type_="check")
        table.drop_constraint(op.f("uq_membership_user_id_tenant_id_role_organ_id"), type_="unique")
        table.create_unique_constraint(
            op.f("uq_membership_user_id_tenant_id_role"), ["user_id", "tenant_id", "role"]
        )
        table.drop_column("until")
        table.drop_column("since")
    op.drop_index(op.f("ix_user_account_office_id"), USER)
    for column in ("office_id", "last_sign_in_at", "code_until", "code_digest"):
        op.drop_column(USER, column)
    op.drop_table(SESSION)


def _change_membership() -> Any:
    """Change a table that no other refers to; SQLite makes it anew, without the checks it had."""
    kept = sa.CheckConstraint(
        "role IN ('officer','liaison','reviewer','clerk')", name=op.f("ck_membership_role")
    )
    return op.batch_alter_table(MEMBERSHIP, table_args=(kept,))


def _add_office() -> None:
    """Add the office that keeps an account.

    Others refer to accounts: SQLite must not make the table anew, or their rows would go with it.
    """
    key, about = op.f("fk_user_account_office_id_tenant"), "whose office keeps the account"
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f"ALTER TABLE {USER} ADD COLUMN office_id INTEGER"
            f" CONSTRAINT {key} REFERENCES tenant (id)"
        )
    else:
        op.add_column(USER, sa.Column("office_id", sa.Integer(), nullable=True, comment=about))
        op.create_foreign_key(key, USER, "tenant", ["office_id"], ["id"])
    op.create_index(op.f("ix_user_account_office_id"), USER, ["office_id"])
