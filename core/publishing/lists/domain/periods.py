"""The period that a title names, and the title of the next one, where that is certain (pure)."""

import re
from collections.abc import Callable
from datetime import date

_QUARTERS = "一二三四"
_LAST_MONTH = 12
_YEAR = r"(?P<year>(?:19|20|21)\d\d)"


def _next_quarter(match: re.Match[str]) -> str:
    sign = match["quarter"]
    place = _QUARTERS.find(sign) if sign in _QUARTERS else int(sign) - 1
    year = int(match["year"]) + (place == len(_QUARTERS) - 1)
    place = (place + 1) % len(_QUARTERS)
    named = _QUARTERS[place] if sign in _QUARTERS else str(place + 1)
    return f"{year}{match['between']}{named}{match['word']}"


def _next_month(match: re.Match[str]) -> str:
    month, year = int(match["month"]) + 1, int(match["year"])
    if month > _LAST_MONTH:
        month, year = 1, year + 1
    width = len(match["month"]) if match["month"].startswith("0") else 1
    return f"{year}{match['between']}{month:0{width}}{match['word']}"


def _next_half(match: re.Match[str]) -> str:
    upper = match["half"] == "上"
    return f"{int(match['year']) + (not upper)}{match['between']}{'下' if upper else '上'}半年"


def _next_year(match: re.Match[str]) -> str:
    return f"{int(match['year']) + 1}{match['word']}"


_QUARTER = re.compile(rf"{_YEAR}(?P<between>年度?第?)(?P<quarter>[1-4一二三四])(?P<word>季度?)")
_ONLY_QUARTER = re.compile(r"第?(?P<quarter>[1-4一二三四])季度?")
_HALF = re.compile(rf"{_YEAR}(?P<between>年度?)(?P<half>[上下])半年")
_MONTH = re.compile(
    rf"{_YEAR}(?P<between>年)(?P<month>0?[1-9]|1[0-2])(?P<word>月份?)(?!\d{{1,2}}日)"
)
_WHOLE_YEAR = re.compile(rf"{_YEAR}(?P<word>年度?)(?!第|[上下]半|\d)")
_PERIODS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (_QUARTER, _next_quarter),
    (_HALF, _next_half),
    (_MONTH, _next_month),
    (_WHOLE_YEAR, _next_year),
)


def find_covered_quarter(title: str, day: date) -> tuple[int, int]:
    """Find year and quarter of which a title speaks, for a text that came out on a day.

    A title without a quarter or month, or with several, speaks of the quarter of that day. So does
    a whole year, or half of one: a plan comes at its beginning, accounts after its end. A quarter
    without a year is the last one of that number; what is still to come is not covered yet.
    """
    came_out = day.year, (day.month + 2) // 3
    found = {_to_quarter(match, came_out) for match in _QUARTER.finditer(title)}
    found = found or {_to_quarter(match, came_out) for match in _MONTH.finditer(title)}
    found = found or {_to_quarter(match, came_out) for match in _ONLY_QUARTER.finditer(title)}
    return min(*found, came_out) if len(found) == 1 else came_out


def _to_quarter(match: re.Match[str], came_out: tuple[int, int]) -> tuple[int, int]:
    named = match.groupdict()
    if month := named.get("month"):
        return int(named["year"]), (int(month) + 2) // 3
    sign = named["quarter"]
    quarter = _QUARTERS.index(sign) + 1 if sign in _QUARTERS else int(sign)
    year, last = came_out
    return int(named.get("year") or year - (quarter > last)), quarter


def advance_title(title: str) -> str:
    """Return the title of the next period; the same title where it names none, or several.

    2026年第四季度 becomes 2027年第一季度, 2026年12月 becomes 2027年1月.
    """
    for pattern, advance in _PERIODS:
        found = list(pattern.finditer(title))
        if len(found) == 1:
            match = found[0]
            return f"{title[: match.start()]}{advance(match)}{title[match.end() :]}"
        if found:
            return title
    return title


def to_frame(title: str) -> str:
    """Return a title without its numbers and periods, the same for each period."""
    return re.sub(r"\d+|第?[一二三四]季度?|[上下]半年", "#", title)
