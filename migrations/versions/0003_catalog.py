"""The catalog: revisions of layers, and their changes."""

import sqlalchemy as sa
from alembic import op

import core.db.base
from core.db.rls import enforce

revision = "0003_catalog"
down_revision = "0002"
branch_labels = None
depends_on = None

TABLES = {"catalog_revision": True, "catalog_change": True}


def upgrade() -> None:
    _create_revision()
    _create_change()
    enforce(op.get_bind(), TABLES)


def _create_revision() -> None:
    op.create_table(
        "catalog_revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "number",
            sa.Integer(),
            nullable=True,
            comment="counts the layer's approved revisions from 1",
        ),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column(
            "effective_on",
            sa.Date(),
            nullable=True,
            comment="in force from this day; NULL until approval: that day",
        ),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("summary", sa.JSON(), nullable=False, comment="how many changes of each kind"),
        sa.Column(
            "two_people",
            sa.Boolean(),
            nullable=False,
            comment="it refines, withdraws or locks: author and approver must differ",
        ),
        sa.Column(
            "author_id", sa.Integer(), nullable=True, comment="NULL: the operator's command line"
        ),
        sa.Column("author_name", sa.String(length=64), nullable=False),
        sa.Column("approver_id", sa.Integer(), nullable=True),
        sa.Column("approver_name", sa.String(length=64), nullable=True),
        sa.Column("decision_note", sa.Text(), nullable=True, comment="why it was rejected"),
        sa.Column("created_at", core.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("decided_at", core.db.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'approved') = (number IS NOT NULL)", name=op.f("ck_catalog_revision_number")
        ),
        sa.CheckConstraint(
            "(state = 'in_review') = (decided_at IS NULL)",
            name=op.f("ck_catalog_revision_decided"),
        ),
        sa.CheckConstraint(
            "state <> 'approved' OR NOT two_people OR author_id IS NULL OR approver_id IS NULL "
            "OR author_id <> approver_id",
            name=op.f("ck_catalog_revision_second_person"),
        ),
        sa.CheckConstraint(
            "state IN ('in_review','approved','rejected')", name=op.f("ck_catalog_revision_state")
        ),
        sa.ForeignKeyConstraint(
            ["approver_id"],
            ["user_account.id"],
            name=op.f("fk_catalog_revision_approver_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["author_id"],
            ["user_account.id"],
            name=op.f("fk_catalog_revision_author_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenant.id"],
            name=op.f("fk_catalog_revision_tenant_id_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalog_revision")),
        sa.UniqueConstraint(
            "tenant_id", "number", name=op.f("uq_catalog_revision_tenant_id_number")
        ),
    )
    with op.batch_alter_table("catalog_revision", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_catalog_revision_tenant_id"), ["tenant_id"], unique=False
        )
        batch_op.create_index(
            "ix_catalog_revision_in_force",
            ["tenant_id", "state", "effective_on", "number"],
            unique=False,
        )


def _create_change() -> None:
    op.create_table(
        "catalog_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False, comment="order within the revision"),
        sa.Column("op", sa.String(length=20), nullable=False),
        sa.Column("item_id", sa.String(length=80), nullable=True),
        sa.Column("domain", sa.String(length=60), nullable=True, comment="key of the domain"),
        sa.Column("field", sa.String(length=20), nullable=True),
        sa.Column(
            "value",
            sa.JSON(none_as_null=True),
            nullable=True,
            comment="the new value; all fields of a new item or domain",
        ),
        sa.Column(
            "base",
            sa.JSON(none_as_null=True),
            nullable=True,
            comment="the upstream value that a refinement was based on",
        ),
        sa.Column(
            "reason", sa.Text(), nullable=True, comment="where it differs from the revision's"
        ),
        sa.Column(
            "kinds",
            sa.JSON(none_as_null=True),
            nullable=True,
            comment="kinds of tenants below that it is limited to",
        ),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "op IN ('define_domain','define','refine','reset','withdraw','withdraw_domain',"
            "'lock','undo')",
            name=op.f("ck_catalog_change_op"),
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"],
            ["catalog_revision.id"],
            name=op.f("fk_catalog_change_revision_id_catalog_revision"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenant.id"],
            name=op.f("fk_catalog_change_tenant_id_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalog_change")),
        sa.UniqueConstraint(
            "revision_id", "position", name=op.f("uq_catalog_change_revision_id_position")
        ),
    )
    with op.batch_alter_table("catalog_change", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_catalog_change_tenant_id"), ["tenant_id"], unique=False
        )
        batch_op.create_index("ix_catalog_change_item", ["tenant_id", "item_id"], unique=False)


def downgrade() -> None:
    op.drop_table("catalog_change")
    op.drop_table("catalog_revision")
