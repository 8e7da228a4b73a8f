"""Move registrations from state to state: each move is recorded, seats and queue follow."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from core.sdk import Actor, Conflict, utc_now
from plugins.open_day.models import OpenDayEvent, Registration
from plugins.open_day.rules import ENDED, HOLDING, IllegalMoveError, Move, State, after
from plugins.open_day.seats import give_back, leave_queue
from plugins.open_day.words import _

NOBODY = Actor(None, "")


@dataclass(frozen=True, slots=True)
class By:
    """Who moves a registration, and why; nobody is the citizen, or the program itself."""

    actor: Actor = NOBODY
    note: str = ""


CITIZEN = By()


def move(
    session: Session,
    registration: Registration,
    what: Move,
    by: By = CITIZEN,
    *,
    at: datetime | None = None,
) -> None:
    """Make one move and record it; seats are the caller's business. Raises `Conflict`."""
    before = registration.state
    try:
        registration.state = after(before, what)
    except IllegalMoveError as error:
        raise Conflict(_("That is no longer possible: the registration has changed.")) from error
    if registration.state in ENDED:
        registration.claim = None
        registration.state_reason = by.note
    if registration.state not in HOLDING:
        registration.pool = None
    if registration.state != State.OFFERED:
        registration.offer_expires_at = None
    note_move(session, registration, what, before, by, at=at)


def note_move(  # noqa: PLR0913 - the columns of one row
    session: Session,
    registration: Registration,
    what: str,
    before: str,
    by: By,
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
            note=by.note,
            actor_id=by.actor.user_id,
            actor_name=by.actor.name,
            at=at or utc_now(),
        )
    )


def leave(session: Session, registration: Registration, what: Move, by: By = CITIZEN) -> None:
    """End a registration: what it held or waited for is given back first."""
    release(session, registration)
    move(session, registration, what, by)


def release(session: Session, registration: Registration) -> None:
    """Give back the seats that a registration holds, or its place in the queue."""
    if registration.state == State.WAITING:
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
