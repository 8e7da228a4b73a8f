"""What a ticket's page shows, and what can still be done with the registration."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from core.sdk import tenant_url, utc_now
from plugins.open_day.masking import masked_name
from plugins.open_day.models import OpenDay, Registration, Slot
from plugins.open_day.queries import free_seats
from plugins.open_day.registering import window_of
from plugins.open_day.rules import DayState, Move, State, Window, can
from plugins.open_day.waiting import rank
from plugins.open_day.wording import Said, long_time, seats_said, span, ticket_said
from plugins.open_day.words import _, _n


@dataclass(frozen=True, slots=True)
class TicketPage:
    """The page; `slots` are those one can change to, the present one included."""

    said: Said
    explained: str
    pairs: list[dict[str, object]]
    day_url: str
    rank: int | None
    can_change: bool
    can_resize: bool
    can_cancel: bool
    can_accept: bool
    shows_code: bool
    slots: list[dict[str, object]]
    draw_url: str


def page_of(session: Session, registration: Registration, *, can_change: bool) -> TicketPage:
    """Everything the page shows; `can_change`: this browser holds the key."""
    day, slot = registration.day, registration.slot
    place = rank(session, registration)
    ahead = slot.starts_at > utc_now() and day.state in {DayState.PUBLISHED, DayState.POSTPONED}
    state = State(registration.state)
    resizable = ahead and state in {State.PENDING, State.CONFIRMED, State.WAITING}
    slots = _other_slots(day, slot) if ahead and state is State.CONFIRMED else []
    return TicketPage(
        said=ticket_said(registration),
        explained=_explained(registration, place),
        pairs=_pairs(registration),
        day_url=tenant_url("plugin_open_day.show", day_id=day.id),
        rank=place,
        can_change=can_change,
        can_resize=resizable and day.max_party > 1,
        can_cancel=ahead and can(state, Move.CANCEL),
        can_accept=ahead and state is State.OFFERED,
        shows_code=state in {State.CONFIRMED, State.ATTENDED},
        slots=slots if len(slots) > 1 else [],
        draw_url=tenant_url("plugin_open_day.draw", day_id=day.id)
        if registration.lottery_number
        else "",
    )


def _explained(registration: Registration, place: int | None) -> str:
    """What the state means, and what to do now."""
    if registration.day.state in {DayState.CANCELLED, DayState.POSTPONED}:
        return registration.day.state_reason
    until = long_time(registration.offer_expires_at)
    return {
        State.PENDING: _("You will be told the outcome. You need do nothing now."),
        State.CONFIRMED: _("Show this page or the code at the entrance. A photograph is enough."),
        State.WAITING: _n(
            "You are number %(num)s on the waiting list. If a place becomes free, you are told.",
            "You are number %(num)s on the waiting list. If a place becomes free, you are told.",
            place or 0,
        ),
        State.OFFERED: _("Accept the place by %(until)s, or it goes to the next.", until=until),
        State.DECLINED: _("There was no place for you this time."),
        State.CANCELLED: _cancelled(registration),
        State.ATTENDED: _("Thank you for coming."),
        State.NO_SHOW: _("You were registered, but were not seen at the entrance."),
    }[State(registration.state)]


def _cancelled(registration: Registration) -> str:
    if registration.state_reason == "offer_expired":
        return _("The place offered to you was not accepted in time and went to the next.")
    if registration.state_reason == "slot_cancelled":
        return _("This slot will not take place.")
    return _("The place has been given to others. You can register again while there are places.")


def _pairs(registration: Registration) -> list[dict[str, object]]:
    day, slot = registration.day, registration.slot
    category = registration.category
    lot = registration.lottery_number
    return [
        {"label": _("Slot"), "value": slot.name},
        {"label": _("Time"), "value": span(slot.starts_at, slot.ends_at)},
        {"label": _("Place"), "value": slot.place or day.place},
        {"label": _("Guide"), "value": slot.guide},
        {"label": _("Name"), "value": masked_name(registration.name)},
        {"label": _("People"), "value": registration.head_count},
        {"label": _("Taking part as"), "value": category.label if category else ""},
        {"label": _("Number in the draw"), "value": str(lot) if lot else ""},
        {"label": _("Contact"), "value": " ".join(filter(None, (day.contact, day.phone)))},
    ]


def _other_slots(day: OpenDay, present: Slot) -> list[dict[str, object]]:
    return [
        {"value": slot.id, "label": slot.name, "hint": f"{when} {seats}"}
        for slot in day.slots
        if slot.id == present.id or (window_of(day, slot) is Window.OPEN and free_seats(slot))
        for when in (span(slot.starts_at, slot.ends_at),)
        for seats in (seats_said(day, slot, free_seats(slot)),)
    ]
