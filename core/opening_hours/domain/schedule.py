"""Whether a point is open at a moment, and when that changes next.

Moments are aware and in the zone of the installation (`moment.astimezone(zone())`); the arithmetic
is that of clocks on the wall. The calendars come from outside, as functions of a day.
"""

from calendar import monthrange
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from core.opening_hours.domain.model import DAY, Holidays, HoursRule, MonthDay, OpeningHours

# How far ahead a change is looked for: hours of a season may rest for most of a year.
MOST_DAYS = 400
_WORKING_WEEK = {0, 1, 2, 3, 4}
_ONE_DAY = timedelta(days=1)


class DayType(StrEnum):
    """What the State Council's arrangement makes of a day."""

    WEEKDAY = "weekday"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    MAKE_UP = "make_up"  # a Saturday or Sunday on which people work


class OpenState(StrEnum):
    """What can be said of a moment."""

    OPEN = "open"
    CLOSED = "closed"
    UNKNOWN = "unknown"


_ON_HOLIDAY = {
    Holidays.OFFICIAL: OpenState.CLOSED,
    Holidays.CLOSED: OpenState.CLOSED,
    Holidays.ASK: OpenState.UNKNOWN,
    Holidays.OPEN: OpenState.OPEN,
    Holidays.ONLY: OpenState.OPEN,
}


@dataclass(frozen=True, slots=True)
class OpeningCalendars:
    """The arrangement of working days, and the day of the lunar month (1 to 30) of a day."""

    day_type: Callable[[date], DayType]
    lunar_day: Callable[[date], int]


@dataclass(frozen=True, slots=True)
class OpeningSpan:
    """A stretch of a day, in minutes (past midnight above `DAY`), and what it says."""

    begin: int
    end: int
    state: OpenState


def opening_state(
    hours: OpeningHours, moment: datetime, calendars: OpeningCalendars, service: str = ""
) -> OpenState:
    """Tell whether the point is open; for a service with hours of its own, whether that is."""
    rules = _rules_for(hours, service)
    if not rules:
        return OpenState.UNKNOWN
    return _state_at(_spans_around(rules, moment.date(), calendars), _minute(moment))


def next_opening_change(
    hours: OpeningHours,
    moment: datetime,
    calendars: OpeningCalendars,
    service: str = "",
    days: int = MOST_DAYS,
) -> datetime | None:
    """Return the first later moment at which `is_open` says something else.

    `None` where that is not within so many days, this one included.
    """
    rules = _rules_for(hours, service)
    if not rules:
        return None
    first, minute = moment.date(), _minute(moment)
    before = _state_at(_spans_around(rules, first, calendars), minute)
    for distance in range(days):
        day = first + distance * _ONE_DAY
        spans = _spans_around(rules, day, calendars)
        for edge in _edges(spans, minute if distance == 0 else -1):
            if _state_at(spans, edge) != before:
                midnight = datetime.combine(day, time.min, moment.tzinfo)
                return midnight + timedelta(minutes=edge)
    return None


def list_spans(
    hours: OpeningHours, day: date, calendars: OpeningCalendars, service: str = ""
) -> tuple[OpeningSpan, ...]:
    """List the stretches that begin on a day, in their order; those of an earlier night are not."""
    found = set(_spans_on(_rules_for(hours, service), day, calendars))
    return tuple(sorted(found, key=lambda span: (span.begin, span.end, span.state)))


def find_duty_phone(hours: OpeningHours, moment: datetime, calendars: OpeningCalendars) -> str:
    """Return the duty telephone that is answered at a moment; empty where none is."""
    for rule in hours.rules:
        if rule.phone:
            spans = _spans_around((rule,), moment.date(), calendars)
            if _state_at(spans, _minute(moment)) is not OpenState.CLOSED:
                return rule.phone
    return ""


def _rules_for(hours: OpeningHours, service: str) -> tuple[HoursRule, ...]:
    """Return the rules of a service; the point's where it has none of its own."""
    rules = tuple(rule for rule in hours.rules if not rule.phone)
    own = tuple(rule for rule in rules if service and rule.service == service)
    return own or tuple(rule for rule in rules if not rule.service)


def _minute(moment: datetime) -> int:
    return moment.hour * 60 + moment.minute


def _spans_around(
    rules: Iterable[HoursRule], day: date, calendars: OpeningCalendars
) -> tuple[OpeningSpan, ...]:
    """Return the spans of a day and of the night before it, in minutes of the day."""
    rules = tuple(rules)
    night = (
        OpeningSpan(span.begin - DAY, span.end - DAY, span.state)
        for span in _spans_on(rules, day - _ONE_DAY, calendars)
        if span.end > DAY
    )
    return (*night, *_spans_on(rules, day, calendars))


