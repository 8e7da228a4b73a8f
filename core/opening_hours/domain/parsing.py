"""Opening hours read from the office's own words: "周一至周五 8:30-12:00,14:30-18:00;周六上午".

Whoever works on working days works as the State Council arranges them; of all others nobody has
said what holds on public holidays, unless the text does. A text that leaves something open which
would have to be guessed is not read at all.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import pairwise

from core.opening_hours.domain.model import (
    DAY,
    Holidays,
    HoursRule,
    MonthDay,
    OpeningHours,
    Period,
    read_time,
)
from core.opening_hours.domain.tokens import Token, UnreadableHours, list_tokens, to_number

_NAMES = "一二三四五六日"
_ALL = tuple(range(7))
_WORKDAYS = (0, 1, 2, 3, 4)
_AFTERNOON = {"中午", "下午", "午后", "晚上", "晚间", "夜间"}
_NOON, _EVENING = 12 * 60, 16 * 60
_LONGEST = 500


@dataclass
class _Draft:
    """A rule in the making: its days, the times said of them, the half of the day."""

    days: HoursRule = field(default_factory=HoursRule)
    times: list[Period] = field(default_factory=list)
    half: str = ""
    is_closed: bool = False
    has_days: bool = False
    has_own_days: bool = True  # else they are those of the draft before, until others are said
    is_ended: bool = False  # a full stop or semicolon came after it

    @property
    def is_bare(self) -> bool:
        """Whether nothing was said of the days yet."""
        return self.has_days and not (self.times or self.half or self.is_closed)


def parse_hours(text: str) -> OpeningHours | None:
    """Read hours; `None` where structure cannot say what the text says."""
    if not text.strip() or len(text) > _LONGEST:
        return None
    reader = _HoursReader()
    try:
        for token, match in list_tokens(text):
            reader.take(token, match)
        return build_hours(reader.drafts, reader.breaks, reader.holidays)
    except UnreadableHours:
        return None


class _HoursReader:
    """Reads token by token; a draft ends where the next days begin."""

    def __init__(self) -> None:
        self.drafts = [_Draft()]
        self.season: tuple[MonthDay, MonthDay] | None = None
        self.holidays: Holidays | None = None
        self.breaks: list[Period] = []
        self.before = Token.NOTHING

    @property
    def draft(self) -> _Draft:
        return self.drafts[-1]

    def take(self, token: Token, match: re.Match[str]) -> None:
        """Take one token; raises `UnreadableHours` where it makes no sense."""
        if token in _DAYS:
            self._begin(_DAYS[token](match))
        elif token in _OTHER:
            _OTHER[token](self, match)
        if token is not Token.NOTHING:
            self.before = token

    def _begin(self, days: HoursRule) -> None:
        """Begin a draft, or add weekdays to one of which nothing was said yet (周一、周三)."""
        draft = self.draft
        if draft.is_bare and draft.has_own_days and self._joins(days):
            merged = tuple(sorted({*draft.days.weekdays, *days.weekdays}))
            draft.days = replace(draft.days, weekdays=merged)
            return
        if draft.times or draft.is_ended or (draft.has_days and draft.has_own_days):
            self.drafts.append(_Draft())
        before = self.draft.days
        self.draft.days = replace(
            days, season=self.season, service=before.service, phone=before.phone
        )
        self.draft.has_days = self.draft.has_own_days = True

    def _joins(self, days: HoursRule) -> bool:
        kinds = (self.draft.days.weekdays, days.weekdays)
        plain = not (self.draft.days.weeks or days.weeks or days.holidays is Holidays.ONLY)
        return all(kinds) and plain and not self.draft.is_ended

    def season_said(self, match: re.Match[str]) -> None:
        """Begin a season; it has the days said before it, unless others follow."""
        self.season = _read_month_day(match[1]), _read_month_day(match[2], is_last=True)
        days = replace(self.draft.days, season=self.season)
        if self.draft.is_bare and not self.draft.is_ended:
            self.draft.days = days
        elif self.draft.has_days:
            self.drafts.append(_Draft(days, has_days=True, has_own_days=False))

    def times_said(self, match: re.Match[str]) -> None:
        if self.draft.is_closed:  # times after days of rest are those of the other days
            self.drafts.append(_Draft())
        self.draft.times.append(_read_period(match))

    def all_day_said(self, _match: re.Match[str]) -> None:
        """Take 24 hours; of every day where no days are said, and then of holidays too."""
        if self.draft.is_closed or not self.draft.has_days:
            self._begin(HoursRule(weekdays=_ALL))
        if self.draft.days.weekdays == _ALL:
            self.draft.days = replace(self.draft.days, holidays=Holidays.OPEN)
        self.draft.times.append((0, DAY))

    def half_said(self, match: re.Match[str]) -> None:
        if self.draft.half or not self.draft.has_days:
            raise UnreadableHours(match[0])
        self.draft.half = match[0]

    def break_said(self, match: re.Match[str]) -> None:
        self.breaks.append((read_time(match[1]), read_time(match[2])))

    def rest_said(self, match: re.Match[str]) -> None:
        if not self.draft.is_bare:
            raise UnreadableHours(match[0])
        self.draft.is_closed = True

    def phone_said(self, match: re.Match[str]) -> None:
        if self.before is Token.TIMES:  # whose times would they be?
            raise UnreadableHours(match[0])
        days = HoursRule(weekdays=_ALL, holidays=Holidays.OPEN, phone=match[1])
        self.drafts.append(_Draft(days, has_days=True, has_own_days=False))

    def service_said(self, match: re.Match[str]) -> None:
        if self.draft.is_ended:
            self.drafts.append(_Draft())
        self.draft.days = replace(self.draft.days, service=match[0])

    def postponed_said(self, match: re.Match[str]) -> None:
        if not self.draft.days.month_days:
            raise UnreadableHours(match[0])
        self.draft.days = replace(self.draft.days, is_postponed=True)

    def holidays_off_said(self, match: re.Match[str]) -> None:
        """Take 节假日休息; in 周六、周日及节假日休息 and 双休日、节假日休息 weekends rest too."""
        self.holidays = Holidays.CLOSED
        if match[0][0] in "及和、" and self.draft.is_bare:
            self.draft.is_closed = True
        elif "周末" in match[0] or "双休日" in match[0]:
            self.drafts.append(_Draft(HoursRule(weekdays=(5, 6)), has_days=True, is_closed=True))

    def holidays_on_said(self, match: re.Match[str]) -> None:
        self.holidays = Holidays.OPEN
        if not self.draft.has_days and match[0].startswith(("全年", "365")):
            self._begin(HoursRule(weekdays=_ALL))

    def stop_said(self, _match: re.Match[str]) -> None:
        self.draft.is_ended = True


def build_hours(
    drafts: list[_Draft], breaks: list[Period], holidays: Holidays | None
) -> OpeningHours:
    """Build hours of drafts; raises `UnreadableHours` where something is left open."""
    said = [draft for draft in drafts if draft.has_days or draft.times]
    resting = [draft.days for draft in said if draft.is_closed and not draft.days.dates]
    if any(days.weeks or not days.weekdays or days.season for days in resting):
        raise UnreadableHours("days of rest that no rule can leave out")
    closed = {day for days in resting for day in days.weekdays}
    rules = [
        _to_rule(draft, _find_periods(place, said, breaks), closed)
        for place, draft in enumerate(said)
        if draft.days not in resting
    ]
    if not any(rule.periods is None or rule.periods for rule in rules):
        raise UnreadableHours("no time at which it is open")
    return OpeningHours(tuple(_set_holidays(_part_seasons(rules), holidays)))


def _to_rule(draft: _Draft, periods: tuple[Period, ...] | None, closed: set[int]) -> HoursRule:
    days = draft.days
    if not draft.has_days:  # times alone: on all days but those of rest
        if not closed:
            raise UnreadableHours("times without days")
        days = replace(days, weekdays=_ALL)
    if closed and days.weekdays and not days.phone:
        days = replace(days, weekdays=tuple(day for day in days.weekdays if day not in closed))
        if not days.weekdays:
            raise UnreadableHours("open on a day of rest")
    return replace(days, periods=periods)


def _find_periods(
    place: int, drafts: list[_Draft], breaks: list[Period]
) -> tuple[Period, ...] | None:
    """Find the periods of a draft: its own, or of the next one where both share them."""
    draft = drafts[place]
    if draft.is_closed:
        return ()
    if draft.half:
        return _find_half(draft, drafts)
    if draft.is_bare and not draft.is_ended and place + 1 < len(drafts):
        following = drafts[place + 1]
        shares = not (following.half or following.is_closed or following.days.phone)
        return _find_periods(place + 1, drafts, breaks) if shares else None
    times = draft.times
    for pause in breaks:
        times = [part for period in times for part in _without(period, pause)]
    if any(first[1] > second[0] for first, second in pairwise(times)):
        raise UnreadableHours("periods overlap")
    return tuple(times) or None


def _find_half(draft: _Draft, drafts: list[_Draft]) -> tuple[Period, ...] | None:
    """Return the morning or afternoon as the office keeps it on other days."""
    if draft.times:
        raise UnreadableHours(draft.half)
    usual = next((other.times for other in drafts if other.times), [])
    if draft.half in {"上午", "早上"}:
        return tuple(period for period in usual if period[1] <= _NOON + 60) or None
    if draft.half != "下午":
        return None
    return tuple(period for period in usual if _NOON <= period[0] < _EVENING + 60) or None


def _without(period: Period, pause: Period) -> list[Period]:
    parts = (period[0], min(period[1], pause[0])), (max(period[0], pause[1]), period[1])
    return [(begin, end) for begin, end in parts if begin < end]


def _part_seasons(rules: list[HoursRule]) -> list[HoursRule]:
    """Let weekly hours without a season hold outside the season that others have."""
    weekly = [rule for rule in rules if rule.weekdays and not rule.phone and not rule.service]
    seasons = {rule.season for rule in weekly if rule.season}
    if not seasons or all(rule.season for rule in weekly):
        return rules
    if len(seasons) > 1:
        raise UnreadableHours("hours without a season beside several seasons")
    first, last = seasons.pop() or ((1, 1), (12, 31))
    rest = _move(last, 1), _move(first, -1)
    return [
        replace(rule, season=rest) if rule in weekly and not rule.season else rule for rule in rules
    ]


def _move(day: MonthDay, days: int) -> MonthDay:
    moved = date(2000, *day) + timedelta(days)  # a leap year
    return moved.month, moved.day


def _set_holidays(rules: list[HoursRule], said: Holidays | None) -> list[HoursRule]:
    official = any(set(_WORKDAYS) <= set(rule.weekdays) != set(_ALL) for rule in rules)
    only = any(rule.holidays is Holidays.ONLY for rule in rules)
    return [_set_holidays_in(rule, said, official=official, only=only) for rule in rules]


def _set_holidays_in(
    rule: HoursRule, said: Holidays | None, *, official: bool, only: bool
) -> HoursRule:
    if rule.holidays is not Holidays.ASK or rule.dates:
        return rule
    if said is Holidays.OPEN:
        return replace(rule, holidays=said)
    if official and rule.weekdays and not rule.weeks:
        return replace(rule, holidays=Holidays.OFFICIAL)
    return replace(rule, holidays=Holidays.CLOSED) if said or only else rule


def _read_month_day(text: str, *, is_last: bool = False) -> MonthDay:
    month, _sign, day = re.sub("[日号份]", "", text).partition("月")
    if not 1 <= int(month) <= 12:
        raise UnreadableHours(text)
    length = monthrange(2000, int(month))[1]
    if day and not 1 <= int(day) <= length:
        raise UnreadableHours(text)
    return int(month), int(day) if day else length if is_last else 1


def _read_period(match: re.Match[str]) -> Period:
    """Read a period; hours of the afternoon may be said as those of a clock (下午2:30-6:00)."""
    half, begin_text, other_half, next_day, end_text = match.groups()
    begin = _to_minutes(begin_text, half)
    end = _to_minutes(end_text, other_half or (half if half in _AFTERNOON else ""))
    if next_day:
        end += DAY
    elif end <= begin:
        if begin < _EVENING or end > _NOON:
            raise UnreadableHours(match[0])
        end += DAY
    if end - begin > DAY:
        raise UnreadableHours(match[0])
    return begin, end


def _to_minutes(text: str, half: str | None) -> int:
    hour, minute = map(int, text.split(":"))
    if half in _AFTERNOON and hour < 12 and not (half == "中午" and hour > 3):
        hour += 12
    if hour * 60 + minute > DAY or minute > 59:
        raise UnreadableHours(text)
    return hour * 60 + minute


def _read_weekdays(match: re.Match[str]) -> HoursRule:
    first = _weekday(match[1])
    if match[2]:
        length = (_weekday(match[2]) - first) % 7 + 1
        days = {(first + step) % 7 for step in range(length)}
    else:
        days = {first} | {_weekday(name) for name in match[3] if name not in "、,"}
    return HoursRule(weekdays=tuple(sorted(days)))


def _weekday(name: str) -> int:
    return _NAMES.index(name.replace("天", "日"))


def _read_nth(match: re.Match[str]) -> HoursRule:
    weeks = (-1,) if match[2] else tuple(sorted(map(to_number, re.split("[、,和]", match[1]))))
    return HoursRule(weekdays=(_weekday(match[3]),), weeks=weeks)


def _read_month_days(match: re.Match[str]) -> HoursRule:
    if match[1].startswith("最后"):
        return HoursRule(month_days=(-1,))
    days = set[int]()
    for part in re.split("[、,和及]", re.sub("[日号]", "", match[1])):
        first, *last = map(int, part.split("-"))
        days |= set(range(first, (last or [first])[0] + 1))
    if not days or min(days) < 1 or max(days) > 31:
        raise UnreadableHours(match[0])
    return HoursRule(month_days=tuple(sorted(days)))


def _read_lunar(match: re.Match[str]) -> HoursRule:
    if match[2]:
        days = {to_number(name) for name in re.split("[、,和]", match[2])}
    else:
        endings = {to_number(sign) % 10 for sign in match[1] if sign not in "、,和"}
        days = {day for day in range(1, 31) if day % 10 in endings}
    if not days or not days <= set(range(1, 31)):
        raise UnreadableHours(match[0])
    return HoursRule(lunar_days=tuple(sorted(days)))


def _read_dates(match: re.Match[str]) -> HoursRule:
    try:
        year, month, day = (int(match[place]) for place in (1, 2, 3))
        first = date(year, month, day)
        last = date(int(match[4] or year), int(match[5] or month), int(match[6] or day))
    except ValueError as error:
        raise UnreadableHours(match[0]) from error
    if last < first:
        raise UnreadableHours(match[0])
    return HoursRule(dates=((first, last),))


_DAYS: Mapping[Token, Callable[[re.Match[str]], HoursRule]] = {
    Token.WEEKDAYS: _read_weekdays,
    Token.WORKDAYS: lambda _match: HoursRule(weekdays=_WORKDAYS),
    Token.WEEKEND: lambda _match: HoursRule(weekdays=(5, 6)),
    Token.EVERY_DAY: lambda _match: HoursRule(weekdays=_ALL),
    Token.HOLIDAYS: lambda _match: HoursRule(weekdays=_ALL, holidays=Holidays.ONLY),
    Token.NTH: _read_nth,
    Token.MONTH_DAYS: _read_month_days,
    Token.LUNAR: _read_lunar,
    Token.DATES: _read_dates,
}
_OTHER: Mapping[Token, Callable[[_HoursReader, re.Match[str]], None]] = {
    Token.SEASON: _HoursReader.season_said,
    Token.TIMES: _HoursReader.times_said,
    Token.ALL_DAY: _HoursReader.all_day_said,
    Token.HALF: _HoursReader.half_said,
    Token.BREAK: _HoursReader.break_said,
    Token.REST: _HoursReader.rest_said,
    Token.PHONE: _HoursReader.phone_said,
    Token.SERVICE: _HoursReader.service_said,
    Token.POSTPONED: _HoursReader.postponed_said,
    Token.STOP: _HoursReader.stop_said,
    Token.HOLIDAYS_OFF: _HoursReader.holidays_off_said,
    Token.HOLIDAYS_ON: _HoursReader.holidays_on_said,
}
