"""Change what people registered: at once until the deadline, after it as a request to the staff.

After the deadline seats, lists and badges are arranged: fewer people and cancelling need nobody's
consent, everything else is recorded with the registration until the staff has decided.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.sdk import Invalid, parse_phone, savepoint, utc_now

from ..domain.states import RegistrationState, Window, deadline
from ..i18n import _
from ..models.registration import Companion, EventSession, Registration
from ..notifications.outbox import queue_notice
from . import capacity, transitions
from .capacity import OPEN, RESERVED
from .service import changed_meanwhile, registered_already, to_claim, to_window
from .transitions import CITIZEN, LIVE, Cause, flush, record_transition
from .validation import LONGEST_NAME, find_companion_fault, phone_digest, split_names
from .waitlist import promote


def is_late(registration: Registration) -> bool:
    """Say whether the deadline is over, so that changes are the staff's to decide."""
    return utc_now() >= deadline(registration.day.closes_at, registration.slot.starts_at)


def check_wish(
    registration: Registration, typed: Mapping[str, Any], sent: Collection[str] = ()
) -> dict[str, Any]:
    """Return what is to be other than now (slot, people, name, phone, companions).

    Empty fields stay as they are, the names of companions only where they were not `sent`.
    Raises `Invalid`.
    """
    faults: dict[str, str] = {}
    slots = {slot.id: slot for slot in registration.day.slots if slot.state != "cancelled"}
    most = max(registration.day.max_party, registration.head_count)
    people, phone = typed["people"], parse_phone(typed["phone"])
    if typed["slot"] and typed["slot"] not in slots:
        faults["slot"] = _("Choose one of the sessions.")
    if people and not (people.isdecimal() and len(people) < 5 and 1 <= int(people) <= most):
        faults["people"] = _("Enter a number from 1 to %(most)s.", most=most)
    if len(typed["name"]) > LONGEST_NAME:
        faults["name"] = _("At most %(count)s characters.", count=LONGEST_NAME)
    if typed["phone"] and phone is None:
        faults["phone"] = _("This is no phone number: 11 digits, or area code and number.")
    companions = [each.name for each in registration.companions]
    named = split_names(typed["companions"]) if "companions" in sent else companions
    coming = int(people) if people.isdecimal() and "people" not in faults else 0
    fault = find_companion_fault(named, coming or registration.head_count)
    if fault and named != companions:
        faults["companions"] = fault
    if faults:
        raise Invalid(faults)
    now = {
        "slot": registration.slot_id, "people": registration.head_count,
        "name": registration.name, "phone": registration.phone,
    }  # fmt: skip
    wish = {**typed, "people": int(people) if people else None, "phone": phone}
    changed = {name: wish[name] for name in now if wish[name] and wish[name] != now[name]}
    return changed | ({"companions": named} if named != companions else {})


def change_by_citizen(session: Session, registration: Registration, wish: dict[str, Any]) -> bool:
    """Change at once, or ask the staff after the deadline; say whether all is done.

    Raises `Invalid` and `Conflict`.
    """
    moves = "slot" in wish and registration.state != RegistrationState.CONFIRMED
    if moves or registration.state not in LIVE or registration.slot.starts_at <= utc_now():
        raise changed_meanwhile()
    if not is_late(registration):
        _apply(session, registration, wish, CITIZEN)
        return True
    asked = dict(wish)
    if asked.get("people", registration.head_count) < registration.head_count:
        change_people(session, registration, asked.pop("people"))
    if asked:
        registration.change_request = asked
        record_transition(session, registration, "change_asked", CITIZEN)
        flush(session)
    return not asked


def decide_change(
    session: Session, registration: Registration, cause: Cause, *, accepted: bool
) -> None:
    """Accept or refuse what was asked for after the deadline, and tell the person."""
    wish = registration.change_request
    if not wish:
        raise changed_meanwhile()
    if not accepted and not cause.note:
        raise Invalid({"note": _("Say why.")})
    registration.change_request = None
    if accepted:
        _apply(session, registration, wish, cause)
    outcome = "change_accepted" if accepted else "change_refused"
    record_transition(session, registration, outcome, cause)
    queue_notice(session, registration, outcome, cause.note)
    flush(session)


def _apply(
    session: Session, registration: Registration, wish: dict[str, Any], cause: Cause
) -> None:
    """Change the session first: it may have more places."""
    if "slot" in wish:
        change_slot(session, registration, session.get_one(EventSession, wish["slot"]), cause)
    if "people" in wish:
        change_people(session, registration, wish["people"], cause)
    if "name" in wish or "phone" in wish:
        name, phone = wish.get("name", registration.name), wish.get("phone", registration.phone)
        change_contact(session, registration, name, phone, cause)
    if "companions" in wish:
        change_companions(session, registration, wish["companions"], cause)


