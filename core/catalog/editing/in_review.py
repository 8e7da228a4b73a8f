"""Revisions in review: by item, by person who may approve them, and their subjects."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from core.catalog.models import CatalogChange, CatalogRevision
from core.db.tree import Tenant
from core.permissions import Action, Actor, allowed


def list_revisions_about(session: Session, tenant: Tenant, item_id: str) -> list[CatalogRevision]:
    """List revisions in review that concern an item, latest first."""
    speaking = select(CatalogChange.revision_id).where(
        CatalogChange.tenant_id == tenant.id, CatalogChange.item_id == item_id
    )
    query = select(CatalogRevision).where(
        CatalogRevision.tenant_id == tenant.id,
        CatalogRevision.state == "in_review",
        CatalogRevision.id.in_(speaking),
    )
    return list(session.scalars(query.order_by(CatalogRevision.id.desc())))


def count_to_approve(session: Session, tenant: Tenant, actor: Actor) -> int:
    """Count the revisions this person may approve here, own ones that need two excluded."""
    if not allowed(actor, Action.APPROVE_CATALOG, tenant):
        return 0
    query = select(func.count(CatalogRevision.id)).where(
        CatalogRevision.tenant_id == tenant.id,
        CatalogRevision.state == "in_review",
        or_(
            CatalogRevision.two_people.is_(False),
            CatalogRevision.author_id.is_(None),
            CatalogRevision.author_id != actor.user_id,
        ),
    )
    return session.scalar(query) or 0


@dataclass(frozen=True, slots=True)
class Subject:
    """The subject of a revision: one of its items or domains, and how many there are."""

    item_id: str | None
    domain: str | None
    count: int


def load_subjects(session: Session, revisions: Iterable[CatalogRevision]) -> dict[int, Subject]:
    """Load the subjects of revisions by their ids, in one query."""
    query = (
        select(
            CatalogChange.revision_id,
            func.min(CatalogChange.item_id),
            func.min(CatalogChange.domain),
            func.count(CatalogChange.item_id.distinct()),
        )
        .where(CatalogChange.revision_id.in_([revision.id for revision in revisions]))
        .group_by(CatalogChange.revision_id)
    )
    return {
        revision_id: Subject(item_id, domain, count)
        for revision_id, item_id, domain, count in session.execute(query)
    }


def must_leave_to_another(revision: CatalogRevision, actor: Actor) -> bool:
    """Return whether the person submitted this revision and it needs a second person."""
    own = actor.user_id is not None and actor.user_id == revision.author_id
    return revision.two_people and own
