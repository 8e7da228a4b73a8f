"""State transitions of registrations: each is recorded, its seats and place in the queue follow.

How registrations end with their day or session: nobody is left waiting, everybody is told.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from core.sdk import NOBODY, Actor, Conflict, Overtaken, TransitionError, Workflow, utc_now

from ..domain import states
from ..domain.states import DayState, RegistrationState, RegistrationTransition
from ..i18n import _
from ..models.registration import EventSession, OpenDay, OpenDayEvent, Registration
from ..notifications.outbox import queue_notice
from ..notifications.webhook import queue_change
from .capacity import OPEN, give_back, join_queue, leave_queue, lock_slots, take_seats


@dataclass(frozen=True, slots=True)
class Cause:
    """Actor and reason of a transition; nobody is the citizen, or a background job."""

    actor: Actor = NOBODY
    note: str = ""


CITIZEN = Cause()
WORKFLOW = Workflow(states.TRANSITIONS)


def apply_transition(
    session: Session,
    registration: Registration,
    transition: RegistrationTransition,
    cause: Cause = CITIZEN,
    *,
    at: datetime | None = None,
) -> None:
    """Change the state and record it; seats are the caller's business. Raises `Conflict`."""
    before = registration.state
    try:
        registration.state = WORKFLOW.next_state(RegistrationState(before), transition)
    except TransitionError as error:
        raise Conflict(_("That is no longer possible: the registration has changed.")) from error
    if registration.state in states.ENDED:
        registration.claim = registration.change_request = None
        registration.state_reason = cause.note
    if registration.state not in states.HOLDING:
        registration.pool = None
    if registration.state != RegistrationState.OFFERED:
        registration.offer_expires_at = None
    record_transition(session, registration, transition, cause, before=before, at=at)


def record_transition(  # noqa: PLR0913 - the columns of one row
    session: Session,
    registration: Registration,
    move: str,
    cause: Cause,
    *,
    before: str | None = None,
    at: datetime | None = None,
) -> None:
    """Write what happened to a registration into the day's record; `before` is the old state."""
    session.add(
        OpenDayEvent(
            tenant_id=registration.tenant_id,
            open_day_id=registration.open_day_id,
            registration_id=registration.id,
            move=move,
            from_state=registration.state if before is None else before,
            to_state=registration.state,
            note=cause.note,
            actor_id=cause.actor.user_id,
            actor_name=cause.actor.name,
            at=at or utc_now(),
        )
    )
    queue_change(session, registration, move)


def confirm(
    session: Session,
    registration: Registration,
    cause: Cause = CITIZEN,
    pools: Sequence[str] = (OPEN,),
    notice: str = "confirmed",
) -> bool:
    """Give a registration its seats if there are enough; say whether it got them."""
    pool = take_seats(session, registration, pools)
    if pool is None:
        return False
    if registration.state == RegistrationState.WAITING:
        leave_queue(session, registration.slot_id)
    registration.pool = pool
    apply_transition(session, registration, RegistrationTransition.CONFIRM, cause)
    queue_notice(session, registration, notice)
    return True


def put_on_waitlist(session: Session, registration: Registration, cause: Cause) -> bool:
    """Let a registration wait; say whether there was room on the waiting list."""
    number = join_queue(session, registration.slot_id)
    if number is None:
        return False
    registration.waiting_number = number
    apply_transition(session, registration, RegistrationTransition.QUEUE, cause)
    queue_notice(session, registration, "waiting")
    return True


def cancel_and_release(
    session: Session,
    registration: Registration,
    transition: RegistrationTransition,
    cause: Cause = CITIZEN,
) -> None:
    """End a registration: what it held or waited for is given back first."""
    release(session, registration)
    apply_transition(session, registration, transition, cause)


def release(session: Session, registration: Registration) -> None:
    """Give back the seats that a registration holds, or its place in the queue."""
    if registration.state == RegistrationState.WAITING:
        leave_queue(session, registration.slot_id)
    else:
        give_back(session, registration)


def flush(session: Session) -> None:
    """Write to the database; raises `Overtaken` where somebody else changed a row (version)."""
    try:
        session.flush()
    except StaleDataError as error:
        raise Overtaken(_("Somebody else changed this in the meantime.")) from error


WITHOUT_PLACE = (RegistrationState.PENDING, RegistrationState.WAITING, RegistrationState.OFFERED)
LIVE = (RegistrationState.CONFIRMED, *WITHOUT_PLACE)


def end_day(session: Session, day: OpenDay, cause: Cause) -> int:
    """Cancel everything of a day that will not take place; return how many registrations."""
    cause = Cause(cause.actor, "day_cancelled")
    return _end(session, [slot.id for slot in day.slots], RegistrationTransition.CANCEL, cause)


def end_cancelled_slots(session: Session, day: OpenDay, cause: Cause) -> int:
    """Cancel everything of those sessions of a day that will not take place."""
    cancelled = [slot.id for slot in day.slots if slot.state == "cancelled"]
    cause = Cause(cause.actor, "slot_cancelled")
    return _end(session, cancelled, RegistrationTransition.CANCEL, cause)


def lapse_day(session: Session, day: OpenDay, cause: Cause) -> int:
    """End what was never given a place, once the day is over."""
    cause = Cause(cause.actor, "day_over")
    return _end(session, [slot.id for slot in day.slots], RegistrationTransition.LAPSE, cause)


def lapse_over(session: Session, tenant_id: int, now: datetime) -> int:
    """End what was never given a place in every session of a tenant that is over."""
    query = select(Registration.slot_id).join(Registration.slot).join(Registration.day)
    late = query.where(Registration.tenant_id == tenant_id, left_waiting(now)).distinct()
    cause = Cause(note="day_over")
    return _end(session, session.scalars(late).all(), RegistrationTransition.LAPSE, cause)


def left_waiting(now: datetime) -> ColumnElement[bool]:
    """Build the condition on registrations and their sessions: there will be no place any more."""
    over = OpenDay.state.in_((DayState.CLOSED, DayState.CANCELLED))
    ended = and_(OpenDay.state == DayState.PUBLISHED, EventSession.ends_at <= now)
    return and_(Registration.state.in_(WITHOUT_PLACE), or_(over, ended))


# The notice that a person gets, by the reason that stands in the record.
_NOTICES = {"day_cancelled": "day_cancelled", "slot_cancelled": "cancelled", "day_over": "lapsed"}


def _end(
    session: Session, slot_ids: Sequence[int], transition: RegistrationTransition, cause: Cause
) -> int:
    """End the live registrations of these sessions; nobody registers meanwhile."""
    ending = WITHOUT_PLACE if transition is RegistrationTransition.LAPSE else LIVE
    lock_slots(session, slot_ids)
    query = select(Registration).where(
        Registration.slot_id.in_(slot_ids), Registration.state.in_(ending)
    )
    query = query.order_by(Registration.id).execution_options(populate_existing=True)
    found = session.scalars(query).all()
    for registration in found:
        cancel_and_release(session, registration, transition, cause)
        queue_notice(session, registration, _NOTICES[cause.note])
    flush(session)
    return len(found)
