"""The texts of messages to registered people."""

from flask_babel import format_datetime

from plugins.open_day.identifiers import show_code
from plugins.open_day.models import Notice
from plugins.open_day.words import _


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
            "“%(title)s” has changed: your slot %(slot)s is now on %(when)s at %(place)s. "
            "Ticket code: %(code)s."
        ),
        "reminder": _(
            "Reminder: “%(title)s”, %(slot)s, %(when)s, %(place)s. Show ticket code "
            "%(code)s. If you cannot come, please cancel."
        ),
    }
