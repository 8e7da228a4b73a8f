"""Notices to registered people: their texts, queued in the transaction that causes them."""

from collections.abc import Sequence
from datetime import timedelta

from flask_babel import format_datetime
from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from core import sdk
from core.sdk import Tenant, add_notice_template, utc_now

from ..domain.identifiers import show_code
from ..domain.states import DayState, RegistrationState
from ..i18n import _l
from ..labels import format_when
from ..manifest import NAME
from ..models.registration import EventSession, OpenDay, Registration

_LIVE = (
    RegistrationState.PENDING,
    RegistrationState.CONFIRMED,
    RegistrationState.WAITING,
    RegistrationState.OFFERED,
)
_TEXTS = {
    "registered": _l(
        "We have your registration for “%(title)s” (%(slot)s, %(when)s) and will tell you the "
        "outcome. Ticket code: %(code)s."
    ),
    "confirmed": _l(
        "You are registered for “%(title)s”: %(slot)s, %(when)s, %(place)s. Ticket code: %(code)s."
    ),
    "waiting": _l(
        "You are on the waiting list of “%(title)s” (%(slot)s, %(when)s). Ticket code: %(code)s."
    ),
    "promoted": _l(
        "A place has become free: you are registered for “%(title)s”, %(slot)s, %(when)s, "
        "%(place)s. Ticket code: %(code)s."
    ),
    "offered": _l(
        "A place has become free for “%(title)s” (%(slot)s, %(when)s). Accept it by %(until)s "
        "with ticket code %(code)s."
    ),
    "expired": _l(
        "The place offered to you for “%(title)s” was not accepted in time and has gone to the "
        "next. You can register again."
    ),
    "declined": _l(
        "Your registration for “%(title)s” (%(slot)s) could not be accepted. Questions: %(phone)s."
    ),
    "lost": _l("In the draw for “%(title)s” (%(slot)s) you were not given a place."),
    "lapsed": _l(
        "“%(title)s” (%(slot)s) is over; no place could be given to you. Thank you for your "
        "interest."
    ),
    "cancelled": _l("Your registration for “%(title)s” (%(slot)s, %(when)s) is cancelled."),
    "day_cancelled": _l("“%(title)s” will not take place: %(reason)s. Questions: %(phone)s."),
    "day_postponed": _l(
        "“%(title)s” is postponed: %(reason)s. Your registration stays; we will tell you the new "
        "date. Questions: %(phone)s."
    ),
    "day_changed": _l(
        "“%(title)s” has changed: your session %(slot)s is now on %(when)s at %(place)s. Ticket "
        "code: %(code)s."
    ),
    "change_accepted": _l(
        "The change that you asked for has been accepted: “%(title)s”, %(slot)s, %(when)s, "
        "%(place)s. Ticket code: %(code)s."
    ),
    "change_refused": _l(
        "The change that you asked for could not be made: %(reason)s. Your registration for "
        "“%(title)s” (%(slot)s, %(when)s) stays as it is. Questions: %(phone)s."
    ),
    "phone_changed": _l(
        "The telephone number of your registration for “%(title)s” (%(slot)s) has been changed. "
        "If it was not you, call %(phone)s."
    ),
    "reminder": _l(
        "Reminder: “%(title)s”, %(slot)s, %(when)s, %(place)s. Show ticket code %(code)s. If you "
        "cannot come, please cancel."
    ),
}
for _about, _text in _TEXTS.items():
    add_notice_template(f"{NAME}.{_about}", _text)


def to_subject(registration: Registration) -> str:
    """Name the registration as the subject of its notices."""
    return f"{NAME}.registration:{registration.id}"


def queue_notice(
    session: Session, registration: Registration, about: str, reason: str = ""
) -> None:
    """Queue a notice to a registered person; without a phone nobody can be told."""
    session.flush()  # the notice names the registration by its id
    day, slot = registration.day, registration.slot
    facts = {
        "title": day.title,
        "slot": slot.name,
        "when": format_when(slot, until=False),
        "place": slot.place or day.place,
        "code": show_code(registration.code),
        "until": _format(registration.offer_expires_at),
        "reason": reason or day.state_reason,
        "phone": day.phone,
    }
    tenant = session.get_one(Tenant, registration.tenant_id)
    topic, subject = f"{NAME}.{about}", to_subject(registration)
    sdk.queue_notice(session, tenant, topic, registration.phone, facts, subject=subject)


def _format(moment: object) -> str:
    return format_datetime(moment, "yyyy-MM-dd HH:mm") if moment else ""


def queue_notices(
    session: Session, day: OpenDay, about: str, *, besides: Sequence[int] = ()
) -> int:
    """Queue a notice to everybody who is registered, waits or has an offer; return how many.

    `besides` are ids of those who have been told already.
    """
    query = select(Registration).where(
        Registration.open_day_id == day.id,
        Registration.state.in_(_LIVE),
        Registration.id.not_in(besides),
    )
    registrations = session.scalars(query).all()
    for registration in registrations:
        queue_notice(session, registration, about)
    return len(registrations)


def queue_reminders(session: Session, tenant_id: int) -> int:
    """Queue reminders of sessions that begin within the day's own span; each person once."""
    now = utc_now()
    query = (
        select(Registration)
        .join(Registration.day)
        .join(Registration.slot)
        .where(
            Registration.tenant_id == tenant_id,
            Registration.state == RegistrationState.CONFIRMED,
            Registration.reminded_at.is_(None),
            OpenDay.state == DayState.PUBLISHED,
            OpenDay.remind_hours.is_not(None),
            EventSession.starts_at > now,
        )
        .options(contains_eager(Registration.day), contains_eager(Registration.slot))
    )
    due = [
        registration
        for registration in session.scalars(query)
        if registration.slot.starts_at - now <= timedelta(hours=registration.day.remind_hours or 0)
    ]
    for registration in due:
        registration.reminded_at = now
        queue_notice(session, registration, "reminder")
    return len(due)
