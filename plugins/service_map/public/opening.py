"""What readers are told of a point's hours, and which hours mean that it is open now."""

from collections.abc import Iterable
from functools import lru_cache

from flask_babel import format_date, get_locale

from core.sdk import (
    OpeningHours,
    OpenState,
    hours_to_words,
    limit_validity,
    local_day,
    next_opening_change,
    now_until,
    opening_state,
    parse_hours,
    today,
    zone,
)

from ..i18n import _
from ..points.opening import PointOpening, load_calendars

TONES = {OpenState.OPEN: "good", OpenState.CLOSED: "quiet"}


def say_opening(opening: PointOpening) -> str:
    """Say whether a point is open and until when; nothing where nobody knows."""
    limit_validity(opening.until)
    if opening.closure is not None:
        return _("Closed for now")
    until = _say_until(opening)
    if opening.state is OpenState.OPEN:
        return _("Open now, until %(time)s", time=until) if until else _("Open now")
    if opening.state is OpenState.CLOSED:
        return _("Closed now, opens %(time)s", time=until) if until else _("Closed now")
    return ""


def say_hours(text: str) -> str:
    """Say hours in the reader's language; as the office wrote them where nothing can read them."""
    hours = read_hours(text)
    if hours is None:
        return text
    return hours_to_words(hours, chinese=str(get_locale()).startswith("zh"))


def list_open(hours_texts: Iterable[str]) -> list[str]:
    """List the hours by which it is open now; the answer holds until one of them changes."""
    moment, calendars = now_until().astimezone(zone()), load_calendars()
    opened = []
    for text in hours_texts:
        hours = read_hours(text)
        if hours is not None:
            limit_validity(next_opening_change(hours, moment, calendars, days=1))
            if opening_state(hours, moment, calendars) is OpenState.OPEN:
                opened.append(text)
    return opened


@lru_cache(maxsize=4096)
def read_hours(text: str) -> OpeningHours | None:
    """Read hours in the office's words; `None` where structure cannot say them."""
    return parse_hours(text)


def _say_until(opening: PointOpening) -> str:
    if opening.until is None:
        return ""
    day, clock = local_day(opening.until), f"{opening.until:%H:%M}"
    return clock if day == today() else f"{format_date(day, 'MMMd EEE')} {clock}"
