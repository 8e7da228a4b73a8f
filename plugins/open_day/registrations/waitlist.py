"""The waiting list: whoever is first gets the seats that become free, at once or as an offer."""

from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from core.sdk import Conflict, utc_now

from ..domain.allocation import Party, allocate
from ..domain.states import DayState, RegistrationState, RegistrationTransition, offer_expiry
from ..i18n import _
from ..models.registration import EventSession, OpenDay, Registration
from ..notifications.outbox import queue_notice
from .capacity import OPEN, leave_queue, lock_slots, open_seats, take_seats
from .transitions import CITIZEN, Cause, apply_transition, cancel_and_release, flush


def promote(session: Session, slot_id: int, now: datetime | None = None) -> list[Registration]:
    """Give free seats to those who wait, in their order; a party too big is passed over.

    Nobody is promoted once the slot has begun or while the day is postponed or cancelled.
    """
    now = now or utc_now()
    lock_slots(session, [slot_id])
    session.flush()
    slot, day = _slot_and_day(session, slot_id)
    if day.state != DayState.PUBLISHED or slot.state == "cancelled" or slot.starts_at <= now:
        return []
    waiting = {r.waiting_number: r for r in _waiting(session, slot_id)}
    allocated = allocate(
        (Party(number or 0, r.head_count, r.category_id) for number, r in waiting.items()),
        open_seats(session, slot_id),
    )
    promoted = [waiting[party.number] for party in allocated]
    for registration in promoted:
        _seat(session, day, slot, registration, now)
    return promoted


def promote_day(session: Session, day: OpenDay) -> list[Registration]:
    """Give free seats of all sessions of a day to those who wait."""
    promoted = [one for slot in day.slots for one in promote(session, slot.id)]
    flush(session)
    return promoted


def expire_offers(session: Session, slot_id: int, now: datetime | None = None) -> int:
    """End offers of a slot that nobody accepted in time, and offer the seats to the next."""
    now = now or utc_now()
    late = _late(slot_id, now)
    if session.scalar(late.limit(1)) is None:
        return 0
    lock_slots(session, [slot_id])
    expired = session.scalars(late.execution_options(populate_existing=True)).all()
    for registration in expired:
        cancel_and_release(
            session, registration, RegistrationTransition.EXPIRE, Cause(note="offer_expired")
        )
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
    """Place on the waiting list, counted from 1; None for who does not wait."""
    if registration.state != RegistrationState.WAITING:
        return None
    earlier = session.scalar(
        select(func.count())
        .select_from(Registration)
        .where(
            Registration.slot_id == registration.slot_id,
            Registration.state == RegistrationState.WAITING,
            Registration.waiting_number < registration.waiting_number,
        )
    )
    return (earlier or 0) + 1


def give_place(
    session: Session,
    registration: Registration,
    cause: Cause = CITIZEN,
    pools: tuple[str, ...] = (OPEN,),
) -> bool:
    """Confirm somebody who waits out of turn, if there are seats; for the staff."""
    pool = take_seats(
        session,
        registration.slot_id,
        registration.category_id,
        registration.head_count,
        pools,
    )
    if pool is None:
        return False
    leave_queue(session, registration.slot_id)
    registration.pool = pool
    apply_transition(session, registration, RegistrationTransition.CONFIRM, cause)
    queue_notice(session, registration, "promoted")
    flush(session)
    return True


def _slot_and_day(session: Session, slot_id: int) -> tuple[EventSession, OpenDay]:
    query = select(EventSession, OpenDay).join(OpenDay, OpenDay.id == EventSession.open_day_id)
    slot, day = session.execute(query.where(EventSession.id == slot_id)).one()
    return slot, day


def _waiting(session: Session, slot_id: int) -> list[Registration]:
    return list(
        session.scalars(
            select(Registration)
            .where(Registration.slot_id == slot_id, Registration.state == RegistrationState.WAITING)
            .order_by(Registration.waiting_number)
            .execution_options(populate_existing=True)
        )
    )


def _late(slot_id: int, now: datetime) -> Select[Registration]:
    return select(Registration).where(
        Registration.slot_id == slot_id,
        Registration.state == RegistrationState.OFFERED,
        Registration.offer_expires_at <= now,
    )


def _seat(
    session: Session, day: OpenDay, slot: EventSession, registration: Registration, now: datetime
) -> None:
    """Give one who waits the seats, which are there: the slot's row is locked."""
    leave_queue(session, slot.id)
    registration.pool = take_seats(
        session, slot.id, registration.category_id, registration.head_count
    )
    if day.offer_hours is None:
        apply_transition(session, registration, RegistrationTransition.CONFIRM, at=now)
        queue_notice(session, registration, "promoted")
        return
    apply_transition(session, registration, RegistrationTransition.OFFER, at=now)
    registration.offer_expires_at = offer_expiry(day.offer_hours, now, slot.starts_at)
    queue_notice(session, registration, "offered")
