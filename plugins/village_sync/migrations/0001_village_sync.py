"""Pairs of items with their history, comparisons of lists with what happened to them."""

import sqlalchemy as sa
from alembic import op

from core.sdk import UtcDateTime, enforce

revision = "village_sync_0001"
down_revision = None
branch_labels = ("village_sync",)
depends_on = None

# True: those below may read it.
TABLES = {
    "village_sync_pair": True,
    "village_sync_pair_history": True,
    "village_sync_comparison": False,
    "village_sync_event": False,
    "village_sync_read": False,
}


def upgrade() -> None:
    op.create_table(
        "village_sync_pair",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("village_item", sa.String(length=80), nullable=False),
        sa.Column("government_item", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column(
            "tolerances",
            sa.JSON(),
            nullable=True,
            comment="facts compared with their tolerance; NULL: those of the kind",
        ),
        sa.Column(
            "version", sa.Integer(), nullable=False, comment="counts changes, against lost ones"
        ),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenant.id"],
            name=op.f("fk_village_sync_pair_tenant_id_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_village_sync_pair")),
        sa.UniqueConstraint(
            "tenant_id",
            "village_item",
            "government_item",
            name=op.f("uq_village_sync_pair_tenant_id_village_item_government_item"),
        ),
    )
    op.create_index(
        op.f("ix_village_sync_pair_tenant_id"), "village_sync_pair", ["tenant_id"], unique=False
    )
    op.create_table(
        "village_sync_pair_history",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("village_item", sa.String(length=80), nullable=False),
        sa.Column("government_item", sa.String(length=80), nullable=False),
        sa.Column("act", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("actor_name", sa.String(length=64), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["actor_id"],
            ["user_account.id"],
            name=op.f("fk_village_sync_pair_history_actor_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenant.id"],
            name=op.f("fk_village_sync_pair_history_tenant_id_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_village_sync_pair_history")),
    )
    op.create_index(
        op.f("ix_village_sync_pair_history_tenant_id"),
        "village_sync_pair_history",
        ["tenant_id"],
        unique=False,
    )
    op.create_table(
        "village_sync_comparison",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("village_item", sa.String(length=80), nullable=False),
        sa.Column("government_item", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("batch", sa.String(length=40), nullable=False),
        sa.Column("village_publication_id", sa.Integer(), nullable=True),
        sa.Column("government_publication_id", sa.Integer(), nullable=True),
        sa.Column("government_tenant_id", sa.Integer(), nullable=False),
        sa.Column("organ_id", sa.Integer(), nullable=True),
        sa.Column(
            "facts",
            sa.JSON(),
            nullable=False,
            comment="key, what each side says in words, whether they agree",
        ),
        sa.Column(
            "rows",
            sa.JSON(),
            nullable=False,
            comment="rows that differ, names masked; emptied once both agree",
        ),
        sa.Column("row_count", sa.Integer(), nullable=False, comment="how many rows differ in all"),
        sa.Column("digest", sa.String(length=64), nullable=False, comment="of what both sides say"),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column(
            "is_villages",
            sa.Boolean(),
            nullable=False,
            comment="the village has to correct: policy and standards come down",
        ),
        sa.Column("found_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("settled_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(length=20), nullable=False, comment="coded"),
        sa.Column("reason_on", sa.Date(), nullable=True, comment="day on which it came to be"),
        sa.Column("reason_note", sa.String(length=300), nullable=False),
        sa.Column(
            "version", sa.Integer(), nullable=False, comment="counts changes, against lost ones"
        ),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state <> 'explained' OR (reason <> '' AND reason_on IS NOT NULL)",
            name=op.f("ck_village_sync_comparison_reason"),
        ),
        sa.CheckConstraint(
            "state <> 'open' OR due_on IS NOT NULL", name=op.f("ck_village_sync_comparison_due")
        ),
        sa.CheckConstraint(
            "state IN ('agrees','open','explained','unclear','gone')",
            name=op.f("ck_village_sync_comparison_state"),
        ),
        sa.ForeignKeyConstraint(
            ["government_publication_id"],
            ["publication.id"],
            name="fk_village_sync_government_list",
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["government_tenant_id"],
            ["tenant.id"],
            name=op.f("fk_village_sync_comparison_government_tenant_id_tenant"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["organ_id"],
            ["organ.id"],
            name=op.f("fk_village_sync_comparison_organ_id_organ"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenant.id"],
            name=op.f("fk_village_sync_comparison_tenant_id_tenant"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["village_publication_id"],
            ["publication.id"],
            name="fk_village_sync_village_list",
            ondelete="SET NULL",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_village_sync_comparison")),
        sa.UniqueConstraint(
            "tenant_id",
            "village_item",
            "government_item",
            "kind",
            "batch",
            name="uq_village_sync_comparison_pair",
        ),
    )
    op.create_index(
        "ix_village_sync_comparison_desk",
        "village_sync_comparison",
        ["tenant_id", "state", "due_on"],
        unique=False,
    )
    op.create_index(
        op.f("ix_village_sync_comparison_government_publication_id"),
        "village_sync_comparison",
        ["government_publication_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_village_sync_comparison_tenant_id"),
        "village_sync_comparison",
        ["tenant_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_village_sync_comparison_village_publication_id"),
        "village_sync_comparison",
        ["village_publication_id"],
        unique=False,
    )
    op.create_table(
        "village_sync_read",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("publication_id", sa.Integer(), nullable=False),
        sa.Column(
            "stamp",
            sa.String(length=64),
            nullable=False,
            comment="of its version, whether it is public, and the pairs of its item",
        ),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["publication_id"],
            ["publication.id"],
            name=op.f("fk_village_sync_read_publication_id_publication"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenant.id"],
            name=op.f("fk_village_sync_read_tenant_id_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_village_sync_read")),
        sa.UniqueConstraint("publication_id", name=op.f("uq_village_sync_read_publication_id")),
    )
    op.create_index(
        op.f("ix_village_sync_read_tenant_id"), "village_sync_read", ["tenant_id"], unique=False
    )
    op.create_table(
        "village_sync_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("comparison_id", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.String(length=20), nullable=False, comment="coded"),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column(
            "actor_name", sa.String(length=64), nullable=False, comment="empty: the comparison"
        ),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["actor_id"],
            ["user_account.id"],
            name=op.f("fk_village_sync_event_actor_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["comparison_id"],
            ["village_sync_comparison.id"],
            name=op.f("fk_village_sync_event_comparison_id_village_sync_comparison"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenant.id"],
            name=op.f("fk_village_sync_event_tenant_id_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_village_sync_event")),
    )
    op.create_index(
        op.f("ix_village_sync_event_comparison_id"),
        "village_sync_event",
        ["comparison_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_village_sync_event_tenant_id"), "village_sync_event", ["tenant_id"], unique=False
    )
    enforce(op.get_bind(), TABLES)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
