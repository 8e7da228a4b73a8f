"""Uploads: stored, corrected, previewed, and submitted as one revision.

Nothing reaches the catalog before the revision is approved.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, func, or_, select, true
from sqlalchemy.orm import Session, joinedload, undefer

from core.audit.service import record
from core.catalog.domain.changes import Change, Fields
from core.catalog.domain.matching import RowMatch, RowOutcome
from core.catalog.editing.review import submit_revision
from core.catalog.models import CatalogRevision, CatalogUpload
from core.catalog.uploads.corrections import (
    Corrections,
    ParsedTable,
    ParsedUpload,
    RowKey,
    list_left_out_rows,
    list_rows_to_store,
    load_parsed,
)
from core.catalog.uploads.planning import ImportFinding, ImportPlan, plan_import
from core.db.tree import Tenant
from core.errors import Conflict, Invalid, NotFound
from core.permissions import Action, Actor, allowed, forbidden_at, organ_scope, require


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """The effect of storing one row of the file; `key` names the row in the file."""

    key: RowKey
    row: Fields
    match: RowMatch


@dataclass(frozen=True, slots=True)
class Preview:
    """The changes that an upload would make, with the outcome of each row."""

    changes: Sequence[Change]
    rows: Sequence[PreviewRow]
    findings: Sequence[ImportFinding]
    left_out: Sequence[tuple[RowKey, Fields]]

    def with_outcome(self, *outcomes: RowOutcome) -> list[PreviewRow]:
        """List the rows with these outcomes, in file order."""
        return [row for row in self.rows if row.match.outcome in outcomes]


def store_upload(  # noqa: PLR0913 - keyword-only columns of one row
    session: Session,
    actor: Actor,
    tenant: Tenant,
    *,
    filename: str,
    digest: str,
    parsed: Mapping[str, Any],
) -> CatalogUpload:
    """Store a parsed file for correction."""
    if not organ_scope(actor, Action.EDIT_CATALOG, tenant):
        raise forbidden_at(tenant)
    upload = CatalogUpload(
        tenant_id=tenant.id,
        digest=digest,
        filename=filename[-200:],
        uploaded_by=actor.user_id,
        uploaded_name=actor.name,
        row_count=sum(len(table["rows"]) for table in parsed["tables"]),
        parsed=dict(parsed),
        corrections={},
    )
    session.add(upload)
    session.flush()  # callers go to its page
    record(session, actor, tenant, "catalog.upload", str(upload.id), filename=filename)
    return upload


def get_upload(
    session: Session, tenant: Tenant, upload_id: int, *, lock: bool = False
) -> CatalogUpload:
    """Return an upload of the tenant with its parse result; raises `NotFound`.

    `lock` locks its row until the transaction ends.
    """
    query = (
        select(CatalogUpload)
        .where(CatalogUpload.id == upload_id, CatalogUpload.tenant_id == tenant.id)
        .options(undefer(CatalogUpload.parsed))
    )
    upload = session.scalar(query.with_for_update() if lock else query)
    if upload is None:
        raise NotFound(where=str(upload_id))
    return upload


def list_uploads(session: Session, tenant: Tenant, actor: Actor) -> list[CatalogUpload]:
    """List the uploads that the actor may change, discarded ones excluded, latest first."""
    query = select(CatalogUpload).where(
        _are_within_reach(actor, tenant), CatalogUpload.state != "discarded"
    )
    query = query.options(joinedload(CatalogUpload.revision))
    return list(session.scalars(query.order_by(CatalogUpload.id.desc())))


def _are_within_reach(actor: Actor, tenant: Tenant) -> ColumnElement[bool]:
    """Build the condition: uploads of the place, for a role for one organ the person's own."""
    whole = allowed(actor, Action.EDIT_CATALOG, tenant)
    own = true() if whole else CatalogUpload.uploaded_by == actor.user_id
    return and_(CatalogUpload.tenant_id == tenant.id, own)


