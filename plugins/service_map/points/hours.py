"""Opening hours as staff type them: read where structure can say it, shown back in words."""

import re
from typing import Any

from flask_babel import get_locale

from core.sdk import hours_from_json, hours_to_json, hours_to_words, parse_hours

_UNSAID = re.compile(r"[\s、,;。.]|(?<![0-9])0(?=[0-9]:)")

_ALIKE = str.maketrans({"，": ",", "；": ";", "：": ":", "~": "-", "—": "-", "至": "-"})

#: Offered while typing.
PRESETS = (
    "周一至周五 8:30-12:00,14:30-18:00",
    "周一至周五 8:30-12:00,14:00-17:30",
    "周一至周五 8:30-12:00,14:30-18:00；周六 9:00-12:00",
    "5月1日至9月30日 周一至周五 8:30-12:00,15:00-18:30；10月1日至4月30日 周一至周五 8:30-12:00",
    "每天 8:00-18:00",
    "24小时",
    "农历逢二、五、八 9:00-14:00",
    "每月10日 8:00-12:00",
)


def to_hours(text: str) -> dict[str, Any] | None:
    """Return hours as they are stored; `None` where only the words themselves say them."""
    read = parse_hours(text)
    return hours_to_json(read) if read is not None and read.rules else None


def is_plain(text: str) -> bool:
    """Tell whether a text is read as it stands, so that nobody needs to compare the reading."""
    read = parse_hours(text)
    return read is not None and _fold(hours_to_words(read)) == _fold(text)


def _fold(text: str) -> str:
    return _UNSAID.sub("", text.translate(_ALIKE))


def say_stored_hours(stored: dict[str, Any] | None) -> str:
    """Return stored hours in the reader's language; empty where there are none."""
    if not stored:
        return ""
    return hours_to_words(
        hours_from_json(stored), chinese=str(get_locale() or "zh").startswith("zh")
    )
