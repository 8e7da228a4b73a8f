"""List queries for staff: own publications, those waiting for review, and the to-do list."""

from collections.abc import Iterator
from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session, contains_eager

from core.accounts.staff_menu import Task
from core.db.base import utc_now
from core.db.tree import Tenant
from core.permissions import Action, Actor, OrganScope, organ_scope
from core.publishing.channels.board import count_unproved
from core.publishing.content import Content
from core.publishing.models import Publication, PublicationRequest
from core.publishing.reviewing.queue import is_near, list_waiting, without_text
from core.publishing.rules import PublicationState
from core.publishing.workflow.withdrawal import may_decide
from core.web.urls import tenant_url

SENT_TWICE_WITHIN = timedelta(minutes=10)

RETURNED = or_(
    Publication.state == PublicationState.RETURNED,
    Publication.correction == PublicationState.RETURNED,
)
WRITTEN = or_(
    Publication.state == PublicationState.DRAFT, Publication.correction == PublicationState.DRAFT
)


def find_sent_before(
    session: Session, tenant: Tenant, actor: Actor, content: Content
) -> Publication | None:
    """Find a draft with equal content sent by this person just before (form sent twice)."""
    query = select(Publication).where(
        Publication.tenant_id == tenant.id,
        Publication.author_id == actor.user_id,
        Publication.state.in_((PublicationState.DRAFT, PublicationState.IN_REVIEW)),
        Publication.title == content.title,
        Publication.body_source == content.body_source,
        Publication.list_data == content.list_data,
        Publication.created_at > utc_now() - SENT_TWICE_WITHIN,
    )
    return session.scalars(query.order_by(Publication.id)).first()


def list_requests_to_decide(
    session: Session, tenant: Tenant, actor: Actor
) -> list[PublicationRequest]:
    """List withdrawals (and texts to be put back) that the person may decide, oldest first."""
    query = (
        select(PublicationRequest)
        .join(PublicationRequest.publication)
        .join(Tenant, Tenant.id == Publication.tenant_id)
        .options(contains_eager(PublicationRequest.publication).options(*without_text()))
        .where(PublicationRequest.outcome.is_(None), is_near(tenant))
        .order_by(PublicationRequest.asked_at, PublicationRequest.id)
    )
    return [request for request in session.scalars(query) if may_decide(actor, request)]


def tasks(session: Session, tenant: Tenant, actor: Actor) -> Iterator[Task]:
    """Yield the person's to-do list for the console home: returned, to review, drafts."""
    if writes := organ_scope(actor, Action.WRITE_PUBLICATION, tenant):
        yield from _writing_tasks(session, tenant, writes)
    if organ_scope(actor, Action.REVIEW_PUBLICATION, tenant):
        yield from _request_tasks(session, tenant, actor)
        found = [row for row in list_waiting(session, tenant, actor) if not row.own]
        places = {row.tenant.name for row in found}
        yield Task(
            _("Publications to review"),
            tenant_url("publishing_review.queue", tenant),
            len(found),
            note=_("From %(places)s", places=_(", ").join(sorted(places)[:3])) if found else "",
        )


def _request_tasks(session: Session, tenant: Tenant, actor: Actor) -> Iterator[Task]:
    count = len(list_requests_to_decide(session, tenant, actor))
    url = tenant_url("publishing_review.queue", tenant)
    yield Task(_("Withdrawals to decide"), url, count, urgent=True)


def _writing_tasks(session: Session, tenant: Tenant, writes: OrganScope) -> Iterator[Task]:
    own = and_(Publication.tenant_id == tenant.id, writes.condition(Publication.organ_id))
    returned = session.scalars(
        select(Publication).where(and_(own, RETURNED)).order_by(Publication.updated_at).limit(20)
    )
    for publication in returned:
        url = tenant_url("publishing_acts.detail", tenant, id=publication.id)
        yield Task(
            publication.title or _("(without a title)"),
            url,
            1,
            note=_("Returned to you"),
            urgent=True,
        )
    drafts = session.scalar(select(func.count(Publication.id)).where(and_(own, WRITTEN))) or 0
    url = tenant_url("publishing_console.index", tenant, tab="draft")
    yield Task(_("Drafts to finish"), url, drafts)
    unproved = count_unproved(session, tenant)
    yield Task(
        _("On the board without evidence"),
        tenant_url("publishing_console.index", tenant, tab="board"),
        unproved,
    )
