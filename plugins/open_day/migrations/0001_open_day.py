"""Open days, their slots and forms, registrations and what happened to them."""

import sqlalchemy as sa
from alembic import op

from core.sdk import UtcDateTime, enforce

revision = "open_day_0001"
down_revision = None
branch_labels = ("open_day",)
depends_on = None

# Table → whether the tenants below may read its rows (they copy the county's templates).
TABLES = {
    "open_day_day": True,
    "open_day_slot": True,
    "open_day_category": True,
    "open_day_quota": True,
    "open_day_field": True,
    "open_day_registration": False,
    "open_day_companion": False,
    "open_day_answer": False,
    "open_day_draw": False,
    "open_day_event": False,
    "open_day_notice": False,
    "open_day_attempt": False,
}


def upgrade() -> None:
    op.create_table(
        "open_day_attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column(
            "address_digest",
            sa.String(length=64),
            nullable=False,
            comment="keyed hash of the address",
        ),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenant.id"],
            name=op.f("fk_open_day_attempt_tenant_id_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_open_day_attempt")),
    )
    op.create_index(op.f("ix_open_day_attempt_at"), "open_day_attempt", ["at"], unique=False)
    op.create_index(
        "ix_open_day_attempt_of",
        "open_day_attempt",
        ["tenant_id", "kind", "address_digest", "at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_open_day_attempt_tenant_id"), "open_day_attempt", ["tenant_id"], unique=False
    )
    op.create_table(
        "open_day_day",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("theme", sa.String(length=100), nullable=False),
        sa.Column("summary", sa.String(length=500), nullable=False),
        sa.Column("body", sa.Text(), nullable=False, comment="plain text, blank line: paragraph"),
        sa.Column("organ_id", sa.Integer(), nullable=True),
        sa.Column("series", sa.String(length=60), nullable=False, comment="key of its series"),
        sa.Column("recurrence", sa.String(length=10), nullable=False),
        sa.Column(
            "place", sa.String(length=200), nullable=False, comment="where most of it happens"
        ),
        sa.Column("transport", sa.String(length=500), nullable=False),
        sa.Column("parking", sa.String(length=300), nullable=False),
        sa.Column("accessibility", sa.String(length=500), nullable=False),
        sa.Column("contact", sa.String(length=50), nullable=False),
        sa.Column("phone", sa.String(length=50), nullable=False, comment="of the office, public"),
        sa.Column(
            "item_id", sa.String(length=80), nullable=True, comment="the catalog item it serves"
        ),
        sa.Column("is_template", sa.Boolean(), nullable=False, comment="copied by those below"),
        sa.Column(
            "copied_from_id",
            sa.Integer(),
            nullable=True,
            comment="the day or template it was copied from; no key: either may go",
        ),
        sa.Column(
            "starts_at",
            UtcDateTime(timezone=True),
            nullable=True,
            comment="start of the first slot",
        ),
        sa.Column(
            "ends_at",
            UtcDateTime(timezone=True),
            nullable=True,
            comment="end of the last slot",
        ),
        sa.Column("mode", sa.String(length=12), nullable=False),
        sa.Column(
            "opens_at",
            UtcDateTime(timezone=True),
            nullable=True,
            comment="registration opens; NULL: at once",
        ),
        sa.Column(
            "closes_at",
            UtcDateTime(timezone=True),
            nullable=True,
            comment="closes; NULL: when the slot starts",
        ),
        sa.Column(
            "max_party", sa.Integer(), nullable=False, comment="most people of one registration"
        ),
        sa.Column(
            "one_per_phone",
            sa.Boolean(),
            nullable=False,
            comment="one registration a phone and day, else one a phone and slot",
        ),
        sa.Column(
            "offer_hours",
            sa.Integer(),
            nullable=True,
            comment="hours to accept a place from the waiting list; NULL: given without asking",
        ),
        sa.Column(
            "eligibility",
            sa.String(length=300),
            nullable=False,
            comment="who may come, confirmed by a tick",
        ),
        sa.Column("remind_hours", sa.Integer(), nullable=True, comment="before the slot starts"),
        sa.Column("consent_text", sa.Text(), nullable=False),
        sa.Column(
            "consent_version", sa.Integer(), nullable=False, comment="rises with each change"
        ),
        sa.Column(
            "retention_days",
            sa.Integer(),
            nullable=False,
            comment="days after the end that personal data is kept",
        ),
        sa.Column(
            "lottery_seed",
            sa.String(length=64),
            nullable=True,
            comment="secret until the draw; its SHA-256 is published before",
        ),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("state_reason", sa.String(length=300), nullable=False),
        sa.Column("published_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("publication_id", sa.Integer(), nullable=True, comment="the results"),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("author_name", sa.String(length=64), nullable=False),
        sa.Column(
            "version", sa.Integer(), nullable=False, comment="counts changes, against lost ones"
        ),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "NOT is_template OR state = 'draft'", name=op.f("ck_open_day_day_template_is_a_draft")
        ),
        sa.CheckConstraint(
            "mode IN ('none','first_come','moderated','lottery','invitation')",
            name=op.f("ck_open_day_day_mode"),
        ),
        sa.CheckConstraint(
            "recurrence IN ('none','weekly','monthly','quarterly','yearly')",
            name=op.f("ck_open_day_day_recurrence"),
        ),
        sa.CheckConstraint(
            "state IN ('draft','in_review','published','postponed','cancelled','closed')",
            name=op.f("ck_open_day_day_state"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('cancelled','postponed') OR state_reason <> ''",
            name=op.f("ck_open_day_day_state_reason"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('published','closed') OR (title <> '' AND starts_at IS NOT NULL)",
            name=op.f("ck_open_day_day_what_is_published"),
        ),
        sa.CheckConstraint("max_party >= 1", name=op.f("ck_open_day_day_max_party")),
        sa.CheckConstraint(
            "offer_hours IS NULL OR offer_hours >= 1", name=op.f("ck_open_day_day_offer_hours")
        ),
        sa.CheckConstraint(
            "opens_at IS NULL OR closes_at IS NULL OR opens_at < closes_at",
            name=op.f("ck_open_day_day_window"),
        ),
        sa.CheckConstraint("retention_days >= 1", name=op.f("ck_open_day_day_retention_days")),
        sa.ForeignKeyConstraint(
            ["author_id"], ["user_account.id"], name=op.f("fk_open_day_day_author_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["organ_id"], ["organ.id"], name=op.f("fk_open_day_day_organ_id_organ")
        ),
        sa.ForeignKeyConstraint(
            ["publication_id"],
            ["publication.id"],
            name=op.f("fk_open_day_day_publication_id_publication"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenant.id"],
            name=op.f("fk_open_day_day_tenant_id_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_open_day_day")),
        sa.UniqueConstraint("tenant_id", "id", name=op.f("uq_open_day_day_tenant_id_id")),
    )
    op.create_index(
        "ix_open_day_day_list", "open_day_day", ["tenant_id", "state", "starts_at"], unique=False
    )
    op.create_index(op.f("ix_open_day_day_organ_id"), "open_day_day", ["organ_id"], unique=False)
    op.create_index(
        op.f("ix_open_day_day_publication_id"), "open_day_day", ["publication_id"], unique=False
    )
    op.create_index(op.f("ix_open_day_day_tenant_id"), "open_day_day", ["tenant_id"], unique=False)
    op.create_table(
        "open_day_category",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("open_day_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=30), nullable=False),
        sa.Column("label", sa.String(length=50), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "by_invitation",
            sa.Boolean(),
            nullable=False,
            comment="not to be chosen in open registration",
        ),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["tenant_id", "open_day_id"],
            ["open_day_day.tenant_id", "open_day_day.id"],
            name=op.f("fk_open_day_category_tenant_id_open_day_id_open_day_day"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenant.id"],
            name=op.f("fk_open_day_category_tenant_id_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_open_day_category")),
        sa.UniqueConstraint("open_day_id", "id", name=op.f("uq_open_day_category_open_day_id_id")),
        sa.UniqueConstraint(
            "open_day_id", "key", name=op.f("uq_open_day_category_open_day_id_key")
        ),
    )
    op.create_index(
        op.f("ix_open_day_category_tenant_id"), "open_day_category", ["tenant_id"], unique=False
    )
    op.create_table(
        "open_day_field",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("open_day_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("label", sa.String(length=100), nullable=False),
        sa.Column("help", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False, comment="texts of a choice"),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column(
            "minimum", sa.Integer(), nullable=True, comment="of a number, e.g. the least age"
        ),
        sa.Column("maximum", sa.Integer(), nullable=True),
        sa.Column(
            "condition_key",
            sa.String(length=40),
            nullable=True,
            comment="asked only if the field of this key has the value",
        ),
        sa.Column("condition_value", sa.String(length=100), nullable=False),
        sa.Column(
            "personal",
            sa.Boolean(),
            nullable=False,
            comment="about a person: masked, left out of exports by default",
        ),
        sa.Column(
            "retention_days",
            sa.Integer(),
            nullable=True,
            comment="NULL: as long as the registration",
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('text','number','choice','checkbox','phone','id_number','date')",
            name=op.f("ck_open_day_field_kind"),
        ),
        sa.CheckConstraint(
            "condition_key IS NULL OR condition_key <> key",
            name=op.f("ck_open_day_field_condition"),
        ),
        sa.CheckConstraint(
            "retention_days IS NULL OR retention_days >= 1",
            name=op.f("ck_open_day_field_retention_days"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "open_day_id"],
            ["open_day_day.tenant_id", "open_day_day.id"],
            name=op.f("fk_open_day_field_tenant_id_open_day_id_open_day_day"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenant.id"],
            name=op.f("fk_open_day_field_tenant_id_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_open_day_field")),
        sa.UniqueConstraint("open_day_id", "id", name=op.f("uq_open_day_field_open_day_id_id")),
        sa.UniqueConstraint("open_day_id", "key", name=op.f("uq_open_day_field_open_day_id_key")),
    )
    op.create_index(
        op.f("ix_open_day_field_tenant_id"), "open_day_field", ["tenant_id"], unique=False
    )
    op.create_table(
        "open_day_slot",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("open_day_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False, comment="empty: the day's place"),
        sa.Column("starts_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("ends_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column(
            "capacity", sa.Integer(), nullable=False, comment="people, the reserved seats included"
        ),
        sa.Column(
            "reserved",
            sa.Integer(),
            nullable=False,
            comment="seats kept back from open registration",
        ),
        sa.Column(
            "taken", sa.Integer(), nullable=False, comment="open seats that are taken or on offer"
        ),
        sa.Column("reserved_taken", sa.Integer(), nullable=False),
        sa.Column("guide", sa.String(length=100), nullable=False, comment="of a guided group"),
        sa.Column("check_in_from", UtcDateTime(timezone=True), nullable=True),
        sa.Column("check_in_until", UtcDateTime(timezone=True), nullable=True),
        sa.Column("self_check_in", sa.Boolean(), nullable=False),
        sa.Column("waiting_on", sa.Boolean(), nullable=False),
        sa.Column(
            "waiting_limit", sa.Integer(), nullable=True, comment="registrations that may wait"
        ),
        sa.Column("waiting", sa.Integer(), nullable=False, comment="registrations that wait now"),
        sa.Column(
            "waiting_last", sa.Integer(), nullable=False, comment="last waiting number given"
        ),
        sa.Column("tickets", sa.Integer(), nullable=False, comment="last lottery number given"),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('open','closed','cancelled')", name=op.f("ck_open_day_slot_state")
        ),
        sa.CheckConstraint(
            "capacity >= 0 AND reserved >= 0 AND reserved <= capacity",
            name=op.f("ck_open_day_slot_seats"),
        ),
        sa.CheckConstraint(
            "check_in_from IS NULL OR check_in_until IS NULL OR check_in_from < check_in_until",
            name=op.f("ck_open_day_slot_check_in"),
        ),
        sa.CheckConstraint(
            "reserved_taken >= 0 AND reserved_taken <= reserved",
            name=op.f("ck_open_day_slot_reserved_taken"),
        ),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_open_day_slot_times")),
        sa.CheckConstraint(
            "taken >= 0 AND taken <= capacity - reserved", name=op.f("ck_open_day_slot_taken")
        ),
        sa.CheckConstraint(
            "waiting >= 0 AND waiting <= waiting_last", name=op.f("ck_open_day_slot_waiting")
        ),
        sa.CheckConstraint(
            "waiting_limit IS NULL OR waiting_limit >= 0",
            name=op.f("ck_open_day_slot_waiting_limit"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "open_day_id"],
            ["open_day_day.tenant_id", "open_day_day.id"],
            name=op.f("fk_open_day_slot_tenant_id_open_day_id_open_day_day"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenant.id"],
            name=op.f("fk_open_day_slot_tenant_id_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_open_day_slot")),
        sa.UniqueConstraint("open_day_id", "id", name=op.f("uq_open_day_slot_open_day_id_id")),
    )
    op.create_index("ix_open_day_slot_start", "open_day_slot", ["starts_at"], unique=False)
    op.create_index(
        op.f("ix_open_day_slot_tenant_id"), "open_day_slot", ["tenant_id"], unique=False
    )
    op.create_table(
        "open_day_draw",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("open_day_id", sa.Integer(), nullable=False),
        sa.Column("slot_id", sa.Integer(), nullable=False),
        sa.Column("seed", sa.String(length=64), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False, comment="open seats before the draw"),
        sa.Column(
            "entries",
            sa.JSON(),
            nullable=False,
            comment="[lottery number, people, category or null], by number",
        ),
        sa.Column(
            "quotas", sa.JSON(), nullable=False, comment="[category, seats left] before the draw"
        ),
        sa.Column("drawn", sa.JSON(), nullable=False, comment="lottery numbers in the order drawn"),
        sa.Column("winners", sa.JSON(), nullable=False, comment="lottery numbers that got seats"),
        sa.Column("drawn_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("drawn_by_id", sa.Integer(), nullable=True),
        sa.Column("drawn_by_name", sa.String(length=64), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["drawn_by_id"],
            ["user_account.id"],
            name=op.f("fk_open_day_draw_drawn_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["open_day_id", "slot_id"],
            ["open_day_slot.open_day_id", "open_day_slot.id"],
            name=op.f("fk_open_day_draw_open_day_id_slot_id_open_day_slot"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenant.id"],
            name=op.f("fk_open_day_draw_tenant_id_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_open_day_draw")),
        sa.UniqueConstraint("slot_id", name=op.f("uq_open_day_draw_slot_id")),
    )
    op.create_index(
        op.f("ix_open_day_draw_tenant_id"), "open_day_draw", ["tenant_id"], unique=False
    )
    op.create_table(
        "open_day_quota",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("open_day_id", sa.Integer(), nullable=False),
        sa.Column("slot_id", sa.Integer(), nullable=False),
        sa.Column("category_id", sa.Integer(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("taken >= 0 AND taken <= seats", name=op.f("ck_open_day_quota_taken")),
        sa.ForeignKeyConstraint(
            ["open_day_id", "category_id"],
            ["open_day_category.open_day_id", "open_day_category.id"],
            name=op.f("fk_open_day_quota_open_day_id_category_id_open_day_category"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["open_day_id", "slot_id"],
            ["open_day_slot.open_day_id", "open_day_slot.id"],
            name=op.f("fk_open_day_quota_open_day_id_slot_id_open_day_slot"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenant.id"],
            name=op.f("fk_open_day_quota_tenant_id_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_open_day_quota")),
        sa.UniqueConstraint(
            "slot_id", "category_id", name=op.f("uq_open_day_quota_slot_id_category_id")
        ),
    )
    op.create_index(
        op.f("ix_open_day_quota_category_id"), "open_day_quota", ["category_id"], unique=False
    )
    op.create_index(
        op.f("ix_open_day_quota_tenant_id"), "open_day_quota", ["tenant_id"], unique=False
    )
    op.create_table(
        "open_day_registration",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("open_day_id", sa.Integer(), nullable=False),
        sa.Column("slot_id", sa.Integer(), nullable=False),
        sa.Column("category_id", sa.Integer(), nullable=True),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column(
            "request_key",
            sa.String(length=40),
            nullable=True,
            comment="of the form that was sent, so that sending it twice is one act",
        ),
        sa.Column("name", sa.String(length=50), nullable=False, comment="empty once purged"),
        sa.Column("phone", sa.String(length=20), nullable=False, comment="shown masked"),
        sa.Column(
            "phone_digest",
            sa.String(length=64),
            nullable=True,
            comment="keyed hash of the phone, for finding",
        ),
        sa.Column("claim", sa.String(length=80), nullable=True),
        sa.Column(
            "head_count", sa.Integer(), nullable=False, comment="people, companions included"
        ),
        sa.Column(
            "organisation",
            sa.String(length=100),
            nullable=False,
            comment="of a group, or the unit that nominated",
        ),
        sa.Column(
            "home_id", sa.Integer(), nullable=True, comment="the village or town they come from"
        ),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("state_reason", sa.String(length=200), nullable=False),
        sa.Column(
            "pool", sa.String(length=10), nullable=True, comment="whose seats it holds, if any"
        ),
        sa.Column(
            "waiting_number", sa.Integer(), nullable=True, comment="order of the waiting list"
        ),
        sa.Column("offer_expires_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column(
            "lottery_number", sa.Integer(), nullable=True, comment="public number in the draw"
        ),
        sa.Column("source", sa.String(length=12), nullable=False),
        sa.Column("language", sa.String(length=20), nullable=False),
        sa.Column("needs", sa.String(length=300), nullable=False, comment="accessibility needs"),
        sa.Column("consent_version", sa.Integer(), nullable=True),
        sa.Column("consented_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("reminded_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("attended_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("attended_count", sa.Integer(), nullable=True, comment="people of it who came"),
        sa.Column(
            "purged_at",
            UtcDateTime(timezone=True),
            nullable=True,
            comment="personal data removed",
        ),
        sa.Column("entered_by_id", sa.Integer(), nullable=True),
        sa.Column(
            "version", sa.Integer(), nullable=False, comment="counts changes, against lost ones"
        ),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state IN ('confirmed','offered','attended','no_show')) = (pool IS NOT NULL)",
            name=op.f("ck_open_day_registration_seats"),
        ),
        sa.CheckConstraint(
            "pool IS NULL OR pool IN ('open','reserved')",
            name=op.f("ck_open_day_registration_pool"),
        ),
        sa.CheckConstraint(
            "source IN ('self','staff','invitation','nomination','walk_in')",
            name=op.f("ck_open_day_registration_source"),
        ),
        sa.CheckConstraint(
            "state <> 'offered' OR offer_expires_at IS NOT NULL",
            name=op.f("ck_open_day_registration_offered"),
        ),
        sa.CheckConstraint(
            "state IN ('pending','confirmed','waiting','offered','declined','cancelled','attended','no_show')",
            name=op.f("ck_open_day_registration_state"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('cancelled','declined') OR claim IS NULL",
            name=op.f("ck_open_day_registration_claim"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('waiting','offered') OR waiting_number IS NOT NULL",
            name=op.f("ck_open_day_registration_waiting"),
        ),
        sa.CheckConstraint("head_count >= 1", name=op.f("ck_open_day_registration_head_count")),
        sa.ForeignKeyConstraint(
            ["entered_by_id"],
            ["user_account.id"],
            name=op.f("fk_open_day_registration_entered_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["home_id"],
            ["tenant.id"],
            name=op.f("fk_open_day_registration_home_id_tenant"),
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["open_day_id", "category_id"],
            ["open_day_category.open_day_id", "open_day_category.id"],
            name=op.f("fk_open_day_registration_open_day_id_category_id_open_day_category"),
        ),
        sa.ForeignKeyConstraint(
            ["open_day_id", "slot_id"],
            ["open_day_slot.open_day_id", "open_day_slot.id"],
            name=op.f("fk_open_day_registration_open_day_id_slot_id_open_day_slot"),
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "open_day_id"],
            ["open_day_day.tenant_id", "open_day_day.id"],
            name=op.f("fk_open_day_registration_tenant_id_open_day_id_open_day_day"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenant.id"],
            name=op.f("fk_open_day_registration_tenant_id_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_open_day_registration")),
        sa.UniqueConstraint("code", name=op.f("uq_open_day_registration_code")),
        sa.UniqueConstraint(
            "open_day_id", "claim", name=op.f("uq_open_day_registration_open_day_id_claim")
        ),
        sa.UniqueConstraint(
            "open_day_id", "id", name=op.f("uq_open_day_registration_open_day_id_id")
        ),
        sa.UniqueConstraint("request_key", name=op.f("uq_open_day_registration_request_key")),
        sa.UniqueConstraint(
            "slot_id",
            "lottery_number",
            name=op.f("uq_open_day_registration_slot_id_lottery_number"),
        ),
        sa.UniqueConstraint(
            "slot_id",
            "waiting_number",
            name=op.f("uq_open_day_registration_slot_id_waiting_number"),
        ),
    )
    op.create_index(
        "ix_open_day_registration_offer",
        "open_day_registration",
        ["state", "offer_expires_at"],
        unique=False,
    )
    op.create_index(
        "ix_open_day_registration_phone",
        "open_day_registration",
        ["tenant_id", "phone_digest"],
        unique=False,
    )
    op.create_index(
        "ix_open_day_registration_slot", "open_day_registration", ["slot_id", "state"], unique=False
    )
    op.create_index(
        op.f("ix_open_day_registration_tenant_id"),
        "open_day_registration",
        ["tenant_id"],
        unique=False,
    )
    op.create_table(
        "open_day_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("open_day_id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("field_id", sa.Integer(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("purge_on", sa.Date(), nullable=True),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["open_day_id", "field_id"],
            ["open_day_field.open_day_id", "open_day_field.id"],
            name=op.f("fk_open_day_answer_open_day_id_field_id_open_day_field"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["open_day_id", "registration_id"],
            ["open_day_registration.open_day_id", "open_day_registration.id"],
            name=op.f("fk_open_day_answer_open_day_id_registration_id_open_day_registration"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenant.id"],
            name=op.f("fk_open_day_answer_tenant_id_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_open_day_answer")),
        sa.UniqueConstraint(
            "registration_id", "field_id", name=op.f("uq_open_day_answer_registration_id_field_id")
        ),
    )
    op.create_index(
        op.f("ix_open_day_answer_field_id"), "open_day_answer", ["field_id"], unique=False
    )
    op.create_index("ix_open_day_answer_purge", "open_day_answer", ["purge_on"], unique=False)
    op.create_index(
        op.f("ix_open_day_answer_tenant_id"), "open_day_answer", ["tenant_id"], unique=False
    )
    op.create_table(
        "open_day_companion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=50), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["open_day_registration.id"],
            name=op.f("fk_open_day_companion_registration_id_open_day_registration"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenant.id"],
            name=op.f("fk_open_day_companion_tenant_id_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_open_day_companion")),
        sa.UniqueConstraint(
            "registration_id",
            "position",
            name=op.f("uq_open_day_companion_registration_id_position"),
        ),
    )
    op.create_index(
        op.f("ix_open_day_companion_tenant_id"), "open_day_companion", ["tenant_id"], unique=False
    )
    op.create_table(
        "open_day_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("open_day_id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=True),
        sa.Column("move", sa.String(length=20), nullable=False),
        sa.Column("from_state", sa.String(length=10), nullable=False),
        sa.Column("to_state", sa.String(length=10), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column(
            "actor_id",
            sa.Integer(),
            nullable=True,
            comment="NULL: the citizen, or the program itself",
        ),
        sa.Column("actor_name", sa.String(length=64), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["actor_id"], ["user_account.id"], name=op.f("fk_open_day_event_actor_id_user_account")
        ),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["open_day_registration.id"],
            name=op.f("fk_open_day_event_registration_id_open_day_registration"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id", "open_day_id"],
            ["open_day_day.tenant_id", "open_day_day.id"],
            name=op.f("fk_open_day_event_tenant_id_open_day_id_open_day_day"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenant.id"],
            name=op.f("fk_open_day_event_tenant_id_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_open_day_event")),
    )
    op.create_index(
        "ix_open_day_event_of",
        "open_day_event",
        ["open_day_id", "registration_id", "at"],
        unique=False,
    )
    op.create_index(
        op.f("ix_open_day_event_registration_id"),
        "open_day_event",
        ["registration_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_open_day_event_tenant_id"), "open_day_event", ["tenant_id"], unique=False
    )
    op.create_table(
        "open_day_notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("registration_id", sa.Integer(), nullable=False),
        sa.Column("about", sa.String(length=20), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("sent_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["registration_id"],
            ["open_day_registration.id"],
            name=op.f("fk_open_day_notice_registration_id_open_day_registration"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["tenant_id"],
            ["tenant.id"],
            name=op.f("fk_open_day_notice_tenant_id_tenant"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_open_day_notice")),
    )
    op.create_index(
        "ix_open_day_notice_due", "open_day_notice", ["sent_at", "attempts"], unique=False
    )
    op.create_index(
        op.f("ix_open_day_notice_registration_id"),
        "open_day_notice",
        ["registration_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_open_day_notice_tenant_id"), "open_day_notice", ["tenant_id"], unique=False
    )
    enforce(op.get_bind(), TABLES)


def downgrade() -> None:
    for table in (
        "open_day_attempt",
        "open_day_notice",
        "open_day_event",
        "open_day_companion",
        "open_day_answer",
        "open_day_registration",
        "open_day_quota",
        "open_day_draw",
        "open_day_slot",
        "open_day_field",
        "open_day_category",
        "open_day_day",
    ):
        op.drop_table(table)
