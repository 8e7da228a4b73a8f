"""Draws of a day: what was drawn, as the staff and the public see it; what can be drawn now."""

from collections.abc import Mapping
from dataclasses import dataclass

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
