"""Working days as the State Council arranges them, and how a date came about.

The first day of a period is not counted (民法典 article 201): one working day after a Friday is
the next Monday. Days of a year whose arrangement is not published yet are counted Monday to
Friday and are provisional.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

_SATURDAY = 5


class DayKind(StrEnum):
    """Why a day is a working day, or is none."""

    WEEKDAY = "weekday"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    #: A Saturday or Sunday on which people work in exchange for a holiday (调休上班).
    MAKE_UP = "make_up"


@dataclass(frozen=True, slots=True)
class ArrangedDay:
    """A day that an official arrangement names: off, or worked at a weekend."""

    day: date
    is_working: bool
    festival: str


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """A day as it counts; `festival` is the holiday that it belongs to or makes up for."""

    day: date
    kind: DayKind
    festival: str = ""
    is_provisional: bool = False

    @property
    def is_working(self) -> bool:
        """Whether people work on this day."""
        return self.kind in {DayKind.WEEKDAY, DayKind.MAKE_UP}


@dataclass(frozen=True, slots=True)
class Derivation:
    """How working days were counted: from the day after `start` to `end`, with all days between.

    `count` is negative where they were counted backwards.
    """

    start: date
    end: date
    count: int
    days: tuple[CalendarDay, ...]

    @property
    def is_provisional(self) -> bool:
        """Whether the result can change once a year's arrangement is published."""
        return any(day.is_provisional for day in self.days)


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """The days that arrangements name, and the years whose arrangements are known."""

    arranged: Mapping[date, ArrangedDay]
    years: frozenset[int]

    def look_up(self, day: date) -> CalendarDay:
        """Return what kind of day it is."""
        is_provisional = day.year not in self.years
        is_weekend = day.weekday() >= _SATURDAY
        arranged = self.arranged.get(day)
        if arranged is None:
            kind = DayKind.WEEKEND if is_weekend else DayKind.WEEKDAY
            return CalendarDay(day, kind, is_provisional=is_provisional)
        kind = DayKind.MAKE_UP if arranged.is_working else DayKind.HOLIDAY
        return CalendarDay(day, kind, arranged.festival, is_provisional)

    def is_working_day(self, day: date) -> bool:
        """Tell whether people work on a day."""
        return self.look_up(day).is_working

    def add_working_days(self, start: date, count: int) -> Derivation:
        """Find the day that lies so many working days after a day, or before it (negative).

        With 0 it is the day itself, whatever kind of day that is.
        """
        found = list[CalendarDay]()
        step, left, day = (1 if count > 0 else -1), abs(count), start
        while left:
            day += timedelta(days=step)
            found.append(self.look_up(day))
            left -= found[-1].is_working
        return Derivation(start, day, count, tuple(found))

    def working_days_between(self, start: date, end: date) -> Derivation:
        """Count the working days after `start`, up to and with `end`; negative if it is earlier."""
        step = 1 if end >= start else -1
        days = tuple(self._days(start, end, step))
        count = step * sum(day.is_working for day in days)
        return Derivation(start, end, count, days)

    def _days(self, start: date, end: date, step: int) -> Iterator[CalendarDay]:
        for distance in range(1, abs((end - start).days) + 1):
            yield self.look_up(start + timedelta(days=step * distance))
