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
from ..domain.states import DayState, RegistrationState, RegistrationTransition, Window
from ..i18n import _
from ..models.registration import Draw, EventSession, OpenDay, Registration
from ..notifications.outbox import queue_notice
from .capacity import join_queue, lock_slots, open_seats, take_seats
from .service import window_of
from .transitions import Cause, apply_transition, cancel_and_release, flush


def draws_of(session: Session, day: OpenDay) -> dict[int, Draw]:
    """Draws of the day by session."""
    found = session.scalars(select(Draw).where(Draw.open_day_id == day.id))
    return {draw.slot_id: draw for draw in found}


def may_draw(session: Session, day: OpenDay, slot: EventSession) -> bool:
    """Whether registration for the session is over and nothing was drawn yet."""
    if day.mode != "lottery" or day.state not in {DayState.PUBLISHED, DayState.CLOSED}:
        return False
    drawn = session.scalar(select(Draw.id).where(Draw.slot_id == slot.id))
    return drawn is None and window_of(day, slot) not in {Window.OPEN, Window.NOT_YET}


@dataclass(frozen=True, slots=True)
class DrawLine:
    """One registration in a draw, by its public number."""

    number: int
    people: int
    category: str
    won: bool


@dataclass(frozen=True, slots=True)
class DrawRecord:
    """A session's draw."""

    slot: EventSession
    draw: Draw
    lines: list[DrawLine]


def draw_records(session: Session, day: OpenDay) -> list[DrawRecord]:
    """The public record: the draws of those sessions that were drawn, without persons."""
    drawn = draws_of(session, day)
    labels = {category.id: category.label for category in day.categories}
    return [
        DrawRecord(slot, drawn[slot.id], _lines(drawn[slot.id], labels))
        for slot in day.slots
        if slot.id in drawn
    ]


def _lines(draw: Draw, labels: Mapping[int, str]) -> list[DrawLine]:
    entered = {number: (people, category) for number, people, category in draw.entries}
    return [
        DrawLine(
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


def seed_commitment(day: OpenDay) -> str:
    """What is published of the seed before the draw."""
    return commitment(day.lottery_seed) if day.lottery_seed else ""


def draw_lottery(session: Session, day: OpenDay, slot: EventSession, cause: Cause) -> Draw:
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
        drawn_by_id=cause.actor.user_id,
        drawn_by_name=cause.actor.name,
    )
    record.drawn, record.winners = draw(parties, record.seed, seats)
    session.add(record)
    for number in record.drawn:
        _settle(session, entered[number], cause, won=number in record.winners)
    flush(session)
    return record


def _refuse_early(session: Session, day: OpenDay, slot: EventSession) -> None:
    if day.mode != "lottery" or not day.lottery_seed:
        raise Conflict(_("This open day has no draw."))
    if window_of(day, slot) in {Window.OPEN, Window.NOT_YET}:
        raise Conflict(_("The draw follows when registration has closed."))
    if session.scalar(select(Draw.id).where(Draw.slot_id == slot.id)) is not None:
        raise Conflict(_("This session has been drawn already."))


def _entered(session: Session, slot: EventSession) -> dict[int, Registration]:
    found = session.scalars(
        select(Registration)
        .where(
            Registration.slot_id == slot.id,
            Registration.state == RegistrationState.PENDING,
            Registration.lottery_number.is_not(None),
        )
        .order_by(Registration.lottery_number)
        .execution_options(populate_existing=True)
    )
    return {registration.lottery_number or 0: registration for registration in found}


def _settle(session: Session, registration: Registration, cause: Cause, *, won: bool) -> None:
    """Give a winner the seats; let others wait while there is room on the list."""
    if won:
        registration.pool = take_seats(
            session, registration.slot_id, registration.category_id, registration.head_count
        )
        apply_transition(session, registration, RegistrationTransition.CONFIRM, cause)
        queue_notice(session, registration, "confirmed")
        return
    number = join_queue(session, registration.slot_id)
    if number is None:
        cancel_and_release(
            session, registration, RegistrationTransition.DECLINE, Cause(cause.actor, "not_drawn")
        )
        queue_notice(session, registration, "lost")
        return
    registration.waiting_number = number
    apply_transition(session, registration, RegistrationTransition.QUEUE, cause)
    queue_notice(session, registration, "waiting")
