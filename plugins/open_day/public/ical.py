"""Calendar files and the calendar feed (iCalendar)."""

from collections.abc import Iterable

from flask import Response
from icalendar import Calendar, Event

from core.sdk import Tenant

from ..domain.states import DayState
from ..models.registration import EventSession

PRODUCT = "-//Gongkai//open_day//ZH"
STATUSES = {DayState.CANCELLED: "CANCELLED", DayState.POSTPONED: "TENTATIVE"}


def build_calendar(name: str, entries: Iterable[tuple[Tenant, EventSession, str]]) -> Response:
    """Build a calendar of sessions, each with the address of its page."""
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


def _build_event(tenant: Tenant, slot: EventSession, url: str) -> Event:
    day, event = slot.day, Event()
    status = STATUSES.get(DayState(day.state), "CONFIRMED")
    values = {
        "uid": f"open-day-slot-{slot.id}@{tenant.division_code}.gongkai",
        "dtstamp": day.updated_at,
        "last-modified": day.updated_at,
        "sequence": day.version,
        "dtstart": slot.starts_at,
        "dtend": slot.ends_at,
        "summary": f"{day.title}（{slot.name}）" if slot.name else day.title,
        "location": slot.place or day.place or tenant.name,
        "description": "\n".join(filter(None, (day.summary, day.transport, day.phone))),
        "url": url,
        "status": "CANCELLED" if slot.state == "cancelled" else status,
    }
    for name, value in values.items():
        event.add(name, value)
    return event
