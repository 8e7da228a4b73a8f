"""The life of an open day: written by one person, approved by another, held, closed.

Every verb asks for the actor's permission, makes one move of `rules`, and leaves two records: the
day's own history and the audit.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from core.sdk import Actor, Conflict, Forbidden, Invalid, Tenant, record, require, utc_now

from ..domain.states import DayState, DayTransition, IllegalTransitionError, day_after
from ..i18n import _
from ..manifest import MANAGE, PUBLISH
from ..models.registration import OpenDay, OpenDayEvent
from ..notifications.outbox import queue_notices
from ..registrations.checkin import close_registrations
from ..registrations.lottery import ensure_seed
from ..registrations.transitions import Cause, end_cancelled_slots, end_day, lapse_day
from ..registrations.waitlist import promote_day
from .forms import PRACTICAL

APPROVE = PUBLISH
EDITABLE = (DayState.DRAFT, DayState.POSTPONED)
LONGEST_REASON = 300
# Words of the history that say who wrote what is to be approved.
_WRITING = ("create", "edit", DayTransition.SUBMIT)
_APPROVALS = (DayTransition.PUBLISH, DayTransition.RETURN, DayTransition.RESUME)


def log_day(session: Session, actor: Actor, day: OpenDay, word: str, **facts: str) -> None:
    """Add to the day's history; `facts` are `before` (a state) and `note`."""
    session.add(
        OpenDayEvent(
            tenant_id=day.tenant_id,
            open_day_id=day.id,
            move=word,
            from_state=facts.get("before", day.state),
            to_state=day.state,
            note=facts.get("note", "")[:LONGEST_REASON],
            actor_id=actor.user_id,
            actor_name=actor.name,
        )
    )


def create_day(
    session: Session, actor: Actor, tenant: Tenant, values: Mapping[str, Any]
) -> OpenDay:
    """Begin an open day, or a template where `is_template` says so."""
    require(actor, MANAGE, tenant)
    day = OpenDay(tenant_id=tenant.id, author_id=actor.user_id, author_name=actor.name, **values)
    session.add(day)
    session.flush()
    log_day(session, actor, day, "create")
    record(session, actor, tenant, "open_day.create", str(day.id))
    return day


def is_editable(day: OpenDay) -> bool:
    """Whether everything may be changed; else only what is practical (a telephone, parking)."""
    return day.state in EDITABLE


def edit_day(
    session: Session, actor: Actor, tenant: Tenant, day: OpenDay, values: Mapping[str, Any]
) -> None:
    """Change what the day says; of a published one only what changes nobody's plans."""
    require(actor, MANAGE, tenant)
    if day.state in {DayState.IN_REVIEW, DayState.CANCELLED}:
        raise Conflict(_("This open day cannot be edited now."))
    allowed = values if is_editable(day) else {name: values[name] for name in PRACTICAL}
    changed = [name for name, value in allowed.items() if getattr(day, name) != value]
    if not changed:
        return
    if "consent_text" in changed:
        day.consent_version += 1
    for name in changed:
        setattr(day, name, allowed[name])
    log_edit(session, actor, tenant, day, ", ".join(sorted(changed)))


def log_edit(session: Session, actor: Actor, tenant: Tenant, day: OpenDay, what: str) -> None:
    """Record a change of the day, its sessions or its form; the version tells other windows."""
    day.updated_at = utc_now()
    log_day(session, actor, day, "edit", note=what)
    record(session, actor, tenant, "open_day.edit", str(day.id), what=what)
    flush(session)


def change_state(  # noqa: PLR0913 - who, where, which, what, why
    session: Session,
    actor: Actor,
    tenant: Tenant,
    day: OpenDay,
    move: DayTransition,
    *,
    note: str = "",
) -> None:
    """Make one move; publishing and returning are another person's, stopping wants a reason."""
    require(actor, APPROVE if move in _APPROVALS else MANAGE, tenant)
    note = " ".join(note.split())
    _check_move(session, actor, day, move, note)
    before = day.state
    try:
        day.state = day_after(day.state, move)
    except IllegalTransitionError as error:
        raise Conflict(_("This cannot be done with the open day as it stands now.")) from error
    day.state_reason = note[:LONGEST_REASON] if move is not DayTransition.RESUME else ""
    _follow(session, actor, day, move)
    log_day(session, actor, day, move.value, before=before, note=note)
    record(session, actor, tenant, f"open_day.{move.value}", str(day.id), note=note)
    flush(session)


def _follow(session: Session, actor: Actor, day: OpenDay, move: DayTransition) -> None:
    """What a move brings about: a sealed seed, notices, marks of those who did not come."""
    match move:
        case DayTransition.SUBMIT:
            ensure_seed(day)
        case DayTransition.PUBLISH:
            day.published_at = utc_now()
        case DayTransition.CANCEL:
            end_day(session, day, Cause(actor))
        case DayTransition.POSTPONE:
            queue_notices(session, day, "day_postponed")
        case DayTransition.RESUME:
            end_cancelled_slots(session, day, Cause(actor))
            promoted = [one.id for one in promote_day(session, day)]
            queue_notices(session, day, "day_changed", besides=promoted)
        case DayTransition.CLOSE:
            close_registrations(session, day, Cause(actor))
            lapse_day(session, day, Cause(actor))


def _check_move(
    session: Session, actor: Actor, day: OpenDay, move: DayTransition, note: str
) -> None:
    if day.is_template:
        raise Conflict(_("A template is not announced itself."))
    if move in {DayTransition.CANCEL, DayTransition.POSTPONE, DayTransition.RETURN} and not note:
        raise Invalid({"note": _("Say why.")})
    if len(note) > LONGEST_REASON:
        raise Invalid({"note": _("At most %(n)s characters.", n=LONGEST_REASON)})
    if move is DayTransition.SUBMIT and not day.slots:
        raise Invalid({"slots": _("Add at least one session first.")})
    if move in {DayTransition.PUBLISH, DayTransition.RESUME} and has_written(session, actor, day):
        raise Forbidden(_("Somebody else than the author must approve this."))


def has_written(session: Session, actor: Actor, day: OpenDay) -> bool:
    """Whether the person wrote what is to be approved: since it was last approved or returned."""
    if actor.user_id is None:
        return not actor.operator
    query = select(OpenDayEvent.move, OpenDayEvent.actor_id).where(
        OpenDayEvent.open_day_id == day.id, OpenDayEvent.registration_id.is_(None)
    )
    for word, actor_id in session.execute(query.order_by(OpenDayEvent.id.desc())):
        if word in {DayTransition.PUBLISH, DayTransition.RESUME}:
            return False
        if word in _WRITING and actor_id == actor.user_id:
            return True
    return day.author_id == actor.user_id


def delete_day(session: Session, actor: Actor, tenant: Tenant, day: OpenDay) -> None:
    """Delete a draft or a template; what was announced stays."""
    require(actor, MANAGE, tenant)
    if day.state != DayState.DRAFT or day.published_at is not None:
        raise Conflict(_("Only a draft can be deleted."))
    record(session, actor, tenant, "open_day.delete", str(day.id), title=day.title)
    session.delete(day)
    flush(session)


def flush(session: Session) -> None:
    """Write to the database; raises `Conflict` where somebody else changed the row meanwhile."""
    try:
        session.flush()
    except StaleDataError as error:
        raise Conflict(_("Somebody else changed this in the meantime.")) from error
