"""Service points with their types, offers, closures, moves, photographs, history and imports."""

import sqlalchemy as sa
from alembic import op

from core.sdk import UtcDateTime, enforce

revision = "service_map_0001"
down_revision = None
branch_labels = ("service_map",)
depends_on = None

# Table → whether the tenants below may read its rows (they inherit the county's types).
TABLES = {
    "service_map_type": True,
    "service_map_point": False,
    "service_map_import": False,
    "service_map_history": False,
    "service_map_import_change": False,
    "service_map_closure": False,
    "service_map_move": False,
    "service_map_offer": False,
    "service_map_photo": False,
}


def upgrade() -> None:
    op.create_table(
        "service_map_type",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("label", sa.String(length=40), nullable=False),
        sa.Column("aliases", sa.JSON(), nullable=False, comment="other names, for imports"),
        sa.Column(
            "fields",
            sa.JSON(),
            nullable=False,
            comment="what it asks for: key, label, kind, choices",
        ),
        sa.Column(
            "is_used", sa.Boolean(), nullable=False, comment="else: offered for no new point"
        ),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenant.id"],
            name=op.f("fk_service_map_type_tenant_id_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_map_type")),
        sa.UniqueConstraint("tenant_id", "key", name=op.f("uq_service_map_type_tenant_id_key")),
    )
    op.create_index(
        op.f("ix_service_map_type_tenant_id"), "service_map_type", ["tenant_id"], unique=False
    )
    op.create_table(
        "service_map_point",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("type_key", sa.String(length=40), nullable=False),
        sa.Column(
            "details",
            sa.JSON(),
            nullable=False,
            comment="values of the fields that its type asks for, by their keys",
        ),
        sa.Column("organ_id", sa.Integer(), nullable=True),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column(
            "way", sa.String(length=300), nullable=False, comment="how to get there, in words"
        ),
        sa.Column("lng", sa.Double(), nullable=True, comment="degrees, as entered"),
        sa.Column("lat", sa.Double(), nullable=True, comment="degrees, as entered"),
        sa.Column("datum", sa.String(length=10), nullable=False, comment="of lng and lat"),
        sa.Column("gcj_lng", sa.Double(), nullable=True),
        sa.Column("gcj_lat", sa.Double(), nullable=True),
        sa.Column(
            "phones",
            sa.JSON(),
            nullable=False,
            comment="number, dial (as it is called), note (夜间值班)",
        ),
        sa.Column("in_charge", sa.String(length=60), nullable=False, comment="a post, not a name"),
        sa.Column("materials", sa.Text(), nullable=False, comment="what to bring"),
        sa.Column("facilities", sa.JSON(), nullable=False, comment="keys of FACILITIES"),
        sa.Column("access_note", sa.String(length=300), nullable=False),
        sa.Column(
            "hours",
            sa.JSON(none_as_null=True),
            nullable=True,
            comment="opening hours as they were read; NULL: only hours_text says something",
        ),
        sa.Column(
            "hours_text",
            sa.String(length=500),
            nullable=False,
            comment="the hours in the office's own words",
        ),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("verified_on", sa.Date(), nullable=True),
        sa.Column("verified_by", sa.String(length=64), nullable=False),
        sa.Column(
            "review_on", sa.Date(), nullable=True, comment="to be verified again by this day"
        ),
        sa.Column(
            "external_key",
            sa.String(length=200),
            nullable=True,
            comment="what names it in the lists it is imported from",
        ),
        sa.Column(
            "imported",
            sa.JSON(none_as_null=True),
            nullable=True,
            comment="the values last imported: what differs from them was edited here",
        ),
        sa.Column(
            "version", sa.Integer(), nullable=False, comment="counts changes, against lost ones"
        ),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "datum IN ('gcj02','wgs84','bd09','cgcs2000')", name=op.f("ck_service_map_point_datum")
        ),
        sa.CheckConstraint(
            "state IN ('draft','public','closed')", name=op.f("ck_service_map_point_state")
        ),
        sa.CheckConstraint(
            "(gcj_lng IS NULL) = (gcj_lat IS NULL)",
            name=op.f("ck_service_map_point_whole_in_gcj02"),
        ),
        sa.CheckConstraint(
            "(lng IS NULL) = (gcj_lng IS NULL)", name=op.f("ck_service_map_point_position_in_gcj02")
        ),
        sa.CheckConstraint(
            "(lng IS NULL) = (lat IS NULL)", name=op.f("ck_service_map_point_position")
        ),
        sa.ForeignKeyConstraint(
            ["organ_id"], ["organ.id"], name=op.f("fk_service_map_point_organ_id_organ")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenant.id"],
            name=op.f("fk_service_map_point_tenant_id_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_map_point")),
        sa.UniqueConstraint(
            "tenant_id", "external_key", name=op.f("uq_service_map_point_tenant_id_external_key")
        ),
    )
    op.create_index(
        "ix_service_map_point_list",
        "service_map_point",
        ["tenant_id", "state", "type_key"],
        unique=False,
    )
    op.create_index(
        "ix_service_map_point_near", "service_map_point", ["gcj_lat", "gcj_lng"], unique=False
    )
    op.create_index(
        op.f("ix_service_map_point_organ_id"), "service_map_point", ["organ_id"], unique=False
    )
    op.create_index(
        "ix_service_map_point_review", "service_map_point", ["tenant_id", "review_on"], unique=False
    )
    op.create_index(
        op.f("ix_service_map_point_tenant_id"), "service_map_point", ["tenant_id"], unique=False
    )
    op.create_table(
        "service_map_import",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("actor_name", sa.String(length=64), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("undone_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["actor_id"],
            ["user_account.id"],
            name=op.f("fk_service_map_import_actor_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenant.id"],
            name=op.f("fk_service_map_import_tenant_id_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_map_import")),
    )
    op.create_index(
        op.f("ix_service_map_import_tenant_id"), "service_map_import", ["tenant_id"], unique=False
    )
    op.create_table(
        "service_map_history",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "point_id", sa.Integer(), nullable=False, comment="no key: the point may be gone"
        ),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("actor_name", sa.String(length=64), nullable=False),
        sa.Column("event", sa.String(length=20), nullable=False),
        sa.Column("changes", sa.JSON(), nullable=False, comment="field: value before, value after"),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["actor_id"],
            ["user_account.id"],
            name=op.f("fk_service_map_history_actor_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenant.id"],
            name=op.f("fk_service_map_history_tenant_id_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_map_history")),
    )
    op.create_index(
        op.f("ix_service_map_history_point_id"), "service_map_history", ["point_id"], unique=False
    )
    op.create_index(
        op.f("ix_service_map_history_tenant_id"), "service_map_history", ["tenant_id"], unique=False
    )
    op.create_table(
        "service_map_import_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=False),
        sa.Column(
            "point_id", sa.Integer(), nullable=False, comment="no key: the point may be gone"
        ),
        sa.Column("action", sa.String(length=10), nullable=False),
        sa.Column(
            "before", sa.JSON(), nullable=False, comment="values before, by field; with `imported`"
        ),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "action IN ('created','updated')", name=op.f("ck_service_map_import_change_action")
        ),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["service_map_import.id"],
            name=op.f("fk_service_map_import_change_import_id_service_map_import"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenant.id"],
            name=op.f("fk_service_map_import_change_tenant_id_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_map_import_change")),
    )
    op.create_index(
        op.f("ix_service_map_import_change_import_id"),
        "service_map_import_change",
        ["import_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_service_map_import_change_tenant_id"),
        "service_map_import_change",
        ["tenant_id"],
        unique=False,
    )
    op.create_table(
        "service_map_closure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("point_id", sa.Integer(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column(
            "instead", sa.String(length=200), nullable=False, comment="where to go meanwhile"
        ),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "ends_on IS NULL OR starts_on <= ends_on", name=op.f("ck_service_map_closure_days")
        ),
        sa.ForeignKeyConstraint(
            ["point_id"],
            ["service_map_point.id"],
            name=op.f("fk_service_map_closure_point_id_service_map_point"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenant.id"],
            name=op.f("fk_service_map_closure_tenant_id_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_map_closure")),
    )
    op.create_index(
        op.f("ix_service_map_closure_point_id"), "service_map_closure", ["point_id"], unique=False
    )
    op.create_index(
        op.f("ix_service_map_closure_tenant_id"), "service_map_closure", ["tenant_id"], unique=False
    )
    op.create_table(
        "service_map_move",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("point_id", sa.Integer(), nullable=False),
        sa.Column("moves_on", sa.Date(), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False, comment="the new one"),
        sa.Column("lng", sa.Double(), nullable=True),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column("datum", sa.String(length=10), nullable=False),
        sa.Column("old_address", sa.String(length=200), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("is_done", sa.Boolean(), nullable=False, comment="the point has the address"),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(lng IS NULL) = (lat IS NULL)", name=op.f("ck_service_map_move_position")
        ),
        sa.ForeignKeyConstraint(
            ["point_id"],
            ["service_map_point.id"],
            name=op.f("fk_service_map_move_point_id_service_map_point"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenant.id"],
            name=op.f("fk_service_map_move_tenant_id_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_map_move")),
    )
    op.create_index(
        op.f("ix_service_map_move_point_id"), "service_map_move", ["point_id"], unique=False
    )
    op.create_index(
        op.f("ix_service_map_move_tenant_id"), "service_map_move", ["tenant_id"], unique=False
    )
    op.create_table(
        "service_map_offer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("point_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column(
            "item_id", sa.String(length=80), nullable=True, comment="the catalog item it serves"
        ),
        sa.Column(
            "materials", sa.String(length=300), nullable=False, comment="what to bring for it"
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["point_id"],
            ["service_map_point.id"],
            name=op.f("fk_service_map_offer_point_id_service_map_point"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenant.id"],
            name=op.f("fk_service_map_offer_tenant_id_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_map_offer")),
    )
    op.create_index("ix_service_map_offer_item", "service_map_offer", ["item_id"], unique=False)
    op.create_index(
        op.f("ix_service_map_offer_point_id"), "service_map_offer", ["point_id"], unique=False
    )
    op.create_index(
        op.f("ix_service_map_offer_tenant_id"), "service_map_offer", ["tenant_id"], unique=False
    )
    op.create_table(
        "service_map_photo",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("point_id", sa.Integer(), nullable=False),
        sa.Column(
            "digest", sa.String(length=64), nullable=False, comment="SHA-256 of the stored file"
        ),
        sa.Column("media_type", sa.String(length=20), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("alt", sa.String(length=120), nullable=False, comment="what is to be seen"),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["point_id"],
            ["service_map_point.id"],
            name=op.f("fk_service_map_photo_point_id_service_map_point"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenant.id"],
            name=op.f("fk_service_map_photo_tenant_id_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_map_photo")),
    )
    op.create_index(
        op.f("ix_service_map_photo_point_id"), "service_map_photo", ["point_id"], unique=False
    )
    op.create_index(
        op.f("ix_service_map_photo_tenant_id"), "service_map_photo", ["tenant_id"], unique=False
    )
    enforce(op.get_bind(), TABLES)


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
