"""Opening hours in words, Chinese and English.

What `parse_hours` has read comes back from its own Chinese words unchanged.
"""

from collections.abc import Mapping, Sequence
from datetime import date

from core.opening_hours.domain.model import (
    DAY,
    Holidays,
    HoursRule,
    MonthDay,
    OpeningHours,
    Period,
    write_time,
)
from core.opening_hours.domain.schedule import OpeningSpan, OpenState

_ALL, _WHOLE_DAY = tuple(range(7)), ((0, DAY),)
_NUMERALS = "十一二三四五六七八九"
_TENS = ("初", "十", "廿")


_Phrases = Mapping[str, str]
_CHINESE: _Phrases = {
    "weekday": "周一 周二 周三 周四 周五 周六 周日",
    "month": "1月 2月 3月 4月 5月 6月 7月 8月 9月 10月 11月 12月",
    "week": "1 2 3 4 5",
    "month_day": "{month}{day}日", "date": "{year}年{month}{day}日", "span": "{first}至{last}",
    "comma": "、", "stop": "；", "every_day": "每天", "weeks": "每月第{weeks}个{days}",
    "last_week": "每月最后一个{days}", "month_days": "每月{days}日", "day_comma": "日、",
    "last_day": "每月最后一天", "postponed": "（遇节假日顺延）", "market_days": "农历逢{days}",
    "lunar_days": "农历{days}", "holidays": "节假日", "time_span": "{begin}-{end}",
    "next_day": "次日", "all_day": "全天", "rest": "休息", "phone": "值班电话{phone}",
    "holidays_off": "节假日休息", "holidays_on": "节假日不休",
}  # fmt: skip
_ENGLISH: _Phrases = {
    "weekday": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
    "month": "January February March April May June July August September October November"
    " December",
    "week": "first second third fourth fifth",
    "month_day": "{day} {month}", "date": "{day} {month} {year}", "span": "{first} to {last}",
    "comma": ", ", "stop": "; ", "every_day": "every day", "weeks": "{weeks} {days} of the month",
    "last_week": "last {days} of the month", "month_days": "day {days} of the month",
    "day_comma": ", ", "last_day": "last day of the month",
    "postponed": " (or the next working day)", "market_days": "lunar days ending with {days}",
    "lunar_days": "lunar days {days}", "holidays": "public holidays",
    "time_span": "{begin}–{end}", "next_day": "next day ", "all_day": "all day",
    "rest": "closed", "phone": "duty telephone {phone}",
    "holidays_off": "closed on public holidays", "holidays_on": "open on public holidays",
}  # fmt: skip


def hours_to_words(hours: OpeningHours, *, chinese: bool = True) -> str:
    """Say hours in words, rule by rule; empty where there are none."""
    phrases = _CHINESE if chinese else _ENGLISH
    lines = [_say_rule(rule, phrases) for rule in hours.rules]
    return phrases["stop"].join([*lines, *_say_holidays(hours, phrases)])


def say_opening_spans(spans: Sequence[OpeningSpan], *, chinese: bool = True) -> str:
    """Say what is open on one day; empty where nothing is, or where nobody knows."""
    phrases = _CHINESE if chinese else _ENGLISH
    periods = tuple((span.begin, span.end) for span in spans if span.state is OpenState.OPEN)
    return _say_periods(periods, phrases) if periods else ""


def _say_rule(rule: HoursRule, phrases: _Phrases) -> str:
    days = "" if rule.phone else _say_days(rule, phrases)
    parts = [_say_season(rule, phrases), days, rule.service]
    if rule.phone:
        parts.append(phrases["phone"].format(phone=rule.phone))
    parts.append(_say_periods(rule.periods, phrases))
    return " ".join(filter(None, parts))


def _say_days(rule: HoursRule, phrases: _Phrases) -> str:
    if rule.dates:
        return phrases["comma"].join(_say_dates(*pair, phrases) for pair in rule.dates)
    if rule.lunar_days:
        return _say_lunar(rule.lunar_days, phrases)
    if rule.month_days:
        return _say_month_days(rule, phrases)
    if rule.holidays is Holidays.ONLY:
        return phrases["holidays"]
    days = _say_weekdays(rule.weekdays, phrases)
    return _say_weeks(rule.weeks, days, phrases) if rule.weeks else days


