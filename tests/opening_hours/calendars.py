"""Calendars for tests: arranged days of two years, and the core's lunar days."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from core.opening_hours.domain.schedule import DayType, OpeningCalendars
from core.sdk import lunar_day

CHINA = ZoneInfo("Asia/Shanghai")


def days(first, count):
    """So many days from a day on."""
    return [first + timedelta(number) for number in range(count)]


# National Day and Mid-Autumn of 2026 as arranged; 2028 is a leap year and only supposed.
HOLIDAYS = {
    *days(date(2026, 9, 25), 3),
    *days(date(2026, 10, 1), 7),
    *days(date(2027, 12, 31), 3),
    *days(date(2028, 1, 25), 8),
    date(2028, 2, 28),
}
MAKE_UP = {date(2026, 9, 20), date(2026, 10, 10), date(2028, 1, 23), date(2028, 2, 5)}


def day_type(day):
    if day in HOLIDAYS:
        return DayType.HOLIDAY
    if day in MAKE_UP:
        return DayType.MAKE_UP
    return DayType.WEEKEND if day.weekday() > 4 else DayType.WEEKDAY


CALENDARS = OpeningCalendars(day_type, lambda day: lunar_day(day).day)
