"""Rules of open days: the lives of days and registrations, and when one can register."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class DayState(StrEnum):
    """Where an open day stands in its life."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    PUBLISHED = "published"
    POSTPONED = "postponed"
    CANCELLED = "cancelled"
    CLOSED = "closed"


class DayTransition(StrEnum):
    """What can happen to an open day; nothing else changes its state."""

    SUBMIT = "submit"
    RETURN = "return"
    PUBLISH = "publish"
    POSTPONE = "postpone"
    RESUME = "resume"
    CANCEL = "cancel"
    CLOSE = "close"


DAY_TRANSITIONS: dict[DayTransition, dict[DayState, DayState]] = {
    DayTransition.SUBMIT: {DayState.DRAFT: DayState.IN_REVIEW},
    DayTransition.RETURN: {DayState.IN_REVIEW: DayState.DRAFT},
    DayTransition.PUBLISH: {DayState.IN_REVIEW: DayState.PUBLISHED},
    DayTransition.POSTPONE: {DayState.PUBLISHED: DayState.POSTPONED},
    DayTransition.RESUME: {DayState.POSTPONED: DayState.PUBLISHED},
    DayTransition.CANCEL: {
        DayState.PUBLISHED: DayState.CANCELLED,
        DayState.POSTPONED: DayState.CANCELLED,
    },
    DayTransition.CLOSE: {DayState.PUBLISHED: DayState.CLOSED},
}

# What the public sees.
SHOWN = (DayState.PUBLISHED, DayState.POSTPONED, DayState.CANCELLED, DayState.CLOSED)


class RegistrationState(StrEnum):
    """Where a registration stands."""

    PENDING = "pending"
    CONFIRMED = "confirmed"
    WAITING = "waiting"
    OFFERED = "offered"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    ATTENDED = "attended"
    NO_SHOW = "no_show"


class RegistrationTransition(StrEnum):
    """What can happen to a registration; nothing else changes its state."""

    CONFIRM = "confirm"
    QUEUE = "queue"
    OFFER = "offer"
    ACCEPT = "accept"
    EXPIRE = "expire"
    LAPSE = "lapse"
    DECLINE = "decline"
    CANCEL = "cancel"
    ATTEND = "attend"
    MISS = "miss"
    UNDO = "undo"


TRANSITIONS: dict[RegistrationTransition, dict[RegistrationState, RegistrationState]] = {
    RegistrationTransition.CONFIRM: {
        RegistrationState.PENDING: RegistrationState.CONFIRMED,
        RegistrationState.WAITING: RegistrationState.CONFIRMED,
    },
    RegistrationTransition.QUEUE: {
        RegistrationState.PENDING: RegistrationState.WAITING,
        RegistrationState.CONFIRMED: RegistrationState.WAITING,
    },
    RegistrationTransition.OFFER: {RegistrationState.WAITING: RegistrationState.OFFERED},
    RegistrationTransition.ACCEPT: {RegistrationState.OFFERED: RegistrationState.CONFIRMED},
    RegistrationTransition.EXPIRE: {RegistrationState.OFFERED: RegistrationState.CANCELLED},
    RegistrationTransition.LAPSE: {
        RegistrationState.PENDING: RegistrationState.DECLINED,
        RegistrationState.WAITING: RegistrationState.DECLINED,
        RegistrationState.OFFERED: RegistrationState.DECLINED,
    },
    RegistrationTransition.DECLINE: {
        RegistrationState.PENDING: RegistrationState.DECLINED,
        RegistrationState.WAITING: RegistrationState.DECLINED,
    },
    RegistrationTransition.CANCEL: {
        RegistrationState.PENDING: RegistrationState.CANCELLED,
        RegistrationState.CONFIRMED: RegistrationState.CANCELLED,
        RegistrationState.WAITING: RegistrationState.CANCELLED,
        RegistrationState.OFFERED: RegistrationState.CANCELLED,
    },
    RegistrationTransition.ATTEND: {
        RegistrationState.CONFIRMED: RegistrationState.ATTENDED,
        RegistrationState.NO_SHOW: RegistrationState.ATTENDED,
    },
    RegistrationTransition.MISS: {RegistrationState.CONFIRMED: RegistrationState.NO_SHOW},
    RegistrationTransition.UNDO: {
        RegistrationState.ATTENDED: RegistrationState.CONFIRMED,
        RegistrationState.NO_SHOW: RegistrationState.CONFIRMED,
    },
}

HOLDING = (
    RegistrationState.CONFIRMED,
    RegistrationState.OFFERED,
    RegistrationState.ATTENDED,
    RegistrationState.NO_SHOW,
)
ENDED = (RegistrationState.DECLINED, RegistrationState.CANCELLED)

DAY_STATES = tuple(DayState)
REGISTRATION_STATES = tuple(RegistrationState)
SLOT_STATES = ("open", "closed", "cancelled")
MODES = ("none", "first_come", "moderated", "lottery", "invitation")
# Those in which citizens register online: their places are counted.
ONLINE = ("first_come", "moderated", "lottery")
# What an announcement says: `telephone` is the mode `invitation`, open to whoever telephones.
SIGNUPS = ("none", "telephone", *ONLINE, "invitation")
RECURRENCES = ("none", "weekly", "monthly", "quarterly", "yearly")
SOURCES = ("self", "staff", "invitation", "nomination", "walk_in")
FIELD_KINDS = ("text", "number", "choice", "checkbox", "phone", "id_number", "date")


class Window(StrEnum):
    """Whether registration is possible at a moment."""

    NONE = "none"
    NOT_YET = "not_yet"
    OPEN = "open"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class SessionTimes:
    """What decides when a slot can be registered for."""

    mode: str
    day_state: str
    slot_state: str
    opens_at: datetime | None
    closes_at: datetime | None
    starts_at: datetime


def window(times: SessionTimes, now: datetime) -> Window:
    """Say whether citizens can register now."""
    if times.mode in {"none", "invitation"} or times.day_state != DayState.PUBLISHED:
        return Window.NONE
    if times.slot_state == "cancelled":
        return Window.NONE
    if times.opens_at and now < times.opens_at:
        return Window.NOT_YET
    closes = deadline(times.closes_at, times.starts_at)
    return Window.OPEN if now < closes and times.slot_state == "open" else Window.OVER


def deadline(closes_at: datetime | None, starts_at: datetime) -> datetime:
    """Return until when people register and change: never after the session has begun."""
    return min(closes_at or starts_at, starts_at)


def offer_expiry(hours: int, now: datetime, starts_at: datetime) -> datetime:
    """Return until when a place from the waiting list must be accepted: never after the start."""
    return min(now + timedelta(hours=hours), starts_at)