def _state_at(spans: Iterable[OpeningSpan], minute: int) -> OpenState:
    said = {span.state for span in spans if span.begin <= minute < span.end}
    if OpenState.OPEN in said:
        return OpenState.OPEN
    return OpenState.UNKNOWN if OpenState.UNKNOWN in said else OpenState.CLOSED


def _edges(spans: Iterable[OpeningSpan], after: int) -> list[int]:
    """Return the minutes of the day at which something can change, midnight among them."""
    found = {0} | {edge for span in spans for edge in (span.begin, span.end)}
    return sorted(edge for edge in found if after < edge < DAY)


def _spans_on(
    rules: Iterable[HoursRule], day: date, calendars: OpeningCalendars
) -> Iterator[OpeningSpan]:
    """Yield what begins on a day; rules for particular dates stand in place of the others."""
    rules = tuple(rules)
    dated = tuple(rule for rule in rules if any(a <= day <= b for a, b in rule.dates))
    for rule in dated or rules:
        if not rule.dates or dated:
            state = _state_on(rule, day, calendars)
            if rule.periods is None and state is not OpenState.CLOSED:
                yield OpeningSpan(0, DAY, OpenState.UNKNOWN)
            elif state is not OpenState.CLOSED:
                yield from (OpeningSpan(begin, end, state) for begin, end in rule.periods or ())


def _state_on(rule: HoursRule, day: date, calendars: OpeningCalendars) -> OpenState:
    """Tell whether the periods of a rule hold on a day: yes, no, or nobody has said."""
    in_season = not rule.season or is_in_season(day, rule.season)
    if not (in_season and _is_lunar_day(day, rule, calendars)):
        return OpenState.CLOSED
    if not _is_month_day(day, rule, calendars):
        return OpenState.CLOSED
    if rule.dates:
        return OpenState.OPEN
    kind = calendars.day_type(day)
    only_on_holidays = rule.holidays is Holidays.ONLY
    if not _fits_week(rule, day, kind) or (only_on_holidays and kind is not DayType.HOLIDAY):
        return OpenState.CLOSED
    return _ON_HOLIDAY[rule.holidays] if kind is DayType.HOLIDAY else OpenState.OPEN


def _fits_week(rule: HoursRule, day: date, kind: DayType) -> bool:
    """Tell whether a day is one of the weekdays; who works Monday to Friday works on make-up days.

    A weekday of some weeks only (坐班日) is never made up for.
    """
    made_up = kind is DayType.MAKE_UP and rule.holidays is Holidays.OFFICIAL and not rule.weeks
    if made_up and set(rule.weekdays) >= _WORKING_WEEK:
        return True
    if rule.weekdays and day.weekday() not in rule.weekdays:
        return False
    return not rule.weeks or bool(_weeks(day) & set(rule.weeks))


def _weeks(day: date) -> set[int]:
    """Return which of its weekday in the month a day is: the second, perhaps also the last (-1)."""
    number = (day.day - 1) // 7 + 1
    is_last = day.day + 7 > monthrange(day.year, day.month)[1]
    return {number, -1} if is_last else {number}


def is_in_season(day: date, season: tuple[MonthDay, MonthDay]) -> bool:
    """Tell whether a day lies between two days of the year, over the new year too."""
    first, last = season
    here = (day.month, day.day)
    return first <= here <= last if first <= last else here >= first or here <= last


def _is_lunar_day(day: date, rule: HoursRule, calendars: OpeningCalendars) -> bool:
    try:
        return not rule.lunar_days or calendars.lunar_day(day) in rule.lunar_days
    except ValueError:  # the lunar calendar ends somewhere
        return False


def _is_month_day(day: date, rule: HoursRule, calendars: OpeningCalendars) -> bool:
    """Tell whether a day is named; with `is_postponed`, whether one off work has moved to it."""
    if not (rule.month_days and rule.is_postponed):
        return not rule.month_days or _is_named(day, rule)
    if not _is_worked(day, calendars):
        return False
    while not _is_named(day, rule):
        day -= _ONE_DAY
        if _is_worked(day, calendars):
            return False
    return True


def _is_named(day: date, rule: HoursRule) -> bool:
    length = monthrange(day.year, day.month)[1]
    return day.day in rule.month_days or (-1 in rule.month_days and day.day == length)


def _is_worked(day: date, calendars: OpeningCalendars) -> bool:
    return calendars.day_type(day) in {DayType.WEEKDAY, DayType.MAKE_UP}
