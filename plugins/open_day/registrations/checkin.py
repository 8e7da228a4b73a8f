"""Check people in: notes of the door are kept, the registration follows all of them together."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from core.sdk import Actor, Conflict, Invalid, utc_now

from ..domain.checkin import Presence, Scan, ScanKind, replay, trusted_time
from ..domain.states import DayState, RegistrationState, RegistrationTransition
from ..i18n import _
from ..models.followup import CheckInEvent
from ..models.registration import EventSession, OpenDay, Registration
from .service import register
from .transitions import Cause, apply_transition, flush
from .validation import RegistrationRequest

MOST_HEADS = 500
# Two devices may note the same person at the same moment: the slower one looks again.
TRIES = 3


class CheckInOutcome(StrEnum):
    """What became of one note."""

    DONE = "done"
    ALREADY = "already"
    REPEATED = "repeated"
    UNKNOWN = "unknown"
    NO_PLACE = "no_place"


@dataclass(frozen=True, slots=True)
class CheckInSource:
    """Who notes, on which device; nobody is the visitor."""

    actor: Actor
    device: str = ""


def record_event(
    session: Session, registration: Registration, scan: Scan, source: CheckInSource
) -> CheckInOutcome:
    """Keep a note and let the registration follow; sending it again changes nothing."""
    number, day_id = registration.id, registration.open_day_id
    for attempt in range(TRIES):
        try:
            return _take(session, session.get_one(Registration, number), scan, source)
        except Conflict:
            session.rollback()
            if attempt == TRIES - 1:
                raise
            session.expire_all()
    raise AssertionError(day_id)  # the last try returns or raises


def _take(
    session: Session, registration: Registration, scan: Scan, source: CheckInSource
) -> CheckInOutcome:
    _lock(session, registration)
    if _is_known(session, registration, scan.nonce):
        return CheckInOutcome.REPEATED
    if not _may_enter(registration):
        return CheckInOutcome.NO_PLACE
    before = presence_of(session, registration)
    session.add(
        CheckInEvent(
            tenant_id=registration.tenant_id,
            open_day_id=registration.open_day_id,
            registration_id=registration.id,
            nonce=scan.nonce,
            act=scan.act.value,
            heads=scan.heads,
            at=trusted_time(scan.at, utc_now()),
            device=source.device[:40],
            by_id=source.actor.user_id,
        )
    )
    _flush_event(session)
    after = presence_of(session, registration)
    _follow(session, registration, after, Cause(source.actor))
    flush(session)
    same = before.inside == after.inside and before.heads == after.heads
    return CheckInOutcome.ALREADY if same and scan.act is ScanKind.IN else CheckInOutcome.DONE


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


def _flush_event(session: Session) -> None:
    """Write a note; one that another device's upload has just brought is a `Conflict`."""
    from sqlalchemy.exc import IntegrityError

    try:
        session.flush()
    except IntegrityError as error:
        raise Conflict(_("This was noted in the meantime.")) from error


def _is_known(session: Session, registration: Registration, nonce: str) -> bool:
    query = select(CheckInEvent.id).where(
        CheckInEvent.open_day_id == registration.open_day_id, CheckInEvent.nonce == nonce
    )
    return session.scalar(query) is not None


def _may_enter(registration: Registration) -> bool:
    return registration.state in {
        RegistrationState.CONFIRMED,
        RegistrationState.ATTENDED,
        RegistrationState.NO_SHOW,
    }


def presence_of(session: Session, registration: Registration) -> Presence:
    """Whether the registration's people are inside, from all notes about it."""
    scans = session.scalars(
        select(CheckInEvent).where(
            CheckInEvent.open_day_id == registration.open_day_id,
            CheckInEvent.registration_id == registration.id,
        )
    )
    return replay(Scan(scan.nonce, ScanKind(scan.act), scan.at, scan.heads) for scan in scans)


def _follow(session: Session, registration: Registration, now: Presence, cause: Cause) -> None:
    if now.inside and registration.state != RegistrationState.ATTENDED:
        apply_transition(session, registration, RegistrationTransition.ATTEND, cause, at=now.since)
    elif not now.inside and registration.state == RegistrationState.ATTENDED:
        apply_transition(session, registration, RegistrationTransition.UNDO, cause)
    registration.attended_at = now.since
    registration.attended_count = now.heads or None


def walk_in(
    session: Session,
    day: OpenDay,
    slot: EventSession,
    requested: RegistrationRequest,
    source: CheckInSource,
) -> Registration:
    """Register and check in somebody who just came; raises `Conflict` where no place is left."""
    made = register(session, day, slot, requested, Cause(source.actor))
    if made.state == RegistrationState.WAITING:
        session.rollback()
        raise Conflict(_("No place is left. Give the session more places if the room has them."))
    nonce = requested.request_key or secrets.token_hex(16)
    record_event(session, made, Scan(nonce, ScanKind.IN, utc_now(), made.head_count), source)
    return made


def read_scans(data: object) -> tuple[str, list[tuple[str, Scan]]]:
    """A device's name and its notes with their ticket codes; raises `Invalid` for nonsense."""
    try:
        assert isinstance(data, dict)
        scans = [(str(one["code"]), _read_scan(one)) for one in data["notes"]]
        return str(data.get("device", "")), scans[:5_000]
    except (AssertionError, KeyError, TypeError, ValueError) as error:
        raise Invalid({"notes": _("These are no notes of a door.")}) from error


def _read_scan(one: dict[str, object]) -> Scan:
    nonce, at = str(one["nonce"]), datetime.fromisoformat(str(one["at"]))
    heads = int(str(one.get("heads", 1)))
    if not 8 <= len(nonce) <= 64 or at.tzinfo is None or not 0 <= heads <= MOST_HEADS:
        raise ValueError(nonce)
    return Scan(nonce, ScanKind(str(one["act"])), at, heads)


def record_events(
    session: Session,
    scans: list[tuple[str, Scan]],
    source: CheckInSource,
    find: Callable[[str], Registration | None],
) -> list[tuple[str, CheckInOutcome]]:
    """Take the notes of a device, each by itself; what became of each, by its nonce."""
    told = []
    for code, scan in scans:
        registration = find(code)
        outcome = CheckInOutcome.UNKNOWN
        if registration is not None:
            outcome = record_event(session, registration, scan, source)
            session.commit()
        told.append((scan.nonce, outcome))
    return told


def may_arrive(registration: Registration, now: datetime) -> bool:
    """Whether the visitor may check in by themselves now."""
    slot = registration.slot
    if not slot.self_check_in or registration.state != RegistrationState.CONFIRMED:
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
        Registration.state == RegistrationState.NO_SHOW,
        Registration.id != registration.id,
    )
    return session.scalar(query) or 0


def close_registrations(session: Session, day: OpenDay, cause: Cause) -> int:
    """Mark those who had a place and did not come; how many registrations."""
    query = select(Registration).where(
        Registration.open_day_id == day.id, Registration.state == RegistrationState.CONFIRMED
    )
    missing = session.scalars(query).all()
    for registration in missing:
        apply_transition(session, registration, RegistrationTransition.MISS, cause)
    flush(session)
    return len(missing)
