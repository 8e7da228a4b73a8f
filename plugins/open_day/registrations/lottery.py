"""The draw of a session: repeatable by everybody who knows the seed, kept with all that went in."""

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
from .capacity import load_open_seats, lock_slots
from .service import to_window
from .transitions import Cause, cancel_and_release, confirm, flush, put_on_waitlist


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


def list_draws(session: Session, day: OpenDay) -> dict[int, Draw]:
    """Load the draws of the day by session."""
    found = session.scalars(select(Draw).where(Draw.open_day_id == day.id))
    return {draw.slot_id: draw for draw in found}


def draw_records(session: Session, day: OpenDay) -> list[DrawRecord]:
    """Load the public record: the draws of those sessions that were drawn, without persons."""
    draws = list_draws(session, day)
    labels = {category.id: category.label for category in day.categories}
    drawn = [(slot, draws[slot.id]) for slot in day.slots if slot.id in draws]
    return [DrawRecord(slot, draw, _lines(draw, labels)) for slot, draw in drawn]


def _lines(draw: Draw, labels: Mapping[int, str]) -> list[DrawLine]:
    entries = {number: (people, category) for number, people, category in draw.entries}
    return [
        DrawLine(number, people, labels.get(category, ""), number in draw.winners)
        for number in draw.drawn
        for people, category in (entries[number],)
    ]


def ensure_seed(day: OpenDay) -> None:
    """Give a day with a lottery its secret seed, once; its SHA-256 is shown from then on."""
    if day.mode == "lottery" and day.lottery_seed is None:
        day.lottery_seed = secrets.token_hex(16)


def seed_commitment(day: OpenDay) -> str:
    """Return what is published of the seed before the draw."""
    return commitment(day.lottery_seed) if day.lottery_seed else ""


def may_draw(session: Session, day: OpenDay, slot: EventSession) -> bool:
    """Say whether registration for the session is over and nothing was drawn yet."""
    held = day.mode == "lottery" and day.state in {DayState.PUBLISHED, DayState.CLOSED}
    return held and not _is_early(day, slot) and not _is_drawn(session, slot)


def _is_early(day: OpenDay, slot: EventSession) -> bool:
    return to_window(day, slot) in {Window.OPEN, Window.NOT_YET}


def _is_drawn(session: Session, slot: EventSession) -> bool:
    return session.scalar(select(Draw.id).where(Draw.slot_id == slot.id)) is not None


def draw_lottery(session: Session, day: OpenDay, slot: EventSession, cause: Cause) -> Draw:
    """Draw a session once registration is over; losers wait in the order drawn.

    Raises `Conflict` while registration is open, or where it was drawn already.
    """
    if day.mode != "lottery" or not day.lottery_seed:
        raise Conflict(_("This open day has no draw."))
    if _is_early(day, slot):
        raise Conflict(_("The draw follows when registration has closed."))
    if _is_drawn(session, slot):
        raise Conflict(_("This session has been drawn already."))
    lock_slots(session, [slot.id])
    entered = _load_entered(session, slot)
    parties = [Party(number, r.head_count, r.category_id) for number, r in entered.items()]
    seats = load_open_seats(session, slot.id)
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


def _load_entered(session: Session, slot: EventSession) -> dict[int, Registration]:
    query = select(Registration).where(
        Registration.slot_id == slot.id,
        Registration.state == RegistrationState.PENDING,
        Registration.lottery_number.is_not(None),
    )
    query = query.order_by(Registration.lottery_number)
    found = session.scalars(query.execution_options(populate_existing=True))
    return {registration.lottery_number or 0: registration for registration in found}


def _settle(session: Session, registration: Registration, cause: Cause, *, won: bool) -> None:
    """Give a winner the seats; let others wait while there is room on the list."""
    if won:
        confirm(session, registration, cause)
    elif not put_on_waitlist(session, registration, cause):
        lost = Cause(cause.actor, "not_drawn")
        cancel_and_release(session, registration, RegistrationTransition.DECLINE, lost)
        queue_notice(session, registration, "lost")
