"""Register people for a slot, change what they asked for, and end it."""

import secrets
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.sdk import Conflict, Invalid, utc_now

from ..domain.identifiers import new_code
from ..domain.states import (
    ENDED,
    HOLDING,
    DayState,
    RegistrationState,
    RegistrationTransition,
    SessionTimes,
    Window,
    window,
)
from ..i18n import _
from ..models.registration import Answer, Companion, EventSession, OpenDay, Registration
from ..notifications.outbox import queue_notice
from .capacity import OPEN, RESERVED, give_back, join_queue, lock_slots, lottery_number, take_seats
from .digests import phone_digest
from .transitions import (
    CITIZEN,
    Cause,
    apply_transition,
    cancel_and_release,
    flush,
    record_transition,
    release,
)
from .validation import RegistrationRequest, ValidRegistration, validate
from .waitlist import expire_offers, promote

BY_STAFF = (DayState.PUBLISHED, DayState.CLOSED)


def window_of(day: OpenDay, slot: EventSession) -> Window:
    """Whether citizens can register for the slot now."""
    times = SessionTimes(
        day.mode, day.state, slot.state, day.opens_at, day.closes_at, slot.starts_at
    )
    return window(times, utc_now())


def register(
    session: Session,
    day: OpenDay,
    slot: EventSession,
    requested: RegistrationRequest,
    cause: Cause = CITIZEN,
) -> Registration:
    """Register somebody: with a place, on the waiting list, or undecided, as the day's mode says.

    Sending the same form twice gives the same registration. Raises `Invalid` (field → message)
    and `Conflict` (not open, full, registered already).
    """
    if (earlier := _sent_before(session, requested)) is not None:
        return earlier
    _refuse_closed(day, slot, requested)
    checked = validate(day, requested)
    registration = _new(day, slot, requested, checked)
    _refuse_second(session, registration)
    try:
        _settle(session, day, registration, requested)
        session.add(registration)
        session.flush()
    except IntegrityError as error:
        session.rollback()
        if (earlier := _sent_before(session, requested)) is not None:
            return earlier
        raise _registered_already() from error
    record_transition(session, registration, "register", "", cause)
    queue_notice(session, registration, _notice_of(registration))
    return registration


def cancel(session: Session, registration: Registration, cause: Cause = CITIZEN) -> None:
    """Give a registration up; the seats go to whoever waits. Raises `Conflict`."""
    held = registration.state in HOLDING
    cancel_and_release(session, registration, RegistrationTransition.CANCEL, cause)
    queue_notice(session, registration, "cancelled")
    flush(session)
    if held:
        promote(session, registration.slot_id)
        flush(session)


def change_people(session: Session, registration: Registration, people: int) -> None:
    """Come with more or fewer people. Raises `Invalid` where there are not enough seats."""
    if registration.state in ENDED or registration.state in {
        RegistrationState.ATTENDED,
        RegistrationState.NO_SHOW,
    }:
        raise Conflict(_("That is no longer possible: the registration has changed."))
    most = registration.day.max_party
    if not 1 <= people <= max(most, registration.head_count):
        raise Invalid({"people": _("Enter a number from 1 to %(most)s.", most=most)})
    before, registration_pool = registration.head_count, registration.pool
    if registration_pool is not None:
        _resize(session, registration, people - before, registration_pool)
    registration.head_count = people
    while len(registration.companions) > people - 1:
        registration.companions.pop()
    record_transition(
        session, registration, "change", registration.state, Cause(note=f"{before} → {people}")
    )
    flush(session)
    if people < before and registration_pool is not None:
        promote(session, registration.slot_id)
        flush(session)


def change_slot(session: Session, registration: Registration, slot: EventSession) -> None:
    """Come to another slot of the same day; the present place is given up only if that works."""
    if (
        registration.state != RegistrationState.CONFIRMED
        or slot.open_day_id != registration.open_day_id
    ):
        raise Conflict(_("That is no longer possible: the registration has changed."))
    if slot.id == registration.slot_id:
        return
    if window_of(registration.day, slot) is not Window.OPEN:
        raise Invalid({"slot": _("Registration for this session is not open.")})
    old = registration.slot_id
    lock_slots(session, [old, slot.id])
    pool = take_seats(session, slot.id, registration.category_id, registration.head_count)
    if pool is None:
        raise Invalid({"slot": _("This session has not enough places; your present one is kept.")})
    release(session, registration)
    registration.slot_id, registration.pool = slot.id, pool
    registration.waiting_number = registration.reminded_at = None
    if registration.claim and ":" in registration.claim:
        registration.claim = _claim(registration.day, slot, registration.phone_digest)
    record_transition(session, registration, "change", registration.state, Cause(note=slot.name))
    flush(session)
    session.refresh(registration, ["slot"])
    queue_notice(session, registration, "confirmed")
    promote(session, old)
    flush(session)


def accept(session: Session, registration: Registration, cause: Cause) -> None:
    """Let a pending registration in (moderated mode): with a place, else on the waiting list."""
    _require_pending(registration)
    pool = take_seats(
        session,
        registration.slot_id,
        registration.category_id,
        registration.head_count,
        _pools(registration.source),
    )
    if pool is not None:
        registration.pool = pool
        apply_transition(session, registration, RegistrationTransition.CONFIRM, cause)
        queue_notice(session, registration, "confirmed")
    else:
        registration.waiting_number = _queue(session, registration.slot_id)
        apply_transition(session, registration, RegistrationTransition.QUEUE, cause)
        queue_notice(session, registration, "waiting")
    flush(session)


