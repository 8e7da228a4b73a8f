"""Words and signs of opening hours as offices write them, cut into tokens.

What is no token of the table makes a text unreadable (`UnreadableHours`): nothing that was
written is passed over, but words that change nothing (营业时间, 对外办公).
"""

import re
import unicodedata
from collections.abc import Iterator
from enum import StrEnum

_NUMBERS = {char: number for number, char in enumerate("一二三四五六七八九", start=1)} | {"两": 2}
_NUMERAL = r"[一二三四五六七八九十两]+"
_WEEK = r"(?:每|逢)*(?:周|星期|礼拜)"
_NAME = r"[一二三四五六日天]"
_HALF = r"上午|早上|早晨|凌晨|中午|下午|午后|晚上|晚间|夜间"
_TIME = r"\d{1,2}:\d{2}"
_PART = r"\d{1,2}月\d{1,2}[日号]?|\d{1,2}月份?"
_DAY = r"(\d{1,2})月(\d{1,2})[日号]"
_SEASON = r"[春夏秋冬]季?(?:令时|作息)?(?:时间)?"
_PHONE = r"1\d{10}|(?:0\d{2,3}-?)?\d{7,8}|\d{5}"
_SIGNS = "一二三四五六七八九十"
_LUNAR = rf"初?[{_SIGNS}廿]+"
_WHICH = "[一二三四五1-5]"
_AS_USUAL = r"(?:不休息?|无休|(?:照常|正常)(?:上班|营业|开放|办公)?)"
_REST = r"(?:不(?:上班|办公|营业|开放|对外开放|办理)|休息|闭馆|休馆|放假|停办|停业)"
_HOLIDAYS = r"(?:国家)?(?:法定)?(?:公众)?(?:节假日|节日|假日)"


class UnreadableHours(ValueError):  # noqa: N818 - named like the kit's `UnreadableFile`
    """A text that structure cannot say."""


class Token(StrEnum):
    """What a piece of text says."""

    BREAK = "break"  # a pause within the day: is taken out of the periods
    PHONE = "phone"
    SEASON = "season"
    DATES = "dates"
    NTH = "nth"  # a weekday of some weeks of the month
    POSTPONED = "postponed"
    MONTH_DAYS = "month_days"
    LUNAR = "lunar"
    HOLIDAYS_OFF = "holidays_off"
    HOLIDAYS_ON = "holidays_on"
    HOLIDAYS = "holidays"
    WORKDAYS = "workdays"
    WEEKEND = "weekend"
    EVERY_DAY = "every_day"
    WEEKDAYS = "weekdays"
    ALL_DAY = "all_day"
    TIMES = "times"
    HALF = "half"
    REST = "rest"
    SERVICE = "service"
    STOP = "stop"  # what follows is another matter
    NOTHING = "nothing"


