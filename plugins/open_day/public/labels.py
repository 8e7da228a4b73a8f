"""Times, states and seats as people read them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import format_datetime, to_user_timezone

from core.sdk import now_until

from ..domain.states import ONLINE, DayState, RegistrationState, Window
from ..i18n import _, _n
from ..models.registration import EventSession, OpenDay, Registration
from ..registrations.capacity import free_seats
from ..registrations.service import to_window


def long_time(moment: datetime | None) -> str:
    """Format a moment: day, weekday and time."""
    return format_datetime(moment, _("EEEE d MMMM yyyy, HH:mm")) if moment else ""


def _long_day(moment: datetime) -> str:
    return str(format_datetime(moment, _("EEEE d MMMM yyyy")))


def format_span(slots: Sequence[EventSession]) -> str:
    """Format from when to when sessions are, as far as announced; one day is said once."""
    running = [slot for slot in slots if slot.state != "cancelled"] or slots
    if not running:
        return ""
    begins = min(running, key=lambda slot: slot.starts_at)
    ends = max(running, key=lambda slot: slot.ends_at)
    words = begins.time_text if len(running) == 1 else ""
    start, end = begins.start_shown and not words, ends.end_shown and not words
    first = long_time(begins.starts_at) if start else _long_day(begins.starts_at)
    if to_user_timezone(begins.starts_at).date() == to_user_timezone(ends.ends_at).date():
        clock = f"–{format_datetime(ends.ends_at, 'HH:mm')}" if start and end else ""
        return f"{first}{clock} {words}".strip()
    last = long_time(ends.ends_at) if end else _long_day(ends.ends_at)
    span = _("%(first)s to %(last)s", first=first, last=last)
    return f"{span} {words}".strip()


def format_days(day: OpenDay) -> str:
    """Format the date or dates of a day, without times."""
    if day.starts_at is None or day.ends_at is None:
        return ""
    first, last = (format_datetime(m, _("d MMMM yyyy")) for m in (day.starts_at, day.ends_at))
    return first if first == last else _("%(first)s to %(last)s", first=first, last=last)


@dataclass(frozen=True, slots=True)
class StatusLabel:
    """A state in words, and its tone (a colour is never the only sign)."""

    text: str
    tone: str = ""


def day_status(day: OpenDay, left: int) -> StatusLabel:
    """Say where a day stands for the citizen, in a word or two."""
    if day.state == DayState.CANCELLED:
        return StatusLabel(_("Cancelled"), "bad")
    if day.state == DayState.POSTPONED:
        return StatusLabel(_("Postponed"), "warn")
    if day.state == DayState.CLOSED or (day.ends_at and day.ends_at <= now_until(day.ends_at)):
        return StatusLabel(_("Over"), "quiet")
    return _registration_status(day, left) if day.mode in ONLINE else _offline_status(day)


def _offline_status(day: OpenDay) -> StatusLabel:
    if day.mode == "none":
        return StatusLabel(_("No registration needed"), "good")
    if not day.by_telephone:
        return StatusLabel(_("By invitation"), "quiet")
    if day.closes_at and day.closes_at <= now_until(day.closes_at):
        return StatusLabel(_("Registration closed"), "quiet")
    return StatusLabel(_("Registration by telephone"), "good")


def _registration_status(day: OpenDay, left: int) -> StatusLabel:
    windows = {to_window(day, slot) for slot in day.slots}
    if Window.OPEN in windows:
        full = left <= 0 and day.mode == "first_come"
        return (
            StatusLabel(_("Full"), "warn") if full else StatusLabel(_("Registration open"), "good")
        )
    if Window.NOT_YET in windows:
        return StatusLabel(_("Registration opens soon"), "quiet")
    return StatusLabel(_("Registration closed"), "quiet")


def seats_label(day: OpenDay, slot: EventSession) -> str:
    """Say how many places a session still has; how many people come where nobody counts."""
    left = free_seats(slot)
    if day.mode not in ONLINE:
        number = slot.capacity if slot.is_counted else 0
        counted = _n("%(num)s person", "%(num)s people", number) if number else ""
        return slot.capacity_text or counted
    if day.mode == "lottery":
        return _n("%(num)s place is drawn by lot", "%(num)s places are drawn by lot", left)
    if left:
        return _n("%(num)s place left", "%(num)s places left", left)
    if slot.waiting_on and (slot.waiting_limit is None or slot.waiting < slot.waiting_limit):
        return _("Full; %(count)s on the waiting list", count=slot.waiting)
    return _("Full")


def window_label(day: OpenDay, window: Window) -> str:
    """Say why one cannot register now, or nothing."""
    if window is Window.NOT_YET:
        return _("Registration opens on %(when)s", when=long_time(day.opens_at))
    if window is Window.OVER:
        return _("Registration has closed")
    return ""


def ticket_status(registration: Registration) -> StatusLabel:
    """Say where a registration stands."""
    return {
        RegistrationState.PENDING: StatusLabel(_("Received, not yet decided"), "quiet"),
        RegistrationState.CONFIRMED: StatusLabel(_("Registered"), "good"),
        RegistrationState.WAITING: StatusLabel(_("On the waiting list"), "warn"),
        RegistrationState.OFFERED: StatusLabel(
            _("A place is kept for you: please accept it"), "warn"
        ),
        RegistrationState.DECLINED: StatusLabel(_("Not accepted"), "bad"),
        RegistrationState.CANCELLED: StatusLabel(_("Cancelled"), "bad"),
        RegistrationState.ATTENDED: StatusLabel(_("Attended"), "good"),
        RegistrationState.NO_SHOW: StatusLabel(_("Did not come"), "quiet"),
    }[RegistrationState(registration.state)]


def mode_label(day: OpenDay) -> str:
    """Say how places are given."""
    return {
        "none": _("Come as you like, no registration needed"),
        "first_come": _("Whoever registers first gets the place"),
        "moderated": _("Registrations are looked through; you will be told the outcome"),
        "lottery": _("Places are drawn by lot after registration has closed"),
        "invitation": _("By invitation or nomination"),
        "telephone": _("Register by telephone: %(phone)s", phone=day.phone),
    }[day.signup]
