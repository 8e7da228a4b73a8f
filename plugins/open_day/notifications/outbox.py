"""Messages to registered people: noted in the transaction that causes them, sent by a job.

The texts of messages to registered people.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta

from flask_babel import format_datetime
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from core.sdk import utc_now

from ..domain.identifiers import show_code
from ..domain.states import DayState, RegistrationState
from ..i18n import _
from ..models.registration import EventSession, Notice, OpenDay, Registration


def message_text(notice: Notice) -> str:
    """What the person is told, in one short text."""
    registration = notice.registration
    values = {
        "title": registration.day.title,
        "slot": registration.slot.name,
        "when": moment(registration.slot.starts_at),
        "place": registration.slot.place or registration.day.place,
        "code": show_code(registration.code),
        "until": moment(registration.offer_expires_at),
        "reason": registration.day.state_reason,
        "phone": registration.day.phone,
    }
    return _texts()[notice.about] % values


def moment(value: object) -> str:
    """A time as people are told it."""
    return format_datetime(value, "yyyy-MM-dd HH:mm") if value else ""


def _texts() -> dict[str, str]:
    return {
        "registered": _(
            "We have your registration for “%(title)s” (%(slot)s, %(when)s) and will tell "
            "you the outcome. Ticket code: %(code)s."
        ),
        "confirmed": _(
            "You are registered for “%(title)s”: %(slot)s, %(when)s, %(place)s. Ticket "
            "code: %(code)s."
        ),
        "waiting": _(
            "You are on the waiting list of “%(title)s” (%(slot)s, %(when)s). Ticket code: "
            "%(code)s."
        ),
        "promoted": _(
            "A place has become free: you are registered for “%(title)s”, %(slot)s, "
            "%(when)s, %(place)s. Ticket code: %(code)s."
        ),
        "offered": _(
            "A place has become free for “%(title)s” (%(slot)s, %(when)s). Accept it by "
            "%(until)s with ticket code %(code)s."
        ),
        "expired": _(
            "The place offered to you for “%(title)s” was not accepted in time and has gone"
            " to the next. You can register again."
        ),
        "declined": _(
            "Your registration for “%(title)s” (%(slot)s) could not be accepted. Questions:"
            " %(phone)s."
        ),
        "lost": _("In the draw for “%(title)s” (%(slot)s) you were not given a place."),
        "lapsed": _(
            "“%(title)s” (%(slot)s) is over; no place could be given to you. Thank you for your "
            "interest."
        ),
        "cancelled": _("Your registration for “%(title)s” (%(slot)s, %(when)s) is cancelled."),
        "day_cancelled": _("“%(title)s” will not take place: %(reason)s. Questions: %(phone)s."),
        "day_postponed": _(
            "“%(title)s” is postponed: %(reason)s. Your registration stays; we will tell "
            "you the new date. Questions: %(phone)s."
        ),
        "day_changed": _(
            "“%(title)s” has changed: your session %(slot)s is now on %(when)s at %(place)s. "
            "Ticket code: %(code)s."
        ),
        "reminder": _(
            "Reminder: “%(title)s”, %(slot)s, %(when)s, %(place)s. Show ticket code "
            "%(code)s. If you cannot come, please cancel."
        ),
    }


MOST_ATTEMPTS = 5
# Sends a text to a phone for a purpose; says whether somebody took it.
Deliver = Callable[[str, str, str], bool]


def queue_notice(session: Session, registration: Registration, about: str) -> None:
    """Note that a registered person is to be told something; without a phone nobody can be."""
    if registration.phone:
        session.add(
            Notice(tenant_id=registration.tenant_id, registration=registration, about=about)
        )


def queue_notices(
    session: Session, day: OpenDay, about: str, *, besides: Sequence[int] = ()
) -> int:
    """Note that everybody who is registered, waits or has an offer is to be told; how many.

    `besides` are ids of those who have been told already.
    """
    live = (
        RegistrationState.PENDING,
        RegistrationState.CONFIRMED,
        RegistrationState.WAITING,
        RegistrationState.OFFERED,
    )
    found = session.scalars(
        select(Registration).where(
            Registration.open_day_id == day.id,
            Registration.state.in_(live),
            Registration.id.not_in(besides),
        )
    ).all()
    for registration in found:
        queue_notice(session, registration, about)
    return len(found)


def queue_reminders(session: Session, tenant_id: int) -> int:
    """Note reminders of slots that begin within the day's own span; each person once."""
    now = utc_now()
    soon = session.execute(
        select(Registration, OpenDay, EventSession)
        .join(OpenDay, OpenDay.id == Registration.open_day_id)
        .join(EventSession, EventSession.id == Registration.slot_id)
        .where(
            Registration.tenant_id == tenant_id,
            Registration.state == RegistrationState.CONFIRMED,
            Registration.reminded_at.is_(None),
            OpenDay.state == DayState.PUBLISHED,
            OpenDay.remind_hours.is_not(None),
            EventSession.starts_at > now,
        )
    ).all()
    due = [
        registration
        for registration, day, slot in soon
        if slot.starts_at - timedelta(hours=day.remind_hours or 0) <= now
    ]
    for registration in due:
        registration.reminded_at = now
        queue_notice(session, registration, "reminder")
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
