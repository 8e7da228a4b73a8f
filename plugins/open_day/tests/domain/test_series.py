"""Days of a series."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.open_day.domain.recurrence import MOST_IN_A_SERIES, Rhythm, series_days

days = st.dates(date(2020, 1, 1), date(2060, 1, 1))
counts = st.integers(1, MOST_IN_A_SERIES)


@given(days, st.sampled_from(Rhythm), counts)
def test_a_series_begins_on_its_first_day_and_moves_forward(first, rhythm, count):
    series = series_days(first, rhythm, count)
    assert len(series) == count
    assert series[0] == first
    assert all(one < other for one, other in pairwise(series))


@given(days, counts)
def test_a_monthly_series_leaves_no_month_out(first, count):
    for rhythm in (Rhythm.MONTHLY_DAY, Rhythm.MONTHLY_WEEKDAY):
        months = [day.year * 12 + day.month for day in series_days(first, rhythm, count)]
        assert months == list(range(months[0], months[0] + count))


@given(days, counts)
def test_series_by_weekday_keep_the_weekday(first, count):
    for rhythm in (Rhythm.WEEKLY, Rhythm.FORTNIGHTLY, Rhythm.MONTHLY_WEEKDAY):
        assert {day.weekday() for day in series_days(first, rhythm, count)} == {first.weekday()}


def test_short_months_take_their_last_day():
    series = series_days(date(2027, 1, 31), Rhythm.MONTHLY_DAY, 4)
    assert series == (date(2027, 1, 31), date(2027, 2, 28), date(2027, 3, 31), date(2027, 4, 30))


def test_a_fifth_friday_becomes_the_last_friday():
    series = series_days(date(2026, 10, 30), Rhythm.MONTHLY_WEEKDAY, 3)
    assert series == (date(2026, 10, 30), date(2026, 11, 27), date(2026, 12, 25))


@pytest.mark.parametrize("count", [0, -1, MOST_IN_A_SERIES + 1])
def test_a_series_without_end_is_refused(count):
    with pytest.raises(ValueError, match="a series has"):
        series_days(date(2026, 1, 1), Rhythm.WEEKLY, count)
