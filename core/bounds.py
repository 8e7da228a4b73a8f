"""Bounds of every number, day and text that comes from outside, said once.

PostgreSQL ends integers at 2**31, SQLite at 2**63; both refuse what Python still counts. Days far
away overflow as soon as something is added. PostgreSQL refuses NUL, XML (feeds, office files) most
control characters, UTF-8 single surrogates.
"""

import re
from datetime import UTC, date, datetime, tzinfo

MOST_DIGITS = 9
MOST_NUMBER = 2**31 - 1
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)

_UNSTORABLE = re.compile("[\x00\ud800-\udfff\ufffe\uffff]")
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_DAY = re.compile(r"[0-9]{4}-?[0-9]{2}-?[0-9]{2}")


def drop_unstorable(text: str) -> str:
    """Return a text without what a database cannot keep."""
    return _UNSTORABLE.sub("", text)


def has_controls(text: str) -> bool:
    """Return whether a text holds control characters other than tabs and line breaks."""
    return _CONTROLS.search(text) is not None


def clean_text(text: str) -> str:
    """Return a text with LF for CR LF and CR, without control characters."""
    return _CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def check_day(day: date) -> date:
    """Return a day of 1900 to 2199; raises `ValueError` for any other."""
    if not FIRST_DAY <= day <= LAST_DAY:
        raise ValueError(f"no day of 1900 to 2199: {day}")
    return day


def parse_day(text: str) -> date:
    """Return the day written as `YYYY-MM-DD`; raises `ValueError` for others, and beyond bounds."""
    if not _DAY.fullmatch(text.strip()):
        raise ValueError(f"no day: {text!r}")
    return check_day(date.fromisoformat(text.strip()))


def parse_moment(text: str, zone: tzinfo = UTC) -> datetime:
    """Return the ISO 8601 moment, in `zone` where it names none; raises `ValueError` likewise."""
    moment = datetime.fromisoformat(text.strip())
    check_day(moment.date())
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)
