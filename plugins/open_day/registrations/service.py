"""Register people for a session, decide on them, and end it."""

import secrets
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.sdk import Conflict, Invalid, now_until, savepoint, utc_now

from ..domain import states
from ..domain.identifiers import new_code
from ..domain.states import RegistrationState, RegistrationTransition, Window
from ..i18n import _
from ..models.registration import Answer, Companion, EventSession, OpenDay, Registration
from ..notifications.outbox import queue_notice
from . import capacity, transitions
from .capacity import OPEN, RESERVED
from .transitions import CITIZEN, Cause, flush, record_transition
from .validation import RegistrationRequest, ValidRegistration, phone_digest, validate
from .waitlist import expire_offers, promote

_BY_STAFF = (states.DayState.PUBLISHED, states.DayState.CLOSED)
_NOTICES = {RegistrationState.CONFIRMED: "confirmed", RegistrationState.WAITING: "waiting"}
# Where a refusal is that the phone is registered already.
REGISTERED = "registered"


def to_window(day: OpenDay, slot: EventSession) -> Window:
    """Tell whether citizens can register for the session now."""
    times = states.SessionTimes(
        day.mode, day.state, slot.state, day.opens_at, day.closes_at, slot.starts_at
    )
    return states.window(times, now_until(day.opens_at, day.closes_at, slot.starts_at))


def register(
    session: Session,
    day: OpenDay,
    slot: EventSession,
    request: RegistrationRequest,
    cause: Cause = CITIZEN,
) -> Registration:
    """Register somebody: with a place, on the waiting list, or undecided, as the day's mode says.

    Idempotent: sending the same form twice gives the same registration. Raises `Invalid` (field →
    message) and `Conflict` (not open, full, registered already).
    """
    if (earlier := _find_sent(session, request)) is not None:
        return earlier
    _refuse_closed(day, slot, request)
    registration = _build(day, slot, request, validate(day, request))
    # The transaction's first write: SQLite takes its lock here, whatever is read after it is new.
    capacity.lock_slots(session, [slot.id])
    _refuse_second(session, registration)
    try:
        with savepoint(session):
            _seat(session, day, registration, request)
            session.add(registration)
            session.flush()
    except IntegrityError as error:
        if (earlier := _find_sent(session, request)) is not None:
            return earlier
        raise registered_already() from error
    record_transition(session, registration, "register", cause, before="")
    notice = _NOTICES.get(RegistrationState(registration.state), "registered")
    queue_notice(session, registration, notice)
    return registration


def cancel(session: Session, registration: Registration, cause: Cause = CITIZEN) -> None:
    """Give a registration up; the seats go to whoever waits. Raises `Conflict`."""
    held = registration.state in states.HOLDING
    transitions.cancel_and_release(session, registration, RegistrationTransition.CANCEL, cause)
    queue_notice(session, registration, "cancelled")
    flush(session)
    if held:
        promote(session, registration.slot_id)
        flush(session)


def accept(session: Session, registration: Registration, cause: Cause) -> None:
    """Let a pending registration in (moderated mode): with a place, else on the waiting list."""
    if registration.state != RegistrationState.PENDING:
        raise changed_meanwhile()
    seated = transitions.confirm(session, registration, cause, _pools(registration.source))
    if not seated and not transitions.put_on_waitlist(session, registration, cause):
        raise _full()
    flush(session)


def decline(session: Session, registration: Registration, cause: Cause) -> None:
    """Refuse a registration that is pending or waits, with a reason for the record."""
    if not cause.note.strip():
        raise Invalid({"reason": _("Say why.")})
    transitions.cancel_and_release(session, registration, RegistrationTransition.DECLINE, cause)
    queue_notice(session, registration, "declined")
    flush(session)


def changed_meanwhile() -> Conflict:
    """Return the refusal of what is no longer possible."""
    return Conflict(_("That is no longer possible: the registration has changed."))


def _full() -> Conflict:
    return Conflict(_("All places of this session are taken, and its waiting list is full."))


