"""Publication, and the end of a publicity period."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from core.audit.service import record
from core.clock import first_moment, local_day, today
from core.db.base import utc_now
from core.db.transactions import after_commit
from core.db.tree import Tenant
from core.errors import Invalid
from core.jobs.queue import enqueue, wake
from core.permissions import OPERATOR, Actor
from core.publishing.body.convert import build_summary, to_html
from core.publishing.channels.deciding import find_off_web_day, hold_catalog
from core.publishing.channels.forbidden import find_forbidden_list
from core.publishing.content import Content
from core.publishing.dates.publicity import fill_days, find_last_day
from core.publishing.dates.set_back import list_days, record_set_back
from core.publishing.guard.service import require_decided
from core.publishing.index_numbers import give_index_number
from core.publishing.models import (
    Interpretation,
    Publication,
    PublicationRelease,
    PublicationRevision,
)
from core.publishing.records.rules import RecordDemand
from core.publishing.records.service import require_records
from core.publishing.rules import Move, PublicationState
from core.publishing.workflow.drafts import (
    apply_content,
    flush,
    get_working_content,
    move,
)
from core.publishing.workflow.references import find_wrong_item, find_wrong_references
from core.search.indexing.outbox import touch
from core.tenancy.models import Organ

KIND = "publication"
READ_FILES = "publication_files"


def publish(
    session: Session, actor: Actor, publication: Publication, *, is_told: bool = True
) -> None:
    """Publish the newest, approved revision, with its metadata.

    The note of a correction is published beside it, unless it is not told (an import's).
    Raises `Invalid` where something that it refers to is gone or not its own.
    """
    tenant = publication.tenant
    hold_catalog(session, tenant)
    working = get_working_content(session, publication)
    wrong = find_wrong_references(session, tenant, publication, working)
    if publication.published_revision is None or working.item_id != publication.item_id:
        wrong |= find_wrong_item(session, tenant, working)
    archived = publication.imported_at is not None
    wrong |= find_forbidden_list(session, tenant, working, imported=archived)
    if wrong:
        raise Invalid(wrong)
    require_decided(session, publication, working, confirmed=True)
    require_records(session, publication, RecordDemand(publication.demanded_records or "both"))
    content = _dated(session, tenant, publication, working)
    before = list_days(publication)
    with session.no_autoflush:  # one change of the row, or it is refused half-way
        publication.off_web_from = find_off_web_day(session, tenant, content.item_id)
        _show(session, publication, content)
    flush(session)
    _add_release(session, publication, is_told=is_told)
    touch_search(session, publication)
    after_commit(session, enqueue, READ_FILES)
    record(
        session,
        actor,
        tenant,
        "publication.publish",
        str(publication.id),
        revision=publication.revision,
        index_number=publication.index_number,
    )
    record_set_back(session, actor, publication, before)


def _show(session: Session, publication: Publication, content: Content) -> None:
    if publication.published_revision is None:
        publication.state = PublicationState.PUBLISHED
    publication.published_revision = publication.revision
    apply_content(session, publication, content, live=True)
    if content.published_at is not None:
        day = local_day(content.published_at)
        publication.publicity_until = find_last_day(content, day)
    set_interpretations(session, publication, content.interprets)


def _add_release(session: Session, publication: Publication, *, is_told: bool) -> None:
    """Record what became public, with the note that its author wrote for a correction."""
    query = select(PublicationRevision).where(
        PublicationRevision.publication_id == publication.id,
        PublicationRevision.number == publication.revision,
    )
    revision = session.scalars(query).one()
    session.add(
        PublicationRelease(
            tenant_id=publication.tenant_id,
            publication_id=publication.id,
            revision=publication.revision,
            note=revision.note if is_told and publication.revision > 1 else "",
            hides_comparison=bool(revision.snapshot.get("hides_comparison")),
        )
    )


def _dated(session: Session, tenant: Tenant, publication: Publication, content: Content) -> Content:
    """Complete the content with the metadata assigned at publication."""
    published_at = content.published_at or utc_now()
    if _is_late(publication, content):  # reviewed after the moment it was to appear at
        published_at = utc_now()
    number = content.index_number
    if number is None:
        organ = session.get(Organ, publication.organ_id) if publication.organ_id else None
        number = give_index_number(session, tenant, organ, local_day(published_at))
    summary = content.summary or build_summary(to_html(content.body_source))
    if not summary and content.list_data:
        summary = content.list_data.caption
    dated = replace(content, index_number=number, published_at=published_at, summary=summary)
    return fill_days(dated)


def _is_late(publication: Publication, content: Content) -> bool:
    """Return whether a new text was to appear at a moment that its review has missed.

    Nothing is dated back without a note or an import (国办秘函〔2019〕19号).
    """
    wanted, created = content.published_at, publication.created_at
    is_new = publication.published_revision is None and publication.imported_at is None
    return is_new and wanted is not None and created <= wanted < utc_now()


def set_interpretations(
    session: Session, publication: Publication, policies: tuple[int, ...]
) -> None:
    """Set which publications this one explains, replacing earlier ones."""
    held = select(Interpretation).where(Interpretation.interpretation_id == publication.id)
    known = {row.policy_id for row in session.scalars(held)}
    gone = known - set(policies)
    if gone:
        session.execute(
            delete(Interpretation).where(
                Interpretation.interpretation_id == publication.id,
                Interpretation.policy_id.in_(gone),
            )
        )
    session.add_all(
        Interpretation(
            tenant_id=publication.tenant_id, interpretation_id=publication.id, policy_id=policy
        )
        for policy in sorted(set(policies) - known - {publication.id})
    )


def expire_due(session: Session) -> int:
    """Close the publicity periods that have ended; return how many.

    Pages and search go by the date alone and are never late; this only brings the state after.
    """
    due = select(Publication).where(
        Publication.state == PublicationState.PUBLISHED, Publication.publicity_until < today()
    )
    ended = list(session.scalars(due))
    for publication in ended:
        move(publication, Move.EXPIRE)
        tenant = publication.tenant
        record(session, OPERATOR, tenant, "publication.expire", str(publication.id))
    flush(session)
    for publication in ended:
        touch_search(session, publication)
    return len(ended)


def touch_search(session: Session, publication: Publication) -> None:
    """Mark it for indexing: now, on its day, and when it leaves the web or its period ends.

    What the public sees of it has changed: jobs that wait for that are woken.
    """
    after_commit(session, wake, KIND)
    touch(session, KIND, publication.id, publication.tenant_id)
    if publication.published_at and publication.published_at > utc_now():
        touch(session, KIND, publication.id, publication.tenant_id, at=publication.published_at)
    if publication.off_web_from and publication.off_web_from > today():
        day = first_moment(publication.off_web_from)
        touch(session, KIND, publication.id, publication.tenant_id, at=day)
    if publication.state == PublicationState.PUBLISHED and publication.publicity_until:
        end = first_moment(publication.publicity_until + timedelta(days=1))
        if end > utc_now():
            touch(session, KIND, publication.id, publication.tenant_id, at=end)
