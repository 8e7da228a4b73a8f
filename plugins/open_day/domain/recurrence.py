"""Days of a series: the same weekday every week or two, the same day or weekday every month."""

import calendar
from datetime import date, timedelta
from enum import StrEnum

MOST_IN_A_SERIES = 53
_LAST = 5


class Rhythm(StrEnum):
    """How often an open day comes back."""

    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"
    MONTHLY_DAY = "monthly_day"
    MONTHLY_WEEKDAY = "monthly_weekday"


_WEEKS = {Rhythm.WEEKLY: 1, Rhythm.FORTNIGHTLY: 2}


def series_days(first: date, rhythm: Rhythm, count: int) -> tuple[date, ...]:
    """Return the days of a series of `count` open days that begins on `first`.

    A month that lacks the day (the 31st, a fifth Friday) takes its last one instead.
    """
    if not 1 <= count <= MOST_IN_A_SERIES:
        raise ValueError(f"a series has 1 to {MOST_IN_A_SERIES} days, not {count}")
    if rhythm in _WEEKS:
        return tuple(first + timedelta(weeks=_WEEKS[rhythm] * n) for n in range(count))
    pick = _same_day if rhythm is Rhythm.MONTHLY_DAY else _same_weekday
    return tuple(pick(first, *_month_after(first, n)) for n in range(count))


def _month_after(first: date, months: int) -> tuple[int, int]:
    years, month = divmod(first.month - 1 + months, 12)
    return first.year + years, month + 1


def _same_day(first: date, year: int, month: int) -> date:
    return date(year, month, min(first.day, calendar.monthrange(year, month)[1]))


def _same_weekday(first: date, year: int, month: int) -> date:
    length = calendar.monthrange(year, month)[1]
    days = [d for d in range(1, length + 1) if date(year, month, d).weekday() == first.weekday()]
    place = min((first.day - 1) // 7 + 1, _LAST)
    return date(year, month, days[min(place, len(days)) - 1])
