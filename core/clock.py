"""The clock of the program: the present moment, and days in the zone of the installation.

Everything that asks for "now" or "today" asks here, so that tests set one clock, and so that a
day is China's day (a setting) and not UTC's, which begins eight hours later.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.settings import current_settings


def _machine_time() -> datetime:
    return datetime.now(UTC)


# Tests put a clock of their own here (fixture `set_clock`).
_read_clock: Callable[[], datetime] = _machine_time
_offset = timedelta()


def now() -> datetime:
    """Return the present moment, aware and in UTC; needs no application context."""
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
    return local_day(now())


def local_day(moment: datetime) -> date:
    """Convert a moment to the day it was for people."""
    return moment.astimezone(zone()).date()


def first_moment(day: date) -> datetime:
    """Return the first moment of a day, aware."""
    return datetime.combine(day, time.min, zone())


def stamp(moment: datetime | None) -> str:
    """Format a moment as page tags want it, `YYYY-MM-DD HH:MM` in local time; empty for `None`."""
    return moment.astimezone(zone()).strftime("%Y-%m-%d %H:%M") if moment else ""
