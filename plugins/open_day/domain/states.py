"""Pure rules of open days: the lives of days and registrations, and when one can register."""

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


class DayMove(StrEnum):
    """What can happen to an open day; nothing else changes its state."""

    SUBMIT = "submit"
    RETURN = "return"
    PUBLISH = "publish"
    POSTPONE = "postpone"
    RESUME = "resume"
    CANCEL = "cancel"
    CLOSE = "close"


DAY_MOVES: dict[DayMove, dict[DayState, DayState]] = {
    DayMove.SUBMIT: {DayState.DRAFT: DayState.IN_REVIEW},
    DayMove.RETURN: {DayState.IN_REVIEW: DayState.DRAFT},
    DayMove.PUBLISH: {DayState.IN_REVIEW: DayState.PUBLISHED},
    DayMove.POSTPONE: {DayState.PUBLISHED: DayState.POSTPONED},
    DayMove.RESUME: {DayState.POSTPONED: DayState.PUBLISHED},
    DayMove.CANCEL: {
        DayState.PUBLISHED: DayState.CANCELLED,
        DayState.POSTPONED: DayState.CANCELLED,
    },
    DayMove.CLOSE: {DayState.PUBLISHED: DayState.CLOSED},
}

# What the public sees.
SHOWN = (DayState.PUBLISHED, DayState.POSTPONED, DayState.CANCELLED, DayState.CLOSED)


class State(StrEnum):
    """Where a registration stands."""

    PENDING = "pending"
    CONFIRMED = "confirmed"
    WAITING = "waiting"
    OFFERED = "offered"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    ATTENDED = "attended"
    NO_SHOW = "no_show"


class Move(StrEnum):
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


MOVES: dict[Move, dict[State, State]] = {
    Move.CONFIRM: {State.PENDING: State.CONFIRMED, State.WAITING: State.CONFIRMED},
    Move.QUEUE: {State.PENDING: State.WAITING, State.CONFIRMED: State.WAITING},
    Move.OFFER: {State.WAITING: State.OFFERED},
    Move.ACCEPT: {State.OFFERED: State.CONFIRMED},
    Move.EXPIRE: {State.OFFERED: State.CANCELLED},
    Move.LAPSE: {
        State.PENDING: State.DECLINED,
        State.WAITING: State.DECLINED,
        State.OFFERED: State.DECLINED,
    },
    Move.DECLINE: {State.PENDING: State.DECLINED, State.WAITING: State.DECLINED},
    Move.CANCEL: {
        State.PENDING: State.CANCELLED,
        State.CONFIRMED: State.CANCELLED,
        State.WAITING: State.CANCELLED,
        State.OFFERED: State.CANCELLED,
    },
    Move.ATTEND: {State.CONFIRMED: State.ATTENDED, State.NO_SHOW: State.ATTENDED},
    Move.MISS: {State.CONFIRMED: State.NO_SHOW},
    Move.UNDO: {State.ATTENDED: State.CONFIRMED, State.NO_SHOW: State.CONFIRMED},
}

HOLDING = (State.CONFIRMED, State.OFFERED, State.ATTENDED, State.NO_SHOW)
ENDED = (State.DECLINED, State.CANCELLED)

DAY_STATES = tuple(DayState)
REGISTRATION_STATES = tuple(State)
SLOT_STATES = ("open", "closed", "cancelled")
MODES = ("none", "first_come", "moderated", "lottery", "invitation")
RECURRENCES = ("none", "weekly", "monthly", "quarterly", "yearly")
SOURCES = ("self", "staff", "invitation", "nomination", "walk_in")
FIELD_KINDS = ("text", "number", "choice", "checkbox", "phone", "id_number", "date")


class IllegalMoveError(ValueError):
    """A move that the present state does not allow."""


def day_after(state: str, move: DayMove) -> DayState:
    """The state that a move of a day leads to; raises `IllegalMoveError`."""
    try:
        return DAY_MOVES[move][DayState(state)]
    except KeyError as error:
        raise IllegalMoveError(f"{move} from {state}") from error


def after(state: str, move: Move) -> State:
    """The state that a move of a registration leads to; raises `IllegalMoveError`."""
    try:
        return MOVES[move][State(state)]
    except KeyError as error:
        raise IllegalMoveError(f"{move} from {state}") from error


def can(state: str, move: Move) -> bool:
    """Whether a registration may move so."""
    return State(state) in MOVES[move]


def can_day(state: str, move: DayMove) -> bool:
    """Whether a day may move so."""
    return DayState(state) in DAY_MOVES[move]


class Window(StrEnum):
    """Whether registration is possible at a moment."""

    NONE = "none"
    NOT_YET = "not_yet"
    OPEN = "open"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Times:
    """What decides when a slot can be registered for."""

    mode: str
    day_state: str
    slot_state: str
    opens_at: datetime | None
    closes_at: datetime | None
    starts_at: datetime


def window(times: Times, now: datetime) -> Window:
    """Whether citizens can register now."""
    if times.mode in {"none", "invitation"} or times.day_state != DayState.PUBLISHED:
        return Window.NONE
    if times.slot_state == "cancelled":
        return Window.NONE
    if times.opens_at and now < times.opens_at:
        return Window.NOT_YET
    closes = min(times.closes_at or times.starts_at, times.starts_at)
    return Window.OPEN if now < closes and times.slot_state == "open" else Window.OVER


def offer_expiry(hours: int, now: datetime, starts_at: datetime) -> datetime:
    """Until when a place from the waiting list must be accepted: never after the start."""
    return min(now + timedelta(hours=hours), starts_at)
