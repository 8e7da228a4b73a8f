"""The first schema."""

import sqlalchemy as sa
from alembic import op

import core.db.base

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "search_lease",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("owner", sa.String(length=40), nullable=False),
        sa.Column("expires_at", core.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_search_lease")),
    )
    op.create_table(
        "search_outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("backend", sa.String(length=20), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("pk", sa.String(length=80), nullable=False),
        sa.Column(
            "changed_by",
            sa.Integer(),
            nullable=False,
            comment="id of the tenant whose change it was",
        ),
        sa.Column("created_at", core.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("due_at", core.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_try_at", core.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("parked", sa.Boolean(), nullable=False, comment="given up until somebody looks"),
        sa.Column("error", sa.String(length=500), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_outbox")),
    )
    with op.batch_alter_table("search_outbox", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_search_outbox_backend"), ["backend"], unique=False)
        batch_op.create_index(batch_op.f("ix_search_outbox_due_at"), ["due_at"], unique=False)

    op.create_table(
        "sign_in_attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("username", sa.String(length=64), nullable=False),
        sa.Column("address", sa.String(length=45), nullable=False),
        sa.Column("failed_at", core.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_attempt")),
    )
    with op.batch_alter_table("sign_in_attempt", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_attempt_address"), ["address"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_sign_in_attempt_failed_at"), ["failed_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_sign_in_attempt_username"), ["username"], unique=False)

    op.create_table(
        "tenant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column(
            "division_code",
            sa.String(length=12),
            nullable=False,
            comment="2, 4, 6, 9 or 12 digits, or CN; unique today, may change",
        ),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("level", sa.String(length=10), nullable=False, comment="position in the tree"),
        sa.Column(
            "kind",
            sa.String(length=20),
            nullable=False,
            comment="what it is: town, street, community …",
        ),
        sa.Column(
            "path",
            sa.String(length=120).with_variant(sa.String(length=120, collation="C"), "postgresql"),
            nullable=False,
            comment="ids from the root: /1/5/77/",
        ),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column(
            "hostname", sa.String(length=253), nullable=True, comment="a county's own host name"
        ),
        sa.Column(
            "profile", sa.JSON(), nullable=False, comment="masthead, footer, guide: from the pack"
        ),
        sa.Column("created_at", core.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "hostname IS NULL OR level = 'county'", name=op.f("ck_tenant_hostname_of_county")
        ),
        sa.CheckConstraint(
            "level IN ('nation','province','city','county','township','village')",
            name=op.f("ck_tenant_level"),
        ),
        sa.CheckConstraint(
            "status IN ('active','suspended','merged')", name=op.f("ck_tenant_status")
        ),
        sa.ForeignKeyConstraint(
            ["parent_id"], ["tenant.id"], name=op.f("fk_tenant_parent_id_tenant")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tenant")),
        sa.UniqueConstraint("division_code", name=op.f("uq_tenant_division_code")),
        sa.UniqueConstraint("hostname", name=op.f("uq_tenant_hostname")),
        sa.UniqueConstraint("path", name=op.f("uq_tenant_path")),
    )
    with op.batch_alter_table("tenant", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_tenant_parent_id"), ["parent_id"], unique=False)

    op.create_table(
        "user_account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("username", sa.String(length=64), nullable=False),
        sa.Column(
            "name",
            sa.String(length=64),
            nullable=False,
            comment="as shown beside what the person did",
        ),
        sa.Column("password_hash", sa.String(length=255), nullable=False, comment="argon2id"),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", core.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_account")),
        sa.UniqueConstraint("username", name=op.f("uq_user_account_username")),
    )
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", core.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column(
            "user_id", sa.Integer(), nullable=True, comment="NULL: the operator's command line"
        ),
        sa.Column("action", sa.String(length=60), nullable=False, comment="e.g. catalog.approve"),
        sa.Column("subject", sa.String(length=120), nullable=False, comment="what it was done to"),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenant.id"],
            name=op.f("fk_audit_entry_tenant_id_tenant"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_audit_entry_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
    )
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_entry_tenant_id"), ["tenant_id"], unique=False)

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
            "(state = 'in_review') = (decided_at IS NULL)", name=op.f("ck_catalog_revision_decided")
        ),
        sa.CheckConstraint(
            "state <> 'approved' OR NOT two_people OR author_id IS NULL OR approver_id IS NULL OR author_id <> approver_id",
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
            "ix_catalog_revision_in_force",
            ["tenant_id", "state", "effective_on", "number"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_catalog_revision_tenant_id"), ["tenant_id"], unique=False
        )

    op.create_table(
        "former_code",
        sa.Column("division_code", sa.String(length=12), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("replaced_at", core.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_former_code_tenant_id_tenant")
        ),
        sa.PrimaryKeyConstraint("division_code", name=op.f("pk_former_code")),
    )
    with op.batch_alter_table("former_code", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_former_code_tenant_id"), ["tenant_id"], unique=False)

    op.create_table(
        "index_counter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=150), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenant.id"],
            name=op.f("fk_index_counter_tenant_id_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_index_counter")),
        sa.UniqueConstraint("tenant_id", "key", name=op.f("uq_index_counter_tenant_id_key")),
    )
    with op.batch_alter_table("index_counter", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_index_counter_tenant_id"), ["tenant_id"], unique=False)

    op.create_table(
        "item_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("village_item", sa.String(length=80), nullable=False),
        sa.Column("government_item", sa.String(length=80), nullable=False),
        sa.Column("reason", sa.String(length=300), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("proposed_by", sa.String(length=10), nullable=False),
        sa.Column("proposed_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_by_name", sa.String(length=64), nullable=True),
        sa.Column("created_at", core.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("decided_at", core.db.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "proposed_by IN ('machine','person')", name=op.f("ck_item_link_proposed_by")
        ),
        sa.CheckConstraint(
            "state IN ('proposed','confirmed','rejected')", name=op.f("ck_item_link_state")
        ),
        sa.CheckConstraint("village_item <> government_item", name=op.f("ck_item_link_two_items")),
        sa.ForeignKeyConstraint(
            ["decided_by_id"],
            ["user_account.id"],
            name=op.f("fk_item_link_decided_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["proposed_by_id"],
            ["user_account.id"],
            name=op.f("fk_item_link_proposed_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenant.id"],
            name=op.f("fk_item_link_tenant_id_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_link")),
        sa.UniqueConstraint(
            "tenant_id",
            "village_item",
            "government_item",
            name=op.f("uq_item_link_tenant_id_village_item_government_item"),
        ),
    )
    with op.batch_alter_table("item_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_item_link_tenant_id"), ["tenant_id"], unique=False)

    op.create_table(
        "organ",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("short_name", sa.String(length=50), nullable=True),
        sa.Column("address", sa.String(length=200), nullable=True),
        sa.Column("phone", sa.String(length=50), nullable=True),
        sa.Column("hours", sa.String(length=200), nullable=True),
        sa.Column(
            "index_code",
            sa.String(length=10),
            nullable=True,
            comment="its own part {dept} of index numbers (索引号)",
        ),
        sa.Column(
            "uscc", sa.String(length=18), nullable=True, comment="unified social credit code"
        ),
        sa.Column(
            "reviewer_above",
            sa.String(length=100),
            nullable=True,
            comment="the superior office of a vertically managed organ, e.g. at the city",
        ),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('government','department','vertical','enterprise','committee','supervision','collective')",
            name=op.f("ck_organ_kind"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenant.id"],
            name=op.f("fk_organ_tenant_id_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organ")),
        sa.UniqueConstraint("tenant_id", "name", name=op.f("uq_organ_tenant_id_name")),
    )
    with op.batch_alter_table("organ", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_organ_tenant_id"), ["tenant_id"], unique=False)

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
            "op IN ('define_domain','define','refine','reset','withdraw','withdraw_domain','lock','undo')",
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
        batch_op.create_index("ix_catalog_change_domain", ["domain"], unique=False)
        batch_op.create_index("ix_catalog_change_item", ["item_id", "tenant_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_catalog_change_tenant_id"), ["tenant_id"], unique=False
        )

    op.create_table(
        "catalog_upload",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "digest", sa.String(length=64), nullable=False, comment="SHA-256, the stored file"
        ),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("uploaded_by", sa.Integer(), nullable=False),
        sa.Column("uploaded_name", sa.String(length=64), nullable=False),
        sa.Column("uploaded_at", core.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("touched_at", core.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("row_count", sa.Integer(), nullable=False),
        sa.Column("understood", sa.JSON(), nullable=False),
        sa.Column("mended", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=True),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'submitted') = (revision_id IS NOT NULL)",
            name=op.f("ck_catalog_upload_revision"),
        ),
        sa.CheckConstraint(
            "state IN ('mending','submitted','discarded')", name=op.f("ck_catalog_upload_state")
        ),
        sa.ForeignKeyConstraint(
            ["revision_id"],
            ["catalog_revision.id"],
            name=op.f("fk_catalog_upload_revision_id_catalog_revision"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenant.id"],
            name=op.f("fk_catalog_upload_tenant_id_tenant"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["uploaded_by"],
            ["user_account.id"],
            name=op.f("fk_catalog_upload_uploaded_by_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_catalog_upload")),
    )
    with op.batch_alter_table("catalog_upload", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_catalog_upload_tenant_id"), ["tenant_id"], unique=False
        )

    op.create_table(
        "membership",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("organ_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "role IN ('officer','liaison','reviewer','clerk')", name=op.f("ck_membership_role")
        ),
        sa.ForeignKeyConstraint(
            ["organ_id"], ["organ.id"], name=op.f("fk_membership_organ_id_organ")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"], ["tenant.id"], name=op.f("fk_membership_tenant_id_tenant")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user_account.id"],
            name=op.f("fk_membership_user_id_user_account"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
        sa.UniqueConstraint(
            "user_id", "tenant_id", "role", name=op.f("uq_membership_user_id_tenant_id_role")
        ),
    )
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_membership_tenant_id"), ["tenant_id"], unique=False)

    op.create_table(
        "publication",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organ_id", sa.Integer(), nullable=True),
        sa.Column(
            "item_id", sa.String(length=80), nullable=True, comment="the catalog item it serves"
        ),
        sa.Column("domain", sa.String(length=60), nullable=True, comment="key of the domain"),
        sa.Column(
            "domain_text",
            sa.String(length=100),
            nullable=True,
            comment="an imported domain that the catalog does not know",
        ),
        sa.Column("no_item_reason", sa.String(length=200), nullable=True),
        sa.Column(
            "source_id",
            sa.String(length=100),
            nullable=True,
            comment="id in the file it was imported from; makes imports repeatable",
        ),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("body_source", sa.Text(), nullable=False, comment="as typed or imported"),
        sa.Column("body_html", sa.Text(), nullable=False, comment="sanitised"),
        sa.Column("summary", sa.String(length=500), nullable=False),
        sa.Column("index_number", sa.String(length=100), nullable=True),
        sa.Column("document_number", sa.String(length=100), nullable=True),
        sa.Column("formed_on", sa.Date(), nullable=True),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("published_at", core.db.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column("genre", sa.String(length=40), nullable=False),
        sa.Column("theme", sa.String(length=100), nullable=False),
        sa.Column("validity", sa.String(length=10), nullable=False),
        sa.Column(
            "source",
            sa.String(length=200),
            nullable=False,
            comment="where it comes from, if not from the organ",
        ),
        sa.Column(
            "publicity_days",
            sa.Integer(),
            nullable=True,
            comment="calendar days that a list about persons is shown, the first included",
        ),
        sa.Column(
            "publicity_until",
            sa.Date(),
            nullable=True,
            comment="last day, known when it is published",
        ),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column(
            "correction",
            sa.String(length=10),
            nullable=True,
            comment="state of the correction that is under way",
        ),
        sa.Column(
            "review_step", sa.Integer(), nullable=False, comment="step of the review it waits for"
        ),
        sa.Column("withdrawal_reason", sa.Text(), nullable=True),
        sa.Column("withdrawn_at", core.db.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column(
            "author_id", sa.Integer(), nullable=True, comment="NULL: the operator's command line"
        ),
        sa.Column("author_name", sa.String(length=64), nullable=False),
        sa.Column(
            "revision", sa.Integer(), nullable=False, comment="number of the newest revision"
        ),
        sa.Column(
            "published_revision", sa.Integer(), nullable=True, comment="the one the public sees"
        ),
        sa.Column("imported_at", core.db.base.UtcDateTime(timezone=True), nullable=True),
        sa.Column(
            "import_digest",
            sa.String(length=64),
            nullable=True,
            comment="of the line it was imported from",
        ),
        sa.Column(
            "version", sa.Integer(), nullable=False, comment="counts changes, against lost ones"
        ),
        sa.Column("created_at", core.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", core.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "correction IS NULL OR (correction IN ('draft','in_review','returned') AND state IN ('published','expired'))",
            name=op.f("ck_publication_correction"),
        ),
        sa.CheckConstraint(
            "state <> 'withdrawn' OR withdrawal_reason IS NOT NULL",
            name=op.f("ck_publication_withdrawal_reason"),
        ),
        sa.CheckConstraint(
            "state IN ('draft','in_review','returned','approved','published','withdrawn','expired')",
            name=op.f("ck_publication_state"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('published','withdrawn','expired') OR (title <> '' AND published_at IS NOT NULL AND index_number IS NOT NULL AND published_revision IS NOT NULL)",
            name=op.f("ck_publication_official_metadata"),
        ),
        sa.CheckConstraint(
            "validity IN ('effective','lapsed','repealed')", name=op.f("ck_publication_validity")
        ),
        sa.ForeignKeyConstraint(
            ["author_id"], ["user_account.id"], name=op.f("fk_publication_author_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["organ_id"], ["organ.id"], name=op.f("fk_publication_organ_id_organ")
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenant.id"],
            name=op.f("fk_publication_tenant_id_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publication")),
        sa.UniqueConstraint(
            "tenant_id", "index_number", name=op.f("uq_publication_tenant_id_index_number")
        ),
        sa.UniqueConstraint(
            "tenant_id", "source_id", name=op.f("uq_publication_tenant_id_source_id")
        ),
    )
    with op.batch_alter_table("publication", schema=None) as batch_op:
        batch_op.create_index(
            "ix_publication_facets",
            ["tenant_id", "state", "genre", "domain", "published_at", "publicity_until"],
            unique=False,
        )
        batch_op.create_index("ix_publication_item", ["item_id", "tenant_id"], unique=False)
        batch_op.create_index(
            "ix_publication_list", ["tenant_id", "published_at", "state"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_publication_organ_id"), ["organ_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_publication_publicity_until"), ["publicity_until"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_publication_tenant_id"), ["tenant_id"], unique=False)

    op.create_table(
        "attachment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("publication_id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False, comment="bytes"),
        sa.Column("filename", sa.String(length=150), nullable=False),
        sa.Column("is_photograph", sa.Boolean(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("alt_text", sa.String(length=200), nullable=False),
        sa.Column("live", sa.Boolean(), nullable=False, comment="part of what the public sees"),
        sa.Column("created_at", core.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["publication_id"],
            ["publication.id"],
            name=op.f("fk_attachment_publication_id_publication"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenant.id"],
            name=op.f("fk_attachment_tenant_id_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
    )
    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_attachment_publication_id"), ["publication_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_attachment_tenant_id"), ["tenant_id"], unique=False)

    op.create_table(
        "interpretation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("interpretation_id", sa.Integer(), nullable=False),
        sa.Column("policy_id", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "interpretation_id <> policy_id", name=op.f("ck_interpretation_two_publications")
        ),
        sa.ForeignKeyConstraint(
            ["interpretation_id"],
            ["publication.id"],
            name=op.f("fk_interpretation_interpretation_id_publication"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["policy_id"],
            ["publication.id"],
            name=op.f("fk_interpretation_policy_id_publication"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenant.id"],
            name=op.f("fk_interpretation_tenant_id_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interpretation")),
        sa.UniqueConstraint(
            "interpretation_id",
            "policy_id",
            name=op.f("uq_interpretation_interpretation_id_policy_id"),
        ),
    )
    with op.batch_alter_table("interpretation", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_interpretation_policy_id"), ["policy_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_interpretation_tenant_id"), ["tenant_id"], unique=False
        )

    op.create_table(
        "publication_review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("publication_id", sa.Integer(), nullable=False),
        sa.Column(
            "revision",
            sa.Integer(),
            nullable=False,
            comment="number of the revision that was reviewed",
        ),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column(
            "reviewer_id", sa.Integer(), nullable=True, comment="NULL: the operator's command line"
        ),
        sa.Column("reviewer_name", sa.String(length=64), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True, comment="who wrote the revision"),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column(
            "checks",
            sa.JSON(),
            nullable=False,
            comment="secrecy, law, wording, standard: confirmed or not",
        ),
        sa.Column("at", core.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "outcome = 'pass' OR comment <> ''",
            name=op.f("ck_publication_review_reason_for_return"),
        ),
        sa.CheckConstraint(
            "outcome IN ('pass','return')", name=op.f("ck_publication_review_outcome")
        ),
        sa.CheckConstraint(
            "reviewer_id IS NULL OR author_id IS NULL OR reviewer_id <> author_id",
            name=op.f("ck_publication_review_second_person"),
        ),
        sa.ForeignKeyConstraint(
            ["author_id"],
            ["user_account.id"],
            name=op.f("fk_publication_review_author_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["publication_id"],
            ["publication.id"],
            name=op.f("fk_publication_review_publication_id_publication"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["reviewer_id"],
            ["user_account.id"],
            name=op.f("fk_publication_review_reviewer_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenant.id"],
            name=op.f("fk_publication_review_tenant_id_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publication_review")),
    )
    with op.batch_alter_table("publication_review", schema=None) as batch_op:
        batch_op.create_index(
            "ix_publication_review_of", ["publication_id", "revision"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_publication_review_tenant_id"), ["tenant_id"], unique=False
        )

    op.create_table(
        "publication_revision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("publication_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("snapshot", sa.JSON(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False, comment="what was changed, and why"),
        sa.Column("dates_imported", sa.Boolean(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("author_name", sa.String(length=64), nullable=False),
        sa.Column("created_at", core.db.base.UtcDateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"],
            ["user_account.id"],
            name=op.f("fk_publication_revision_author_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["publication_id"],
            ["publication.id"],
            name=op.f("fk_publication_revision_publication_id_publication"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenant.id"],
            name=op.f("fk_publication_revision_tenant_id_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publication_revision")),
        sa.UniqueConstraint(
            "publication_id", "number", name=op.f("uq_publication_revision_publication_id_number")
        ),
    )
    with op.batch_alter_table("publication_revision", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_publication_revision_tenant_id"), ["tenant_id"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("publication_revision", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_publication_revision_tenant_id"))

    op.drop_table("publication_revision")
    with op.batch_alter_table("publication_review", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_publication_review_tenant_id"))
        batch_op.drop_index("ix_publication_review_of")

    op.drop_table("publication_review")
    with op.batch_alter_table("interpretation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_interpretation_tenant_id"))
        batch_op.drop_index(batch_op.f("ix_interpretation_policy_id"))

    op.drop_table("interpretation")
    with op.batch_alter_table("attachment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attachment_tenant_id"))
        batch_op.drop_index(batch_op.f("ix_attachment_publication_id"))

    op.drop_table("attachment")
    with op.batch_alter_table("publication", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_publication_tenant_id"))
        batch_op.drop_index(batch_op.f("ix_publication_publicity_until"))
        batch_op.drop_index(batch_op.f("ix_publication_organ_id"))
        batch_op.drop_index("ix_publication_list")
        batch_op.drop_index("ix_publication_item")
        batch_op.drop_index("ix_publication_facets")

    op.drop_table("publication")
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_membership_tenant_id"))

    op.drop_table("membership")
    with op.batch_alter_table("catalog_upload", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_catalog_upload_tenant_id"))

    op.drop_table("catalog_upload")
    with op.batch_alter_table("catalog_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_catalog_change_tenant_id"))
        batch_op.drop_index("ix_catalog_change_item")
        batch_op.drop_index("ix_catalog_change_domain")

    op.drop_table("catalog_change")
    with op.batch_alter_table("organ", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_organ_tenant_id"))

    op.drop_table("organ")
    with op.batch_alter_table("item_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_item_link_tenant_id"))

    op.drop_table("item_link")
    with op.batch_alter_table("index_counter", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_index_counter_tenant_id"))

    op.drop_table("index_counter")
    with op.batch_alter_table("former_code", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_former_code_tenant_id"))

    op.drop_table("former_code")
    with op.batch_alter_table("catalog_revision", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_catalog_revision_tenant_id"))
        batch_op.drop_index("ix_catalog_revision_in_force")

    op.drop_table("catalog_revision")
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_entry_tenant_id"))

    op.drop_table("audit_entry")
    op.drop_table("user_account")
    with op.batch_alter_table("tenant", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_tenant_parent_id"))

    op.drop_table("tenant")
    with op.batch_alter_table("sign_in_attempt", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_attempt_username"))
        batch_op.drop_index(batch_op.f("ix_sign_in_attempt_failed_at"))
        batch_op.drop_index(batch_op.f("ix_sign_in_attempt_address"))

    op.drop_table("sign_in_attempt")
    with op.batch_alter_table("search_outbox", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_search_outbox_due_at"))
        batch_op.drop_index(batch_op.f("ix_search_outbox_backend"))

    op.drop_table("search_outbox")
    op.drop_table("search_lease")
