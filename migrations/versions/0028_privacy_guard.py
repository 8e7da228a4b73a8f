"""Personal data found in revisions, and what was decided: nothing undecided becomes public."""

import sqlalchemy as sa
from alembic import op

from core.db.base import UtcDateTime
from core.db.rls import enforce

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

FINDINGS, SCANS, SETTINGS = "publication_finding", "file_scan", "privacy_setting"
TABLES = {FINDINGS: False, SCANS: False, SETTINGS: True}
_UNDECIDED = (
    "EXISTS (SELECT 1 FROM publication_finding f WHERE f.publication_id = NEW.id "
    "AND f.revision = NEW.published_revision AND (f.handling = 'open' "
    "OR (f.handling = 'kept' AND f.confirmed_at IS NULL)))"
)
# Whether a revision becomes public: a new one, or one that was withdrawn.
_APPEARS = (
    "NEW.published_revision IS NOT NULL AND ("
    "NEW.published_revision <> coalesce(OLD.published_revision, 0) "
    "OR (OLD.state = 'withdrawn' AND NEW.state <> 'withdrawn'))"
)
_STILL_THERE = "EXISTS (SELECT 1 FROM publication p WHERE p.id = OLD.publication_id)"
# name: table, event, condition, message
RULES = {
    "publication_is_scanned": (
        "publication", "UPDATE",
        f"{_APPEARS} AND coalesce(NEW.scanned_revision, 0) <> NEW.published_revision",
        "published without a search for personal data",
    ),
    "publication_findings_decided": (
        "publication", "UPDATE", f"{_APPEARS} AND {_UNDECIDED}",
        "published with personal data that nobody has decided about",
    ),
    "finding_is_decided_once": (
        FINDINGS, "UPDATE", "OLD.confirmed_at IS NOT NULL OR OLD.handling IN ('masked', 'removed')",
        "what two people have decided never changes",
    ),
    "finding_is_kept": (
        FINDINGS, "DELETE",
        f"OLD.handling <> 'open' AND {_STILL_THERE}",
        "a decision about personal data is kept",
    ),
}  # fmt: skip


def upgrade() -> None:
    op.add_column(
        "publication",
        sa.Column(
            "scanned_revision",
            sa.Integer(),
            nullable=True,
            comment="the one whose text and files were searched for personal data",
        ),
    )
    _add_findings()
    _add_scans()
    _add_settings()
    enforce(op.get_bind(), TABLES)
    for name, (table, event, condition, message) in RULES.items():
        _add_rule(name, table, event, condition, message)


def downgrade() -> None:
    for name, (table, *_rest) in RULES.items():
        _drop_rule(name, table)
    for table in TABLES:
        op.drop_table(table)
    op.drop_column("publication", "scanned_revision")


