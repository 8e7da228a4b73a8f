"""Draft side of the publication workflow: create, save, submit, take back, correct, discard.

Every function requires the actor's permission, makes one transition of `rules`, and records it in
the audit log. Triggers enforce the same below the ORM.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select, String, bindparam, select
from sqlalchemy.orm import Session, defer
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.exc import StaleDataError

from core.audit.service import record
from core.catalog.effective import effective_catalog
from core.db.base import utc_now
from core.db.reading import columns_of, read_objects
from core.db.tree import Tenant
from core.errors import Conflict, Invalid, Overtaken
from core.permissions import Action, Actor, require
from core.publishing import rules
from core.publishing.body.convert import LONGEST_BODY, to_html
from core.publishing.body.references import has_silent_picture
from core.publishing.channels.forbidden import find_forbidden_list
from core.publishing.content import (
    COLUMNS,
    Content,
    arrange_files,
    from_snapshot,
    put_columns,
    to_snapshot,
)
from core.publishing.dates.publicity import names_days
from core.publishing.dates.set_back import require_note
from core.publishing.guard.service import Handled, require_decided, store_findings
from core.publishing.labels import REQUIRED_MESSAGES, SILENT_PICTURE
from core.publishing.lists.findings import require_limits
from core.publishing.models import Attachment, Publication, PublicationRevision
from core.publishing.records.rules import RecordDemand
from core.publishing.records.service import require_records
from core.publishing.records.settings import load_demand
from core.publishing.rules import EDITABLE, LIVE, Move, PublicationState
from core.publishing.workflow.references import find_wrong_references


def create_publication(  # noqa: PLR0913 - keyword-only facts of the first revision
    session: Session,
    actor: Actor,
    tenant: Tenant,
    content: Content,
    *,
    note: str = "",
    handled: Handled | None = None,
) -> Publication:
    """Create a draft; it may be incomplete, not invalid. Raises `Forbidden`, `Invalid`."""
    require(actor, Action.WRITE_PUBLICATION, tenant, organ=content.organ_id)
    publication = Publication(
        tenant_id=tenant.id,
        organ_id=content.organ_id,
        author_id=actor.user_id,
        author_name=actor.name,
        created_at=utc_now(),
    )
    set_committed_value(publication, "tenant", tenant)  # saves reading it back
    session.add(publication)
    session.flush()  # revisions and files name its id
    save_content(session, actor, publication, content, note=note, handled=handled)
    record(session, actor, tenant, "publication.create", str(publication.id))
    return publication


def save_content(  # noqa: PLR0913 - keyword-only facts of one revision
    session: Session,
    actor: Actor,
    publication: Publication,
    content: Content,
    *,
    note: str = "",
    before: Content | None = None,
    handled: Handled | None = None,
) -> Content:
    """Save the content as a new revision of the draft, or of the open correction.

    Nothing is stored where nothing changed. Raises `Forbidden`, `Conflict` (not editable now, or
    somebody else was faster) and `Invalid` (field → message). Returns the content as saved, with
    the domain of its item. `before` is the newest revision's content, if the caller has read it;
    `handled` is what has just been masked or removed in it.
    """
    tenant = require_writer(actor, publication)
    require(actor, Action.WRITE_PUBLICATION, tenant, organ=content.organ_id)
    if not is_editable(publication):
        raise Conflict(_("This publication cannot be edited now."))
    before = before or get_working_content(session, publication)
    content = _in_catalog(session, tenant, content, before)
    _check_lengths(content)
    _check_references(session, publication, content, before)
    require_note(publication, content, note)
    if publication.revision and content == before and not note:
        if publication.scanned_revision != publication.revision:
            store_findings(session, publication, content)
            flush(session)
        return content
    with session.no_autoflush:  # a lost race is told by `flush`, and by it alone
        add_revision(session, actor, publication, content, note=note)
        if publication.published_revision is None:
            apply_content(session, publication, content, live=False)
        store_findings(session, publication, content, handled=handled)
    flush(session)
    return content


def require_writer(actor: Actor, publication: Publication) -> Tenant:
    """Raise `Forbidden` unless the actor writes for its organ; return the publication's tenant."""
    require(actor, Action.WRITE_PUBLICATION, publication.tenant, organ=publication.organ_id)
    return publication.tenant


