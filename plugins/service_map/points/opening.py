"""Whether a point is open now, as its hours and its closures say; its hours for readers."""

import datetime as dt
from functools import partial

from core.sdk import OpeningNow, find_opening_now, say_stored_hours

from ..models.point import PointClosure, ServicePoint


def find_opening(point: ServicePoint, moment: dt.datetime | None = None) -> OpeningNow:
    """Find out whether a point is open, now or at a moment."""
    return find_opening_now(point.hours, moment, partial(find_closure, point))


def find_closure(point: ServicePoint, day: dt.date) -> PointClosure | None:
    """Return the closure that holds on a day."""
    for closure in point.closures:
        if closure.starts_on <= day and (closure.ends_on is None or day <= closure.ends_on):
            return closure
    return None


def say_hours(point: ServicePoint) -> str:
    """Say hours in the reader's language; in the office's own words where nothing reads those."""
    return say_stored_hours(point.hours) or point.hours_text
