"""Emergency takedown (紧急下线): one person hides a text at once, another one decides soon.

Nobody reviews it before: a leak or a grave error must be gone from page, search, feed, files and
kept pages in the transaction that says so. It stays hidden until a second person confirms it, which
withdraws the text (its page says so), or shows it again.
"""

from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, contains_eager

from core.audit.service import record
from core.calendar.service import add_working_days
from core.clock import local_day, today
from core.db.base import utc_now
from core.db.transactions import after_commit
from core.db.tree import Tenant, below
from core.errors import Conflict, Forbidden, NotFound
from core.jobs.queue import enqueue
from core.permissions import Action, Actor, allowed, require
from core.publishing.models import Publication, PublicationRequest
from core.publishing.reviewing.queue import is_near, without_text
from core.publishing.rules import LIVE, RequestKind, RequestOutcome, TakedownOutcome
from core.publishing.takedown.models import PublicationTakedown
from core.publishing.workflow.drafts import flush
from core.publishing.workflow.publish import READ_FILES, touch_search
from core.publishing.workflow.withdrawal import (
    carry_out,
    check_text,
    close_request,
    find_open_request,
    require_clean,
)


@dataclass(frozen=True, slots=True)
class TakedownChoices:
    """What the page of a publication offers a person about a takedown."""

    takedown: PublicationTakedown | None
    may_take_down: bool
    may_decide: bool


def take_down(
    session: Session, actor: Actor, publication: Publication, reason: str
) -> PublicationTakedown:
    """Hide a published text from everybody but staff, at once; another person decides.

    Raises `Forbidden`, `Invalid` (no reason) and `Conflict` (not public, or hidden already).
    """
    tenant = publication.tenant
    require(actor, Action.TAKE_DOWN_PUBLICATION, tenant, organ=publication.organ_id)
    if publication.state not in LIVE or publication.hidden_since is not None:
        raise Conflict(_("The present state does not allow this."))
    moment = utc_now()
    takedown = PublicationTakedown(
        tenant_id=publication.tenant_id,
        publication=publication,
        reason=check_text(reason, "reason", _("Say why.")),
        taken_down_by_id=actor.user_id,
        taken_down_by_name=actor.name,
        taken_down_at=moment,
        due_on=add_working_days(local_day(moment), 1).end,
    )
    session.add(takedown)
    publication.updated_at = moment  # two who do it at once collide at the version
    flush(session)  # hiding is refused without it
    publication.hidden_since = moment
    flush(session)
    touch_search(session, publication)
    _record(session, actor, takedown, "take_down", takedown.reason)
    return takedown


def confirm(session: Session, actor: Actor, takedown: PublicationTakedown, ground: str) -> None:
    """Confirm a takedown: the text is withdrawn by two people, and its page says on which ground.

    A request that was open about the text is declined: it is done.
    """
    _require_decider(actor, takedown)
    publication = takedown.publication
    _close(session, actor, takedown, TakedownOutcome.CONFIRMED)
    if asked := find_open_request(session, publication):
        asked.note = _("It was withdrawn after an emergency takedown.")
        close_request(session, actor, asked, RequestOutcome.DECLINED)
    request = PublicationRequest(
        tenant_id=publication.tenant_id,
        publication=publication,
        kind=RequestKind.WITHDRAW,
        ground=ground,
        reason=takedown.reason,
        asked_by_id=takedown.taken_down_by_id,
        asked_by_name=takedown.taken_down_by_name,
        asked_at=takedown.taken_down_at,
    )
    session.add(request)
    flush(session)
    carry_out(session, actor, request)
    _record(session, actor, takedown, "take_down_confirm", takedown.reason)


def restore(session: Session, actor: Actor, takedown: PublicationTakedown, note: str) -> None:
    """Show a hidden text again, as it is now: a correction may have been published meanwhile.

    Raises `Invalid` without a note, or where the text holds personal data that is undecided.
    """
    _require_decider(actor, takedown)
    publication = takedown.publication
    reason = check_text(note, "note", _("Say why it is shown again."))
    require_clean(session, publication)
    takedown.note = reason
    _close(session, actor, takedown, TakedownOutcome.RESTORED)
    publication.hidden_since = None
    flush(session)
    touch_search(session, publication)
    after_commit(session, enqueue, READ_FILES)
    _record(session, actor, takedown, "take_down_restore", takedown.note)


