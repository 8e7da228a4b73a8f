"""The waiting list: whoever is first gets the seats that become free, at once or as an offer."""

from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, contains_eager

from core.sdk import Conflict, utc_now

from ..domain.allocation import Party, allocate
from ..domain.states import DayState, RegistrationState, RegistrationTransition, offer_expiry
from ..i18n import _
from ..models.registration import EventSession, OpenDay, Registration
from ..notifications.outbox import queue_notice
from .capacity import leave_queue, load_open_seats, lock_slots, take_seats
from .transitions import Cause, apply_transition, cancel_and_release, confirm, flush


def promote(session: Session, slot_id: int, now: datetime | None = None) -> list[Registration]:
    """Give free seats to those who wait, in their order; a party too big is passed over.

    Nobody is promoted once the session has begun or while the day is postponed or cancelled.
    """
    now = now or utc_now()
    lock_slots(session, [slot_id])
    session.flush()
    query = select(EventSession).join(EventSession.day).options(contains_eager(EventSession.day))
    slot = session.scalars(query.where(EventSession.id == slot_id)).one()
    if slot.day.state != DayState.PUBLISHED or slot.state == "cancelled" or slot.starts_at <= now:
        return []
    waiting = {r.waiting_number or 0: r for r in session.scalars(_waiting(slot_id))}
    parties = (Party(number, r.head_count, r.category_id) for number, r in waiting.items())
    allocated = allocate(parties, load_open_seats(session, slot_id))
    promoted = [waiting[party.number] for party in allocated]
    for registration in promoted:
        if slot.day.offer_hours is None:
            confirm(session, registration, notice="promoted")
        else:
            expires = offer_expiry(slot.day.offer_hours, now, slot.starts_at)
            _offer(session, registration, now, expires)
    return promoted


def promote_day(session: Session, day: OpenDay) -> list[Registration]:
    """Give free seats of all sessions of a day to those who wait."""
    promoted = [registration for slot in day.slots for registration in promote(session, slot.id)]
    flush(session)
    return promoted


def expire_offers(session: Session, slot_id: int, now: datetime | None = None) -> int:
    """End offers of a session that nobody accepted in time, and offer the seats to the next."""
    now = now or utc_now()
    late = select(Registration).where(
        Registration.slot_id == slot_id,
        Registration.state == RegistrationState.OFFERED,
        Registration.offer_expires_at <= now,
    )
    if session.scalar(late.limit(1)) is None:
        return 0
    lock_slots(session, [slot_id])
    expired = session.scalars(late.execution_options(populate_existing=True)).all()
    for registration in expired:
        cause = Cause(note="offer_expired")
        cancel_and_release(session, registration, RegistrationTransition.EXPIRE, cause)
        queue_notice(session, registration, "expired")
    promote(session, slot_id, now)
    flush(session)
    return len(expired)


def accept_offer(session: Session, registration: Registration) -> None:
    """Take the place that was offered. Raises `Conflict` once the offer has run out."""
    expires = registration.offer_expires_at
    if registration.state != RegistrationState.OFFERED or expires is None or expires <= utc_now():
        raise Conflict(_("This offer has run out; the place has been offered to the next."))
    apply_transition(session, registration, RegistrationTransition.ACCEPT)
    queue_notice(session, registration, "confirmed")
    flush(session)


def rank(session: Session, registration: Registration) -> int | None:
    """Return the place on the waiting list, counted from 1; `None` for who does not wait."""
    if registration.state != RegistrationState.WAITING:
        return None
    query = select(func.count(Registration.id)).where(
        Registration.slot_id == registration.slot_id,
        Registration.state == RegistrationState.WAITING,
        Registration.waiting_number < registration.waiting_number,
    )
    return (session.scalar(query) or 0) + 1


def _waiting(slot_id: int) -> Select[Registration]:
    query = select(Registration).where(
        Registration.slot_id == slot_id, Registration.state == RegistrationState.WAITING
    )
    query = query.order_by(Registration.waiting_number)
    return query.execution_options(populate_existing=True)


def _offer(session: Session, registration: Registration, now: datetime, expires: datetime) -> None:
    """Keep the seats, which are there as the session's row is locked, until they are accepted."""
    leave_queue(session, registration.slot_id)
    registration.pool = take_seats(session, registration)
    registration.offer_expires_at = expires
    apply_transition(session, registration, RegistrationTransition.OFFER, at=now)
    queue_notice(session, registration, "offered")
