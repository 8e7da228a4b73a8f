"""Take a published text down, and put it back: asked for with a reason, decided by another person.

What the public loses is never lost by one person alone, and never for good.
"""

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from core.audit.service import record
from core.db.base import utc_now
from core.db.transactions import after_commit
from core.errors import Conflict, Forbidden, Invalid, NotFound
from core.jobs.queue import enqueue
from core.permissions import Action, Actor, allowed, require
from core.publishing.guard.labels import describe_finding
from core.publishing.guard.service import list_findings, store_findings
from core.publishing.models import Publication, PublicationRequest
from core.publishing.rules import LIVE, Move, PublicationState, RequestKind, RequestOutcome
from core.publishing.workflow.drafts import flush, get_published_content, move
from core.publishing.workflow.publish import READ_FILES, touch_search

LONGEST_REASON = 1000


def may_ask(actor: Actor, publication: Publication) -> bool:
    """Return whether the person may ask: who writes for the organ, or reviews there."""
    organ = publication.organ_id
    actions = (Action.WRITE_PUBLICATION, Action.REVIEW_PUBLICATION)
    return any(allowed(actor, action, publication.tenant, organ=organ) for action in actions)


def may_decide(actor: Actor, request: PublicationRequest) -> bool:
    """Return whether the person may decide: a reviewer who has not asked for it."""
    publication = request.publication
    reviews = allowed(
        actor, Action.REVIEW_PUBLICATION, publication.tenant, organ=publication.organ_id
    )
    return reviews and not _has_asked(actor, request)


def _has_asked(actor: Actor, request: PublicationRequest) -> bool:
    return actor.user_id is not None and actor.user_id == request.asked_by_id


def find_kind(publication: Publication) -> RequestKind | None:
    """Return what can be asked for as things stand: to take it down, or to put it back."""
    if publication.hidden_since is not None:  # a second person decides about that first
        return None
    if publication.state in LIVE:
        return RequestKind.WITHDRAW
    return RequestKind.RESTORE if publication.state == PublicationState.WITHDRAWN else None


def ask(
    session: Session, actor: Actor, publication: Publication, reason: str, ground: str = "other"
) -> PublicationRequest:
    """Ask that a published text is taken down, or a withdrawn one put back.

    The ground is what its page says of a withdrawal; the reason is for staff.

    Raises `Forbidden`, `Invalid` (no reason) and `Conflict` (asked for already, or not public).
    """
    if not may_ask(actor, publication):
        require(actor, Action.WRITE_PUBLICATION, publication.tenant, organ=publication.organ_id)
    kind = find_kind(publication)
    if kind is None or find_open_request(session, publication) is not None:
        raise Conflict(_("The present state does not allow this."))
    request = PublicationRequest(
        tenant_id=publication.tenant_id,
        publication=publication,
        kind=kind,
        ground=ground,
        reason=check_text(reason, "reason", _("Say why.")),
        asked_by_id=actor.user_id,
        asked_by_name=actor.name,
    )
    session.add(request)
    publication.updated_at = utc_now()  # two who ask at once collide at the version
    flush(session)
    _record(session, actor, request, "ask")
    return request


def approve(session: Session, actor: Actor, request: PublicationRequest) -> None:
    """Do what was asked for: the page says so, search and lists follow at once.

    Raises `Forbidden`, `Conflict` (decided, or taken offline meanwhile) and `Invalid`.
    """
    if request.publication.hidden_since is not None:
        raise Conflict(_("It was taken offline in an emergency: decide about that."))
    carry_out(session, actor, request)


def carry_out(session: Session, actor: Actor, request: PublicationRequest) -> None:
    """Withdraw a text or put it back, as the request says; what was hidden is withdrawn, too."""
    _require_decider(actor, request)
    publication = request.publication
    if request.kind == RequestKind.RESTORE:
        require_clean(session, publication)
    close_request(session, actor, request, RequestOutcome.APPROVED)
    if request.kind == RequestKind.WITHDRAW:
        move(publication, Move.WITHDRAW)
        publication.correction = publication.hidden_since = None
        publication.withdrawal_reason, publication.withdrawn_at = request.reason, utc_now()
    else:
        move(publication, Move.RESTORE)
        publication.withdrawal_reason = publication.withdrawn_at = None
        after_commit(session, enqueue, READ_FILES)
    flush(session)
    touch_search(session, publication)
    _record(session, actor, request, "approve")