def add_revision(  # noqa: PLR0913 - keyword-only columns of one row
    session: Session,
    actor: Actor,
    publication: Publication,
    content: Content,
    *,
    note: str = "",
    dates_imported: bool = False,
) -> None:
    """Add the next revision of a draft whose content has been validated."""
    publication.revision += 1
    session.add(revision_row(actor, publication, content, note=note, dates_imported=dates_imported))


def revision_row(
    actor: Actor,
    publication: Publication,
    content: Content,
    *,
    note: str = "",
    dates_imported: bool = False,
) -> PublicationRevision:
    """Build the row of a publication's newest revision."""
    return PublicationRevision(
        tenant_id=publication.tenant_id,
        publication_id=publication.id,
        number=publication.revision,
        snapshot=to_snapshot(content),
        note=note,
        dates_imported=dates_imported,
        author_id=actor.user_id,
        author_name=actor.name,
    )


def apply_content(
    session: Session, publication: Publication, content: Content, *, live: bool
) -> None:
    """Apply a revision's content to the row and the order of the files."""
    put_columns(publication, content, to_html(content.body_source, content.file_ids))
    if publication.revision > 1 or content.files:  # a new publication has none to arrange
        arrange_files(list_attachments(session, publication), content, live=live)


def submit(
    session: Session, actor: Actor, publication: Publication, content: Content | None = None
) -> None:
    """Submit for review; raises `Invalid` at fields that are missing or hold personal data.

    `content` is what `save_content` returned, if it was saved just before.
    """
    tenant = require_writer(actor, publication)
    content = content or get_working_content(session, publication)
    # What shows nothing, such as a picture of another site, is no text.
    shown = to_html(content.body_source, content.file_ids)
    missing = rules.missing_for_review(to_snapshot(content) | {"body_source": shown})
    wrong = {name: str(REQUIRED_MESSAGES[name]) for name in missing}
    wrong |= find_forbidden_list(session, tenant, content)
    if names_days(content) and not content.publicity_days:
        wrong["publicity_days"] = _("The text names the days of a publicity period: say how long.")
    if has_silent_picture(shown):
        wrong.setdefault("body", str(SILENT_PICTURE))
    if wrong:
        raise Invalid(wrong)
    hand_in(session, actor, publication, content)


def hand_in(session: Session, actor: Actor, publication: Publication, content: Content) -> None:
    """Hand in what is complete; raises `Invalid` where personal data in it is undecided."""
    require_decided(session, publication, content)
    demand = RecordDemand.OPERATOR if actor.operator else load_demand(session, publication.tenant)
    require_records(session, publication, demand)
    move(publication, Move.SUBMIT)
    publication.demanded_records = demand.value
    publication.review_step, publication.waiting_since = 1, utc_now()
    flush(session)
    record(session, actor, publication.tenant, "publication.submit", str(publication.id))


def take_back(session: Session, actor: Actor, publication: Publication) -> None:
    """Take back from review, to edit again."""
    tenant = require_writer(actor, publication)
    move(publication, Move.TAKE_BACK)
    flush(session)
    record(session, actor, tenant, "publication.take_back", str(publication.id))


def open_correction(session: Session, actor: Actor, publication: Publication) -> None:
    """Open a correction of a published text, which stays up until the correction is approved."""
    tenant = require_writer(actor, publication)
    if publication.state not in LIVE or publication.correction is not None:
        raise Conflict(_("Only what is published, and not under correction, can be corrected."))
    publication.correction = PublicationState.DRAFT
    flush(session)
    record(session, actor, tenant, "publication.correct", str(publication.id))


def discard(session: Session, actor: Actor, publication: Publication) -> None:
    """Give up a correction, or delete a draft that was never published."""
    tenant = require_writer(actor, publication)
    if not is_editable(publication):
        raise Conflict(_("This publication cannot be edited now."))
    if publication.published_revision is None:
        session.delete(publication)
    else:
        add_revision(
            session,
            actor,
            publication,
            get_published_content(session, publication),
            note=_("The correction was given up."),
        )
        publication.correction = None
    flush(session)
    record(session, actor, tenant, "publication.discard", str(publication.id))


def get_working_content(session: Session, publication: Publication) -> Content:
    """Return the content of the newest revision: draft, correction, or published."""
    return _content_of(session, publication, publication.revision)


def get_published_content(session: Session, publication: Publication) -> Content:
    """Return the published content; raises `Conflict` if there is none."""
    if publication.published_revision is None:
        raise Conflict(_("This has not been published."))
    return _content_of(session, publication, publication.published_revision)


