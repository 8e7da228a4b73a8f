"""Lunar days, leap months among them, and the markets that are held by them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.calendar.lunar import LunarDay, is_market_day, lunar_day


@pytest.mark.parametrize(
    ("day", "shown"),
    [
        ("2026-02-16", "腊月廿九"),
        ("2026-02-17", "正月初一"),
        ("2027-02-06", "正月初一"),
        ("2025-07-24", "六月三十"),
        ("2025-07-25", "闰六月初一"),
        ("2025-08-22", "闰六月廿九"),
        ("2025-08-23", "七月初一"),
        ("2023-03-22", "闰二月初一"),
        ("2033-12-22", "闰冬月初一"),
        ("2024-02-09", "腊月三十"),
        ("2026-11-28", "十月二十"),
    ],
)
def test_lunar_days(day, shown):
    assert str(lunar_day(date.fromisoformat(day))) == shown


@given(st.dates(date(1900, 1, 31), date(2100, 2, 7)))
def test_the_next_day_is_the_next_lunar_day_or_the_first_of_a_month(day):
    found, after = lunar_day(day), lunar_day(day + timedelta(days=1))
    if after.day == 1:
        assert found.day in {29, 30}
        assert (found.month, found.is_leap_month) != (after.month, after.is_leap_month)
    else:
        assert after == LunarDay(found.year, found.month, found.day + 1, found.is_leap_month)


@pytest.mark.parametrize("day", ["1900-01-30", "2100-02-09"])
def test_what_the_tables_do_not_cover_is_an_error(day):
    with pytest.raises(ValueError, match="no lunar calendar"):
        lunar_day(date.fromisoformat(day))


def test_markets_on_days_with_two_five_and_eight():
    first = date(2026, 2, 17)
    held = [n + 1 for n in range(30) if is_market_day(first + timedelta(days=n), {2, 5, 8})]
    assert held == [2, 5, 8, 12, 15, 18, 22, 25, 28]