def require_clean(session: Session, publication: Publication) -> None:
    """Raise `Invalid` where the text holds personal data, by today's rules, that is undecided."""
    content = get_published_content(session, publication)
    number = publication.published_revision
    store_findings(session, publication, content, number=number)
    flush(session)
    for finding in list_findings(session, publication, number):
        if finding.handling == "open" or finding.awaits_confirmation:
            message = _(
                "It holds personal data that two people have to decide about first: %(what)s",
                what=describe_finding(finding),
            )
            raise Invalid({f"finding-{finding.id}": message})


def decline(session: Session, actor: Actor, request: PublicationRequest, note: str) -> None:
    """Leave things as they are, with a note to the person who asked."""
    _require_decider(actor, request)
    request.note = check_text(note, "note", _("Say why not."))
    close_request(session, actor, request, RequestOutcome.DECLINED)
    _record(session, actor, request, "decline")


def take_back(session: Session, actor: Actor, request: PublicationRequest) -> None:
    """Give up one's own request, while nobody has decided."""
    if not (actor.operator or _has_asked(actor, request)):
        raise Forbidden(_("Only who asked for it can take it back."))
    close_request(session, actor, request, RequestOutcome.TAKEN_BACK)
    _record(session, actor, request, "take_back")


def get_request(session: Session, publication: Publication, number: int) -> PublicationRequest:
    """Return a request about the publication; raises `NotFound`."""
    request = session.get(PublicationRequest, number)
    if request is None or request.publication_id != publication.id:
        raise NotFound(where=str(number))
    return request


def find_open_request(session: Session, publication: Publication) -> PublicationRequest | None:
    """Find the request that waits for a decision."""
    query = select(PublicationRequest).where(
        PublicationRequest.publication_id == publication.id, PublicationRequest.outcome.is_(None)
    )
    return session.scalar(query)


def list_requests(session: Session, publication: Publication) -> list[PublicationRequest]:
    """List every request about the publication, the newest first."""
    query = select(PublicationRequest).where(PublicationRequest.publication_id == publication.id)
    query = query.options(joinedload(PublicationRequest.publication))
    return list(session.scalars(query.order_by(PublicationRequest.id.desc())))


def _require_decider(actor: Actor, request: PublicationRequest) -> None:
    publication = request.publication
    tenant, organ = publication.tenant, publication.organ_id
    require(actor, Action.REVIEW_PUBLICATION, tenant, organ=organ)
    if _has_asked(actor, request):
        raise Forbidden(_("A second person must decide this: you asked for it yourself."))


def close_request(
    session: Session, actor: Actor, request: PublicationRequest, outcome: RequestOutcome
) -> None:
    """Note who decided a request, and how; raises `Conflict` where somebody has before."""
    if request.outcome is not None:
        raise Conflict(_("This has been decided already."))
    request.outcome, request.decided_at = outcome, utc_now()
    request.decided_by_id, request.decided_by_name = actor.user_id, actor.name
    request.publication.updated_at = utc_now()
    flush(session)  # the change of state is refused without it


def check_text(typed: str, field: str, missing: str) -> str:
    """Return a reason without blanks around it; raises `Invalid` at its field."""
    text = typed.replace("\x00", "").strip()
    if not text:
        raise Invalid({field: missing})
    if len(text) > LONGEST_REASON:
        raise Invalid({field: _("At most %(n)s characters.", n=LONGEST_REASON)})
    return text


def _record(session: Session, actor: Actor, request: PublicationRequest, act: str) -> None:
    """Write the audit entry; an approved one bears the name of what was done."""
    tenant, subject = request.publication.tenant, str(request.publication_id)
    done = request.kind if act == "approve" else f"{request.kind}_{act}"
    record(session, actor, tenant, f"publication.{done}", subject, reason=request.reason)