def _content_of(session: Session, publication: Publication, number: int) -> Content:
    if number == 0:  # nothing has been saved yet
        return Content()
    query = select(PublicationRevision.snapshot).where(
        PublicationRevision.publication_id == publication.id, PublicationRevision.number == number
    )
    snapshot = session.scalar(query)
    content = from_snapshot(snapshot) if snapshot else Content()
    if publication.published_revision is None:
        return content
    return replace(
        content,
        index_number=content.index_number or publication.index_number,
        published_at=content.published_at or publication.published_at,
    )


@cache
def _attachments_statement() -> Select[*tuple[Any, ...]]:
    query = select(*columns_of(Attachment))
    query = query.where(Attachment.publication_id == bindparam("publication"))
    return query.order_by(Attachment.position, Attachment.id)


def list_attachments(session: Session, publication: Publication) -> list[Attachment]:
    """List all files ever added to a publication, in order."""
    values = {"publication": publication.id}
    return read_objects(session, Attachment, _attachments_statement(), values)


def list_revisions(session: Session, publication: Publication) -> list[PublicationRevision]:
    """List the revisions of a publication, the newest first, without their contents."""
    query = (
        select(PublicationRevision)
        .options(defer(PublicationRevision.snapshot))
        .where(PublicationRevision.publication_id == publication.id)
    )
    return list(session.scalars(query.order_by(PublicationRevision.number.desc())))


def is_editable(publication: Publication) -> bool:
    """Return whether the text can be edited: a draft or correction not in review."""
    if publication.published_revision is None:
        return publication.state in EDITABLE
    return publication.state in LIVE and publication.correction in EDITABLE


def waits_for_review(publication: Publication) -> bool:
    """Return whether a review is due."""
    return PublicationState.IN_REVIEW in {publication.state, publication.correction}


def move(publication: Publication, step: Move) -> None:
    """Make a transition of the publication or its correction; raises `Conflict`."""
    try:
        if publication.published_revision is not None and step in rules.CORRECTION_MOVES:
            before = PublicationState(publication.correction) if publication.correction else None
            publication.correction = rules.correction_after(before, step)
        else:
            publication.state = rules.after(PublicationState(publication.state), step)
    except rules.IllegalMoveError as error:
        raise Conflict(_("The present state does not allow this.")) from error


def flush(session: Session) -> None:
    """Flush the session; raises `Overtaken` if somebody changed the row (optimistic lock)."""
    try:
        session.flush()
    except StaleDataError as error:
        raise Overtaken(_("Somebody else changed this in the meantime.")) from error


def _in_catalog(session: Session, tenant: Tenant, content: Content, before: Content) -> Content:
    """Set the domain of the content's item; raises `Invalid` for an unknown item."""
    if content.item_id is None or (content.item_id == before.item_id and content.domain):
        return content
    item = effective_catalog(session, tenant).catalog.items.get(content.item_id)
    if item is None:
        raise Invalid({"item_id": _("The catalog has no item %(id)s.", id=content.item_id)})
    return replace(content, domain=item.domain or None, domain_text=None, no_item_reason=None)


_LIMITS: Mapping[str, int] = {
    name: kind.length
    for name in COLUMNS
    if isinstance(kind := Publication.__mapper__.columns[name].type, String) and kind.length
}


def _check_lengths(content: Content) -> None:
    values: dict[str, Any] = {name: getattr(content, name) or "" for name in _LIMITS}
    wrong = {
        name: _("At most %(n)s characters.", n=_LIMITS[name])
        for name, value in values.items()
        if len(value) > _LIMITS[name]
    }
    if content.list_data:
        require_limits(content.list_data)
    if len(content.body_source) > LONGEST_BODY:
        wrong["body"] = _("At most %(n)s characters.", n=LONGEST_BODY)
    if wrong:
        raise Invalid(wrong)


def _check_references(
    session: Session, publication: Publication, content: Content, before: Content
) -> None:
    """Raise `Invalid` for references that are new and wrong; old ones are checked at publication.

    A new draft's organ is the one that its form offered.
    """
    names = ("interprets", "files", *(("organ_id",) if publication.revision else ()))
    changed = {name for name in names if getattr(content, name) != getattr(before, name)}
    if not changed:
        return
    wrong = find_wrong_references(session, publication.tenant, publication, content)
    if found := {name: message for name, message in wrong.items() if name in changed}:
        raise Invalid(found)
