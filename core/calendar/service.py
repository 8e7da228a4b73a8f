"""The working calendar of the installation: the library's years, and the notices imported since.

An imported notice counts before the library's days of the same year.
"""

from collections.abc import Iterator
from datetime import date
from functools import cache
from threading import Lock
from time import monotonic
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from core.calendar.domain.notice import parse_notice
from core.calendar.domain.working_days import ArrangedDay, CalendarDay, Derivation, WorkingCalendar
from core.calendar.models import HolidayNotice, build_notice
from core.db.engine import db
from core.db.scope import open_session
from core.db.transactions import after_commit

# A notice comes once a year: other processes may learn of it a minute later.
KEPT_SECONDS = 60.0

_calendars: WeakKeyDictionary[Engine, tuple[float, WorkingCalendar]] = WeakKeyDictionary()
_lock = Lock()


def is_working_day(day: date) -> bool:
    """Tell whether people work on a day."""
    return working_calendar().is_working_day(day)


def calendar_day(day: date) -> CalendarDay:
    """Tell what kind of day it is: a weekday, a weekend, a holiday, or made up for one."""
    return working_calendar().look_up(day)


def add_working_days(start: date, count: int) -> Derivation:
    """Find the day that lies so many working days after a day; the day itself is not counted.

    The `end` of the result is the day; `is_provisional` says that it can still change.
    """
    return working_calendar().add_working_days(start, count)


def working_days_between(start: date, end: date) -> Derivation:
    """Count the working days after `start`, up to and with `end`."""
    return working_calendar().working_days_between(start, end)


def working_calendar() -> WorkingCalendar:
    """Return the calendar, from memory where it was read within the last minute."""
    engine = db.engine
    with _lock:
        read_at, calendar = _calendars.get(engine, (float("-inf"), None))
        if calendar is None or monotonic() - read_at > KEPT_SECONDS:
            with open_session(None) as session:
                calendar = load_calendar(session)
            _calendars[engine] = (monotonic(), calendar)
        return calendar


def load_calendar(session: Session) -> WorkingCalendar:
    """Build the calendar from the library and the imported notices."""
    arranged, years = dict(_library_days()), set(_library_years())
    for notice in session.scalars(select(HolidayNotice).order_by(HolidayNotice.year)):
        if notice.year in years:
            arranged = {day: named for day, named in arranged.items() if day.year != notice.year}
        arranged |= {named.day: named for named in notice.list_days()}
        years.add(notice.year)
    return WorkingCalendar(arranged, frozenset(years))


def import_notice(session: Session, text: str, year: int) -> list[ArrangedDay]:
    """Store the arrangement of a year, in place of an earlier one; raises `NoticeError`."""
    days = parse_notice(text, year)
    session.merge(build_notice(year, days))
    after_commit(session, _forget, db.engine)
    return days


def _forget(engine: Engine) -> None:
    with _lock:
        _calendars.pop(engine, None)


@cache
def _library_years() -> frozenset[int]:
    return frozenset(day.year for day, _named in _library_days())


@cache
def _library_days() -> tuple[tuple[date, ArrangedDay], ...]:
    return tuple((named.day, named) for named in _read_library())


def _read_library() -> Iterator[ArrangedDay]:
    from chinese_calendar import Holiday, holidays, workdays

    for days, is_working in ((holidays, False), (workdays, True)):
        for day, name in days.items():
            yield ArrangedDay(day, is_working, Holiday(name).chinese)
