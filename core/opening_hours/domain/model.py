"""Opening hours as structure, and how they are stored.

Stored as JSON (`to_json`, `from_json`); keys that say nothing are left out:

    {"rules": [
        {"weekdays": [0, 1, 2, 3, 4],             0 is Monday; with "weeks" also [1, -1]: the first
                                                  and the last such weekday of a month
         "month_days": [10, -1],                  days of the month, -1 is its last
         "lunar_days": [2, 5, 8, 12, 15, 18, 22, 25, 28],   days of the lunar month
         "dates": [["2026-10-01", "2026-10-03"]], particular days: in place of every other rule
         "season": ["10-01", "04-30"],            month and day, may pass the new year
         "periods": [["08:30", "12:00"], ["14:30", "18:00"]],
         "holidays": "official",                  see `Holidays`
         "is_postponed": true,                    a month day off work moves to the next working day
         "service": "预防接种",                   hours of this service only
         "phone": "0999-5551234"}]}               duty telephone: answered then, but not open

Days must fit every kind that a rule names. A period that ends at or before it begins, or at
"24:00", passes midnight and belongs to the day on which it begins. "periods": null says that the
point is open on these days, and nobody knows when; [] that it is closed. What structure cannot say
stays in the office's own words, kept by the point itself.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from typing import Any

DAY = 24 * 60
MOST_RULES = 40
MonthDay = tuple[int, int]
#: Minutes of the day from and to; the end is above `DAY` where it passes midnight.
Period = tuple[int, int]
_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)|24:00")
_MONTH_LENGTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


class Holidays(StrEnum):
    """What a rule says of public holidays."""

    OFFICIAL = "official"  # as the State Council arranges them: off on holidays, on at make-up days
    CLOSED = "closed"  # off on holidays, no make-up days
    OPEN = "open"  # as on any other day
    ASK = "ask"  # nobody has said: on holidays it is unknown
    ONLY = "only"  # on public holidays, and on no other day


@dataclass(frozen=True, slots=True)
class HoursRule:
    """Days, and the periods of these days; a kind of days that is empty does not matter."""

    weekdays: tuple[int, ...] = ()
    weeks: tuple[int, ...] = ()
    month_days: tuple[int, ...] = ()
    lunar_days: tuple[int, ...] = ()
    dates: tuple[tuple[date, date], ...] = ()
    season: tuple[MonthDay, MonthDay] | None = None
    periods: tuple[Period, ...] | None = ()
    holidays: Holidays = Holidays.ASK
    is_postponed: bool = False
    service: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """The hours of a point: it is open when any rule says so; without rules nobody knows."""

    rules: tuple[HoursRule, ...] = ()


def hours_from_json(stored: Mapping[str, Any] | None) -> OpeningHours:
    """Build hours from what is stored; raises `ValueError` that says which rule is wrong."""
    rules = (stored or {}).get("rules", [])
    if not isinstance(rules, list) or len(rules) > MOST_RULES:
        raise ValueError(f"hours have a list of at most {MOST_RULES} rules")
    return OpeningHours(
        tuple(_read_rule(number, each) for number, each in enumerate(rules, start=1))
    )


def hours_to_json(hours: OpeningHours) -> dict[str, Any]:
    """Return hours as they are stored."""
    return {"rules": [_write_rule(rule) for rule in hours.rules]}


def read_time(text: str) -> int:
    """Convert "08:30" to minutes of the day; raises `ValueError`."""
    if not _TIME.fullmatch(text):
        raise ValueError(f"no time of day: {text}")
    hour, minute = text.split(":")
    return int(hour) * 60 + int(minute)


def write_time(minutes: int) -> str:
    """Convert minutes of the day to "08:30"; past midnight to the time on the next day."""
    hour, minute = divmod(minutes if minutes <= DAY else minutes - DAY, 60)
    return f"{hour:02}:{minute:02}"


def build_period(begin: int, end: int) -> Period:
    """Build a period from two times of day; it passes midnight unless the end is later."""
    return (begin, end if end > begin else end + DAY)


def _read_rule(number: int, stored: Any) -> HoursRule:
    try:
        _refuse_unknown(stored)
        season = stored.get("season")
        return HoursRule(
            weekdays=_read_days(stored, "weekdays", 0, 6),
            weeks=_read_days(stored, "weeks", -1, 5),
            month_days=_read_days(stored, "month_days", -1, 31),
            lunar_days=_read_days(stored, "lunar_days", 1, 30),
            dates=tuple(_read_dates(pair) for pair in stored.get("dates", ())),
            season=(_read_month_day(season[0]), _read_month_day(season[1])) if season else None,
            periods=_read_periods(stored.get("periods")),
            holidays=Holidays(stored.get("holidays", Holidays.ASK)),
            is_postponed=bool(stored.get("is_postponed", False)),
            service=str(stored.get("service", "")),
            phone=str(stored.get("phone", "")),
        )
    except (TypeError, ValueError, AttributeError, LookupError) as error:
        raise ValueError(f"rule {number}: {error}") from error


def _refuse_unknown(stored: Mapping[str, Any]) -> None:
    unknown = set(stored) - {field.name for field in fields(HoursRule)}
    if unknown:
        raise ValueError(f"unknown: {', '.join(sorted(unknown))}")


def _read_days(stored: Mapping[str, Any], name: str, least: int, most: int) -> tuple[int, ...]:
    days = tuple(sorted({int(day) for day in stored.get(name, ())}))
    if any(not least <= day <= most or (day == 0 and name != "weekdays") for day in days):
        raise ValueError(f"{name}: {days}")
    return days


def _read_dates(pair: Sequence[str]) -> tuple[date, date]:
    first, last = (date.fromisoformat(text) for text in pair)
    if last < first:
        raise ValueError(f"dates: {first} is after {last}")
    return first, last


def _read_month_day(text: str) -> MonthDay:
    month, day = map(int, text.split("-"))
    if not (1 <= month <= 12 and 1 <= day <= _MONTH_LENGTHS[month - 1]):
        raise ValueError(f"no day of the year: {text}")
    return month, day


def _read_periods(stored: Any) -> tuple[Period, ...] | None:
    if stored is None:
        return None
    return tuple(build_period(read_time(begin), read_time(end)) for begin, end in stored)


def _write_rule(rule: HoursRule) -> dict[str, Any]:
    written: dict[str, Any] = {
        "weekdays": list(rule.weekdays),
        "weeks": list(rule.weeks),
        "month_days": list(rule.month_days),
        "lunar_days": list(rule.lunar_days),
        "dates": [[day.isoformat() for day in pair] for pair in rule.dates],
        "season": [f"{month:02}-{day:02}" for month, day in rule.season or ()],
        "is_postponed": rule.is_postponed,
        "service": rule.service,
        "phone": rule.phone,
    }
    said = {name: value for name, value in written.items() if value}
    times = rule.periods
    periods = times and [[write_time(begin), write_time(end)] for begin, end in times]
    return said | {
        "periods": None if times is None else list(periods or ()),
        "holidays": str(rule.holidays),
    }