def change_companions(
    session: Session, registration: Registration, names: Sequence[str], cause: Cause = CITIZEN
) -> None:
    """Name other companions. Raises `Invalid` where fewer people come than are named."""
    if fault := find_companion_fault(names, registration.head_count):
        raise Invalid({"companions": fault})
    present = registration.companions
    while len(present) > len(names):
        present.pop()
    for position, name in enumerate(names):
        if position < len(present):
            present[position].name = name
        else:
            tenant_id = registration.tenant_id
            present.append(Companion(tenant_id=tenant_id, position=position, name=name))
    registration.updated_at = utc_now()  # a change of the registration: its version rises
    # Who comes along is said in the registration only, which is erased in time.
    record_transition(session, registration, "change", Cause(cause.actor, _("Companions")))
    flush(session)


def change_contact(
    session: Session, registration: Registration, name: str, phone: str, cause: Cause = CITIZEN
) -> None:
    """Change name and phone; the former phone is told. Raises `Conflict` if it is registered."""
    registration.name = name
    if phone != registration.phone:
        digest = phone_digest(phone)
        claim = registration.claim and to_claim(registration.day, registration.slot, digest)
        taken = select(Registration.id).where(
            Registration.open_day_id == registration.open_day_id, Registration.claim == claim
        )
        if claim and session.scalar(taken) is not None:
            raise registered_already()
        queue_notice(session, registration, "phone_changed")
        try:
            with savepoint(session):
                registration.phone, registration.phone_digest = phone, digest
                registration.claim = claim
                session.flush()
        except IntegrityError as error:
            raise registered_already() from error
    record_transition(session, registration, "change", cause)
    flush(session)


def change_people(
    session: Session, registration: Registration, people: int, cause: Cause = CITIZEN
) -> None:
    """Come with more or fewer people. Raises `Invalid` where there are not enough seats."""
    if registration.state not in LIVE:
        raise changed_meanwhile()
    most, before = registration.day.max_party, registration.head_count
    if not 1 <= people <= max(most, before):
        raise Invalid({"people": _("Enter a number from 1 to %(most)s.", most=most)})
    has_seats = registration.pool is not None
    if has_seats:
        _resize(session, registration, people - before)
    registration.head_count = people
    while len(registration.companions) > people - 1:
        registration.companions.pop()
    record_transition(session, registration, "change", Cause(cause.actor, f"{before} → {people}"))
    flush(session)
    if has_seats and people < before:
        promote(session, registration.slot_id)
        flush(session)


def change_slot(
    session: Session, registration: Registration, slot: EventSession, cause: Cause = CITIZEN
) -> None:
    """Move to another session of the day; the present place is given up only if that works.

    The staff may do so after the deadline, and give reserved places.
    """
    confirmed = registration.state == RegistrationState.CONFIRMED
    if not confirmed or slot.open_day_id != registration.open_day_id:
        raise changed_meanwhile()
    if slot.id == registration.slot_id:
        return
    by_staff = cause is not CITIZEN
    possible = slot.state != "cancelled" and by_staff
    if not possible and to_window(registration.day, slot) is not Window.OPEN:
        raise Invalid({"slot": _("Registration for this session is not open.")})
    old = registration.slot_id
    capacity.lock_slots(session, [old, slot.id])
    pools = (OPEN, RESERVED) if by_staff else (OPEN,)
    pool = capacity.take_seats(session, registration, pools, slot_id=slot.id)
    if pool is None:
        message = _("This session has not enough places; your present one is kept.")
        raise Invalid({"slot": message})
    transitions.release(session, registration)
    registration.slot_id, registration.pool = slot.id, pool
    registration.waiting_number = registration.reminded_at = None
    if registration.claim and ":" in registration.claim:
        registration.claim = to_claim(registration.day, slot, registration.phone_digest)
    record_transition(session, registration, "change", Cause(cause.actor, slot.name))
    flush(session)
    session.refresh(registration, ["slot"])
    queue_notice(session, registration, "confirmed")
    promote(session, old)
    flush(session)


def _resize(session: Session, registration: Registration, more: int) -> None:
    if more < 0:
        capacity.give_back(session, registration, -more)
    elif more > 0:
        pools = (registration.pool or OPEN,)
        if capacity.take_seats(session, registration, pools, people=more) is None:
            raise Invalid({"people": _("There are not enough places for so many people.")})
