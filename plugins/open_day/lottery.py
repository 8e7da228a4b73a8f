"""The draw of a slot: repeatable by everybody who knows the seed, kept with all that went in."""

import secrets

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.sdk import Conflict, utc_now
from plugins.open_day.lives import By, flush, leave, move
from plugins.open_day.models import Draw, OpenDay, Registration, Slot
from plugins.open_day.notices import tell
from plugins.open_day.registering import window_of
from plugins.open_day.rules import Move, State, Window
from plugins.open_day.seating import Party, commitment, draw
from plugins.open_day.seats import join_queue, lock_slots, open_seats, take_seats
from plugins.open_day.words import _


def ensure_seed(day: OpenDay) -> None:
    """Give a day with a lottery its secret seed, once; its SHA-256 is shown from then on."""
    if day.mode == "lottery" and day.lottery_seed is None:
        day.lottery_seed = secrets.token_hex(16)


def promised(day: OpenDay) -> str:
    """What is published of the seed before the draw."""
    return commitment(day.lottery_seed) if day.lottery_seed else ""


def draw_lottery(session: Session, day: OpenDay, slot: Slot, by: By) -> Draw:
    """Draw a slot once registration is over; losers wait in the order drawn.

    Raises `Conflict` while registration is open, or where it was drawn already.
    """
    _refuse_early(session, day, slot)
    lock_slots(session, [slot.id])
    entered = _entered(session, slot)
    parties = [Party(number, r.head_count, r.category_id) for number, r in entered.items()]
    seats = open_seats(session, slot.id)
    record = Draw(
        tenant_id=day.tenant_id,
        open_day_id=day.id,
        slot_id=slot.id,
        seed=day.lottery_seed,
        seats=seats.free,
        entries=[[party.number, party.people, party.category] for party in parties],
        quotas=sorted([category, left] for category, left in seats.quotas.items()),
        drawn_at=utc_now(),
        drawn_by_id=by.actor.user_id,
        drawn_by_name=by.actor.name,
    )
    record.drawn, record.winners = draw(parties, record.seed, seats)
    session.add(record)
    for number in record.drawn:
        _settle(session, entered[number], by, won=number in record.winners)
    flush(session)
    return record


def _refuse_early(session: Session, day: OpenDay, slot: Slot) -> None:
    if day.mode != "lottery" or not day.lottery_seed:
        raise Conflict(_("This open day has no draw."))
    if window_of(day, slot) in {Window.OPEN, Window.NOT_YET}:
        raise Conflict(_("The draw follows when registration has closed."))
    if session.scalar(select(Draw.id).where(Draw.slot_id == slot.id)) is not None:
        raise Conflict(_("This slot has been drawn already."))


def _entered(session: Session, slot: Slot) -> dict[int, Registration]:
    found = session.scalars(
        select(Registration)
        .where(
            Registration.slot_id == slot.id,
            Registration.state == State.PENDING,
            Registration.lottery_number.is_not(None),
        )
        .order_by(Registration.lottery_number)
        .execution_options(populate_existing=True)
    )
    return {registration.lottery_number or 0: registration for registration in found}


def _settle(session: Session, registration: Registration, by: By, *, won: bool) -> None:
    """Give a winner the seats; let others wait while there is room on the list."""
    if won:
        registration.pool = take_seats(
            session, registration.slot_id, registration.category_id, registration.head_count
        )
        move(session, registration, Move.CONFIRM, by)
        tell(session, registration, "confirmed")
        return
    number = join_queue(session, registration.slot_id)
    if number is None:
        leave(session, registration, Move.DECLINE, By(by.actor, "not_drawn"))
        tell(session, registration, "lost")
        return
    registration.waiting_number = number
    move(session, registration, Move.QUEUE, by)
    tell(session, registration, "waiting")
