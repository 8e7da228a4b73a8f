"""Times and numbers of people as announcements print them: 上午9:00开始, 9:00—11:30, 30 余人.

What is a plain number or clock time is read; everything else stays the announcer's own words.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import time

MOST_SEATS = 100_000
_CLOCK = re.compile(
    r"(?P<half>凌晨|清晨|早上|上午|中午|下午|傍晚|晚上|早|晚)?\s*(?P<hour>[0-9]{1,2})\s*"
    r"(?::\s*(?P<minute>[0-5][0-9])(?![0-9:])|[时点]\s*(?:(?P<minutes>[0-5]?[0-9])\s*分?|(?P<thirty>半)|整)?)"
)
_FILLERS = re.compile(r"开始|结束|时间|举行|从|起|至|到|[\s\-~–—―－,,、;。.]")
_AFTERNOON = {"中午": 11, "下午": 12, "傍晚": 12, "晚上": 12, "晚": 12}
_PEOPLE = re.compile(r"([0-9][0-9,]*)\s*[人名位个]?")


@dataclass(frozen=True, slots=True)
class ToldTime:
    """When something is: the clock times that could be read, and words that say more or less."""

    start: time | None = None
    end: time | None = None
    words: str = ""


def read_times(text: str) -> ToldTime:
    """Read from when, or from when to when; what is more than that stays in words."""
    plain = unicodedata.normalize("NFKC", text).strip()
    found = list(_CLOCK.finditer(plain))
    clocks = [_to_time(match) for match in found]
    words = text.strip() if _FILLERS.sub("", _CLOCK.sub("", plain)) or len(found) > 2 else ""
    if not clocks or None in clocks:
        return ToldTime(words=text.strip())
    start, end = clocks[0], clocks[-1] if len(clocks) > 1 else None
    if start and end and end <= start and end.hour < 12 <= start.hour:
        end = end.replace(hour=end.hour + 12)  # 下午2:30—4:30
    return ToldTime(start, end, words)


def _to_time(match: re.Match[str]) -> time | None:
    hour, half = int(match["hour"]), match["half"] or ""
    minute = 30 if match["thirty"] else int(match["minute"] or match["minutes"] or 0)
    if hour < _AFTERNOON.get(half, 0):
        hour += 12
    elif half == "凌晨" and hour == 12:
        hour = 0
    return time(hour, minute) if hour < 24 else None


def read_people(text: str) -> int | None:
    """Read a plain number of people (30, 30人); `None` for words (30 余人, 不限)."""
    match = _PEOPLE.fullmatch(unicodedata.normalize("NFKC", text).strip())
    return min(int(match[1].replace(",", "")), MOST_SEATS + 1) if match else None
