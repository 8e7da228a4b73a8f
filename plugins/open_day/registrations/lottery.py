"""The draw of a slot: repeatable by everybody who knows the seed, kept with all that went in.

Draws of a day: what was drawn, as the staff and the public see it; what can be drawn now.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from core.sdk import Conflict, utc_now

from ..domain.allocation import Party, commitment, draw
from ..domain.states import DayState, Move, State, Window
from ..i18n import _
from ..models.registration import Draw, OpenDay, Registration, Slot
from ..notifications.outbox import tell
from .capacity import join_queue, lock_slots, open_seats, take_seats
from .service import window_of
from .transitions import By, flush, leave, move


def draws_of(session: Session, day: OpenDay) -> dict[int, Draw]:
    """Draws of the day by session."""
    found = session.scalars(select(Draw).where(Draw.open_day_id == day.id))
    return {draw.slot_id: draw for draw in found}


def may_draw(session: Session, day: OpenDay, slot: Slot) -> bool:
    """Whether registration for the session is over and nothing was drawn yet."""
    if day.mode != "lottery" or day.state not in {DayState.PUBLISHED, DayState.CLOSED}:
        return False
    drawn = session.scalar(select(Draw.id).where(Draw.slot_id == slot.id))
    return drawn is None and window_of(day, slot) not in {Window.OPEN, Window.NOT_YET}


@dataclass(frozen=True, slots=True)
class DrawnLine:
    """One registration in a draw, by its public number."""

    number: int
    people: int
    category: str
    won: bool


@dataclass(frozen=True, slots=True)
class DrawShown:
    """A session's draw."""

    slot: Slot
    draw: Draw
    lines: list[DrawnLine]


def draw_records(session: Session, day: OpenDay) -> list[DrawShown]:
    """The public record: the draws of those sessions that were drawn, without persons."""
    drawn = draws_of(session, day)
    labels = {category.id: category.label for category in day.categories}
    return [
        DrawShown(slot, drawn[slot.id], _lines(drawn[slot.id], labels))
        for slot in day.slots
        if slot.id in drawn
    ]


def _lines(draw: Draw, labels: Mapping[int, str]) -> list[DrawnLine]:
    entered = {number: (people, category) for number, people, category in draw.entries}
    return [
        DrawnLine(
            number,
            entered[number][0],
            labels.get(entered[number][1], ""),
            number in draw.winners,
        )
        for number in draw.drawn
    ]


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
