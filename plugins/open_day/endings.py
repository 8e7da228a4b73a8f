"""How registrations end with their day or session: nobody is left waiting, everybody is told."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from plugins.open_day.lives import CITIZEN, By, flush, leave
from plugins.open_day.models import OpenDay, Registration, Slot
from plugins.open_day.notices import tell
from plugins.open_day.rules import DayState, Move, State
from plugins.open_day.seats import lock_slots

WITHOUT_PLACE = (State.PENDING, State.WAITING, State.OFFERED)
LIVE = (State.CONFIRMED, *WITHOUT_PLACE)


def end_day(session: Session, day: OpenDay, by: By) -> int:
    """Cancel everything of a day that will not take place; how many registrations."""
    slots = [slot.id for slot in day.slots]
    return _end(session, slots, LIVE, Move.CANCEL, By(by.actor, "day_cancelled"))


def end_cancelled_slots(session: Session, day: OpenDay, by: By) -> int:
    """Cancel everything of those sessions of a day that will not take place."""
    slots = [slot.id for slot in day.slots if slot.state == "cancelled"]
    return _end(session, slots, LIVE, Move.CANCEL, By(by.actor, "slot_cancelled"))


def lapse_day(session: Session, day: OpenDay, by: By) -> int:
    """End what was never given a place, once the day is over."""
    slots = [slot.id for slot in day.slots]
    return _end(session, slots, WITHOUT_PLACE, Move.LAPSE, By(by.actor, "day_over"))


def lapse_over(session: Session, tenant_id: int, now: datetime) -> int:
    """The same for every session of a place that has ended, whether its day was closed or not."""
    query = select(Registration.slot_id).join(Slot, Slot.id == Registration.slot_id)
    query = query.join(OpenDay, OpenDay.id == Registration.open_day_id)
    late = query.where(Registration.tenant_id == tenant_id, left_waiting(now))
    slots = session.scalars(late.distinct()).all()
    return _end(session, slots, WITHOUT_PLACE, Move.LAPSE, By(CITIZEN.actor, "day_over"))


def left_waiting(now: datetime) -> ColumnElement[bool]:
    """Condition on registrations, their sessions and days: there will be no place any more."""
    over = OpenDay.state.in_((DayState.CLOSED, DayState.CANCELLED))
    ended = and_(OpenDay.state == DayState.PUBLISHED, Slot.ends_at <= now)
    return and_(Registration.state.in_(WITHOUT_PLACE), or_(over, ended))


# What a person is told, by the reason that stands in the record.
_TOLD = {"day_cancelled": "day_cancelled", "slot_cancelled": "cancelled", "day_over": "lapsed"}


def _end(
    session: Session, slots: Sequence[int], states: Sequence[State], what: Move, by: By
) -> int:
    """End the registrations of these sessions that stand so; nobody registers meanwhile."""
    lock_slots(session, slots)
    found = session.scalars(
        select(Registration)
        .where(Registration.slot_id.in_(slots), Registration.state.in_(states))
        .order_by(Registration.id)
        .execution_options(populate_existing=True)
    ).all()
    for registration in found:
        leave(session, registration, what, by)
        tell(session, registration, _TOLD[by.note])
    flush(session)
    return len(found)
