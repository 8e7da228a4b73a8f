"""What waits for review: a reviewer's queue with its ages, and the queues of places below."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, not_, or_, select
from sqlalchemy.orm import Session, defer

from core.calendar.service import working_days_between
from core.clock import local_day, today
from core.db.tree import Tenant, below
from core.permissions import Action, Actor, allowed
from core.publishing.models import Publication, PublicationRevision
from core.publishing.rules import PublicationState
from core.tenancy.service import tenants_by_id

# Working days after which a text that waits is pointed out.
OLD_AFTER, LATE_AFTER = 2, 5

WAITING = or_(
    Publication.state == PublicationState.IN_REVIEW,
    Publication.correction == PublicationState.IN_REVIEW,
)
_SINCE = func.coalesce(Publication.waiting_since, Publication.updated_at)


@dataclass(frozen=True, slots=True)
class WaitingPublication:
    """A publication waiting for review, with its tenant; `days`: working days it has waited."""

    publication: Publication
    tenant: Tenant
    own: bool
    days: int

    @property
    def tone(self) -> str:
        return "bad" if self.days > LATE_AFTER else "warn" if self.days > OLD_AFTER else "quiet"


@dataclass(frozen=True, slots=True)
class WaitingBelow:
    """What waits at a place below and in what is below that, and for how long the oldest."""

    tenant: Tenant
    count: int
    days: int


def list_waiting(session: Session, tenant: Tenant, actor: Actor) -> list[WaitingPublication]:
    """List what the person may review here: of the tenant itself and of those below.

    A village's clerk has nobody beside them, so a village's queue is its township's.
    """
    query = (
        select(Publication, Tenant)
        .options(*without_text())
        .join(Tenant, Tenant.id == Publication.tenant_id)
        .where(WAITING, is_near(tenant))
        .order_by(_SINCE, Publication.id)
    )
    rows = session.execute(query).all()
    written = _written_by(session, actor, [publication.id for publication, _tenant in rows])
    return [
        WaitingPublication(
            publication,
            place,
            publication.id in written,
            _count_days(publication.waiting_since or publication.updated_at),
        )
        for publication, place in rows
        if allowed(actor, Action.REVIEW_PUBLICATION, place, organ=publication.organ_id)
    ]


def list_waiting_below(session: Session, tenant: Tenant) -> list[WaitingBelow]:
    """List the places below whose reviewers have something waiting, the oldest first."""
    query = (
        select(Tenant.path, func.count(), func.min(_SINCE))
        .select_from(Publication)
        .join(Tenant, Tenant.id == Publication.tenant_id)
        .where(WAITING, below(tenant.path), not_(is_near(tenant)))
        .group_by(Tenant.path)
    )
    found: dict[int, list[Any]] = {}
    for path, count, since in session.execute(query):
        child = int(path.removeprefix(tenant.path).split("/")[0])
        entry = found.setdefault(child, [0, since])
        entry[0], entry[1] = entry[0] + count, min(entry[1], since)
    places = tenants_by_id(session, list(found))
    rows = sorted(found.items(), key=lambda pair: pair[1][1])
    return [
        WaitingBelow(places[place], count, _count_days(since)) for place, (count, since) in rows
    ]


def without_text() -> Iterator[Any]:
    """Build the options of lists, which show no text; mappers are set up when they are first."""
    yield defer(Publication.body_source)
    yield defer(Publication.body_html)
    yield defer(Publication.list_data)


def is_near(tenant: Tenant) -> ColumnElement[bool]:
    """Build the condition: the tenant itself; for a township also its villages."""
    if tenant.level == "township":
        return or_(Tenant.id == tenant.id, Tenant.parent_id == tenant.id)
    return Tenant.id == tenant.id


def _written_by(session: Session, actor: Actor, ids: Sequence[int]) -> set[int]:
    """Return which of these publications have unpublished text by the person."""
    if actor.user_id is None or not ids:
        return set()
    query = (
        select(PublicationRevision.publication_id)
        .join(Publication, Publication.id == PublicationRevision.publication_id)
        .where(
            Publication.id.in_(ids),
            PublicationRevision.author_id == actor.user_id,
            PublicationRevision.number > func.coalesce(Publication.published_revision, 0),
        )
    )
    return set(session.scalars(query))


def _count_days(since: datetime) -> int:
    """Count the working days since a moment; the day itself does not count."""
    return working_days_between(local_day(since), today()).count
