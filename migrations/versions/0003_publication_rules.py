"""Rules of publications that hold below the program: states, two people, what never changes."""

from dataclasses import dataclass

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


@dataclass(frozen=True)
class Rule:
    """Refuse an event on a row when the condition holds (in words of both databases)."""

    name: str
    table: str
    event: str
    condition: str
    message: str


STATES = (
    ("draft", "in_review"),
    ("returned", "in_review"),
    ("in_review", "draft"),
    ("in_review", "returned"),
    ("in_review", "approved"),
    ("approved", "published"),
    ("published", "expired"),
    ("published", "withdrawn"),
    ("expired", "withdrawn"),
)
# "-" is no correction.
CORRECTIONS = (
    ("-", "draft"),
    ("draft", "in_review"),
    ("returned", "in_review"),
    ("in_review", "draft"),
    ("in_review", "returned"),
    ("in_review", "-"),
    ("draft", "-"),
    ("returned", "-"),
)
PUBLIC_COLUMNS = (
    "tenant_id", "organ_id", "item_id", "domain", "domain_text", "no_item_reason", "title",
    "body_source", "body_html", "summary", "index_number", "document_number", "formed_on",
    "issued_on", "published_at", "genre", "theme", "validity", "source", "publicity_days",
    "publicity_until",
)  # fmt: skip
FILE_COLUMNS = (
    "tenant_id", "publication_id", "sha256", "media_type", "size", "filename", "is_photograph",
)  # fmt: skip


def _pairs(pairs: tuple[tuple[str, str], ...]) -> str:
    return ", ".join(f"'{before}>{after}'" for before, after in pairs)


def _changed(columns: tuple[str, ...]) -> str:
    """Whether any of the columns changes; NULL is a value like others."""
    return " OR ".join(
        f"(NEW.{c} <> OLD.{c} OR (NEW.{c} IS NULL) <> (OLD.{c} IS NULL))" for c in columns
    )


PASSED = (
    "EXISTS (SELECT 1 FROM publication_review r WHERE r.publication_id = NEW.id "
    "AND r.outcome = 'pass' AND r.revision = NEW.{revision})"
)
STILL_THERE = "EXISTS (SELECT 1 FROM publication p WHERE p.id = OLD.publication_id)"

