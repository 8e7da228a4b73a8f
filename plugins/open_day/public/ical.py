"""Calendar files and the calendar feed (iCalendar)."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from flask import Response
from flask_babel import to_user_timezone

from core.sdk import Tenant

from ..domain.states import DayState
from ..models.registration import EventSession

if TYPE_CHECKING:
    from icalendar import Event

PRODUCT = "-//Gongkai//open_day//ZH"
STATUSES = {DayState.CANCELLED: "CANCELLED", DayState.POSTPONED: "TENTATIVE"}


def build_calendar(name: str, entries: Iterable[tuple[Tenant, EventSession, str]]) -> Response:
    """Build a calendar of sessions, each with the address of its page."""
    from icalendar import Calendar  # heavy, and few answers are calendars

    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    for tenant, slot, url in entries:
        calendar.add_component(_build_event(tenant, slot, url))
    response = Response(calendar.to_ical(), mimetype="text/calendar")
    response.headers["Content-Disposition"] = 'attachment; filename="open-days.ics"'
    return response


def _build_event(tenant: Tenant, slot: EventSession, url: str) -> "Event":
    from icalendar import Event  # heavy, and few answers are calendars

    day, event = slot.day, Event()
    first = to_user_timezone(slot.starts_at).date()
    words = (day.summary, slot.time_text, slot.capacity_text, day.transport, day.phone)
    status = STATUSES.get(DayState(day.state), "CONFIRMED")
    values = {
        "uid": f"open-day-slot-{slot.id}@{tenant.division_code}.gongkai",
        "dtstamp": day.updated_at,
        "last-modified": day.updated_at,
        "sequence": day.version,
        "dtstart": slot.starts_at if slot.start_shown else first,
        "dtend": _end(slot),
        "summary": f"{day.title}（{slot.name}）" if slot.name else day.title,
        "location": slot.place or day.place or tenant.name,
        "description": "\n".join(filter(None, words)),
        "url": url,
        "status": "CANCELLED" if slot.state == "cancelled" else status,
    }
    for name, value in values.items():
        if value is not None:
            event.add(name, value)
    return event


def _end(slot: EventSession) -> datetime | date | None:
    """Return when a session ends, `None` where nobody said so (RFC 5545 asks for none)."""
    if slot.start_shown:
        return slot.ends_at if slot.end_shown else None
    first, last = (to_user_timezone(at).date() for at in (slot.starts_at, slot.ends_at))
    return last + timedelta(days=1) if last > first else None
