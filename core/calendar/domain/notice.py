"""Read the State Council's yearly notice (国务院办公厅关于…年部分节假日安排的通知).

Its wording has been the same for years:

    一、元旦:1月1日(周四)至3日(周六)放假调休,共3天。1月4日(周日)上班。

What does not fit (a weekday that is not the date's, a wrong number of days, a festival left out)
is refused: a date of the law must not rest on a misread line. Standard library only.
"""

import re
import unicodedata
from collections.abc import Iterator
from datetime import date, timedelta
from enum import StrEnum

from core.calendar.domain.working_days import ArrangedDay

FESTIVALS = ("元旦", "春节", "清明", "劳动", "端午", "中秋", "国庆")


class NoticeFault(StrEnum):
    """What can be wrong with a notice."""

    OTHER_YEAR = "other_year"
    MISSING_FESTIVAL = "missing_festival"
    UNREADABLE = "unreadable"
    WRONG_WEEKDAY = "wrong_weekday"
    WRONG_COUNT = "wrong_count"
    TWICE = "twice"


class NoticeError(ValueError):
    """A notice that cannot be trusted; `text` is the place where it is wrong."""

    def __init__(self, fault: NoticeFault, text: str) -> None:
        super().__init__(f"{fault}: {text}")
        self.fault = fault
        self.text = text


_TITLE = re.compile(r"(\d{4})年[^。]{0,12}节假日安排")
_NUMBERED = re.compile(r"(?<=。)\s*(?=[一二三四五六七八九十]+、)")
_PARAGRAPH = re.compile(
    r"^\s*(?:[一二三四五六七八九十]+、|\d+[.、])?\s*(?P<festival>[^\d:,。]{2,12}):(?P<rule>.+)$",
    re.MULTILINE,
)
_CLAUSES = re.compile(r"[。;,](?![^(]*\))")  # none within brackets
_DAY = r"(?:(\d{4})年)?(?:(\d{1,2})月)?(\d{1,2})日(?:\(([^)]*)\))?"
_RANGE = re.compile(rf"{_DAY}(?:(?:至|到|-|—+|~){_DAY})?")
_WEEKDAY = re.compile(r"(?:周|星期)([一二三四五六日天])")
_WEEKDAYS = {name: number for number, name in enumerate("一二三四五六日")} | {"天": 6}
_COUNT = re.compile(r"(\d+)天")
_ADVICE = re.compile("鼓励|建议|提倡")
_SATURDAY = 5
_LONGEST = timedelta(days=15)


def parse_notice(text: str, year: int) -> list[ArrangedDay]:
    """Return the days that the notice of a year names; raises `NoticeError`."""
    plain = unicodedata.normalize("NFKC", text)
    title = _TITLE.search(plain)
    if title and int(title[1]) != year:
        raise NoticeError(NoticeFault.OTHER_YEAR, title[0])
    paragraphs = list(_PARAGRAPH.finditer(_NUMBERED.sub("\n", plain)))
    named = "".join(paragraph["festival"] for paragraph in paragraphs)
    for festival in FESTIVALS:
        if festival not in named:
            raise NoticeError(NoticeFault.MISSING_FESTIVAL, festival)
    days: dict[date, ArrangedDay] = {}
    for paragraph in paragraphs:
        for arranged in _read_rule(paragraph["festival"].strip(), paragraph["rule"], year):
            if arranged.day in days:
                raise NoticeError(NoticeFault.TWICE, f"{arranged.day}")
            days[arranged.day] = arranged
    return sorted(days.values(), key=lambda arranged: arranged.day)


def _read_rule(festival: str, rule: str, year: int) -> Iterator[ArrangedDay]:
    """Read one paragraph, clause by clause; `off` are the days of the clause before."""
    off = list[date]()
    for clause in _CLAUSES.split(re.sub(r"\s", "", rule)):
        if _ADVICE.search(clause):
            continue
        if "放假" in clause or "补休" in clause:
            off = list(_read_days(clause, year))
            yield from (ArrangedDay(day, is_working=False, festival=festival) for day in off)
        elif "上班" in clause:
            yield from _read_make_ups(festival, clause, year)
        if (count := _COUNT.search(clause)) and int(count[1]) != len(off):
            raise NoticeError(NoticeFault.WRONG_COUNT, clause)


def _read_make_ups(festival: str, clause: str, year: int) -> Iterator[ArrangedDay]:
    for day in _read_days(clause, year):
        if day.weekday() < _SATURDAY:
            raise NoticeError(NoticeFault.WRONG_WEEKDAY, clause)
        yield ArrangedDay(day, is_working=True, festival=festival)


def _read_days(clause: str, year: int) -> Iterator[date]:
    """List the days of a clause, such as 2月14日(周六)、2月28日(周六) or 1月1日至3日."""
    ranges = list(_RANGE.finditer(clause))
    if not ranges:
        raise NoticeError(NoticeFault.UNREADABLE, clause)
    for match in ranges:
        first, last = _ends_of_range(match, year)
        if not first <= last < first + _LONGEST:
            raise NoticeError(NoticeFault.UNREADABLE, clause)
        for distance in range((last - first).days + 1):
            yield first + timedelta(days=distance)


def _ends_of_range(match: re.Match[str], year: int) -> tuple[date, date]:
    year1, month1, day1, note1, year2, month2, day2, note2 = match.groups()
    try:
        month = int(month1)
        last = date(int(year2 or year1 or year), int(month2 or month), int(day2 or day1))
        if month2 and not year1 and month > last.month:
            year1 = str(last.year - 1)  # 12月31日至1月2日
        first = date(int(year1 or last.year), month, int(day1))
    except (TypeError, ValueError) as error:  # no month, or no such day
        raise NoticeError(NoticeFault.UNREADABLE, match.group()) from error
    _check_weekday(first, note1)
    _check_weekday(last, note2)
    return first, last


def _check_weekday(day: date, note: str | None) -> None:
    said = _WEEKDAY.search(note or "")
    if said and _WEEKDAYS[said[1]] != day.weekday():
        raise NoticeError(NoticeFault.WRONG_WEEKDAY, f"{day} ({note})")
