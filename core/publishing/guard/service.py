"""Findings of a revision: stored with it, decided by its author, confirmed by a second person.

A revision is searched when it is saved; its findings are rows beside it. What was kept with a
reason stays kept in the next revision while no new value has come to it. What was masked or
removed is recorded with the revision that has it no more.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from core.db.base import utc_now
from core.db.bulk import insert_rows
from core.db.transactions import after_commit
from core.db.tree import Tenant
from core.errors import Invalid
from core.jobs.queue import enqueue
from core.permissions import Actor
from core.privacy.domain.findings import DEFAULT_RULES
from core.publishing.content import Content
from core.publishing.guard.digests import digest_values, has_no_others, to_key
from core.publishing.guard.files import (
    NO_FILES,
    PATIENCE_OF_PAGES,
    FileFindings,
    FileGroup,
    load_file_findings,
    read_attachments,
)
from core.publishing.guard.labels import describe_finding
from core.publishing.guard.models import PublicationFinding
from core.publishing.guard.scanning import LONGEST_LABEL, FindingGroup, find_groups
from core.publishing.guard.settings.rules import load_protected, load_rules
from core.publishing.models import Attachment, Publication

READ_GUARDED_FILES = "privacy_files"
_LONGEST_SAMPLE = 80
_EMPTY: dict[str, Any] = {
    "reason": "", "digests": [], "decided_by_id": None, "decided_by_name": "", "decided_at": None,
    "confirmation": "", "confirmed_by_id": None, "confirmed_by_name": "", "confirmed_at": None,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class FoundData:
    """What stands in a content: groups in its texts, and what is known of its files."""

    groups: Sequence[FindingGroup] = ()
    files: FileFindings = NO_FILES

    @property
    def is_nothing(self) -> bool:
        """Whether nothing was found, and everything was read."""
        return not (self.groups or self.files.groups or self.files.waiting)

    @property
    def keys(self) -> Iterator[str]:
        """The keys of the rows that it makes."""
        yield from (group.key for group in self.groups)
        yield from (to_file_key(file, part) for file, part in self.files.groups)


@dataclass(frozen=True, slots=True)
class Handled:
    """What a person has just done about a finding: it is recorded with the next revision."""

    actor: Actor
    finding: PublicationFinding
    handling: str


def search_content(session: Session, tenant: Tenant, content: Content) -> FoundData:
    """Search a content by the rules of its place; they are loaded only where something is found."""
    protected = load_protected(session, tenant, content.item_id)
    groups, rules = find_groups(content, replace(DEFAULT_RULES, protected=protected)), None
    if groups:
        rules = load_rules(session, tenant, content.item_id)
        groups = find_groups(content, rules)
    files = load_file_findings(session, tenant, content, rules) if content.files else NO_FILES
    return FoundData(groups, files)


def store_findings(
    session: Session,
    publication: Publication,
    content: Content,
    *,
    handled: Handled | None = None,
    number: int | None = None,
) -> FoundData:
    """Search a revision (the newest, unless another is named) and store what is found.

    The publication says that it was searched, unless a file has still to be read.
    """
    number = number or publication.revision
    found = search_content(session, publication.tenant, content)
    before = _load_before(session, publication, number)
    decided = {row.key: row for row in before if row.handling == "kept"}
    if any(row.handling == "open" for row in before):
        _delete_open(session, publication, number)
    rows: list[PublicationFinding] = []
    for row in to_rows(publication.tenant, found):
        row.publication_id, row.revision = publication.id, number
        kept = decided.get(row.key)
        is_kept = kept is not None and has_no_others(row.digests, kept.digests)
        if kept is not None and is_kept:
            if kept.revision == number:
                continue
            _carry_over(row, kept)
        rows.append(row)
    if handled is not None:
        rows.append(_to_handled(publication, number, handled))
    insert_rows(session, PublicationFinding, map(_to_values, rows))
    publication.scanned_revision = None if found.files.waiting else number
    if found.files.waiting:
        after_commit(session, enqueue, READ_GUARDED_FILES)
    return found


def _load_before(
    session: Session, publication: Publication, number: int
) -> Sequence[PublicationFinding]:
    """Load the findings of this revision, of the one before, and of the published one."""
    is_new = publication.published_revision is None and publication.scanned_revision is None
    if number == 1 and is_new:
        return ()
    numbers = {number, number - 1, publication.published_revision or 0}
    query = select(PublicationFinding).where(
        PublicationFinding.publication_id == publication.id,
        PublicationFinding.revision.in_(numbers),
        PublicationFinding.handling.in_(("open", "kept")),
    )
    return list(session.scalars(query.order_by(PublicationFinding.revision)))


def _delete_open(session: Session, publication: Publication, number: int) -> None:
    """Delete undecided findings up to a revision, but for those of what is public."""
    statement = delete(PublicationFinding).where(
        PublicationFinding.publication_id == publication.id,
        PublicationFinding.revision <= number,
        PublicationFinding.handling == "open",
    )
    public = publication.published_revision
    if public is not None and public != number:
        statement = statement.where(PublicationFinding.revision != public)
    session.execute(statement)


def to_rows(tenant: Tenant, found: FoundData) -> Iterator[PublicationFinding]:
    """Build a row for each group that was found, of no publication yet."""
    for group in found.groups:
        yield to_row(tenant, group)
    for attachment, part in found.files.groups:
        yield PublicationFinding(
            tenant_id=tenant.id,
            field="files",
            place=_to_file_place(attachment, part),
            label=attachment.filename[-LONGEST_LABEL:],
            kind=part.kind,
            count=part.count,
            digests=[*part.digests],
            sample=part.sample,
            handling="open",
        )


def _to_file_place(file: Attachment, part: FileGroup) -> str:
    return f"{file.id}/{part.part}"


def to_file_key(file: Attachment, part: FileGroup) -> str:
    """Return the key of what was found in a part of a file."""
    return to_key("files", _to_file_place(file, part), part.kind)


def to_row(tenant: Tenant, group: FindingGroup) -> PublicationFinding:
    """Build the row of a group."""
    return PublicationFinding(
        tenant_id=tenant.id,
        field=group.field,
        place=group.place,
        label=group.label,
        kind=group.kind.value,
        count=len(group.findings),
        digests=digest_values(finding.text for finding in group.findings),
        sample=group.findings[0].masked[:_LONGEST_SAMPLE],
        handling="open",
    )


def _to_values(row: PublicationFinding) -> dict[str, Any]:
    """Return the columns of a row, all of them: rows with the same ones are one statement."""
    columns = PublicationFinding.__mapper__.columns
    values = {column.key: getattr(row, column.key) for column in columns}
    given = {name: value for name, value in values.items() if value is not None}
    return _EMPTY | {"created_at": utc_now()} | given


def _carry_over(row: PublicationFinding, kept: PublicationFinding) -> None:
    """Keep what was kept before, with its reason; a second person confirms it anew."""
    row.handling, row.reason = kept.handling, kept.reason
    row.decided_by_id, row.decided_by_name = kept.decided_by_id, kept.decided_by_name
    row.decided_at = kept.decided_at


def _to_handled(publication: Publication, number: int, handled: Handled) -> PublicationFinding:
    finding = handled.finding
    return PublicationFinding(
        tenant_id=publication.tenant_id,
        publication_id=publication.id,
        revision=number,
        field=finding.field,
        place=finding.place,
        label=finding.label,
        kind=finding.kind,
        count=finding.count,
        sample=finding.sample,
        handling=handled.handling,
        decided_by_id=handled.actor.user_id,
        decided_by_name=handled.actor.name,
        decided_at=utc_now(),
    )


def list_findings(
    session: Session, publication: Publication, number: int | None = None
) -> list[PublicationFinding]:
    """List the findings of a revision (the newest) that still stand in it: open and kept."""
    query = select(PublicationFinding).where(
        PublicationFinding.publication_id == publication.id,
        PublicationFinding.revision == (number or publication.revision),
        PublicationFinding.handling.in_(("open", "kept")),
    )
    return list(session.scalars(query.order_by(PublicationFinding.id)))


def find_undecided(session: Session, publication: Publication) -> PublicationFinding | None:
    """Find something in the newest revision that nobody has decided about."""
    query = select(PublicationFinding).where(
        PublicationFinding.publication_id == publication.id,
        PublicationFinding.revision == publication.revision,
        PublicationFinding.handling == "open",
    )
    return session.scalar(query.order_by(PublicationFinding.id).limit(1))


def require_decided(
    session: Session, publication: Publication, content: Content, *, confirmed: bool = False
) -> None:
    """Raise `Invalid` at the fields of the newest revision where personal data is undecided.

    With `confirmed`, what was kept needs the second person's confirmation, too.
    """
    found = search_content(session, publication.tenant, content)
    if found.files.waiting:
        read_attachments(session, publication.tenant, content, PATIENCE_OF_PAGES)
        found = search_content(session, publication.tenant, content)
    is_scanned = publication.scanned_revision == publication.revision
    if is_scanned and found.is_nothing:
        return
    rows = list_findings(session, publication)
    if not is_scanned or {row.key for row in rows} != set(found.keys):
        store_findings(session, publication, content)
        session.flush()
        rows = list_findings(session, publication)
    errors = {
        finding.field: _("Decide first what becomes of the personal data here: %(what)s",
                         what=describe_finding(finding))
        for finding in reversed(rows)
        if finding.handling == "open" or (confirmed and finding.awaits_confirmation)
    }  # fmt: skip
    if found.files.waiting:
        errors["files"] = _(
            "Still being checked for personal data: %(names)s. Hand it in again in a minute.",
            names="、".join(found.files.waiting),
        )
    if errors:
        raise Invalid(errors)