def decline(session: Session, registration: Registration, cause: Cause) -> None:
    """Refuse a registration that is pending or waits, with a reason for the record."""
    if not cause.note.strip():
        raise Invalid({"reason": _("Say why.")})
    cancel_and_release(session, registration, RegistrationTransition.DECLINE, cause)
    queue_notice(session, registration, "declined")
    flush(session)


def _require_pending(registration: Registration) -> None:
    if registration.state != RegistrationState.PENDING:
        raise Conflict(_("That is no longer possible: the registration has changed."))


def _sent_before(session: Session, requested: RegistrationRequest) -> Registration | None:
    if not requested.request_key:
        return None
    return session.scalar(
        select(Registration).where(Registration.request_key == requested.request_key)
    )


def _refuse_closed(day: OpenDay, slot: EventSession, requested: RegistrationRequest) -> None:
    if requested.source == "self":
        possible = window_of(day, slot) is Window.OPEN
    else:
        possible = day.state in BY_STAFF and slot.state != "cancelled" and not day.is_template
    if not possible:
        raise Conflict(_("Registration for this session is not open."))


def _refuse_second(session: Session, registration: Registration) -> None:
    """Say so politely; where two come at once, the unique claim refuses the second."""
    if registration.claim is None:
        return
    taken = select(Registration.id).where(
        Registration.open_day_id == registration.open_day_id,
        Registration.claim == registration.claim,
    )
    if session.scalar(taken) is not None:
        raise _registered_already()


def _registered_already() -> Conflict:
    return Conflict(
        _("This phone is registered already. Open the registration with phone and ticket code.")
    )


def _new(
    day: OpenDay, slot: EventSession, requested: RegistrationRequest, checked: ValidRegistration
) -> Registration:
    digest = phone_digest(checked.phone) if checked.phone else None
    consented = requested.consent and day.consent_text
    return Registration(
        tenant_id=day.tenant_id,
        open_day_id=day.id,
        slot_id=slot.id,
        category_id=checked.category.id if checked.category else None,
        code=new_code(secrets.choice),
        request_key=requested.request_key or None,
        name=checked.name,
        phone=checked.phone,
        phone_digest=digest,
        claim=None if requested.shares_phone else _claim(day, slot, digest),
        head_count=checked.people,
        organisation=requested.organisation.strip(),
        residence_id=requested.residence_id,
        source=requested.source,
        language=requested.language.strip(),
        needs=requested.needs.strip(),
        consent_version=day.consent_version if consented else None,
        consented_at=utc_now() if consented else None,
        companions=[
            Companion(tenant_id=day.tenant_id, position=position, name=name)
            for position, name in enumerate(checked.companions)
        ],
        answers=_answers(day, slot, checked),
    )


def _answers(day: OpenDay, slot: EventSession, checked: ValidRegistration) -> list[Answer]:
    return [
        Answer(
            tenant_id=day.tenant_id,
            open_day_id=day.id,
            field_id=found.id,
            value=checked.answers[found.key],
            purge_on=(slot.ends_at + timedelta(days=found.retention_days)).date()
            if found.retention_days
            else None,
        )
        for found in day.fields
        if found.key in checked.answers
    ]


def _claim(day: OpenDay, slot: EventSession, digest: str | None) -> str | None:
    if digest is None or day.one_per_phone:
        return digest
    return f"{digest}:{slot.id}"


def _pools(source: str) -> tuple[str, ...]:
    return (OPEN,) if source == "self" else (RESERVED, OPEN)


def _settle(
    session: Session, day: OpenDay, registration: Registration, requested: RegistrationRequest
) -> None:
    """Decide the first state: undecided, with seats, or waiting."""
    slot_id = registration.slot_id
    if requested.undecided or (requested.source == "self" and day.mode in {"moderated", "lottery"}):
        registration.state = RegistrationState.PENDING
        if day.mode == "lottery" and not requested.undecided:
            registration.lottery_number = lottery_number(session, slot_id)
        return
    expire_offers(session, slot_id)
    pool = take_seats(
        session,
        slot_id,
        registration.category_id,
        registration.head_count,
        _pools(registration.source),
    )
    if pool is not None:
        registration.state, registration.pool = RegistrationState.CONFIRMED, pool
        return
    registration.waiting_number = _queue(session, slot_id)
    registration.state = RegistrationState.WAITING


def _queue(session: Session, slot_id: int) -> int:
    number = join_queue(session, slot_id)
    if number is None:
        session.rollback()
        raise Conflict(_("All places of this session are taken, and its waiting list is full."))
    return number


def _resize(session: Session, registration: Registration, more: int, pool: str) -> None:
    slot_id, category = registration.slot_id, registration.category_id
    if more < 0:
        give_back(session, slot_id, category, -more, pool)
    elif more > 0 and take_seats(session, slot_id, category, more, (pool,)) is None:
        raise Invalid({"people": _("There are not enough places for so many people.")})


def _notice_of(registration: Registration) -> str:
    return {RegistrationState.CONFIRMED: "confirmed", RegistrationState.WAITING: "waiting"}.get(
        RegistrationState(registration.state), "registered"
    )
