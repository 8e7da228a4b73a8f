"""What the page of an open day shows, put together from its parts."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from core.sdk import Publication, current_tenant, tenant_url
from plugins.open_day.draws import draws_of
from plugins.open_day.lottery import promised
from plugins.open_day.models import Category, OpenDay, Slot
from plugins.open_day.queries import CategorySeats, free_seats, quotas_left
from plugins.open_day.registering import window_of
from plugins.open_day.rules import DayState, Window
from plugins.open_day.wording import (
    Said,
    day_said,
    long_time,
    mode_said,
    seats_said,
    span,
    window_said,
)
from plugins.open_day.words import _


@dataclass(frozen=True, slots=True)
class SlotShown:
    """A slot with what is left, and the way to register if it is open."""

    slot: Slot
    when: str
    place: str
    seats: str
    quotas: Sequence[CategorySeats]
    register_url: str
    why_not: str


@dataclass(frozen=True, slots=True)
class DayPage:
    """The page."""

    said: Said
    pairs: list[dict[str, object]]
    slots: list[SlotShown]
    paragraphs: list[str]
    visit: list[dict[str, object]]
    results: dict[str, str] | None
    promised: str
    drawn: bool
    over: bool


def page_of(session: Session, day: OpenDay) -> DayPage:
    """Everything the page shows."""
    left = sum(free_seats(slot) for slot in day.slots)
    quotas = quotas_left(session, day)
    said = day_said(day, left)
    return DayPage(
        said=said,
        pairs=_pairs(day),
        slots=[_slot(day, slot, quotas.get(slot.id, [])) for slot in day.slots],
        paragraphs=paragraphs(day.body),
        visit=_visit(day),
        results=_results(session, day),
        promised=promised(day) if day.mode == "lottery" else "",
        drawn=day.mode == "lottery" and bool(draws_of(session, day)),
        over=day.state == DayState.CLOSED or said.text == _("Over"),
    )


def paragraphs(text: str) -> list[str]:
    """Plain text as it was typed: an empty line divides paragraphs."""
    blocks = text.replace("\r\n", "\n").split("\n\n")
    return [block.strip() for block in blocks if block.strip()]


def _pairs(day: OpenDay) -> list[dict[str, object]]:
    organ = day.organ.name if day.organ else ""
    contact = " ".join(filter(None, (day.contact, day.phone)))
    whole = span(day.starts_at, day.ends_at) if day.state != DayState.POSTPONED else ""
    return [
        {"label": _("Theme"), "value": day.theme},
        {"label": _("Organiser"), "value": organ or current_tenant().name},
        {"label": _("Time"), "value": whole},
        {"label": _("Place"), "value": day.place},
        {"label": _("Contact"), "value": contact},
        {"label": _("Places"), "value": mode_said(day)},
        {"label": _("Registration"), "value": _registration_time(day)},
        {"label": _("Who may come"), "value": _whom(day.categories, day.eligibility)},
    ]


def _registration_time(day: OpenDay) -> str:
    if day.mode in {"none", "invitation"}:
        return ""
    opens, closes = long_time(day.opens_at), long_time(day.closes_at)
    if opens and closes:
        return _("%(first)s to %(last)s", first=opens, last=closes)
    return _("until %(last)s", last=closes) if closes else _("until the slot begins")


def _whom(categories: Sequence[Category], eligibility: str) -> str:
    names = _(", ").join(category.label for category in categories)
    return " · ".join(filter(None, (names, eligibility)))


def _visit(day: OpenDay) -> list[dict[str, object]]:
    found: list[dict[str, object]] = [
        {"label": _("Getting there"), "value": day.transport},
        {"label": _("Parking"), "value": day.parking},
        {"label": _("Accessibility"), "value": day.accessibility},
    ]
    return [pair for pair in found if pair["value"]]


def _slot(day: OpenDay, slot: Slot, quotas: Sequence[CategorySeats]) -> SlotShown:
    window = window_of(day, slot)
    seats = seats_said(day, slot, free_seats(slot))
    is_open = window is Window.OPEN
    return SlotShown(
        slot=slot,
        when=span(slot.starts_at, slot.ends_at),
        place=slot.place or day.place,
        seats=_("Cancelled") if slot.state == "cancelled" else seats,
        quotas=quotas,
        register_url=tenant_url("plugin_open_day_registration.form", day_id=day.id, slot_id=slot.id)
        if is_open
        else "",
        why_not="" if is_open else window_said(day, window),
    )


def _results(session: Session, day: OpenDay) -> dict[str, str] | None:
    """The published text about the day, once the public may read it."""
    if day.publication_id is None:
        return None
    found = session.get(Publication, day.publication_id)
    if found is None or found.state != "published":
        return None
    return {"title": found.title, "url": tenant_url("publishing.show", id=found.id)}