def registered_already() -> Conflict:
    """Return the refusal of a phone that is registered already."""
    return Conflict(
        _("This phone is registered already. Open the registration with phone and ticket code."),
        where=REGISTERED,
    )


def _find_sent(session: Session, request: RegistrationRequest) -> Registration | None:
    """Find what was made of the same form before (idempotency key)."""
    query = select(Registration).where(Registration.request_key == request.request_key)
    return session.scalar(query) if request.request_key else None


def _refuse_closed(day: OpenDay, slot: EventSession, request: RegistrationRequest) -> None:
    if request.source == "self":
        possible = to_window(day, slot) is Window.OPEN
    else:
        possible = day.state in _BY_STAFF and slot.state != "cancelled" and not day.is_template
    if not possible:
        raise Conflict(_("Registration for this session is not open."))


def _refuse_second(session: Session, registration: Registration) -> None:
    """Say so politely; where two come at once, the unique claim refuses the second."""
    taken = select(Registration.id).where(
        Registration.open_day_id == registration.open_day_id,
        Registration.claim == registration.claim,
    )
    if registration.claim is not None and session.scalar(taken) is not None:
        raise registered_already()


def _build(
    day: OpenDay, slot: EventSession, request: RegistrationRequest, valid: ValidRegistration
) -> Registration:
    digest = phone_digest(valid.phone) if valid.phone else None
    consented = request.consent and day.consent_text
    return Registration(
        tenant_id=day.tenant_id,
        open_day_id=day.id,
        slot_id=slot.id,
        category_id=valid.category.id if valid.category else None,
        code=new_code(secrets.choice),
        request_key=request.request_key or None,
        name=valid.name,
        phone=valid.phone,
        phone_digest=digest,
        claim=None if request.shares_phone else to_claim(day, slot, digest),
        head_count=valid.people,
        organisation=request.organisation.strip(),
        residence_id=request.residence_id,
        source=request.source,
        language=request.language.strip(),
        needs=request.needs.strip(),
        consent_version=day.consent_version if consented else None,
        consented_at=utc_now() if consented else None,
        companions=[
            Companion(tenant_id=day.tenant_id, position=position, name=name)
            for position, name in enumerate(valid.companions)
        ],
        answers=_build_answers(day, slot, valid),
    )


def _build_answers(day: OpenDay, slot: EventSession, valid: ValidRegistration) -> list[Answer]:
    return [
        Answer(
            tenant_id=day.tenant_id,
            open_day_id=day.id,
            field_id=field.id,
            value=valid.answers[field.key],
            purge_on=(slot.ends_at + timedelta(days=field.retention_days)).date()
            if field.retention_days
            else None,
        )
        for field in day.fields
        if field.key in valid.answers
    ]


def to_claim(day: OpenDay, slot: EventSession, digest: str | None) -> str | None:
    """Return what nobody else may hold: the phone, of the day or of the session."""
    return digest if digest is None or day.one_per_phone else f"{digest}:{slot.id}"


def _pools(source: str) -> tuple[str, ...]:
    return (OPEN,) if source == "self" else (RESERVED, OPEN)


def _seat(
    session: Session, day: OpenDay, registration: Registration, request: RegistrationRequest
) -> None:
    """Decide the first state: undecided, with seats, or waiting."""
    slot_id = registration.slot_id
    drawn_or_decided = request.source == "self" and day.mode in {"moderated", "lottery"}
    if request.undecided or drawn_or_decided:
        registration.state = RegistrationState.PENDING
        if day.mode == "lottery" and not request.undecided:
            registration.lottery_number = capacity.next_lottery_number(session, slot_id)
        return
    expire_offers(session, slot_id)
    registration.pool = capacity.take_seats(session, registration, _pools(registration.source))
    registration.state = RegistrationState.CONFIRMED
    if registration.pool is None:
        registration.state = RegistrationState.WAITING
        registration.waiting_number = capacity.join_queue(session, slot_id)
        if registration.waiting_number is None:
            raise _full()