def _add_findings() -> None:
    op.create_table(
        FINDINGS,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("publication_id", sa.Integer(), nullable=False),
        sa.Column(
            "revision",
            sa.Integer(),
            nullable=False,
            comment="number of the revision in which it stands",
        ),
        sa.Column(
            "field",
            sa.String(length=20),
            nullable=False,
            comment="title, summary, body, list, files",
        ),
        sa.Column(
            "place",
            sa.String(length=120),
            nullable=False,
            comment="table and column, or file and part of it",
        ),
        sa.Column(
            "label",
            sa.String(length=60),
            nullable=False,
            comment="heading of the column, name of the file",
        ),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False, comment="number of places"),
        sa.Column("digests", sa.JSON(), nullable=False, comment="keyed, of the values"),
        sa.Column("sample", sa.String(length=80), nullable=False, comment="one value, masked"),
        sa.Column("handling", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False, comment="why it is kept"),
        sa.Column("decided_by_id", sa.Integer(), nullable=True),
        sa.Column("decided_by_name", sa.String(length=64), nullable=False),
        sa.Column("decided_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column(
            "confirmation", sa.Text(), nullable=False, comment="reason of the second person"
        ),
        sa.Column("confirmed_by_id", sa.Integer(), nullable=True),
        sa.Column("confirmed_by_name", sa.String(length=64), nullable=False),
        sa.Column("confirmed_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "handling IN ('open','masked','removed','kept')",
            name=op.f("ck_publication_finding_handling"),
        ),
        sa.CheckConstraint(
            "handling <> 'kept' OR reason <> ''", name=op.f("ck_publication_finding_reason")
        ),
        sa.CheckConstraint(
            "(confirmed_at IS NULL) = (confirmation = '')",
            name=op.f("ck_publication_finding_confirmation"),
        ),
        sa.CheckConstraint(
            "confirmed_at IS NULL OR handling = 'kept'", name=op.f("ck_publication_finding_kept")
        ),
        sa.CheckConstraint(
            "decided_by_id IS NULL OR confirmed_by_id IS NULL OR decided_by_id <> confirmed_by_id",
            name=op.f("ck_publication_finding_second_person"),
        ),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"],
            ["user_account.id"],
            name=op.f("fk_publication_finding_confirmed_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"],
            ["user_account.id"],
            name=op.f("fk_publication_finding_decided_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["publication_id"],
            ["publication.id"],
            name=op.f("fk_publication_finding_publication_id_publication"),
            ondelete="CASCADE",
        ),
        _tenant_key(FINDINGS),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publication_finding")),
        sa.UniqueConstraint(
            "publication_id", "revision", "field", "place", "kind", "handling",
            name=op.f("uq_publication_finding_publication_id"),
        ),
    )  # fmt: skip
    op.create_index(op.f("ix_publication_finding_tenant_id"), FINDINGS, ["tenant_id"])


def _add_scans() -> None:
    op.create_table(
        SCANS,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column(
            "rules",
            sa.String(length=16),
            nullable=False,
            comment="digest of the rules it was read by",
        ),
        sa.Column("outcome", sa.String(length=10), nullable=False),
        sa.Column("groups", sa.JSON(), nullable=False, comment="findings, without values"),
        sa.Column("scanned_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("outcome IN ('read','unreadable')", name=op.f("ck_file_scan_outcome")),
        _tenant_key(SCANS),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_file_scan")),
        sa.UniqueConstraint(
            "tenant_id", "sha256", "media_type", "rules", name=op.f("uq_file_scan_tenant_id")
        ),
    )
    op.create_index(op.f("ix_file_scan_tenant_id"), SCANS, ["tenant_id"])


def _add_settings() -> None:
    op.create_table(
        SETTINGS,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "formats",
            sa.JSON(),
            nullable=False,
            comment="kind → how many characters stay at its beginning and end",
        ),
        sa.Column(
            "kept_numbers",
            sa.JSON(),
            nullable=False,
            comment="telephones of offices, digits only",
        ),
        sa.Column(
            "sensitive_words",
            sa.JSON(),
            nullable=False,
            comment="wordings of which editors are warned",
        ),
        sa.Column(
            "version", sa.Integer(), nullable=False, comment="counts changes, against lost ones"
        ),
        sa.Column("updated_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("tenant_id", sa.Integer(), nullable=False),
        _tenant_key(SETTINGS),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_privacy_setting")),
        sa.UniqueConstraint("tenant_id", name=op.f("uq_privacy_setting_tenant_id")),
    )
    op.create_index(op.f("ix_privacy_setting_tenant_id"), SETTINGS, ["tenant_id"])


def _tenant_key(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["tenant_id"],
        ["tenant.id"],
        name=op.f(f"fk_{table}_tenant_id_tenant"),
        ondelete="RESTRICT",
    )


def _add_rule(name: str, table: str, event: str, condition: str, message: str) -> None:
    trigger = f"CREATE TRIGGER {name} BEFORE {event} ON {table}"
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


def _drop_rule(name: str, table: str) -> None:
    if op.get_bind().dialect.name != "postgresql":
        op.execute(f"DROP TRIGGER {name}")
        return
    op.execute(f"DROP TRIGGER {name} ON {table}")
    op.execute(f"DROP FUNCTION {name}()")
