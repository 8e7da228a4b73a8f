"""Check-in. Every scan is stored as an event; attendance is derived by replaying all events."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.sdk import Actor, Conflict, Invalid, savepoint, utc_now

from ..domain.checkin import Presence, Scan, ScanKind, replay, trusted_time
from ..domain.questions import YEARS
from ..domain.states import DayState, RegistrationState, RegistrationTransition
from ..i18n import _
from ..models.followup import CheckInEvent
from ..models.registration import EventSession, OpenDay, OpenDayEvent, Registration
from .service import register
from .transitions import Cause, apply_transition, flush, record_transition
from .validation import RegistrationRequest

# In the record: let in at the door without a place, seen by nobody who could refuse it.
ADMITTED = "admitted"
MOST_HEADS = 500
MOST_SCANS = 5_000
# Two devices may upload the same scan at the same moment: the slower one looks again.
TRIES = 3
_MAY_ENTER = (
    RegistrationState.CONFIRMED,
    RegistrationState.ATTENDED,
    RegistrationState.NO_SHOW,
)


class CheckInOutcome(StrEnum):
    """What became of one scan."""

    DONE = "done"
    ALREADY = "already"
    REPEATED = "repeated"
    UNKNOWN = "unknown"
    NO_PLACE = "no_place"
    EXCEPTION = "exception"


@dataclass(frozen=True, slots=True)
class CheckInSource:
    """Who scans, on which device; nobody is the visitor.

    What an `offline` device brings has happened: whoever was let in without a place is recorded.
    """

    actor: Actor
    device: str = ""
    offline: bool = False


def record_event(
    session: Session, registration: Registration, scan: Scan, source: CheckInSource
) -> CheckInOutcome:
    """Store a scan and derive the attendance from all of them. Idempotent by the scan's nonce."""
    for _attempt in range(TRIES - 1):
        try:
            with savepoint(session):
                return _record(session, registration, scan, source)
        except Conflict:
            session.expire(registration)
    return _record(session, registration, scan, source)


def _record(
    session: Session, registration: Registration, scan: Scan, source: CheckInSource
) -> CheckInOutcome:
    _lock(session, registration)
    if _is_known(session, registration, scan.nonce):
        return CheckInOutcome.REPEATED
    has_place = registration.state in _MAY_ENTER
    if not has_place and not source.offline:
        return CheckInOutcome.NO_PLACE
    before = load_presence(session, registration)
    _store(session, registration, scan, source)
    after = load_presence(session, registration)
    _update_attendance(session, registration, after, Cause(source.actor))
    flush(session)
    if not has_place and after.inside:
        return CheckInOutcome.EXCEPTION
    same = before.inside == after.inside and before.heads == after.heads
    return CheckInOutcome.ALREADY if same and scan.act is ScanKind.IN else CheckInOutcome.DONE


def _lock(session: Session, registration: Registration) -> None:
    """Lock the registration's row until the end of the transaction.

    Without it each of two devices would replay the events without that of the other.
    """
    query = update(Registration).where(Registration.id == registration.id)
    query = query.values(updated_at=Registration.updated_at)
    session.execute(query, execution_options={"synchronize_session": False})
    session.refresh(registration)


def _is_known(session: Session, registration: Registration, nonce: str) -> bool:
    day_id = registration.open_day_id
    query = select(CheckInEvent.id).where(CheckInEvent.open_day_id == day_id)
    return session.scalar(query.where(CheckInEvent.nonce == nonce)) is not None


