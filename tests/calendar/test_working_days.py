"""Working days, with make-up days, and how they were counted."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.calendar.domain.working_days import ArrangedDay, DayKind, WorkingCalendar
from core.calendar.service import (
    add_working_days,
    calendar_day,
    is_working_day,
    working_days_between,
)

pytestmark = pytest.mark.usefixtures("app")

MAKE_UP_DAYS_2026 = ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"]


@pytest.mark.parametrize("day", MAKE_UP_DAYS_2026)
def test_make_up_days_of_2026_are_working_days(day):
    made_up = date.fromisoformat(f"2026-{day}")
    assert made_up.weekday() >= 5
    assert is_working_day(made_up)


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        ("2026-10-01", "holiday"),
        ("2026-10-03", "holiday"),  # a Saturday of the holiday
        ("2026-10-10", "make_up"),
        ("2026-10-11", "weekend"),
        ("2026-10-12", "weekday"),
    ],
)
def test_kinds_of_days(app, day, kind):
    assert calendar_day(date.fromisoformat(day)).kind == kind


@pytest.mark.parametrize("day", ["2026-01-02", "2026-02-17", "2026-10-07", "2026-09-19"])
def test_holidays_and_weekends_are_none(day):
    assert not is_working_day(date.fromisoformat(day))


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        ("2026-09-18", 20, "2026-10-22"),
        ("2026-01-30", 20, "2026-03-05"),
        ("2026-11-27", 1, "2026-11-30"),
        ("2026-11-30", 0, "2026-11-30"),
        ("2026-10-22", -20, "2026-09-18"),
        ("2026-09-19", 1, "2026-09-20"),
    ],
)
def test_the_first_day_is_not_counted(start, count, end):
    derivation = add_working_days(date.fromisoformat(start), count)
    assert derivation.end == date.fromisoformat(end)
    assert not derivation.is_provisional


def test_what_reaches_a_year_that_is_not_published_is_provisional():
    derivation = add_working_days(date(2026, 12, 10), 20)
    assert derivation.end == date(2027, 1, 7)
    assert derivation.is_provisional
    assert not add_working_days(date(2026, 12, 10), 15).is_provisional


CALENDAR = WorkingCalendar(
    {
        date(2030, 10, 1): ArrangedDay(date(2030, 10, 1), is_working=False, festival="国庆节"),
        date(2030, 9, 29): ArrangedDay(date(2030, 9, 29), is_working=True, festival="国庆节"),
    },
    frozenset({2030}),
)
days = st.dates(date(2029, 1, 1), date(2031, 12, 31))


def test_a_day_is_told_by_its_kind():
    kinds = [CALENDAR.look_up(date(2030, 9, 27) + timedelta(days=n)).kind for n in range(5)]
    assert kinds == [
        DayKind.WEEKDAY, DayKind.WEEKEND, DayKind.MAKE_UP, DayKind.WEEKDAY, DayKind.HOLIDAY,
    ]  # fmt: skip


@given(days, st.integers(-60, 60))
def test_counting_there_and_counting_between_agree(start, count):
    derivation = CALENDAR.add_working_days(start, count)
    between = CALENDAR.working_days_between(start, derivation.end)
    assert between.count == count
    assert between.days == derivation.days
    assert count == 0 or CALENDAR.is_working_day(derivation.end)


@given(days, days)
def test_every_day_between_is_in_the_derivation_once(start, end):
    derivation = CALENDAR.working_days_between(start, end)
    assert len({found.day for found in derivation.days}) == abs((end - start).days)
    assert abs(derivation.count) == sum(found.is_working for found in derivation.days)


@given(days, st.integers(0, 60), st.integers(0, 60))
def test_terms_add_up(start, first, second):
    halfway = CALENDAR.add_working_days(start, first).end
    end = CALENDAR.add_working_days(start, first + second).end
    assert CALENDAR.add_working_days(halfway, second).end == end


def test_counts_between_two_days():
    assert working_days_between(date(2026, 9, 18), date(2026, 10, 22)).count == 20
    assert working_days_between(date(2026, 10, 7), date(2026, 9, 30)).count == -1
    assert working_days_between(date(2026, 11, 30), date(2026, 11, 30)).count == 0
