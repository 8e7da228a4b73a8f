"""Calendar files and the calendar feed (iCalendar)."""

from collections.abc import Iterable

from flask import Response, request
from icalendar import Calendar, Event

from core.sdk import Tenant

from ..domain.states import DayState
from ..models.registration import EventSession, OpenDay

PRODUCT = "-//Gongkai//open_day//ZH"
STATUSES = {DayState.CANCELLED: "CANCELLED", DayState.POSTPONED: "TENTATIVE"}


def calendar_of(
    name: str, entries: Iterable[tuple[Tenant, OpenDay, EventSession, str]]
) -> Response:
    """A calendar of slots, each with the address of its page."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    for tenant, day, slot, url in entries:
        calendar.add_component(_event(tenant, day, slot, url))
    response = Response(calendar.to_ical(), mimetype="text/calendar")
    response.headers["Content-Disposition"] = 'attachment; filename="open-days.ics"'
    return response


def _event(tenant: Tenant, day: OpenDay, slot: EventSession, url: str) -> Event:
    event = Event()
    host = request.host.rsplit(":", 1)[0]
    event.add("uid", f"open-day-slot-{slot.id}@{host}")
    event.add("dtstamp", day.updated_at)
    event.add("last-modified", day.updated_at)
    event.add("sequence", day.version)
    event.add("dtstart", slot.starts_at)
    event.add("dtend", slot.ends_at)
    event.add("summary", f"{day.title}（{slot.name}）" if slot.name else day.title)
    event.add("location", slot.place or day.place or tenant.name)
    event.add("description", "\n".join(filter(None, (day.summary, day.transport, day.phone))))
    event.add("url", url)
    event.add("status", _status(day, slot))
    return event


def _status(day: OpenDay, slot: EventSession) -> str:
    if slot.state == "cancelled":
        return "CANCELLED"
    return STATUSES.get(DayState(day.state), "CONFIRMED")
