"""Days of the lunar calendar (农历), by which markets are held."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

_MONTHS = ("正", "二", "三", "四", "五", "六", "七", "八", "九", "十", "冬", "腊")
_DIGITS = "一二三四五六七八九十"
_TENS = ("初", "十", "廿")
_FIRST, _LAST = date(1900, 1, 31), date(2100, 2, 8)


@dataclass(frozen=True, slots=True)
class LunarDay:
    """A day of the lunar calendar; in a leap month the number of the month comes twice."""

    year: int
    month: int
    day: int
    is_leap_month: bool = False

    def __str__(self) -> str:
        """As it is printed: 闰六月初八, 腊月三十."""
        leap = "闰" if self.is_leap_month else ""
        return f"{leap}{_MONTHS[self.month - 1]}月{_day_name(self.day)}"


def lunar_day(day: date) -> LunarDay:
    """Convert a day; raises `ValueError` outside the lunar years 1900 to 2099."""
    if not _FIRST <= day <= _LAST:
        raise ValueError(f"no lunar calendar for {day}")
    from lunardate import LunarDate

    found = LunarDate.from_solar_date(day.year, day.month, day.day)
    return LunarDay(found.year, found.month, found.day, bool(found.is_leap_month))


def is_market_day(day: date, endings: Collection[int]) -> bool:
    """Tell whether a market is held whose lunar days end in these digits (逢二五八: 2, 5, 8)."""
    return lunar_day(day).day % 10 in endings


def _day_name(day: int) -> str:
    if day in {20, 30}:
        return "二十" if day == 20 else "三十"
    return _TENS[(day - 1) // 10] + _DIGITS[(day - 1) % 10]