def load_choices(session: Session, actor: Actor, publication: Publication) -> TakedownChoices:
    """Load the open takedown of a publication, and what the person may do."""
    found = find_open_takedown(session, publication)
    at = publication.tenant
    may = allowed(actor, Action.TAKE_DOWN_PUBLICATION, at, organ=publication.organ_id)
    may_take_down = may and publication.state in LIVE and publication.hidden_since is None
    return TakedownChoices(found, may_take_down, found is not None and may_decide(actor, found))


def find_open_takedown(session: Session, publication: Publication) -> PublicationTakedown | None:
    """Find the takedown that waits for a second person."""
    if publication.hidden_since is None:
        return None
    query = select(PublicationTakedown).where(
        PublicationTakedown.publication_id == publication.id, PublicationTakedown.outcome.is_(None)
    )
    return session.scalar(query)


def get_takedown(session: Session, publication: Publication, number: int) -> PublicationTakedown:
    """Return a takedown of the publication; raises `NotFound`."""
    takedown = session.get(PublicationTakedown, number)
    if takedown is None or takedown.publication_id != publication.id:
        raise NotFound(where=str(number))
    return takedown


def list_takedowns(session: Session, publication: Publication) -> list[PublicationTakedown]:
    """List every takedown of the publication, the newest first."""
    query = select(PublicationTakedown).where(PublicationTakedown.publication_id == publication.id)
    return list(session.scalars(query.order_by(PublicationTakedown.id.desc())))


def list_to_decide(session: Session, tenant: Tenant, actor: Actor) -> list[PublicationTakedown]:
    """List what the person has to decide here, the first due first.

    What is overdue comes up at every place above, too.
    """
    waiting = PublicationTakedown.outcome.is_(None)
    overdue = and_(below(tenant.path), PublicationTakedown.due_on < today())
    query = (
        select(PublicationTakedown)
        .join(PublicationTakedown.publication)
        .join(Tenant, Tenant.id == Publication.tenant_id)
        .options(contains_eager(PublicationTakedown.publication).options(*without_text()))
        .where(waiting, or_(is_near(tenant), overdue))
        .order_by(PublicationTakedown.due_on, PublicationTakedown.id)
    )
    return [takedown for takedown in session.scalars(query) if may_decide(actor, takedown)]


def may_decide(actor: Actor, takedown: PublicationTakedown) -> bool:
    """Return whether the person may decide: a reviewer who has not taken it down."""
    publication = takedown.publication
    at = publication.tenant
    reviews = allowed(actor, Action.REVIEW_PUBLICATION, at, organ=publication.organ_id)
    return reviews and not _has_taken_down(actor, takedown)


def _has_taken_down(actor: Actor, takedown: PublicationTakedown) -> bool:
    return actor.user_id is not None and actor.user_id == takedown.taken_down_by_id


def _require_decider(actor: Actor, takedown: PublicationTakedown) -> None:
    publication = takedown.publication
    tenant = publication.tenant
    require(actor, Action.REVIEW_PUBLICATION, tenant, organ=publication.organ_id)
    if _has_taken_down(actor, takedown):
        raise Forbidden(_("A second person must decide this: you took it offline yourself."))


def _close(
    session: Session, actor: Actor, takedown: PublicationTakedown, outcome: TakedownOutcome
) -> None:
    if takedown.outcome is not None:
        raise Conflict(_("This has been decided already."))
    takedown.outcome, takedown.decided_at = outcome, utc_now()
    takedown.decided_by_id, takedown.decided_by_name = actor.user_id, actor.name
    takedown.publication.updated_at = utc_now()
    flush(session)  # what follows is refused without it


def _record(
    session: Session, actor: Actor, takedown: PublicationTakedown, act: str, reason: str
) -> None:
    tenant, subject = takedown.publication.tenant, str(takedown.publication_id)
    record(session, actor, tenant, f"publication.{act}", subject, reason=reason)
