"""Register people for a slot, change what they asked for, and end it."""

import secrets
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.sdk import Conflict, Invalid, utc_now

from ..domain.identifiers import new_code
from ..domain.states import ENDED, HOLDING, DayState, Move, State, Times, Window, window
from ..i18n import _
from ..models.registration import Answer, Companion, OpenDay, Registration, Slot
from ..notifications.outbox import tell
from .capacity import OPEN, RESERVED, give_back, join_queue, lock_slots, lottery_number, take_seats
from .digests import phone_digest
from .transitions import CITIZEN, By, flush, leave, move, note_move, release
from .validation import Checked, Wish, check_wish
from .waitlist import expire_offers, promote

BY_STAFF = (DayState.PUBLISHED, DayState.CLOSED)


def window_of(day: OpenDay, slot: Slot) -> Window:
    """Whether citizens can register for the slot now."""
    times = Times(day.mode, day.state, slot.state, day.opens_at, day.closes_at, slot.starts_at)
    return window(times, utc_now())


def register(
    session: Session, day: OpenDay, slot: Slot, wish: Wish, by: By = CITIZEN
) -> Registration:
    """Register somebody: with a place, on the waiting list, or undecided, as the day's mode says.

    Sending the same form twice gives the same registration. Raises `Invalid` (field → message)
    and `Conflict` (not open, full, registered already).
    """
    if (earlier := _sent_before(session, wish)) is not None:
        return earlier
    _refuse_closed(day, slot, wish)
    checked = check_wish(day, wish)
    registration = _new(day, slot, wish, checked)
    _refuse_second(session, registration)
    try:
        _settle(session, day, registration, wish)
        session.add(registration)
        session.flush()
    except IntegrityError as error:
        session.rollback()
        if (earlier := _sent_before(session, wish)) is not None:
            return earlier
        raise _registered_already() from error
    note_move(session, registration, "register", "", by)
    tell(session, registration, _notice_of(registration))
    return registration


def cancel(session: Session, registration: Registration, by: By = CITIZEN) -> None:
    """Give a registration up; the seats go to whoever waits. Raises `Conflict`."""
    held = registration.state in HOLDING
    leave(session, registration, Move.CANCEL, by)
    tell(session, registration, "cancelled")
    flush(session)
    if held:
        promote(session, registration.slot_id)
        flush(session)


def change_people(session: Session, registration: Registration, people: int) -> None:
    """Come with more or fewer people. Raises `Invalid` where there are not enough seats."""
    if registration.state in ENDED or registration.state in {State.ATTENDED, State.NO_SHOW}:
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
    note_move(session, registration, "change", registration.state, By(note=f"{before} → {people}"))
    flush(session)
    if people < before and registration_pool is not None:
        promote(session, registration.slot_id)
        flush(session)


def change_slot(session: Session, registration: Registration, slot: Slot) -> None:
    """Come to another slot of the same day; the present place is given up only if that works."""
    if registration.state != State.CONFIRMED or slot.open_day_id != registration.open_day_id:
        raise Conflict(_("That is no longer possible: the registration has changed."))
    if slot.id == registration.slot_id:
        return
    if window_of(registration.day, slot) is not Window.OPEN:
        raise Invalid({"slot": _("Registration for this slot is not open.")})
    old = registration.slot_id
    lock_slots(session, [old, slot.id])
    pool = take_seats(session, slot.id, registration.category_id, registration.head_count)
    if pool is None:
        raise Invalid({"slot": _("This slot has not enough places; your present one is kept.")})
    release(session, registration)
    registration.slot_id, registration.pool = slot.id, pool
    registration.waiting_number = registration.reminded_at = None
    if registration.claim and ":" in registration.claim:
        registration.claim = _claim(registration.day, slot, registration.phone_digest)
    note_move(session, registration, "change", registration.state, By(note=slot.name))
    flush(session)
    session.refresh(registration, ["slot"])
    tell(session, registration, "confirmed")
    promote(session, old)
    flush(session)