def _say_weeks(weeks: tuple[int, ...], days: str, phrases: _Phrases) -> str:
    if weeks == (-1,):
        return phrases["last_week"].format(days=days)
    names = (_pick(phrases, "week", week - 1) for week in weeks if week > 0)
    return phrases["weeks"].format(weeks=phrases["comma"].join(names), days=days)


def _pick(phrases: _Phrases, name: str, place: int) -> str:
    return phrases[name].split()[place]


def _say_weekdays(weekdays: tuple[int, ...], phrases: _Phrases) -> str:
    if weekdays in {(), _ALL}:
        return phrases["every_day"]
    names = [_pick(phrases, "weekday", day) for day in weekdays]
    if len(names) > 2 and weekdays[-1] - weekdays[0] == len(names) - 1:
        return phrases["span"].format(first=names[0], last=names[-1])
    return phrases["comma"].join(names)


def _say_month_days(rule: HoursRule, phrases: _Phrases) -> str:
    parts = []
    numbers = [str(day) for day in rule.month_days if day > 0]
    if numbers:
        parts.append(phrases["month_days"].format(days=phrases["day_comma"].join(numbers)))
    if -1 in rule.month_days:
        parts.append(phrases["last_day"])
    return phrases["comma"].join(parts) + (phrases["postponed"] if rule.is_postponed else "")


def _say_lunar(days: tuple[int, ...], phrases: _Phrases) -> str:
    """Say lunar days; by their last digits where all days that end so are meant (逢二五八)."""
    endings = sorted({day % 10 for day in days}, key=lambda ending: ending or 10)
    is_market = set(days) == {day for day in range(1, 31) if day % 10 in endings}
    if phrases is _ENGLISH:
        shown = [ending or 10 for ending in endings] if is_market else days
        pattern = phrases["market_days"] if is_market else phrases["lunar_days"]
        return pattern.format(days=phrases["comma"].join(map(str, shown)))
    if is_market:
        return phrases["market_days"].format(days="".join(_NUMERALS[ending] for ending in endings))
    return phrases["lunar_days"].format(days=phrases["comma"].join(map(_lunar_name, days)))


def _lunar_name(day: int) -> str:
    if day in {20, 30}:
        return "二十" if day == 20 else "三十"
    return _TENS[(day - 1) // 10] + _NUMERALS[day % 10]


def _say_season(rule: HoursRule, phrases: _Phrases) -> str:
    if rule.season is None:
        return ""
    first, last = (_say_month_day(day, phrases) for day in rule.season)
    return phrases["span"].format(first=first, last=last)


def _say_month_day(day: MonthDay, phrases: _Phrases) -> str:
    return phrases["month_day"].format(month=_pick(phrases, "month", day[0] - 1), day=day[1])


def _say_dates(first: date, last: date, phrases: _Phrases) -> str:
    said = [
        phrases["date"].format(
            year=day.year, month=_pick(phrases, "month", day.month - 1), day=day.day
        )
        for day in (first, last)
    ]
    return said[0] if first == last else phrases["span"].format(first=said[0], last=said[1])


def _say_periods(periods: tuple[Period, ...] | None, phrases: _Phrases) -> str:
    if periods is None:
        return ""
    if periods in {(), _WHOLE_DAY}:
        return phrases["all_day"] if periods else phrases["rest"]
    return phrases["comma"].join(_say_period(period, phrases) for period in periods)


def _say_period(period: Period, phrases: _Phrases) -> str:
    end = (phrases["next_day"] if period[1] > DAY else "") + write_time(period[1])
    return phrases["time_span"].format(begin=write_time(period[0]), end=end)


def _say_holidays(hours: OpeningHours, phrases: _Phrases) -> list[str]:
    """Say what holds on public holidays where a reader could not know it."""
    kinds = {
        rule.holidays
        for rule in hours.rules
        if not (rule.phone or rule.dates or rule.periods == _WHOLE_DAY)
    }
    if Holidays.CLOSED in kinds and Holidays.ONLY not in kinds:
        return [phrases["holidays_off"]]
    return [phrases["holidays_on"]] if kinds == {Holidays.OPEN} else []
