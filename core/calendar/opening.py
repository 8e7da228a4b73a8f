"""Opening hours that are stored, by the calendar of the installation: now, today, in words."""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from babel.dates import format_skeleton
from flask_babel import get_locale
from flask_babel import gettext as _

from core.calendar.lunar import lunar_day
from core.calendar.service import is_working_day
from core.clock import local_day, now_until, today, zone
from core.opening_hours.domain.model import OpeningHours, hours_from_json, hours_to_json
from core.opening_hours.domain.parsing import parse_hours
from core.opening_hours.domain.schedule import (
    DayType,
    OpeningCalendars,
    OpenState,
    find_duty_phone,
    list_spans,
    next_opening_change,
    opening_state,
)
from core.opening_hours.domain.wording import hours_to_words, say_opening_spans
from core.validity.answers import limit_validity

# Pages do not hold longer than a day anyway.
_DAYS_AHEAD = 2
_UNSAID = re.compile(r"[\s、,;。.]|(?<![0-9])0(?=[0-9]:)")
_ALIKE = str.maketrans({"，": ",", "；": ";", "：": ":", "~": "-", "—": "-", "至": "-"})

#: Offered while typing.
HOURS_PRESETS = (
    "周一至周五 8:30-12:00,14:30-18:00",
    "周一至周五 8:30-12:00,14:00-17:30",
    "周一至周五 8:30-12:00,14:30-18:00；周六 9:00-12:00",
    "5月1日至9月30日 周一至周五 8:30-12:00,15:00-18:30；10月1日至4月30日 周一至周五 8:30-12:00",
    "每天 8:00-18:00",
    "24小时",
    "农历逢二、五、八 9:00-14:00",
    "每月10日 8:00-12:00",
)
_TONES = {OpenState.OPEN: "good", OpenState.CLOSED: "quiet"}


@dataclass(frozen=True, slots=True)
class OpeningNow:
    """What can be said at a moment of whatever has opening hours.

    `today` are its hours of the day in words, empty where it is closed all day or nobody knows;
    `until` is when the state changes; `closure` is why it is closed though its hours say otherwise
    (a row of the feature's own); `duty_phone` is answered at that moment.
    """

    state: OpenState
    today: str = ""
    until: datetime | None = None
    closure: Any = None
    duty_phone: str = ""

    @property
    def tone(self) -> str:
        """How a tag with the state looks (`components/feedback.html`)."""
        return "warn" if self.closure else _TONES.get(self.state, "")


def find_opening_now(
    stored: Mapping[str, Any] | None,
    moment: datetime | None = None,
    find_closure: Callable[[date], Any] | None = None,
) -> OpeningNow:
    """Find out whether it is open, now or at a moment; `find_closure` finds what closes a day."""
    here = (moment or now_until()).astimezone(zone())
    closure = find_closure(here.date()) if find_closure else None
    if closure is not None:
        return OpeningNow(OpenState.CLOSED, closure=closure)
    hours, calendars = _read_stored(stored), load_opening_calendars()
    return OpeningNow(
        opening_state(hours, here, calendars),
        say_opening_spans(list_spans(hours, here.date(), calendars), chinese=_is_chinese()),
        next_opening_change(hours, here, calendars, days=_DAYS_AHEAD),
        duty_phone=find_duty_phone(hours, here, calendars),
    )


def say_opening_now(opening: OpeningNow) -> str:
    """Say whether it is open and until when; nothing where nobody knows."""
    limit_validity(opening.until)
    if opening.closure is not None:
        return str(_("Closed for now"))
    until, told = _say_until(opening.until), ""
    if opening.state is OpenState.OPEN:
        told = _("Open now, until %(time)s", time=until) if until else _("Open now")
    elif opening.state is OpenState.CLOSED:
        told = _("Closed now, opens %(time)s", time=until) if until else _("Closed now")
    return str(told)


def list_open_hours(stored: Iterable[str]) -> list[str]:
    """List the stored hours (JSON) by which it is open now; that holds until one of all changes."""
    moment, calendars = now_until().astimezone(zone()), load_opening_calendars()
    opened = []
    for text in stored:
        hours = _read_stored(json.loads(text))
        limit_validity(next_opening_change(hours, moment, calendars, days=1))
        if opening_state(hours, moment, calendars) is OpenState.OPEN:
            opened.append(text)
    return opened


def to_stored_hours(text: str) -> dict[str, Any] | None:
    """Return hours as they are stored; `None` where only the words themselves say them."""
    read = parse_hours(text)
    return hours_to_json(read) if read is not None and read.rules else None


def are_hours_plain(text: str) -> bool:
    """Tell whether a text is read as it stands, so that nobody needs to compare the reading."""
    read = parse_hours(text)
    return read is not None and _fold(hours_to_words(read)) == _fold(text)


def say_stored_hours(stored: Mapping[str, Any] | None) -> str:
    """Return stored hours in the reader's language; empty where there are none."""
    return hours_to_words(_read_stored(stored), chinese=_is_chinese()) if stored else ""


def load_opening_calendars() -> OpeningCalendars:
    """Return the calendars of the installation."""
    return OpeningCalendars(_find_day_type, lambda day: lunar_day(day).day)


def _find_day_type(day: date) -> DayType:
    is_weekend = day.weekday() > 4  # Saturday and Sunday
    if is_working_day(day):
        return DayType.MAKE_UP if is_weekend else DayType.WEEKDAY
    return DayType.WEEKEND if is_weekend else DayType.HOLIDAY


def _read_stored(stored: Mapping[str, Any] | None) -> OpeningHours:
    """Read hours as they are stored; none where a later version cannot: nobody guesses."""
    try:
        return hours_from_json(stored)
    except ValueError:
        return OpeningHours()


def _fold(text: str) -> str:
    return _UNSAID.sub("", text.translate(_ALIKE))


def _say_until(until: datetime | None) -> str:
    if until is None:
        return ""
    day, clock = local_day(until), f"{until:%H:%M}"
    return clock if day == today() else f"{_say_day(day)} {clock}"


def _say_day(day: date) -> str:
    """Say a day near today, with its weekday, in the order of the reader's language."""
    return format_skeleton("MMMEd", datetime.combine(day, time()), locale=get_locale())


def _is_chinese() -> bool:
    return str(get_locale() or "zh").startswith("zh")
