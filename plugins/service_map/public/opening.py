"""What readers are told of a point's hours, and which hours mean that it is open now."""

import json
from collections.abc import Iterable

from flask_babel import format_date

from core.sdk import (
    OpenState,
    limit_validity,
    local_day,
    next_opening_change,
    now_until,
    opening_state,
    today,
    zone,
)

from ..i18n import _
from ..models.point import ServicePoint
from ..points.hours import say_stored_hours
from ..points.opening import PointOpening, load_calendars, read_stored_hours

TONES = {OpenState.OPEN: "good", OpenState.CLOSED: "quiet"}


def say_opening(opening: PointOpening) -> str:
    """Say whether a point is open and until when; nothing where nobody knows."""
    limit_validity(opening.until)
    if opening.closure is not None:
        return _("Closed for now")
    until = _say_until(opening)
    if opening.state is OpenState.OPEN:
        return _("Open now, until %(time)s", time=until) if until else _("Open now")
    if opening.state is OpenState.CLOSED:
        return _("Closed now, opens %(time)s", time=until) if until else _("Closed now")
    return ""


def say_hours(point: ServicePoint) -> str:
    """Say hours in the reader's language; in the office's own words where nothing reads those."""
    return say_stored_hours(point.hours) or point.hours_text


def list_open(stored: Iterable[str]) -> list[str]:
    """List the stored hours by which it is open now; that holds until one of all changes."""
    moment, calendars = now_until().astimezone(zone()), load_calendars()
    opened = []
    for text in stored:
        hours = read_stored_hours(json.loads(text))
        limit_validity(next_opening_change(hours, moment, calendars, days=1))
        if opening_state(hours, moment, calendars) is OpenState.OPEN:
            opened.append(text)
    return opened


def _say_until(opening: PointOpening) -> str:
    if opening.until is None:
        return ""
    day, clock = local_day(opening.until), f"{opening.until:%H:%M}"
    return clock if day == today() else f"{format_date(day, 'MMMd EEE')} {clock}"
