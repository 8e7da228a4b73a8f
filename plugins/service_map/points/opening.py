"""Whether a point is open now, and its hours of today, as its hours and its closures say."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask_babel import get_locale

from core.sdk import (
    DayType,
    OpeningCalendars,
    OpeningHours,
    OpenState,
    find_duty_phone,
    hours_from_json,
    is_working_day,
    list_spans,
    lunar_day,
    next_opening_change,
    now_until,
    opening_state,
    say_opening_spans,
    zone,
)

from ..models.point import PointClosure, ServicePoint

# Pages do not hold longer than a day anyway.
_DAYS_AHEAD = 2


@dataclass(frozen=True, slots=True)
class PointOpening:
    """What can be said of a point at a moment.

    `today` are its hours of the day in words, empty where it is closed all day or nobody knows;
    `until` is when the state changes; `closure` is why it is closed though its hours say otherwise;
    `duty_phone` is answered at that moment.
    """

    state: OpenState
    today: str = ""
    until: dt.datetime | None = None
    closure: PointClosure | None = None
    duty_phone: str = ""


def load_calendars() -> OpeningCalendars:
    """Return the calendars of the installation."""
    return OpeningCalendars(_day_type, lambda day: lunar_day(day).day)


def _day_type(day: dt.date) -> DayType:
    is_weekend = day.weekday() > 4  # Saturday and Sunday
    if is_working_day(day):
        return DayType.MAKE_UP if is_weekend else DayType.WEEKDAY
    return DayType.WEEKEND if is_weekend else DayType.HOLIDAY


def find_opening(point: ServicePoint, moment: dt.datetime | None = None) -> PointOpening:
    """Find out whether a point is open, now or at a moment."""
    here = (moment or now_until()).astimezone(zone())
    closure = find_closure(point, here.date())
    if closure is not None:
        return PointOpening(OpenState.CLOSED, closure=closure)
    hours = read_stored_hours(point.hours)
    calendars = load_calendars()
    spans = list_spans(hours, here.date(), calendars)
    say = partial(say_opening_spans, chinese=str(get_locale()).startswith("zh"))
    return PointOpening(
        opening_state(hours, here, calendars),
        say(spans),
        next_opening_change(hours, here, calendars, days=_DAYS_AHEAD),
        duty_phone=find_duty_phone(hours, here, calendars),
    )


def find_closure(point: ServicePoint, day: dt.date) -> PointClosure | None:
    """Return the closure that holds on a day."""
    for closure in point.closures:
        if closure.starts_on <= day and (closure.ends_on is None or day <= closure.ends_on):
            return closure
    return None


def read_stored_hours(stored: Mapping[str, Any] | None) -> OpeningHours:
    """Read hours as they are stored; none where a later version cannot: nobody guesses."""
    try:
        return hours_from_json(stored)
    except ValueError:
        return OpeningHours()
