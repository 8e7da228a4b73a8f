"""What the staff sees of a lottery: what was drawn, and whether a session can be drawn now."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from plugins.open_day.models import Draw, OpenDay, Slot
from plugins.open_day.registering import window_of
from plugins.open_day.rules import DayState, Window


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
