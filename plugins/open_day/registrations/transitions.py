"""Move registrations from state to state: each move is recorded, seats and queue follow.

How registrations end with their day or session: nobody is left waiting, everybody is told.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from core.sdk import Actor, Conflict, utc_now

from ..domain.states import (
    ENDED,
    HOLDING,
    DayState,
    IllegalTransitionError,
    RegistrationState,
    RegistrationTransition,
    after,
)
from ..i18n import _
from ..models.registration import EventSession, OpenDay, OpenDayEvent, Registration
from ..notifications.outbox import queue_notice
from .capacity import give_back, leave_queue, lock_slots

NOBODY = Actor(None, "")


@dataclass(frozen=True, slots=True)
class Cause:
    """Who moves a registration, and why; nobody is the citizen, or the program itself."""

    actor: Actor = NOBODY
    note: str = ""


CITIZEN = Cause()


def apply_transition(
    session: Session,
    registration: Registration,
    what: RegistrationTransition,
    cause: Cause = CITIZEN,
    *,
    at: datetime | None = None,
) -> None:
    """Make one move and record it; seats are the caller's business. Raises `Conflict`."""
    before = registration.state
    try:
        registration.state = after(before, what)
    except IllegalTransitionError as error:
        raise Conflict(_("That is no longer possible: the registration has changed.")) from error
    if registration.state in ENDED:
        registration.claim = None
        registration.state_reason = cause.note
    if registration.state not in HOLDING:
        registration.pool = None
    if registration.state != RegistrationState.OFFERED:
        registration.offer_expires_at = None
    record_transition(session, registration, what, before, cause, at=at)


def record_transition(  # noqa: PLR0913 - the columns of one row
    session: Session,
    registration: Registration,
    what: str,
    before: str,
    cause: Cause,
    *,
    at: datetime | None = None,
) -> None:
    """Write what happened to a registration into the day's record."""
    session.add(
        OpenDayEvent(
            tenant_id=registration.tenant_id,
            open_day_id=registration.open_day_id,
            registration_id=registration.id,
            move=what,
            from_state=before,
            to_state=registration.state,
            note=cause.note,
            actor_id=cause.actor.user_id,
            actor_name=cause.actor.name,
            at=at or utc_now(),
        )
    )


def cancel_and_release(
    session: Session,
    registration: Registration,
    what: RegistrationTransition,
    cause: Cause = CITIZEN,
) -> None:
    """End a registration: what it held or waited for is given back first."""
    release(session, registration)
    apply_transition(session, registration, what, cause)


def release(session: Session, registration: Registration) -> None:
    """Give back the seats that a registration holds, or its place in the queue."""
    if registration.state == RegistrationState.WAITING:
        leave_queue(session, registration.slot_id)
    elif registration.pool is not None:
        give_back(
            session,
            registration.slot_id,
            registration.category_id,
            registration.head_count,
            registration.pool,
        )


def flush(session: Session) -> None:
    """Write; somebody else's faster change of the same registration is a `Conflict`."""
    try:
        session.flush()
    except StaleDataError as error:
        session.rollback()
        raise Conflict(
            _("Somebody else has just changed this registration. Look at it again.")
        ) from error


WITHOUT_PLACE = (RegistrationState.PENDING, RegistrationState.WAITING, RegistrationState.OFFERED)
LIVE = (RegistrationState.CONFIRMED, *WITHOUT_PLACE)


def end_day(session: Session, day: OpenDay, cause: Cause) -> int:
    """Cancel everything of a day that will not take place; how many registrations."""
    slots = [slot.id for slot in day.slots]
    return _end(
        session, slots, LIVE, RegistrationTransition.CANCEL, Cause(cause.actor, "day_cancelled")
    )


def end_cancelled_slots(session: Session, day: OpenDay, cause: Cause) -> int:
    """Cancel everything of those sessions of a day that will not take place."""
    slots = [slot.id for slot in day.slots if slot.state == "cancelled"]
    return _end(
        session, slots, LIVE, RegistrationTransition.CANCEL, Cause(cause.actor, "slot_cancelled")
    )


def lapse_day(session: Session, day: OpenDay, cause: Cause) -> int:
    """End what was never given a place, once the day is over."""
    slots = [slot.id for slot in day.slots]
    return _end(
        session, slots, WITHOUT_PLACE, RegistrationTransition.LAPSE, Cause(cause.actor, "day_over")
    )


def lapse_over(session: Session, tenant_id: int, now: datetime) -> int:
    """The same for every session of a place that has ended, whether its day was closed or not."""
    query = select(Registration.slot_id).join(EventSession, EventSession.id == Registration.slot_id)
    query = query.join(OpenDay, OpenDay.id == Registration.open_day_id)
    late = query.where(Registration.tenant_id == tenant_id, left_waiting(now))
    slots = session.scalars(late.distinct()).all()
    return _end(
        session,
        slots,
        WITHOUT_PLACE,
        RegistrationTransition.LAPSE,
        Cause(CITIZEN.actor, "day_over"),
    )


def left_waiting(now: datetime) -> ColumnElement[bool]:
    """Condition on registrations, their sessions and days: there will be no place any more."""
    over = OpenDay.state.in_((DayState.CLOSED, DayState.CANCELLED))
    ended = and_(OpenDay.state == DayState.PUBLISHED, EventSession.ends_at <= now)
    return and_(Registration.state.in_(WITHOUT_PLACE), or_(over, ended))


# What a person is told, by the reason that stands in the record.
_TOLD = {"day_cancelled": "day_cancelled", "slot_cancelled": "cancelled", "day_over": "lapsed"}


def _end(
    session: Session,
    slots: Sequence[int],
    states: Sequence[RegistrationState],
    what: RegistrationTransition,
    cause: Cause,
) -> int:
    """End the registrations of these sessions that stand so; nobody registers meanwhile."""
    lock_slots(session, slots)
    found = session.scalars(
        select(Registration)
        .where(Registration.slot_id.in_(slots), Registration.state.in_(states))
        .order_by(Registration.id)
        .execution_options(populate_existing=True)
    ).all()
    for registration in found:
        cancel_and_release(session, registration, what, cause)
        queue_notice(session, registration, _TOLD[cause.note])
    flush(session)
    return len(found)