RULES = (
    Rule(
        "publication_begins_as_a_draft", "publication", "INSERT",
        "NEW.state <> 'draft' OR NEW.correction IS NOT NULL OR NEW.published_revision IS NOT NULL",
        "a publication begins as a draft",
    ),
    Rule(
        "publication_state", "publication", "UPDATE",
        "NEW.state <> OLD.state AND OLD.state || '>' || NEW.state "
        f"NOT IN ({_pairs(STATES)})",
        "illegal change of state",
    ),
    Rule(
        "publication_correction", "publication", "UPDATE",
        "coalesce(NEW.correction, '-') <> coalesce(OLD.correction, '-') AND "
        "coalesce(OLD.correction, '-') || '>' || coalesce(NEW.correction, '-') "
        f"NOT IN ({_pairs(CORRECTIONS)})",
        "illegal change of a correction",
    ),
    Rule(
        "publication_approved_by_review", "publication", "UPDATE",
        "NEW.state = 'approved' AND OLD.state <> 'approved' "
        f"AND NOT {PASSED.format(revision='revision')}",
        "approved without a recorded review",
    ),
    Rule(
        "publication_published_by_review", "publication", "UPDATE",
        "NEW.published_revision IS NOT NULL "
        "AND NEW.published_revision <> coalesce(OLD.published_revision, 0) "
        f"AND NOT {PASSED.format(revision='published_revision')}",
        "published without a recorded review",
    ),
    Rule(
        "publication_stays_published", "publication", "UPDATE",
        "OLD.published_revision IS NOT NULL AND NEW.published_revision IS NULL",
        "what was published stays on record",
    ),
    Rule(
        "publication_date_set_back", "publication", "UPDATE",
        "NEW.published_revision IS NOT NULL AND NEW.published_at < "
        "CASE WHEN OLD.published_revision IS NULL THEN NEW.created_at ELSE OLD.published_at END "
        "AND NOT EXISTS (SELECT 1 FROM publication_revision v WHERE v.publication_id = NEW.id "
        "AND v.number = NEW.published_revision AND (v.dates_imported OR v.note <> ''))",
        "a date of publication is set back without a note",
    ),
    Rule(
        "publication_text_is_reviewed", "publication", "UPDATE",
        "OLD.published_revision IS NOT NULL "
        f"AND NEW.published_revision = OLD.published_revision AND ({_changed(PUBLIC_COLUMNS)})",
        "a published text changes by a reviewed revision only",
    ),
    Rule(
        "publication_is_kept", "publication", "DELETE",
        "OLD.published_revision IS NOT NULL AND NOT EXISTS (SELECT 1 FROM tenant t "
        "WHERE t.id = OLD.tenant_id AND t.status = 'suspended')",
        "what was published is kept, until its tenant is suspended and erased",
    ),
    Rule(
        "revision_never_changes", "publication_revision", "UPDATE", "1 = 1",
        "a revision never changes",
    ),
    Rule("revision_is_kept", "publication_revision", "DELETE", STILL_THERE, "a revision is kept"),
    Rule(
        "review_never_changes", "publication_review", "UPDATE", "1 = 1", "a review never changes"
    ),
    Rule("review_is_kept", "publication_review", "DELETE", STILL_THERE, "a review is kept"),
    Rule(
        "review_of_what_is_handed_in", "publication_review", "INSERT",
        "NOT EXISTS (SELECT 1 FROM publication p WHERE p.id = NEW.publication_id "
        "AND p.revision = NEW.revision AND p.tenant_id = NEW.tenant_id "
        "AND (p.state = 'in_review' OR p.correction = 'in_review'))",
        "only what is handed in is reviewed",
    ),
    Rule(
        "review_by_another_person", "publication_review", "INSERT",
        "NEW.reviewer_id IS NOT NULL AND EXISTS (SELECT 1 FROM publication_revision v "
        "JOIN publication p ON p.id = v.publication_id WHERE v.publication_id = NEW.publication_id "
        "AND v.author_id = NEW.reviewer_id AND v.number > coalesce(p.published_revision, 0))",
        "an author does not review",
    ),
    Rule(
        "file_never_changes", "attachment", "UPDATE", _changed(FILE_COLUMNS),
        "a file never changes",
    ),
    Rule(
        "file_is_kept", "attachment", "DELETE", f"OLD.live AND {STILL_THERE}",
        "a published file is kept",
    ),
    Rule(
        "index_counter_rises", "index_counter", "UPDATE", "NEW.last < OLD.last",
        "an index number is never given twice",
    ),
)  # fmt: skip


def upgrade() -> None:
    """Make one trigger for each rule."""
    postgresql = op.get_bind().dialect.name == "postgresql"
    for rule in RULES:
        for statement in _on_postgresql(rule) if postgresql else (_on_sqlite(rule),):
            op.execute(statement)


def downgrade() -> None:
    """Drop the triggers."""
    postgresql = op.get_bind().dialect.name == "postgresql"
    for rule in RULES:
        if postgresql:
            op.execute(f"DROP TRIGGER {rule.name} ON {rule.table}")
            op.execute(f"DROP FUNCTION {rule.name}()")
        else:
            op.execute(f"DROP TRIGGER {rule.name}")


def _on_sqlite(rule: Rule) -> str:
    return (
        f"CREATE TRIGGER {rule.name} BEFORE {rule.event} ON {rule.table} WHEN {rule.condition} "
        f"BEGIN SELECT RAISE(ABORT, '{rule.message}'); END"
    )


def _on_postgresql(rule: Rule) -> tuple[str, str]:
    row = "OLD" if rule.event == "DELETE" else "NEW"
    body = (
        f"IF ({rule.condition}) THEN RAISE EXCEPTION '{rule.message}' "
        f"USING ERRCODE = 'check_violation'; END IF; RETURN {row};"
    )
    function = f"CREATE FUNCTION {rule.name}() RETURNS trigger LANGUAGE plpgsql"
    trigger = f"CREATE TRIGGER {rule.name} BEFORE {rule.event} ON {rule.table}"
    return (
        f"{function} AS $$ BEGIN {body} END $$",
        f"{trigger} FOR EACH ROW EXECUTE FUNCTION {rule.name}()",
    )
