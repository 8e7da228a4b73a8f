"""The clock of the program: the present moment, and days in the zone of the installation.

Everything that asks for "now" or "today" asks here, so that tests set one clock, and so that a
day is China's day (a setting) and not UTC's, which begins eight hours later.

Pages are kept until something changes or the day ends. A page that reads the moment with `now` is
not kept; one that names the moments at which it changes (`now_until`, `now_scheduled`) is.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.settings import current_settings
from core.validity.answers import current_validity, limit_validity, refuse_keeping


def _machine_time() -> datetime:
    return datetime.now(UTC)


# Tests put a clock of their own here (fixture `set_clock`).
_read_clock: Callable[[], datetime] = _machine_time
_offset = timedelta()


def now() -> datetime:
    """Return the present moment, aware and in UTC; needs no application context."""
    refuse_keeping("reads the clock")
    return _read_clock() + _offset


def now_until(*moments: datetime | None) -> datetime:
    """Return the present moment for an answer that changes at these moments only."""
    present = _read_clock() + _offset
    limit_validity(*(moment for moment in moments if moment is not None and moment > present))
    return present


def now_scheduled(schedule: str) -> datetime:
    """Return the present moment for an answer that changes at the moments of a named schedule."""
    validity = current_validity()
    if validity is not None:
        validity.schedules.add(schedule)
    return _read_clock() + _offset


def set_offset(seconds: int) -> None:
    """Shift the clock of this process (`GONGKAI_CLOCK_OFFSET`); 0 is the machine's own time."""
    global _offset  # noqa: PLW0603 - a process has one clock
    _offset = timedelta(seconds=seconds)


def zone() -> ZoneInfo:
    """Return the zone in which days begin (`GONGKAI_TIMEZONE`, Asia/Shanghai by default)."""
    return ZoneInfo(current_settings().timezone)


def today() -> date:
    """Return the day it is for the people of this installation."""
    return local_day(now_until())


def local_day(moment: datetime) -> date:
    """Convert a moment to the day it was for people."""
    return moment.astimezone(zone()).date()


def first_moment(day: date) -> datetime:
    """Return the first moment of a day, aware."""
    return datetime.combine(day, time.min, zone())


def end_of_day() -> datetime:
    """Return the moment at which the present day ends for people."""
    return first_moment(today() + timedelta(days=1))


def stamp(moment: datetime | None) -> str:
    """Format a moment as page tags want it, `YYYY-MM-DD HH:MM` in local time; empty for `None`."""
    return moment.astimezone(zone()).strftime("%Y-%m-%d %H:%M") if moment else ""
