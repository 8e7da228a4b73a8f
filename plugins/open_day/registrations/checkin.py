"""Check people in: notes of the door are kept, the registration follows all of them together."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from core.sdk import Actor, Conflict, Invalid, utc_now

from ..domain.checkin import Act, Note, Presence, fold, trusted_time
from ..domain.states import DayState, Move, State
from ..i18n import _
from ..models.followup import CheckNote
from ..models.registration import OpenDay, Registration, Slot
from .service import register
from .transitions import By, flush, move
from .validation import Wish

MOST_HEADS = 500
# Two devices may note the same person at the same moment: the slower one looks again.
TRIES = 3


class Outcome(StrEnum):
    """What became of one note."""

    DONE = "done"
    ALREADY = "already"
    REPEATED = "repeated"
    UNKNOWN = "unknown"
    NO_PLACE = "no_place"


@dataclass(frozen=True, slots=True)
class Door:
    """Who notes, on which device; nobody is the visitor."""

    actor: Actor
    device: str = ""


def take_note(session: Session, registration: Registration, note: Note, door: Door) -> Outcome:
    """Keep a note and let the registration follow; sending it again changes nothing."""
    number, day_id = registration.id, registration.open_day_id
    for attempt in range(TRIES):
        try:
            return _take(session, session.get_one(Registration, number), note, door)
        except Conflict:
            session.rollback()
            if attempt == TRIES - 1:
                raise
            session.expire_all()
    raise AssertionError(day_id)  # the last try returns or raises


def _take(session: Session, registration: Registration, note: Note, door: Door) -> Outcome:
    _lock(session, registration)
    if _is_known(session, registration, note.nonce):
        return Outcome.REPEATED
    if not _may_enter(registration):
        return Outcome.NO_PLACE
    before = presence_of(session, registration)
    session.add(
        CheckNote(
            tenant_id=registration.tenant_id,
            open_day_id=registration.open_day_id,
            registration_id=registration.id,
            nonce=note.nonce,
            act=note.act.value,
            heads=note.heads,
            at=trusted_time(note.at, utc_now()),
            device=door.device[:40],
            by_id=door.actor.user_id,
        )
    )
    flush_note(session)
    after = presence_of(session, registration)
    _follow(session, registration, after, By(door.actor))
    flush(session)
    same = before.inside == after.inside and before.heads == after.heads
    return Outcome.ALREADY if same and note.act is Act.IN else Outcome.DONE


def _lock(session: Session, registration: Registration) -> None:
    """Let no other device note anything of this registration until the end of the transaction.

    Without it each of two devices would fold the notes without that of the other.
    """
    session.execute(
        update(Registration)
        .where(Registration.id == registration.id)
        .values(updated_at=Registration.updated_at),
        execution_options={"synchronize_session": False},
    )
    session.refresh(registration)


def flush_note(session: Session) -> None:
    """Write a note; one that another device's upload has just brought is a `Conflict`."""
    from sqlalchemy.exc import IntegrityError

    try:
        session.flush()
    except IntegrityError as error:
        raise Conflict(_("This was noted in the meantime.")) from error


def _is_known(session: Session, registration: Registration, nonce: str) -> bool:
    query = select(CheckNote.id).where(
        CheckNote.open_day_id == registration.open_day_id, CheckNote.nonce == nonce
    )
    return session.scalar(query) is not None


def _may_enter(registration: Registration) -> bool:
    return registration.state in {State.CONFIRMED, State.ATTENDED, State.NO_SHOW}


def presence_of(session: Session, registration: Registration) -> Presence:
    """Whether the registration's people are inside, from all notes about it."""
    notes = session.scalars(
        select(CheckNote).where(
            CheckNote.open_day_id == registration.open_day_id,
            CheckNote.registration_id == registration.id,
        )
    )
    return fold(Note(note.nonce, Act(note.act), note.at, note.heads) for note in notes)


def _follow(session: Session, registration: Registration, now: Presence, by: By) -> None:
    if now.inside and registration.state != State.ATTENDED:
        move(session, registration, Move.ATTEND, by, at=now.since)
    elif not now.inside and registration.state == State.ATTENDED:
        move(session, registration, Move.UNDO, by)
    registration.attended_at = now.since
    registration.attended_count = now.heads or None


def walk_in(session: Session, day: OpenDay, slot: Slot, wish: Wish, door: Door) -> Registration:
    """Register and check in somebody who just came; raises `Conflict` where no place is left."""
    made = register(session, day, slot, wish, By(door.actor))
    if made.state == State.WAITING:
        session.rollback()
        raise Conflict(_("No place is left. Give the session more places if the room has them."))
    nonce = wish.request_key or secrets.token_hex(16)
    take_note(session, made, Note(nonce, Act.IN, utc_now(), made.head_count), door)
    return made


def read_notes(data: object) -> tuple[str, list[tuple[str, Note]]]:
    """A device's name and its notes with their ticket codes; raises `Invalid` for nonsense."""
    try:
        assert isinstance(data, dict)
        notes = [(str(one["code"]), _note(one)) for one in data["notes"]]
        return str(data.get("device", "")), notes[:5_000]
    except (AssertionError, KeyError, TypeError, ValueError) as error:
        raise Invalid({"notes": _("These are no notes of a door.")}) from error


def _note(one: dict[str, object]) -> Note:
    nonce, at = str(one["nonce"]), datetime.fromisoformat(str(one["at"]))
    heads = int(str(one.get("heads", 1)))
    if not 8 <= len(nonce) <= 64 or at.tzinfo is None or not 0 <= heads <= MOST_HEADS:
        raise ValueError(nonce)
    return Note(nonce, Act(str(one["act"])), at, heads)


def take_notes(
    session: Session,
    notes: list[tuple[str, Note]],
    door: Door,
    find: Callable[[str], Registration | None],
) -> list[tuple[str, Outcome]]:
    """Take the notes of a device, each by itself; what became of each, by its nonce."""
    told = []
    for code, note in notes:
        registration = find(code)
        outcome = Outcome.UNKNOWN
        if registration is not None:
            outcome = take_note(session, registration, note, door)
            session.commit()
        told.append((note.nonce, outcome))
    return told


def may_arrive(registration: Registration, now: datetime) -> bool:
    """Whether the visitor may check in by themselves now."""
    slot = registration.slot
    if not slot.self_check_in or registration.state != State.CONFIRMED:
        return False
    opens, closes = slot.check_in_from or slot.starts_at, slot.check_in_until or slot.ends_at
    return registration.day.state == DayState.PUBLISHED and opens <= now <= closes


def missed_before(session: Session, registration: Registration) -> int:
    """How many earlier open days of this place the same phone was registered for and missed."""
    if registration.phone_digest is None:
        return 0
    query = select(func.count(Registration.id)).where(
        Registration.tenant_id == registration.tenant_id,
        Registration.phone_digest == registration.phone_digest,
        Registration.state == State.NO_SHOW,
        Registration.id != registration.id,
    )
    return session.scalar(query) or 0


def close_registrations(session: Session, day: OpenDay, by: By) -> int:
    """Mark those who had a place and did not come; how many registrations."""
    query = select(Registration).where(
        Registration.open_day_id == day.id, Registration.state == State.CONFIRMED
    )
    missing = session.scalars(query).all()
    for registration in missing:
        move(session, registration, Move.MISS, by)
    flush(session)
    return len(missing)