def _store(session: Session, registration: Registration, scan: Scan, source: CheckInSource) -> None:
    """Write the event; raises `Conflict` where another device has just brought the same."""
    event = CheckInEvent(
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
    session.add(event)
    try:
        session.flush()
    except IntegrityError as error:
        raise Conflict(_("This was noted in the meantime.")) from error


def load_presence(session: Session, registration: Registration) -> Presence:
    """Replay all events of a registration: whether its people are inside."""
    query = select(CheckInEvent).where(
        CheckInEvent.open_day_id == registration.open_day_id,
        CheckInEvent.registration_id == registration.id,
    )
    events = session.scalars(query)
    return replay(Scan(event.nonce, ScanKind(event.act), event.at, event.heads) for event in events)


def _update_attendance(
    session: Session, registration: Registration, now: Presence, cause: Cause
) -> None:
    attended = registration.state == RegistrationState.ATTENDED
    if registration.state not in _MAY_ENTER:
        if now.inside and registration.attended_at is None:
            record_transition(session, registration, ADMITTED, cause, at=now.since)
    elif now.inside and not attended:
        transition = RegistrationTransition.ATTEND
        apply_transition(session, registration, transition, cause, at=now.since)
    elif attended and not now.inside:
        apply_transition(session, registration, RegistrationTransition.UNDO, cause)
    registration.attended_at = now.since
    registration.attended_count = now.heads or None


def walk_in(
    session: Session,
    day: OpenDay,
    slot: EventSession,
    request: RegistrationRequest,
    source: CheckInSource,
) -> Registration:
    """Register and check in somebody who just came; raises `Conflict` where no place is left."""
    registration = register(session, day, slot, request, Cause(source.actor))
    if registration.state == RegistrationState.WAITING:
        raise Conflict(_("No place is left. Give the session more places if the room has them."))
    nonce = request.request_key or secrets.token_hex(16)
    scan = Scan(nonce, ScanKind.IN, utc_now(), registration.head_count)
    record_event(session, registration, scan, source)
    return registration


def read_scans(data: object) -> tuple[str, list[tuple[str, Scan]]]:
    """Parse a device's name and its scans with their ticket codes; raises `Invalid`."""
    try:
        assert isinstance(data, dict)
        scans = [(str(scan["code"]), _read_scan(scan)) for scan in data["notes"]]
        return str(data.get("device", "")), scans[:MOST_SCANS]
    except (AssertionError, KeyError, TypeError, ValueError) as error:
        raise Invalid({"notes": _("These are no notes of a door.")}) from error


def _read_scan(data: dict[str, object]) -> Scan:
    nonce, at = str(data["nonce"]), datetime.fromisoformat(str(data["at"]))
    heads = int(str(data.get("heads", 1)))
    if at.tzinfo is None or at.year not in YEARS:
        raise ValueError(at)
    if not 8 <= len(nonce) <= 64 or not 0 <= heads <= MOST_HEADS:
        raise ValueError(nonce)
    return Scan(nonce, ScanKind(str(data["act"])), at, heads)


def record_events(
    session: Session,
    scans: list[tuple[str, Scan]],
    source: CheckInSource,
    find: Callable[[str], Registration | None],
) -> list[tuple[str, CheckInOutcome]]:
    """Store the scans of a device; return what became of each, by its nonce."""
    outcomes = []
    for code, scan in scans:
        registration = find(code)
        outcome = CheckInOutcome.UNKNOWN
        if registration is not None:
            outcome = record_event(session, registration, scan, source)
        outcomes.append((scan.nonce, outcome))
    return outcomes


def list_exceptions(session: Session, day: OpenDay) -> list[tuple[Registration, OpenDayEvent]]:
    """List who was let in without a place, with the record that says when and by whom."""
    query = (
        select(Registration, OpenDayEvent)
        .join(OpenDayEvent, OpenDayEvent.registration_id == Registration.id)
        .where(
            Registration.open_day_id == day.id,
            Registration.attended_at.is_not(None),
            OpenDayEvent.move == ADMITTED,
            OpenDayEvent.at == Registration.attended_at,
        )
    )
    return list(session.execute(query.order_by(OpenDayEvent.at)).all())


def may_check_in(registration: Registration, now: datetime) -> bool:
    """Say whether the visitor may check in by themselves now."""
    slot = registration.slot
    if not slot.self_check_in or registration.state != RegistrationState.CONFIRMED:
        return False
    opens, closes = slot.check_in_from or slot.starts_at, slot.check_in_until or slot.ends_at
    return registration.day.state == DayState.PUBLISHED and opens <= now <= closes


def missed_before(session: Session, registration: Registration) -> int:
    """Count the earlier open days here that the same phone was registered for and missed."""
    query = select(func.count(Registration.id)).where(
        Registration.tenant_id == registration.tenant_id,
        Registration.phone_digest == registration.phone_digest,
        Registration.state == RegistrationState.NO_SHOW,
        Registration.id != registration.id,
    )
    return (session.scalar(query) or 0) if registration.phone_digest else 0


def mark_no_shows(session: Session, day: OpenDay, cause: Cause) -> int:
    """Mark those who had a place and did not come; return how many registrations."""
    query = select(Registration).where(
        Registration.open_day_id == day.id, Registration.state == RegistrationState.CONFIRMED
    )
    missing = session.scalars(query).all()
    for registration in missing:
        apply_transition(session, registration, RegistrationTransition.MISS, cause)
    flush(session)
    return len(missing)
