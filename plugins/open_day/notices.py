"""Messages to registered people: noted in the transaction that causes them, sent by a job."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from core.sdk import utc_now
from plugins.open_day.models import Notice, OpenDay, Registration, Slot
from plugins.open_day.notice_texts import message_text
from plugins.open_day.rules import DayState, State

MOST_ATTEMPTS = 5
# Sends a text to a phone for a purpose; says whether somebody took it.
Deliver = Callable[[str, str, str], bool]


def tell(session: Session, registration: Registration, about: str) -> None:
    """Note that a registered person is to be told something; without a phone nobody can be."""
    if registration.phone:
        session.add(
            Notice(tenant_id=registration.tenant_id, registration=registration, about=about)
        )


def tell_all(session: Session, day: OpenDay, about: str, *, besides: Sequence[int] = ()) -> int:
    """Note that everybody who is registered, waits or has an offer is to be told; how many.

    `besides` are ids of those who have been told already.
    """
    live = (State.PENDING, State.CONFIRMED, State.WAITING, State.OFFERED)
    found = session.scalars(
        select(Registration).where(
            Registration.open_day_id == day.id,
            Registration.state.in_(live),
            Registration.id.not_in(besides),
        )
    ).all()
    for registration in found:
        tell(session, registration, about)
    return len(found)


def note_reminders(session: Session, tenant_id: int) -> int:
    """Note reminders of slots that begin within the day's own span; each person once."""
    now = utc_now()
    soon = session.execute(
        select(Registration, OpenDay, Slot)
        .join(OpenDay, OpenDay.id == Registration.open_day_id)
        .join(Slot, Slot.id == Registration.slot_id)
        .where(
            Registration.tenant_id == tenant_id,
            Registration.state == State.CONFIRMED,
            Registration.reminded_at.is_(None),
            OpenDay.state == DayState.PUBLISHED,
            OpenDay.remind_hours.is_not(None),
            Slot.starts_at > now,
        )
    ).all()
    due = [
        registration
        for registration, day, slot in soon
        if slot.starts_at - timedelta(hours=day.remind_hours or 0) <= now
    ]
    for registration in due:
        registration.reminded_at = now
        tell(session, registration, "reminder")
    return len(due)


def send_notices(session: Session, tenant_id: int, deliver: Deliver) -> int:
    """Send what waits at a tenant; what nobody takes is tried again, a few times."""
    waiting = session.scalars(
        select(Notice)
        .where(
            Notice.tenant_id == tenant_id,
            Notice.sent_at.is_(None),
            Notice.attempts < MOST_ATTEMPTS,
        )
        .options(
            joinedload(Notice.registration).joinedload(Registration.slot),
            joinedload(Notice.registration).joinedload(Registration.day),
        )
        .order_by(Notice.id)
    ).all()
    sent = 0
    for notice in waiting:
        sent += _send(notice, deliver)
        session.commit()  # what was sent is never sent again, whatever comes after
    return sent


def _send(notice: Notice, deliver: Deliver) -> bool:
    notice.attempts += 1
    registration = notice.registration
    if not registration.phone:
        notice.attempts = MOST_ATTEMPTS  # purged in the meantime
        return False
    if not deliver(registration.phone, message_text(notice), f"open_day.{notice.about}"):
        return False
    notice.sent_at = utc_now()
    return True