def accept(session: Session, registration: Registration, by: By) -> None:
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
        move(session, registration, Move.CONFIRM, by)
        tell(session, registration, "confirmed")
    else:
        registration.waiting_number = _queue(session, registration.slot_id)
        move(session, registration, Move.QUEUE, by)
        tell(session, registration, "waiting")
    flush(session)


def decline(session: Session, registration: Registration, by: By) -> None:
    """Refuse a registration that is pending or waits, with a reason for the record."""
    if not by.note.strip():
        raise Invalid({"reason": _("Say why.")})
    leave(session, registration, Move.DECLINE, by)
    tell(session, registration, "declined")
    flush(session)


def _require_pending(registration: Registration) -> None:
    if registration.state != State.PENDING:
        raise Conflict(_("That is no longer possible: the registration has changed."))


def _sent_before(session: Session, wish: Wish) -> Registration | None:
    if not wish.request_key:
        return None
    return session.scalar(select(Registration).where(Registration.request_key == wish.request_key))


def _refuse_closed(day: OpenDay, slot: Slot, wish: Wish) -> None:
    if wish.source == "self":
        possible = window_of(day, slot) is Window.OPEN
    else:
        possible = day.state in BY_STAFF and slot.state != "cancelled" and not day.is_template
    if not possible:
        raise Conflict(_("Registration for this slot is not open."))


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


def _new(day: OpenDay, slot: Slot, wish: Wish, checked: Checked) -> Registration:
    digest = phone_digest(checked.phone) if checked.phone else None
    consented = wish.consent and day.consent_text
    return Registration(
        tenant_id=day.tenant_id,
        open_day_id=day.id,
        slot_id=slot.id,
        category_id=checked.category.id if checked.category else None,
        code=new_code(secrets.choice),
        request_key=wish.request_key or None,
        name=checked.name,
        phone=checked.phone,
        phone_digest=digest,
        claim=None if wish.shares_phone else _claim(day, slot, digest),
        head_count=checked.people,
        organisation=wish.organisation.strip(),
        home_id=wish.home_id,
        source=wish.source,
        language=wish.language.strip(),
        needs=wish.needs.strip(),
        consent_version=day.consent_version if consented else None,
        consented_at=utc_now() if consented else None,
        companions=[
            Companion(tenant_id=day.tenant_id, position=position, name=name)
            for position, name in enumerate(checked.companions)
        ],
        answers=_answers(day, slot, checked),
    )


def _answers(day: OpenDay, slot: Slot, checked: Checked) -> list[Answer]:
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


def _claim(day: OpenDay, slot: Slot, digest: str | None) -> str | None:
    if digest is None or day.one_per_phone:
        return digest
    return f"{digest}:{slot.id}"


def _pools(source: str) -> tuple[str, ...]:
    return (OPEN,) if source == "self" else (RESERVED, OPEN)


def _settle(session: Session, day: OpenDay, registration: Registration, wish: Wish) -> None:
    """Decide the first state: undecided, with seats, or waiting."""
    slot_id = registration.slot_id
    if wish.undecided or (wish.source == "self" and day.mode in {"moderated", "lottery"}):
        registration.state = State.PENDING
        if day.mode == "lottery" and not wish.undecided:
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
        registration.state, registration.pool = State.CONFIRMED, pool
        return
    registration.waiting_number = _queue(session, slot_id)
    registration.state = State.WAITING


def _queue(session: Session, slot_id: int) -> int:
    number = join_queue(session, slot_id)
    if number is None:
        session.rollback()
        raise Conflict(_("All places of this slot are taken, and its waiting list is full."))
    return number


def _resize(session: Session, registration: Registration, more: int, pool: str) -> None:
    slot_id, category = registration.slot_id, registration.category_id
    if more < 0:
        give_back(session, slot_id, category, -more, pool)
    elif more > 0 and take_seats(session, slot_id, category, more, (pool,)) is None:
        raise Invalid({"people": _("There are not enough places for so many people.")})


def _notice_of(registration: Registration) -> str:
    return {State.CONFIRMED: "confirmed", State.WAITING: "waiting"}.get(
        State(registration.state), "registered"
    )