_PATTERNS = (
    (Token.NOTHING, r"(?:中午|午间)不(?:休息?|间断)|[不无]午休|中午连续"),
    (Token.BREAK, rf"(?:午休|(?:中午|午间)(?:休息|闭馆))(?:时间)?:?({_TIME})-({_TIME})"),
    (
        Token.PHONE,
        rf"(?:夜间|夜晚|晚间|非工作时间|应急|24小时)*值班(?:电话|手机|热线):?\s*({_PHONE})",
    ),
    (Token.SEASON, rf"(?:每年)?(?:{_SEASON}[:(]?)?({_PART})-(?:次年|翌年|第二年)?({_PART})\)?:?"),
    (Token.DATES, rf"(\d{{4}})年{_DAY}(?:-(?:(\d{{4}})年)?(?:(\d{{1,2}})月)?(\d{{1,2}})[日号])?"),
    (Token.NTH, rf"每月的?(?:第({_WHICH}(?:[、,和]{_WHICH})*)|(最后一?))个(?:周|星期)({_NAME})"),
    (Token.POSTPONED, rf"[遇逢]?(?:{_HOLIDAYS}|双休日|周末|休息日|及|和|、)*顺延"),
    (
        Token.MONTH_DAYS,
        r"每月的?(最后一[天日]|\d{1,2}[日号]?(?:[、,和及-]\d{1,2}[日号]?)*(?<=[日号]))",
    ),
    (
        Token.LUNAR,
        rf"(?:农历|阴历)(?:每月)?(?:每?逢([{_SIGNS}\d、,和逢]+)[日号]?|({_LUNAR}(?:[、,和]{_LUNAR})*))",
    ),
    (Token.HOLIDAYS_OFF, rf"(?:{_HOLIDAYS}|周末|双休日|及|和|、)+(?:除外|{_REST})"),
    (Token.HOLIDAYS_ON, rf"(?:{_HOLIDAYS}|周末|及|和|、)+{_AS_USUAL}|(?:全年|365天)无休"),
    (Token.HOLIDAYS, _HOLIDAYS),
    (Token.WORKDAYS, r"(?:法定)?工作日"),
    (Token.WEEKEND, r"周末|双休日"),
    (Token.EVERY_DAY, r"每[天日]|天天|全年(?!无)|一年四季"),
    (
        Token.WEEKDAYS,
        rf"{_WEEK}({_NAME})(?:-(?:{_WEEK})?({_NAME})|((?:[、,]?{_NAME}(?![月点时]))*))",
    ),
    (Token.ALL_DAY, r"(?:全天(?:候)?|昼夜)?24小时|全天(?:候)?|昼夜"),
    (
        Token.TIMES,
        rf"(?:({_HALF}):?)?({_TIME})-({_HALF})?(次日|第二天|翌日)?(?:凌晨|早上|上午)?({_TIME})",
    ),
    (Token.HALF, _HALF),
    (Token.REST, _REST),
    (Token.SERVICE, r"预防接种|疫苗接种|接种疫苗|接种|体检|制卡|婚姻登记|户籍办理"),
    (Token.STOP, r"[;。\n]+"),
    (Token.NOTHING, r"[\s、和及与:/,()\[\]【】]+"),
    (Token.NOTHING, r"(?:赶集|赶场|赶圩|集市|集日|圩日|开市)(?:日|天|期)?"),
    (
        Token.NOTHING,
        r"对外|营业|开放|办公|办理|服务|接待|上班|开馆|受理|坐班|时间|业务|窗口|自助|大厅",
    ),
)
_TABLE = tuple((token, re.compile(pattern)) for token, pattern in _PATTERNS)


def list_tokens(text: str) -> Iterator[tuple[Token, re.Match[str]]]:
    """Yield the tokens of a text; raises `UnreadableHours` at what is none."""
    text, place = fold(text), 0
    while place < len(text):
        token, match = _read_token(text, place)
        yield token, match
        place = match.end()


def _read_token(text: str, place: int) -> tuple[Token, re.Match[str]]:
    for token, pattern in _TABLE:
        match = pattern.match(text, place)
        if match and match.end() > place:
            return token, match
    raise UnreadableHours(text[place:])


def fold(text: str) -> str:
    """Bring signs, dashes and times to one form: "８点半～12时" becomes "8:30-12:00"."""
    text = unicodedata.normalize("NFKC", text).strip()
    text = re.sub(
        rf"(?<![周期拜初农历第逢]){_NUMERAL}(?=[点时]|月{_NUMERAL}?\d*[日号])", _digits, text
    )
    text = re.sub(rf"(?<=月){_NUMERAL}(?=[日号])|(?<=[日号]、){_NUMERAL}(?=[日号])", _digits, text)
    text = re.sub(r"(\d{1,2})\s*[点时](?:(半)|整|(\d{1,2})分?)?", _clock, text)
    text = re.sub(r"(\d{1,2}:\d{2})分", r"\1", text)
    text = re.sub(r"(?<!\d)(\d{1,2})\.(\d{2})(?!\d)", r"\1:\2", text)
    return re.sub(r"\s*(?:[-—–−~〜]+|至|到)\s*", "-", text)


def to_number(numeral: str) -> int:
    """Convert a number below 100, in digits or in words (十五, 二十, 廿八, 初三)."""
    if numeral.isdecimal():
        return int(numeral)
    tens, sign, ones = numeral.removeprefix("初").replace("廿", "二十").rpartition("十")
    ten = (_NUMBERS.get(tens, 1) if sign else 0) * 10
    return ten + _NUMBERS.get(ones, 0)


def _digits(match: re.Match[str]) -> str:
    return str(to_number(match[0]))


def _clock(match: re.Match[str]) -> str:
    minutes = "30" if match[2] else f"{int(match[3] or 0):02}"
    return f"{match[1]}:{minutes}"
