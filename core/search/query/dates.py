"""Dates in a query: a wish for the day of publication (5月20日停水, 上个月的通知).

A year alone is none: 2023年预算 names a document, which is often published in another year.
"""

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

_DIGITS = {character: digit for digit, character in enumerate("一二三四五六七八九", start=1)}
_MONTH = r"(?P<month>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])\s*月份?"
_DAY = r"(?P<day>3[01]|[12]\d|0?[1-9]|[二三]?十[一二三四五六七八九]?|[一二三四五六七八九])\s*[日号]"
_YEAR = r"(?P<year>(?:19|20)\d\d|今年|去年|前年)\s*年?\s*"
_NUMERIC = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d\d)[-/.](?P<month>1[0-2]|0?[1-9])(?:[-/.](?P<day>3[01]|[12]\d|0?[1-9]))?"
    r"(?![\d/-])"
)
_WRITTEN = re.compile(rf"(?<![\d第])(?:{_YEAR})?{_MONTH}(?:\s*{_DAY})?")
_YEARS_AGO = {"今年": 0, "去年": 1, "前年": 2}


@dataclass(frozen=True, slots=True)
class PublicationPeriod:
    """Days from the first to the last, both included."""

    first: date
    last: date


def without_period(folded: str, today: date) -> str:
    """Return a folded query without its date."""
    found = find_period(folded, today)
    if found is None:
        return folded
    (start, end), _period = found
    return f"{folded[:start]} {folded[end:]}".strip(" 的")


def find_period(folded: str, today: date) -> tuple[tuple[int, int], PublicationPeriod] | None:
    """Find the first date of a folded query: its span, and the days that it means."""
    for pattern in (_NUMERIC, _WRITTEN):
        for match in pattern.finditer(folded):
            period = _to_period(match.groupdict(), today)
            if period is not None:
                return match.span(), period
    named = _RELATIVE.search(folded)
    return (named.span(), _NAMED[named.group()](today)) if named else None


def _to_period(parts: dict[str, str | None], today: date) -> PublicationPeriod | None:
    month = _to_number(str(parts["month"]))
    year = _to_year(parts["year"], month, today)
    if parts["day"] is None:
        return _month(year, month)
    try:
        day = date(year, month, _to_number(parts["day"]))
    except ValueError:  # 2月30日
        return None
    return PublicationPeriod(day, day)


def _to_number(typed: str) -> int:
    """Convert digits or numerals below a hundred: 二十一 is 21, 十 is 10."""
    if typed.isascii():
        return int(typed)
    tens, ten, ones = typed.rpartition("十")
    return (_DIGITS.get(tens, 1) * 10 if ten else 0) + _DIGITS.get(ones, 0)


def _to_year(typed: str | None, month: int, today: date) -> int:
    """Return the year that was typed; without one that of the last such month."""
    if typed is None:
        return today.year - (month > today.month)
    return today.year - _YEARS_AGO[typed] if typed in _YEARS_AGO else int(typed)


def _month(year: int, month: int) -> PublicationPeriod:
    return PublicationPeriod(
        date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])
    )


def _last_month(today: date) -> PublicationPeriod:
    end = today.replace(day=1) - timedelta(days=1)
    return PublicationPeriod(end.replace(day=1), end)


def _week(today: date, weeks_ago: int) -> PublicationPeriod:
    monday = today - timedelta(days=today.weekday() + 7 * weeks_ago)
    return PublicationPeriod(monday, monday + timedelta(days=6))


def _days_ago(days: int) -> Callable[[date], PublicationPeriod]:
    return lambda today: PublicationPeriod(
        today - timedelta(days=days), today - timedelta(days=days)
    )


_NAMED: dict[str, Callable[[date], PublicationPeriod]] = {
    "今天": _days_ago(0),
    "昨天": _days_ago(1),
    "前天": _days_ago(2),
    **dict.fromkeys(("本周", "这周", "这个星期"), lambda today: _week(today, 0)),
    **dict.fromkeys(("上周", "上个星期"), lambda today: _week(today, 1)),
    **dict.fromkeys(("本月", "这个月"), lambda today: _month(today.year, today.month)),
    **dict.fromkeys(("上月", "上个月"), _last_month),
}
_RELATIVE = re.compile("|".join(_NAMED))