def require_upload(actor: Actor, tenant: Tenant, upload: CatalogUpload) -> None:
    """Raise `Forbidden` for what others have uploaded, where the role is for one organ."""
    if upload.uploaded_by != actor.user_id:
        require(actor, Action.EDIT_CATALOG, tenant)


def preview_upload(
    session: Session, tenant: Tenant, parsed: ParsedUpload, corrections: Corrections
) -> Preview:
    """Plan a corrected upload; raises `Invalid` if a table's domain is unknown."""
    tables: list[ParsedTable] = []
    keys: list[list[tuple[RowKey, Fields]]] = []
    for number, read in enumerate(parsed.tables):
        rows = list_rows_to_store(parsed, corrections, number)
        if rows:
            domain = corrections.chosen_domain(number) or read.domain
            if domain is None:
                message = _("Say which domain table %(n)s is of.", n=number + 1)
                raise Invalid({"domain": message})
            tables.append(ParsedTable(read.title, domain, [row for _key, row in rows]))
            keys.append(rows)
    answers = corrections.answers()
    confirmed = {
        (number, position): answers[key]
        for number, rows in enumerate(keys)
        for position, (key, _row) in enumerate(rows)
        if key in answers
    }
    plan = plan_import(
        session,
        tenant,
        tables,
        not_applicable=parsed.not_applicable,
        confirmed=confirmed,
    )
    left_out = list_left_out_rows(parsed, corrections)
    return Preview(plan.changes, list(_rows(plan, keys)), plan.findings, left_out)


def _rows(
    plan: ImportPlan, keys: Sequence[Sequence[tuple[RowKey, Fields]]]
) -> Iterator[PreviewRow]:
    for planned in plan.rows:
        key, row = keys[planned.catalog][planned.match.row]
        yield PreviewRow(key, row, planned.match)


def save_corrections(upload: CatalogUpload, corrections: Corrections) -> None:
    """Save corrections; raises `Conflict` once the upload was submitted."""
    _check_open(upload)
    upload.corrections = corrections.to_json()
    upload.state, upload.revision_id = "mending", None


def submit_upload(
    session: Session, actor: Actor, tenant: Tenant, upload: CatalogUpload, *, reason: str
) -> CatalogRevision:
    """Submit the changes of an upload as one revision, to be approved like any other."""
    _check_open(upload)
    if not reason.strip():
        raise Invalid({"reason": _("Give the reason for the change.")})
    parsed, corrections = load_parsed(upload.parsed), Corrections(upload.corrections)
    changes = preview_upload(session, tenant, parsed, corrections).changes
    revision = submit_revision(session, actor, tenant, changes, reason=reason)
    upload.state, upload.revision_id = "submitted", revision.id
    return revision


def discard_upload(session: Session, actor: Actor, tenant: Tenant, upload: CatalogUpload) -> None:
    """Discard an upload; its file stays stored."""
    require_upload(actor, tenant, upload)
    _check_open(upload)
    upload.state, upload.revision_id = "discarded", None
    record(session, actor, tenant, "catalog.upload_discard", str(upload.id))


def count_open_uploads(session: Session, tenant: Tenant, actor: Actor) -> int:
    """Count the uploads to be corrected here, 0 without permission to edit the catalog."""
    if not organ_scope(actor, Action.EDIT_CATALOG, tenant):
        return 0
    query = (
        select(func.count(CatalogUpload.id))
        .outerjoin(CatalogRevision, CatalogRevision.id == CatalogUpload.revision_id)
        .where(
            _are_within_reach(actor, tenant),
            or_(CatalogUpload.state == "mending", CatalogRevision.state == "rejected"),
        )
    )
    return session.scalar(query) or 0


def _check_open(upload: CatalogUpload) -> None:
    if not upload.is_open:
        raise Conflict(_("This upload has been handed in already."), where=str(upload.id))
