"""Numbers, dates and texts of a workbook as the sheet shows them, by their number format."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache
from typing import NamedTuple

GENERAL = "General"
#: Built-in formats as a Chinese Excel shows them; their codes are not in the file.
BUILTIN: dict[int, str] = {
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    9: "0%",
    10: "0.00%",
    14: "yyyy/m/d",
    15: "d-mmm-yy",
    16: "d-mmm",
    17: "mmm-yy",
    18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM",
    20: "h:mm",
    21: "h:mm:ss",
    22: "yyyy/m/d h:mm",
    30: "m/d/yy",
    31: 'yyyy"年"m"月"d"日"',
    32: 'h"时"mm"分"',
    33: 'h"时"mm"分"ss"秒"',
    37: "#,##0",
    38: "#,##0",
    39: "#,##0.00",
    40: "#,##0.00",
    45: "mm:ss",
    46: "[h]:mm:ss",
    49: "@",
    **dict.fromkeys((27, 36, 50, 52, 57), 'yyyy"年"m"月"'),
    **dict.fromkeys((28, 29, 51, 53, 54, 58), 'm"月"d"日"'),
    **dict.fromkeys((34, 55), 'AM/PMh"时"mm"分"'),
    **dict.fromkeys((35, 56), 'AM/PMh"时"mm"分"ss"秒"'),
}

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|\\(?P<escaped>.)|(?:_|\*).|\[(?P<bracket>[^\]]*)\]'
    r"|(?P<general>General|G/通用格式)|(?P<noon>AM/PM|A/P|上午/下午)|(?P<power>[eE][+-])"
    r"|(?P<part>[yY]+|[eE]+|[mM]+|[dD]+|[hH]+|[sS]+(?:\.0+)?|[aA]{3,4}|[bB]{1,4}|[gG]+)"
    r"|(?P<digit>[0#?])|(?P<plain>.)",
    re.DOTALL,
)
_CONDITION = re.compile(r"(?P<sign><=|>=|<>|<|>|=)(?P<limit>-?\d+(?:\.\d+)?)")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAYS = ("Mon", "Tues", "Wednes", "Thurs", "Fri", "Satur", "Sun")
_NUMERALS = {
    "1": "〇一二三四五六七八九",
    "2": "零壹贰叁肆伍陆柒捌玖",
    "3": "０１２３４５６７８９",
}
_TENS = {"1": "十", "2": "拾"}
_LAST_DAY = 2_958_465
_MARCH_1900 = 60
_LONGEST = 11


class _Token(NamedTuple):
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class _Section:
    """One part of a format: what is printed, under which condition, in which numerals."""

    tokens: tuple[_Token, ...]
    condition: tuple[str, float] | None = None
    numerals: str | None = None

    @property
    def kinds(self) -> set[str]:
        """The kinds of its tokens."""
        return {token.kind for token in self.tokens}


def show_number(number: float, code: str, *, since_1904: bool = False) -> str:
    """Return a number or a date as the sheet shows it; `""` where it shows nothing."""
    sections = _sections(code)
    section, signed = _choose(sections, number)
    kinds = section.kinds
    if "part" in kinds or "elapsed" in kinds:
        return _show_moment(number, section, since_1904=since_1904)
    value = number if signed else abs(number)
    if "power" in kinds or ("digit" in kinds and _Token("mark", "/") in section.tokens):
        return _general(value)
    if kinds & {"general", "text"}:
        shown = _numerals(_general(value), section.numerals)
        return _fill_text(section, shown)
    return _show_digits(value, section)


def _fill_text(section: _Section, text: str) -> str:
    return "".join(
        token.text if token.kind == "literal" else text
        for token in section.tokens
        if token.kind in {"general", "text", "literal"}
    )


def show_text(text: str, code: str) -> str:
    """Return a text cell as the sheet shows it: some formats add words, or hide it."""
    sections = _sections(code)
    section = sections[3] if len(sections) > 3 else None
    if section is None:
        section = next((found for found in sections if "text" in found.kinds), None)
    if section is None:
        return text
    return _fill_text(section, text)


@lru_cache(maxsize=1024)
def shows_texts_as_they_are(code: str) -> bool:
    """Say whether a format leaves texts alone."""
    return show_text("x", code) == "x"


@lru_cache(maxsize=1024)
def _sections(code: str) -> tuple[_Section, ...]:
    tokens: list[list[_Token]] = [[]]
    conditions: list[tuple[str, float] | None] = [None]
    numerals: list[str | None] = [None]
    for match in _TOKEN.finditer(code or GENERAL):
        kind = match.lastgroup or ""
        if kind == "plain" and match[0] == ";":
            tokens.append([])
            conditions.append(None)
            numerals.append(None)
        elif kind == "bracket":
            inside = match["bracket"]
            condition = _CONDITION.fullmatch(inside)
            if condition:
                conditions[-1] = condition["sign"], float(condition["limit"])
            elif inside.upper().startswith("DBNUM"):
                numerals[-1] = inside[5:6]
            elif inside and not inside.strip("hHmMsS"):
                tokens[-1].append(_Token("elapsed", inside.lower()))
            elif inside.startswith("$"):
                tokens[-1].append(_Token("literal", inside[1:].partition("-")[0]))
        elif kind:
            tokens[-1].append(_token(kind, match))
    parts = zip(tokens, conditions, numerals, strict=True)
    return tuple(
        _Section(_with_minutes(found), condition, style) for found, condition, style in parts
    )


def _token(kind: str, match: re.Match[str]) -> _Token:
    if kind in {"quoted", "escaped"}:
        return _Token("literal", match[kind])
    if kind == "plain":
        return _Token("text" if match[0] == "@" else "mark" if match[0] in ".,%/" else "literal",
                      match[0])  # fmt: skip
    return _Token(kind, match[0].lower() if kind == "part" else match[0])


def _with_minutes(tokens: Sequence[_Token]) -> tuple[_Token, ...]:
    """Tell the m of minutes, beside hours or seconds, from the m of months."""
    parts = [place for place, token in enumerate(tokens) if token.kind in {"part", "elapsed"}]
    found = list(tokens)
    for number, place in enumerate(parts):
        if tokens[place].kind != "part" or tokens[place].text.strip("m"):
            continue
        before = tokens[parts[number - 1]].text if number else ""
        after = tokens[parts[number + 1]].text if number + 1 < len(parts) else ""
        if before[:1] == "h" or after[:1] == "s":
            found[place] = _Token("part", "n" * len(tokens[place].text))
    return tuple(found)


def _choose(sections: Sequence[_Section], number: float) -> tuple[_Section, bool]:
    """Return the section for a number, and whether its sign is printed."""
    if any(section.condition for section in sections):
        for section in sections[:3]:
            if section.condition is None or _holds(section.condition, number):
                return section, True
        return _Section((_Token("general", ""),)), True
    if len(sections) == 1 or (len(sections) == 2 and number >= 0) or number > 0:
        return sections[0], True
    if number < 0:
        return sections[1], False
    return sections[2], True


def _holds(condition: tuple[str, float], number: float) -> bool:
    sign, limit = condition
    return {
        "<": number < limit,
        ">": number > limit,
        "<=": number <= limit,
        ">=": number >= limit,
        "=": number == limit,
        "<>": number != limit,
    }[sign]


def _general(number: float) -> str:
    if number == int(number) and abs(number) < 1e15:
        return str(int(number))
    return f"{number:.10g}"


def _show_digits(number: float, section: _Section) -> str:
    tokens = section.tokens
    places = [place for place, token in enumerate(tokens) if token.kind == "digit"]
    if not places:
        return "".join(token.text for token in tokens if token.kind in {"literal", "mark"})
    point = next((n for n, t in enumerate(tokens) if t == _Token("mark", ".")), len(tokens))
    whole = [place for place in places if place < point]
    decimals = [tokens[place].text for place in places if place > point]
    percent = sum(token == _Token("mark", "%") for token in tokens)
    commas = [place for place, token in enumerate(tokens) if token == _Token("mark", ",")]
    scale = sum(place > max(whole, default=-1) for place in commas)
    digits, fraction = _rounded(number * 100**percent / 1000**scale, decimals)
    grouped = len(commas) > scale
    shown = _fill_whole(tokens[:point], digits, whole, grouped=grouped)
    if fraction:
        shown += "." + fraction
    ends = tokens[point + 1 :] if point < len(tokens) else ()
    shown += "".join(t.text for t in ends if t.kind == "literal" or t.text == "%")
    minus = "-" if number < 0 and (digits.strip("0") or fraction.strip("0")) else ""
    return minus + _numerals(shown, section.numerals)


def _rounded(number: float, decimals: Sequence[str]) -> tuple[str, str]:
    """Return the digits before and behind the point, optional zeros left out."""
    try:
        exact = abs(Decimal(repr(number))).quantize(
            Decimal(1).scaleb(-len(decimals)), ROUND_HALF_UP
        )
    except InvalidOperation:
        return str(abs(int(number))), ""
    whole, _, fraction = f"{exact:f}".partition(".")
    while fraction and fraction[-1] == "0" and decimals[len(fraction) - 1] != "0":
        fraction = fraction[:-1]
    return whole.lstrip("0"), fraction


def _fill_whole(
    tokens: Sequence[_Token], digits: str, whole: Sequence[int], *, grouped: bool
) -> str:
    """Put digits into their places from the right; the first place takes all that are left."""
    shown: list[str] = []
    left, count = digits, 0
    for place in range(len(tokens) - 1, -1, -1):
        token = tokens[place]
        if token.kind == "digit":
            taken = left if place == whole[0] else left[-1:]
            left = "" if place == whole[0] else left[:-1]
            for digit in reversed(taken or ("0" if token.text == "0" else "")):
                if grouped and count and count % 3 == 0:
                    shown.append(",")
                shown.append(digit)
                count += 1
        elif token.kind == "literal" or token.text == "%":
            shown.append(token.text)
    return "".join(shown[::-1])


def _show_moment(number: float, section: _Section, *, since_1904: bool) -> str:
    if number < 0 or number > _LAST_DAY:
        return ""
    # Excel counts a 29 February 1900, which never was.
    start = datetime(1899, 12, 30 if number >= _MARCH_1900 else 31, tzinfo=UTC)
    if since_1904:
        start = datetime(1904, 1, 1, tzinfo=UTC)
    moment = start + timedelta(seconds=round(number * 86_400))
    halves = "noon" in section.kinds
    return "".join(
        _show_part(token, moment, number, section.numerals, halves=halves)
        for token in section.tokens
    )


def _show_part(
    token: _Token, moment: datetime, number: float, numerals: str | None, *, halves: bool
) -> str:
    if token.kind == "noon":
        return "上午" if moment.hour < 12 else "下午"
    if token.kind == "elapsed":
        unit = {"h": 24, "m": 1440, "s": 86_400}[token.text[0]]
        return str(int(number * unit + 1e-6)).zfill(len(token.text))
    if token.kind == "part":
        return _show_date_part(token.text, moment, numerals, halves=halves)
    return token.text if token.kind in {"literal", "mark", "digit"} else ""


def _show_date_part(part: str, moment: datetime, numerals: str | None, *, halves: bool) -> str:
    letter, size = part[0], len(part)
    if letter in "ye":
        year = f"{moment.year:04d}" if size > 2 or letter == "e" else f"{moment.year % 100:02d}"
        return _digits(year, numerals)
    if letter == "m" and size > 2:
        name = _MONTHS[moment.month - 1]
        return name[:1] if size == 5 else name
    if letter in "da" and size > 2:
        return _weekday(moment, letter, size)
    hour = moment.hour % 12 or 12 if halves else moment.hour
    value = {"m": moment.month, "d": moment.day, "h": hour, "n": moment.minute, "s": moment.second}
    plain = str(value.get(letter, "")).zfill(min(size, 2))
    return _numerals(plain, numerals)


def _weekday(moment: datetime, letter: str, size: int) -> str:
    if letter == "a":
        return ("星期" if size > 3 else "") + "一二三四五六日"[moment.weekday()]
    name = _DAYS[moment.weekday()]
    return name + "day" if size > 3 else name[:3]


def _digits(text: str, numerals: str | None) -> str:
    """Return each digit in other numerals: 2026 is 二〇二六."""
    table = _NUMERALS.get(numerals or "")
    return text if table is None else "".join(
        table[int(letter)] if letter.isdigit() else letter for letter in text
    )  # fmt: skip


def _numerals(text: str, numerals: str | None) -> str:
    """Return a number below 100 as it is read in other numerals (31 is 三十一), else by digits."""
    ten = _TENS.get(numerals or "")
    if ten is None or not text.isdigit() or not 10 <= int(text) < 100:
        return _digits(text, numerals)
    tens, units = divmod(int(text), 10)
    table = _NUMERALS[numerals or ""]
    return (table[tens] if tens > 1 else "") + ten + (table[units] if units else "")
