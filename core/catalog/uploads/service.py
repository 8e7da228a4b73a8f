"""Uploaded tables: kept, mended, planned, and handed in as one revision.

Nothing reaches the catalog before the revision is approved.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, joinedload, undefer

from core.accounts.permissions import Action, Actor, allowed, require
from core.audit.service import record
from core.catalog.domain.changes import Change, Fields
from core.catalog.domain.matching import Outcome, RowMatch
from core.catalog.editing.review import submit_revision
from core.catalog.models import CatalogRevision, CatalogUpload
from core.catalog.uploads.corrections import (
    Mended,
    RowKey,
    Understood,
    rows_to_store,
    understood_from,
)
from core.catalog.uploads.planning import ImportFinding, ImportPlan, Table, plan_import
from core.db.tree import Tenant
from core.errors import Conflict, Invalid, NotFound


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """What storing one row of the file would do; `key` names the row as the file has it."""

    key: RowKey
    row: Fields
    match: RowMatch


@dataclass(frozen=True, slots=True)
class Preview:
    """The changes that an upload would make, and what becomes of each of its rows."""

    changes: Sequence[Change]
    rows: Sequence[PreviewRow]
    findings: Sequence[ImportFinding]

    def with_outcome(self, *outcomes: Outcome) -> list[PreviewRow]:
        """The rows of these outcomes, in the order of the file."""
        return [row for row in self.rows if row.match.outcome in outcomes]


def store_upload(  # noqa: PLR0913 - keyword-only columns of one row
    session: Session,
    actor: Actor,
    tenant: Tenant,
    *,
    filename: str,
    digest: str,
    understood: Mapping[str, Any],
) -> CatalogUpload:
    """Keep a file that was read, to be mended by whoever may edit the catalog here."""
    require(actor, Action.EDIT_CATALOG, tenant)
    upload = CatalogUpload(
        tenant_id=tenant.id,
        digest=digest,
        filename=filename[-200:],
        uploaded_by=actor.user_id,
        uploaded_name=actor.name,
        row_count=sum(len(table["rows"]) for table in understood["tables"]),
        understood=dict(understood),
        mended={},
    )
    session.add(upload)
    session.flush()  # callers go to its page
    record(session, actor, tenant, "catalog.upload", str(upload.id), filename=filename)
    return upload


def get_upload(
    session: Session, tenant: Tenant, upload_id: int, *, lock: bool = False
) -> CatalogUpload:
    """An upload of the tenant with what was read; raises `NotFound`.

    `lock` keeps others from changing it until the transaction ends.
    """
    query = (
        select(CatalogUpload)
        .where(CatalogUpload.id == upload_id, CatalogUpload.tenant_id == tenant.id)
        .options(undefer(CatalogUpload.understood))
    )
    upload = session.scalar(query.with_for_update() if lock else query)
    if upload is None:
        raise NotFound(where=str(upload_id))
    return upload


def list_uploads(session: Session, tenant: Tenant) -> list[CatalogUpload]:
    """Uploads of the tenant that were not discarded, latest first."""
    query = select(CatalogUpload).where(
        CatalogUpload.tenant_id == tenant.id, CatalogUpload.state != "discarded"
    )
    query = query.options(joinedload(CatalogUpload.revision))
    return list(session.scalars(query.order_by(CatalogUpload.id.desc())))


def preview(session: Session, tenant: Tenant, understood: Understood, mended: Mended) -> Preview:
    """Plan an upload as it is mended now; raises `Invalid` where a table's domain is unknown."""
    tables: list[Table] = []
    keys: list[list[tuple[RowKey, Fields]]] = []
    for number, read in enumerate(understood.tables):
        rows = rows_to_store(understood, mended, number)
        if rows:
            domain = mended.domain_of(number) or read.domain or read.title
            if domain is None:
                message = _("Say which domain table %(n)s is of.", n=number + 1)
                raise Invalid({"domain": message})
            tables.append(Table(read.title, domain, [row for _key, row in rows]))
            keys.append(rows)
    answers = mended.answers()
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
        not_applicable=understood.not_applicable,
        confirmed=confirmed,
    )
    return Preview(plan.changes, list(_rows(plan, keys)), plan.findings)


def _rows(
    plan: ImportPlan, keys: Sequence[Sequence[tuple[RowKey, Fields]]]
) -> Iterator[PreviewRow]:
    for planned in plan.rows:
        key, row = keys[planned.catalog][planned.match.row]
        yield PreviewRow(key, row, planned.match)


def save_mended(upload: CatalogUpload, mended: Mended) -> None:
    """Keep what a person put right; raises `Conflict` once the upload was handed in."""
    _check_open(upload)
    upload.mended = mended.document()
    upload.state, upload.revision_id = "mending", None


def hand_in(
    session: Session, actor: Actor, tenant: Tenant, upload: CatalogUpload, *, reason: str
) -> CatalogRevision:
    """Submit what the upload would change as one revision; it waits for approval like any."""
    _check_open(upload)
    if not reason.strip():
        raise Invalid({"reason": _("Give the reason for the change.")})
    understood, mended = understood_from(upload.understood), Mended(upload.mended)
    changes = preview(session, tenant, understood, mended).changes
    revision = submit_revision(session, actor, tenant, changes, reason=reason)
    upload.state, upload.revision_id = "submitted", revision.id
    return revision


def discard_upload(session: Session, actor: Actor, tenant: Tenant, upload: CatalogUpload) -> None:
    """Put an upload away; the file stays stored, the list no longer shows it."""
    require(actor, Action.EDIT_CATALOG, tenant)
    _check_open(upload)
    upload.state, upload.revision_id = "discarded", None
    record(session, actor, tenant, "catalog.upload_discard", str(upload.id))


def count_open_uploads(session: Session, tenant: Tenant, actor: Actor) -> int:
    """How many uploads here wait to be mended by whoever may edit the catalog."""
    if not allowed(actor, Action.EDIT_CATALOG, tenant):
        return 0
    query = (
        select(func.count(CatalogUpload.id))
        .outerjoin(CatalogRevision, CatalogRevision.id == CatalogUpload.revision_id)
        .where(
            CatalogUpload.tenant_id == tenant.id,
            or_(CatalogUpload.state == "mending", CatalogRevision.state == "rejected"),
        )
    )
    return session.scalar(query) or 0


def _check_open(upload: CatalogUpload) -> None:
    if not upload.is_open:
        raise Conflict(_("This upload has been handed in already."), where=str(upload.id))
